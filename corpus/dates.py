"""Dates as far as they are known: a year, a month or a day. An unclear date is refused, never guessed."""

from __future__ import annotations

import datetime as dt
import re
import warnings

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_DAY = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?=$|[T ][0-9]{1,2}:)", re.IGNORECASE)
_COMPACT = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T[0-9]{4}(?:[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?|[0-9]{4}|[0-9]{6})?", re.IGNORECASE
)
_EPOCH = re.compile(r"-?[0-9]{9,10}(?:[0-9]{3}(?:[0-9]{3})?)?(?:\.[0-9]+)?")
_NUMBERS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})(?:,?\s+[0-9]{1,2}:[0-9].*)?")
_TIME = re.compile(
    r"(?:,|\s+at|\s*[-–|])?\s+\d{1,2}(?::\d\d){1,2}(?:\s*[ap]\.?m\.?)?(?:\s*(?:[A-Z]{2,5}|[+-]\d\d:?\d\d))?$|\s+\d{1,2}\s*[ap]\.?m\.?(?:\s+[A-Z]{2,5})?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_FORMATS = (
    "%B %d, %Y",
    "%b %d, %Y",
    "%b. %d, %Y",
    "%B %d %Y",
    "%b %d %Y",
    "%b. %d %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d %b. %Y",
    "%d. %B %Y",
    "%d-%b-%Y",
    "%B %Y",
    "%b %Y",
    "%b. %Y",
)
_EARLIEST, _LATEST = 1600, 2200  # years that a number is read as
_LANGUAGES = ["de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "cs", "ru", "ja", "zh"]


def parse_date(value: object) -> str | None:
    """The ISO 8601 date in `value`: "2004", "2004-02" or "2004-02-12"; None where there is none (None or "").

    Reads ISO 8601 (a time of day is dropped: the date is the one written, in its own time zone), RFC 2822, dates with the name of a
    month, Unix times in seconds to microseconds (in UTC), and dates in numbers where they can only mean one day: after dots the
    month (05.03.2024 is 5 March), else where one number is above 12. Raises ValueError for all else, 03/04/2024 included: day or
    month first?
    """
    if value is None or value == "":
        return None
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or len(text := str(value).strip()) > 60:
        raise ValueError("not a date (write YYYY-MM-DD)")
    for parse in (_from_iso, _from_numbers, _from_name, _from_mail, _from_other_language):
        try:
            return parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    if _NUMBERS.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not clear: day or month first? (write YYYY-MM-DD)")
    raise ValueError(f"{text[:40]!r} is not a date (write YYYY-MM-DD)")


def _from_iso(text: str) -> str:
    if partial := _PARTIAL.fullmatch(text):
        dt.date(int(partial[1]), int(partial[2] or 1), 1)
        return text
    if day := _DAY.match(text):
        return dt.date(int(day[1]), int(day[3]), int(day[4])).isoformat()
    if (day := _COMPACT.fullmatch(text)) and _EARLIEST <= int(day[1]) <= _LATEST:
        return dt.date(int(day[1]), int(day[2]), int(day[3])).isoformat()
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        while abs(seconds) >= 1e11:
            seconds /= 1000
        return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).date().isoformat()
    if text[:5].isdigit():
        raise ValueError(text)
    return dt.datetime.fromisoformat(text).isoformat()[:10]


def _from_numbers(text: str) -> str:
    """A date in numbers that can only mean one day."""
    found = _NUMBERS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] == "." or one > 12 or one == other:
        one, other = other, one
    elif other <= 12:
        raise ValueError(text)
    return dt.date(year, one, other).isoformat()


def _from_name(text: str) -> str:
    """A date with the English name of a month, as newspapers and agencies write it."""
    text = _ORDINAL.sub("", _TIME.sub("", _WEEKDAY.sub("", text)))
    text = re.sub(r"\bSept\b", "Sep", " ".join(text.split()))  # as the Associated Press writes it
    for form in _FORMATS:
        try:
            day = dt.datetime.strptime(text, form)
        except ValueError:
            continue
        return day.strftime("%Y-%m-%d" if "%d" in form else "%Y-%m")
    raise ValueError(text)


def _from_mail(text: str) -> str:
    from email.utils import parsedate_to_datetime  # seldom needed, and long to import

    if not re.search(r"[a-zA-Z]{3}\b.*\d{4}", text):
        raise ValueError(text)
    return parsedate_to_datetime(text).date().isoformat()


def _from_other_language(text: str) -> str:
    """A whole date with the name of a month in another language: only what is the same read with the day or the month first."""
    if not all(re.search(part, text) for part in (r"[^\W\d_]{2,}|年", r"(?<!\d)\d{4}(?!\d)", r"(?<!\d)\d{1,2}(?!\d)")):
        raise ValueError(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from dateparser.date import DateDataParser  # seldom needed, and long to import

        found = set()
        for order in ("DMY", "MDY"):
            settings = {
                "STRICT_PARSING": True,
                "PARSERS": ["absolute-time"],
                "DATE_ORDER": order,
                "RETURN_AS_TIMEZONE_AWARE": False,
            }
            parsed = DateDataParser(languages=_LANGUAGES, settings=settings).get_date_data(text).date_obj
            found.add(None if parsed is None else parsed.date().isoformat())
    if len(found) != 1 or None in found:
        raise ValueError(text)
    return str(found.pop())


def date_range(published: str) -> tuple[str, str]:
    """The first and the last day that an ISO date as far as known can mean: "2004-02" is 2004-02-01 to 2004-02-29."""
    parts = [int(p) for p in published.split("-")]
    if len(parts) == 1:
        return f"{published}-01-01", f"{published}-12-31"
    if len(parts) == 2:
        year, month = parts
        after = dt.date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else dt.date.max
        last = after - dt.timedelta(days=1) if after != dt.date.max else after
        return f"{published}-01", last.isoformat()
    return published, published
