"""When and by whom, where a story says it of itself: in its dateline, or in the block of its author above or below it.

    PORT ELLERY, Oct. 2, 2024 (Reuters) - The harbour ...       dateline
    Port Ellery Courier, 12 March 2025                           byline
    Published: 12 March 2025 | Updated: 14 March 2025            byline

Nothing is guessed: a dateline without a year gives no date, nor does 07/11/2023, a caption, or a date within the story.
"""

from __future__ import annotations

import re
from typing import Literal

from .dates import parse_date
from .paragraphs import paragraphs

_MONTHS = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sep(?:t(?:ember)?)?\.?|Oct(?:ober|\.)?|"
    r"Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
_DAY = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_MONTHS},? \d{{4}}|"
    rf"{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}})"
)
_TIME = r"(?:,? (?:at )?\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: ?[A-Z]{2,4}|Z| ?[+-]\d\d:?\d\d)?|T\d\d:\d\d\S*)?"
_AGENCIES = (
    r"Reuters|REUTERS|AP|AFP|UPI|Kyodo(?: News)?|KYODO|Jiji(?: Press)?|Xinhua|Yonhap|TASS|Interfax|dpa|DPA|ANSA|EFE|Bloomberg|"
    r"CNN|BBC|PTI|IANS|ANI"
)
# A place in capitals, or a name, then a date and an agency in either order, then a dash.
_DATELINE = re.compile(
    rf"(?!(?:On|In|At|By|From|Since|Until|The|Of|As)\b)(?P<place>[A-Z][A-Z.’'\- ]+"
    rf"(?:[,/] ?(?!{_MONTHS} \d)[A-Z][A-Za-z.’'\- ]*)?|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+)?),? "
    rf"(?:\(?(?P<first>{_AGENCIES})\)?,? )?(?P<day>{_DAY}|{_MONTHS} \d{{1,2}})?,?"
    rf"(?: ?\(?(?P<agency>{_AGENCIES})\)?)? ?[-–—]{{1,2}} ?(?=\S)"
)
_AGENCY_FIRST = re.compile(rf"\((?P<agency>{_AGENCIES})\) ?[-–—]{{1,2}} ?")
_LABEL = r"(?:(?:first |originally )?(?:published|posted|issued|released)(?: on| at)?|date|dated|on)\s*:?\s*"
_UPDATED = rf"(?:last )?(?:updated|modified|corrected|revised)(?: on| at)?\s*:?\s*{_WEEKDAY}{_DAY}{_TIME}"
_NAME_WORD = r"(?-i:[A-Z][\w.&’'-]*|of|the|and|&|de|du|la)"
_BLOCK = re.compile(
    rf"(?:{_UPDATED}\s*[,;|/·•–—-]*\s*)?(?:by (?P<by>[^,|·•\d]{{2,60}})[,|·•–—-]+ ?)?"
    rf"(?:(?P<source>{_NAME_WORD}(?: {_NAME_WORD}){{0,5}})\s?[,|·•–—]\s?)?"
    rf"(?P<label>{_LABEL})?{_WEEKDAY}(?P<day>{_DAY}){_TIME}(?:\s?[,;|/·•–—-]\s?{_UPDATED})?(?:\s?[,|·•]\s?[^.!?\d]{{0,40}})?\.?",
    re.IGNORECASE,
)
_UPDATED_LINE = re.compile(rf"{_UPDATED}\.?", re.IGNORECASE)
_BY = re.compile(r"(?:By|BY) (?=[A-Z])")
_LONGEST = 120  # characters of a line of an author's block
_FIRST, _LAST = 6, 2  # paragraphs of a text among which such a line stands
_NO_OUTLET = re.compile(
    rf"(?:by|published|posted|updated|date|dated|on|monday|tuesday|wednesday|thursday|friday|saturday|sunday|{_MONTHS})\b",
    re.IGNORECASE,
)

Said = tuple[str | None, Literal["stated", "dateline", "byline"], str]


def said(text: str) -> Said:
    """The date, how it is known, and the outlet that a story says of itself; None and "" for what it does not say."""
    whole = paragraphs(text)
    lines = [text[start:end] for start, end in (*whole[:_FIRST], *whole[max(_FIRST, len(whole) - _LAST) :])]
    source = ""
    for line in lines:
        if found := _DATELINE.match(line) or _AGENCY_FIRST.match(line):
            parts = found.groupdict()
            agency = parts.get("agency") or parts.get("first") or ""
            source = source or agency
            if (date := _date(parts.get("day"))) is not None:
                return date, "dateline", source
    for number, line in enumerate(lines):
        if len(line) <= _LONGEST and (found := _BLOCK.fullmatch(line)) and (date := _date(found["day"])) is not None:
            outlet = found["source"] or ""
            outlet = "" if _NO_OUTLET.match(outlet) or not outlet[:1].isupper() else outlet
            bare = not (outlet or found["by"] or found["label"])  # it may be the day on which the page was looked at
            if not bare or any(_BY.match(near) for near in lines[max(0, number - 1) : number + 2]):
                return date, "byline", source or outlet
    return None, "stated", source


def is_block(line: str) -> bool:
    """Whether a line is nothing but when a story was published or updated, and by whom."""
    return len(line) <= _LONGEST and (_BLOCK.fullmatch(line) is not None or _UPDATED_LINE.fullmatch(line) is not None)


def _date(written: str | None) -> str | None:
    """A date of day, month and year; None for another."""
    try:
        found = parse_date(written)
    except ValueError:
        return None
    return found if found is not None and len(found) == 10 else None
