"""When and by whom, where a story says it of itself: in its dateline, or in the block of its author above or below it.

    PORT ELLERY, Oct. 2, 2024 (Reuters) - The harbour ...       dateline
    Port Ellery Courier, 12 March 2025                           byline
    Published: 12 March 2025 | Updated: 14 March 2025            byline

Nothing is guessed: a dateline without a year gives no date, nor does 07/11/2023, a caption, or a date within the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .dates import parse_date
from .paragraphs import paragraphs

_MONTHS = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sep(?:t(?:ember)?)?\.?|Oct(?:ober|\.)?|"
    r"Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_FOREIGN = (
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|Oktober|Dezember|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|"
    r"novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|"
    r"maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|dezembro)"
)
_DAY = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th|er)?\.? (?:of |de )?(?:{_MONTHS}|{_FOREIGN})(?: de)?,? \d{{4}}|"
    rf"{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日)"
)
_DAYS = re.compile(rf"(?<![\w/.-]){_DAY}(?![\w/])", re.IGNORECASE)
_CLOCK = re.compile(
    r"T?\d{1,2}[:.]\d\d(?::\d\d)?(?:\.\d+)?(?: ?[ap]\.?m\.?)?(?: ?(?:[A-Z]{2,4}|Z|[+-]\d\d:?\d\d))?(?! ?\w)|"
    r"\b\d{1,2} ?[ap]\.?m\.?(?! ?\w)|"
    r"\b\d{1,2}h(?:\d\d)?\b|\b\d{1,2} ?Uhr\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|lundi|"
    r"mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b\.?",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:(?:first |originally )?(?:published|posted|issued|released)|pub(?:lication)?|date|dated|"
    r"veröffentlicht|publié|publicado|pubblicato)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:last |latest )?(?:updated?|modified|corrected|revised|edited|"
    r"aktualisiert|mis à jour|modifié|actualizado|aggiornato)\b|更新",
    re.IGNORECASE,
)
_SMALL_WORDS = re.compile(
    r"\b(?:at|on|in|the|and|first|last|originally|time|local|le|la|el|les|am|um|den|à|a las|de|il|"
    r"\d+ min(?:ute)?s?(?: read)?|read|"
    r"GMT|UTC|EST|EDT|CET|CEST|BST|PST|PDT|JST|IST|[A-Z]\d{1,2})\b",
    re.IGNORECASE,
)
_BY = re.compile(r"^\s*(?:by|von|par|por|di|text by|story by)\s+", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:reporter|writer|editor|correspondent|staff|journalist|columnist|contributor|producer|desk|bureau|"
    r"photographer|agencies)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:[^\W\d_a-zß-öø-ÿ][\w.’'&-]*|of|the|and|&|de|du|la|le|les|der|die|das|van|von|for)"
    r"(?: (?:[^\W\d_a-zß-öø-ÿ][\w.’'&-]*|of|the|and|&|de|du|la|le|les|der|die|das|van|von|for)){0,5}"
)
_FIELD = re.compile(r"(source|outlet|publication|publisher|newspaper|author|byline)\s*:\s*(\S.{0,60})", re.IGNORECASE)
_PARTS = re.compile(r"\s*[|·•,;()/]\s*|\s+[-–—]\s*|\s*[–—]\s+")
_AGENCY = r"[(/](?P<agency>[A-Z][\w .&’'-]{1,24}|dpa|sda|apa|ots|efe|ansa)[)/]"
_PAPER = re.compile(
    r"\b(?:The|Post|Herald|Courier|Times|News|Gazette|Echo|Journal|Press|Tribune|Chronicle|Mail|Star|Telegraph|Observer|Independent|Express|"
    r"Standard|Today|Daily|Weekly|Review|Zeitung|Kurier|Anzeiger|Tageblatt|Le|La|El|Radio|TV|Agency|Network|Report|Bulletin|Register|Examiner|"
    r"Sun|World|Globe|Record|Argus|Sentinel|Reuters|Wire|Magazine|Online)\b"
)
# A place in capitals, or a name, then a date and an agency, then a dash, or after an agency a colon.
_DATELINE = re.compile(
    r"(?!(?:On|In|At|By|From|Since|Until|The|Of|As)\b)(?P<place>[A-Z][A-Z.’'\- ]+"
    rf"(?:[,/] ?(?!{_MONTHS} \d)[A-Z][A-Za-z.’'\- ]*)?|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+)?),?(?: le| den)? "
    rf"(?P<day>{_DAY}|{_MONTHS} \d{{1,2}})?,? ?(?:(?:{_AGENCY}) ?(?:[-–—]{{1,2}}|:)|(?<=\d) ?[-–—]{{1,2}}) ?(?=\S)"
)
_AGENCY_FIRST = re.compile(rf"{_AGENCY} ?[-–—]{{1,2}} ?")
_DAY_FIRST = re.compile(rf"(?P<day>{_DAY}) ?[-–—]{{1,2}} ?(?=[A-Z“\"])")
_LONGEST = 120  # characters of a line of an author's block
_FIRST, _LAST = 6, 2  # paragraphs of a text among which such a line stands

Said = tuple[str | None, Literal["stated", "dateline", "byline"], str]


@dataclass(frozen=True, slots=True)
class Block:
    """What a line says that says nothing else: the day of publication, the outlet, whether a label says so, and whether a name."""

    published: str | None
    outlet: str = ""
    labelled: bool = False
    by: bool = False


def said(text: str, *, bare: bool = True) -> Said:
    """The date, how it is known, and the outlet that a story says of itself; None and "" for what it does not say.

    `bare`: whether a line under the title that is but a date is that of the story; in a page it may be the day of the visit.
    """
    whole = [(start, end) for start, end in paragraphs(text) if text[max(0, start - 4) : start] != "    "]  # no code
    first = [text[start:end] for start, end in whole[:_FIRST]]
    source = ""
    for line in first:
        if found := _DATELINE.match(line) or _AGENCY_FIRST.match(line) or _DAY_FIRST.match(line):
            parts = found.groupdict()
            source = source or parts.get("agency") or ""
            if (date := _date(parts.get("day"))) is not None:
                return date, "dateline", source
    last = [text[start:end] for start, end in whole[max(_FIRST, len(whole) - _LAST) :]]
    for lines in (first, last):
        for number, line in enumerate(lines):
            if (field := _FIELD.fullmatch(line)) and field[1].lower() not in ("author", "byline"):
                source = source or field[2]
            if (found_block := block(line)) is None or found_block.published is None:
                continue
            near = [other for at, other in enumerate(lines) if abs(at - number) == 1]
            outlet = found_block.outlet or next((name for other in near if (name := _outlet(other, lines[0]))), "")
            known = (
                found_block.labelled or found_block.by or outlet or any(_BY.match(other) or _FIELD.match(other) for other in near)
            )
            if known or (bare and lines is first and number <= 2):
                return found_block.published, "byline", source or outlet
    return None, "stated", source


def block(line: str) -> Block | None:
    """What a line says that is nothing but when a story was published or updated, and by whom; None for another line."""
    if len(line) > _LONGEST or not (days := list(_DAYS.finditer(line))):
        return None
    published = bare = None
    labelled = False
    before = 0
    for found in days:
        label = line[before : found.start()]
        before = found.end()
        date = _date(found[0])
        if _UPDATED.search(label) and not _PUBLISHED.search(_UPDATED.split(label)[-1]):
            continue
        if _PUBLISHED.search(label):
            published, labelled = published or date, True
        bare = bare or date
    rest = _DAYS.sub("|", line)
    for pattern in (_CLOCK, _WEEKDAY, _PUBLISHED, _UPDATED):
        rest = pattern.sub("|", rest)
    outlet, by = "", False
    for part in _PARTS.split(rest):
        part = part.strip(" :.-–—*_#")
        if not _SMALL_WORDS.sub("", part).strip(" :.,-"):
            continue
        if named := _BY.match(part):
            by, part = True, part[named.end() :].strip()
            if not _NAME.fullmatch(part):
                return None
        elif _ROLE.search(part):
            continue
        elif _NAME.fullmatch(part := re.sub(r"^(?:in|for|by|on) ", "", part)):
            if len(part.split()) == 2 and not _PAPER.search(part) and not by:
                by = True  # a person
            else:
                outlet = outlet or part
        else:
            return None
    return Block(published or bare, outlet, labelled, by)


def is_block(line: str) -> bool:
    """Whether a line is nothing but when a story was published or updated, and by whom, or what time it was."""
    if len(line) > _LONGEST:
        return False
    return block(line) is not None or _CLOCK.fullmatch(line) is not None or _FIELD.fullmatch(line) is not None


def _outlet(line: str, title: str) -> str:
    """The outlet that a line beside a date names: after the author's name, or by itself, unless it is the title."""
    if named := _BY.match(line):
        parts = [part for part in _PARTS.split(line[named.end() :]) if part and not _ROLE.search(part)]
        return parts[1] if len(parts) > 1 and _NAME.fullmatch(parts[1]) else ""
    return line if line != title and 1 < len(line.split()) <= 6 and _NAME.fullmatch(line) and _PAPER.search(line) else ""


def _date(written: str | None) -> str | None:
    """A date of day, month and year; None for another."""
    try:
        found = parse_date(written)
    except ValueError:
        return None
    return found if found is not None and len(found) == 10 else None
