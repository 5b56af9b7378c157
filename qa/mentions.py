"""What a sentence names: numbers, dates, names, reasons, words that it quotes. Found by patterns of English, each
where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["number", "date", "name", "reason", "quoted"]

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
VALUES = {word: n for n, word in enumerate(_UNITS.split(), start=1)} | {w: 10 * n for n, w in enumerate(_TENS.split(), start=2)}
_WORDS = "|".join(sorted(VALUES, key=len, reverse=True))
_SCALE = "|".join(_SCALES)
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?"
)
_YEAR = r"(?:1[0-9]\d\d|20\d\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_SPAN = r"(?:\s?[-–]\s?|\s(?:to|and)\s)"

_DATE = re.compile(
    rf"\b(?:{_DAY}(?:{_SPAN}{_DAY})?(?:\sof)?\s(?:{_MONTHS})(?:,?\s{_YEAR})?"
    rf"|(?:{_MONTHS})\s{_DAY}(?:{_SPAN}{_DAY})?(?:,?\s{_YEAR})?\b(?!\.\d)"
    rf"|(?:{_MONTHS})(?:,|\sof)?\s{_YEAR}"
    r"|(?:the\s)?(?:(?:early|mid|late)[-\s])?(?:1[0-9]|20)\d0s"
    r"|(?:the\s)?\d{1,2}(?:st|nd|rd|th)(?:\sand\s\d{1,2}(?:st|nd|rd|th))?\scentur(?:y|ies)(?:\s(?:AD|BCE?|CE))?"
    rf"|{_YEAR}-\d\d-\d\d"
    r"|(?:AD\s)?\d{1,4}\s(?:AD|BCE?|CE)\b|AD\s\d{1,4}"
    rf"|(?<![$£€¥.,\d]){_YEAR}(?:\s?[-–]\s?(?:{_YEAR}|\d\d))?(?![.,]?\d)(?!\s(?:people|men|women|troops|soldiers|km|miles|members|students))"
    r"|(?:January|February|March|April|June|July|August|September|October|November|December)"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r")\b"
)
_FIGURE = re.compile(
    rf"(?:(?:US|A|C|HK)?[$£€¥]\s?)?(?<![\w.,])\d+(?:,\d+)*(?:\.\d+)?(?!\d)(?:\s(?:{_SCALE}|bn|m)\b)*(?:\s?(?:%|per\s?cent\b))?"
    rf"|(?:US|A|C|HK)?[$£€¥]\s?\d+(?:,\d+)*(?:\.\d+)?(?:\s(?:{_SCALE}|bn|m)\b)*"
)
_SPELLED = re.compile(
    rf"\b(?:(?:{_WORDS})(?:[-\s](?:{_WORDS}))?|(?:a|several|half\sa)(?=\s(?:{_SCALE})\b))(?:\s(?:and\s)?(?:{_SCALE}|{_WORDS}))*\b(?:\sper\s?cent\b)?"
    r"|\b(?:half|twice|a (?:third|quarter)|two[-\s]thirds|three[-\s]quarters|dozens|hundreds|thousands|millions)\b",
    re.IGNORECASE,
)
_SPELLING = frozenset((*VALUES, *_SCALES, "half", "twice", "third", "quarter", "thirds", "quarters", "dozens", "hundreds",
                       "thousands", "millions"))  # fmt: skip
_WORD = re.compile(r"[a-z]+")
_NAME_WORD = r"[^\W\d_a-zß-öø-ÿ][\w’'&.-]*"
_NAME = re.compile(
    rf"{_NAME_WORD}(?:\s(?:(?:of|the|de|du|da|del|della|der|den|van|von|la|le|el|al|bin|ibn|and|&|y|for)\s){{0,2}}{_NAME_WORD})*"
)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|so that|in order to|as a result of|caused by|thanks to|since|resulting from|led to|leads to|"
    r"in response to|on the grounds|the reason|as they|for fear|out of|attributed to)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"]([^”\"“]{2,300})[”\"]|(?<!\w)[‘']([^‘’']{4,300})[’'](?!\w)")

# What often opens a sentence, and is then capitalised without being a name.
OPENERS = frozenset(
    """
    a an the this that these those it its he she they we you i his her their our my in on at by for from to of with as if
    when while where after before during since until although though because but and or nor so yet however moreover
    furthermore also there here what which who whose how why not no some many most several all both each every any other
    another such one two three four five six seven eight nine ten first second third later then now today once under over
    through between among about according despite unlike like instead thus therefore hence meanwhile additionally finally
    even only just more less few much within without whether upon asked given due part following based using
    """.split()  # noqa: SIM905 - as a list it would fill a page
)
_TAIL = "’'.,&-"
_FIRST = re.compile(r"(\S+)\s*")
_INITIALS = re.compile(r"\b\w\.(?:\w\.){0,4}$")


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` names something of this kind."""

    kind: Kind
    start: int
    end: int


@lru_cache(maxsize=20_000)
def mentions(text: str, kind: Kind) -> tuple[Mention, ...]:
    """What a sentence names of a kind, in the order of where it stands. Dates are neither numbers nor names."""
    if kind == "reason":
        return tuple(Mention(kind, *m.span()) for m in _REASON.finditer(text))
    if kind == "quoted":
        return tuple(Mention(kind, *m.span(1 if m[1] is not None else 2)) for m in _QUOTED.finditer(text))
    dates = [Mention("date", *m.span()) for m in _DATE.finditer(text)]
    if kind == "date":
        return tuple(dates)
    if kind == "number":
        places = [m.span() for m in _FIGURE.finditer(text)]
        if not _SPELLING.isdisjoint(_WORD.findall(text.casefold())):
            places += [m.span() for m in _SPELLED.finditer(text)]
        found = [Mention(kind, *place) for place in sorted(places)]
    else:
        found = [name for m in _NAME.finditer(text) if (name := _name(text, *m.span()))]
    begins, ends = [d.start for d in dates], [0, *(d.end for d in dates)]  # dates do not overlap, and stand in order
    return tuple(m for m in found if ends[bisect_left(begins, m.end)] <= m.start)


def _name(text: str, start: int, end: int) -> Mention | None:
    """The name in a run of capitalised words: without what opens a sentence."""
    while start < end:
        word = _FIRST.match(text, start, end)
        if word is None or word[1].casefold().strip(",.;:") not in OPENERS:
            break
        start = word.end()
    if not _INITIALS.search(text[max(start, end - 12) : end]):
        while end > start and (text[end - 1] in _TAIL or (text[end - 1] == "s" and end - 1 > start and text[end - 2] in "’'")):
            end -= 1
    return Mention("name", start, end) if end - start > 1 else None


_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def value(text: str) -> float | None:
    """The number that a mention of one stands for: 13 for "13" and "thirteen", 1200000 for "1.2 million"; None where unclear."""
    words = re.findall(r"[a-z]+|\d[\d,]*(?:\.\d+)?", text.casefold())
    total, current, seen = 0.0, 0.0, False
    for word in words:
        if _DIGITS.fullmatch(word):
            current, seen = current + float(word.replace(",", "")), True
        elif word in VALUES:
            current, seen = current + VALUES[word], True
        elif word in _SCALES or word in ("bn", "m"):
            scale = _SCALES.get(word) or (10**9 if word == "bn" else 10**6)
            current, seen = (current or 1.0) * scale, True
            if scale > 100:
                total, current = total + current, 0.0
        elif word not in ("and", "a", "us", "per", "cent", "percent", "hk", "c"):
            return None
    return total + current if seen else None
