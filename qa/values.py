"""What a short form says, so that what says the same in other words or figures is the same: amounts with their units, and dates."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from ..corpus.dates import parse_date
from .mentions import VALUES

MAGNITUDES = {
    "k": 1e3,
    "thousand": 1e3,
    "hundred": 1e2,
    "dozen": 12.0,
    "score": 20.0,
    "gross": 144.0,
    "lakh": 1e5,
    "lac": 1e5,
    "crore": 1e7,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "mln": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "b": 1e9,
    "billion": 1e9,
    "tn": 1e12,
    "trillion": 1e12,
}
_FRACTIONS = {
    "half": 50.0,
    "third": 100 / 3,
    "thirds": 100 / 3,
    "quarter": 25.0,
    "quarters": 25.0,
    "fifth": 20.0,
    "fifths": 20.0,
    "tenth": 10.0,
}
UNITS = {
    **dict.fromkeys(("%", "percent", "percentage", "per cent", "pct"), "%"),
    **dict.fromkeys(("$", "us$", "usd", "dollar", "dollars"), "$"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "€"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "sterling"), "£"),
    **dict.fromkeys(("¥", "jpy", "yen"), "¥"),
    **dict.fromkeys(("₹", "rs", "inr", "rupee", "rupees"), "₹"),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("mile", "miles", "mi"), "mile"),
    **dict.fromkeys(("metre", "metres", "meter", "meters"), "metre"),
    **dict.fromkeys(("foot", "feet", "ft"), "foot"),
    **dict.fromkeys(("kg", "kilogram", "kilograms", "kilo", "kilos"), "kg"),
    **dict.fromkeys(("tonne", "tonnes"), "tonne"),
    **dict.fromkeys(("hectare", "hectares", "ha"), "hectare"),
    **dict.fromkeys(("acre", "acres"), "acre"),
    **{f"{unit}{s}": unit for unit in ("second", "minute", "hour", "day", "week", "month", "year") for s in ("", "s")},
}
# What is measured, and how much of its smallest unit one is.
_MEASURES = {
    **{unit: ("length", size) for unit, size in (("metre", 1.0), ("km", 1000.0), ("mile", 1609.344), ("foot", 0.3048))},
    **{unit: ("mass", size) for unit, size in (("kg", 1.0), ("tonne", 1000.0))},
    **{unit: ("area", size) for unit, size in (("hectare", 1.0), ("acre", 0.40468564))},
    **{
        unit: ("time", size)
        for unit, size in (("second", 1.0), ("minute", 60.0), ("hour", 3600.0), ("day", 86400.0), ("week", 604800.0))
    },
}
_MONEY = frozenset("$€£¥₹")
_CONVERTED = 0.05  # of an amount that is said in two units
_AT_LEAST = "at least|more than|over|above|(?:no|not) (?:fewer|less) than|upwards of"
_AT_MOST = "at most|less than|fewer than|under|up to|below|(?:no|not) more than"
_ABOUT = "about|around|nearly|almost|some|approximately|roughly|close to|an estimated|circa"
LIMITS = f"{_AT_LEAST}|{_AT_MOST}|{_ABOUT}"  # what may stand before a figure, and bounds it
_GAP = "[\u00a0\u202f\u2009 ]"
_NUMBER = re.compile(rf"\d{{1,3}}(?:{_GAP}\d{{3}})+(?![\d])|\d{{1,3}}(?:['’]\d{{3}})+|\d[\d,]*(?:\.\d+)?")
_TOKEN = re.compile(rf"({_NUMBER.pattern})|(us\$|[$€£¥₹%])|([a-zà-ÿ]+)", re.IGNORECASE)
_BETWEEN, _FROM = re.compile(r"[-–]|\b(?:between|from)\b", re.IGNORECASE), re.compile(r"\b(?:between|from)\s*$", re.IGNORECASE)
_RANGE = re.compile(r"(?<=\d)\s?[-–]\s?(?=\d)|\b(?:and|to)\b", re.IGNORECASE)
_BEGINS_LIMITED = re.compile(rf"\s*({LIMITS})\b".replace(" ", r"\s+"), re.IGNORECASE)
_ENDS_IN_LIMIT = re.compile(rf"\b({LIMITS})\s*$".replace(" ", r"\s+"), re.IGNORECASE)
_NEAR = 0.1  # of a figure that is said to be about so

Day = tuple[int | None, int | None, int | None]  # year, month, day; None for what is not said


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount between two bounds, in a unit ("" where none is said). A figure that is exact has both bounds alike."""

    low: float
    high: float
    unit: str = ""

    def comparable(self, other: Amount) -> bool:
        """Whether both are amounts of one thing: in one unit, in units of one measure, or of money one of them does not name."""
        if self.unit == other.unit:
            return True
        if not (self.unit and other.unit):
            return (self.unit or other.unit) in _MONEY
        return self.unit in _MEASURES and other.unit in _MEASURES and _MEASURES[self.unit][0] == _MEASURES[other.unit][0]

    def agrees(self, other: Amount) -> bool:
        """Whether both can be right: in one unit, where both say one, and not apart."""
        if self.unit != other.unit and self.unit in _MEASURES and other.unit in _MEASURES:
            (one, size), (another, other_size) = _MEASURES[self.unit], _MEASURES[other.unit]
            slack = _CONVERTED * max(abs(self.low * size), abs(other.low * other_size))
            apart = self.low * size > other.high * other_size + slack or other.low * other_size > self.high * size + slack
            return one == another and not apart
        if self.unit != other.unit and ((self.unit and other.unit) or "%" in (self.unit, other.unit)):
            return False
        slack = 1e-9 * max(abs(self.low), abs(other.low), 1.0)
        return self.low <= other.high + slack and other.low <= self.high + slack


def amount(text: str, before: str = "") -> Amount | None:
    """The amount that a short form states; None where there is none. `before`: what stands before it, which may bound it."""
    parts = _RANGE.split(text)
    if (
        len(parts) == 2
        and (one := _amount(parts[0]))
        and (other := _amount(parts[1]))
        and (re.search(r"\d", parts[0]) and re.search(r"\d", parts[1]))
    ):
        low, high = sorted((one.low, other.low))
        if _BETWEEN.search(text) or _FROM.search(before):
            return Amount(low, high, one.unit or other.unit)
    found = _amount(text)
    if found is None:
        return None
    limit = _limit(text, before)
    if re.fullmatch(_AT_LEAST, limit):
        return Amount(found.low, math.inf, found.unit)
    if re.fullmatch(_AT_MOST, limit):
        return Amount(-math.inf, found.high, found.unit)
    if re.fullmatch(_ABOUT, limit):
        return Amount(found.low * (1 - _NEAR), found.high * (1 + _NEAR), found.unit)
    return found


def _limit(text: str, before: str) -> str:
    """The words that limit a figure, in lower case: they begin its text, or end what stands before it; "" where there are none."""
    limit = _BEGINS_LIMITED.match(text) or _ENDS_IN_LIMIT.search(before)
    return " ".join(limit[1].casefold().split()) if limit else ""


def _amount(text: str) -> Amount | None:
    """The first amount in a text, as if it were exact."""
    total, current, unit, seen, fraction = 0.0, 0.0, "", False, 0.0
    words = re.sub(r"\bper\s+cent\b", "percent", text.casefold()).replace("-", " ")
    for figure, symbol, word in _TOKEN.findall(words):
        if figure:
            if seen and current:
                break  # another figure
            current, seen = current + float(re.sub(rf"{_GAP}|[,'’]", "", figure)), True
        elif symbol or word in UNITS:
            unit = unit or UNITS[symbol or word]
        elif word in VALUES:
            current, seen = current + VALUES[word], True
        elif word in MAGNITUDES and (seen or word in ("dozen", "hundred", "thousand", "million", "billion", "trillion")):
            current, seen = (current or 1.0) * MAGNITUDES[word], True
            if MAGNITUDES[word] > 100:
                total, current = total + current, 0.0
        elif word in _FRACTIONS:
            fraction, unit, seen = (current or 1.0) * _FRACTIONS[word], "%", True
            total = current = 0.0
        elif seen and word not in ("and", "a", "an", "of"):
            break
    if not seen:
        return None
    value = fraction or total + current
    return Amount(value, value, unit)


_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b({'|'.join(_MONTH_NAMES)})[a-z]*\b\.?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1\d\d\d|20\d\d)(?!\d)")
_DAY = re.compile(r"(?<![\d:])([12]?\d|3[01])(?:st|nd|rd|th)?(?![\d:])")


def day(text: str) -> Day | None:
    """The day that a short form names, as far as it does; None where it names no year and no month."""
    try:
        if (iso := parse_date(text.strip(" .,"))) is not None:
            year, month, number = (*(int(part) for part in iso.split("-")), None, None)[:3]
            return year, month, number
    except ValueError:
        pass
    year_, month_ = _YEAR.search(text), _MONTH.search(text)
    if not (year_ or month_):
        return None
    number_ = _DAY.search(_YEAR.sub("", text)) if month_ else None
    return (
        int(year_[1]) if year_ else None,
        _MONTH_NAMES.index(month_[1].casefold()) + 1 if month_ else None,
        int(number_[1]) if number_ else None,
    )


def same_day(one: Day, other: Day) -> bool:
    """Whether two days can be one: they differ in nothing that both say."""
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))
