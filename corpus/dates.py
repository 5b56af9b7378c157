"""Dates as far as they are known: a year, a month or a day. An unclear date is refused, never guessed."""

from __future__ import annotations

import datetime as dt
import re

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=[T ][0-9]{2}:)")
_FORMATS = (
    "%B %d, %Y",
    "%b %d, %Y",
    "%b. %d, %Y",
    "%B %d %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %Y",
    "%b %Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
)


def parse_date(value: object) -> str | None:
    """The ISO 8601 date in `value`: "2004", "2004-02" or "2004-02-12"; None where there is none (None or "").

    Reads ISO 8601 (a time of day is dropped: the date is the one written, in its own time zone), RFC 2822, and dates
    with an English month name. Raises ValueError for all else, numbers such as 03/04/2004 included: day or month first?
    """
    if value is None or value == "":
        return None
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if not isinstance(value, (str, int)) or len(str(value)) > 60:
        raise ValueError("not a date (write YYYY-MM-DD)")
    text = str(value).strip()
    for parse in (_from_iso, _from_name, _from_mail):
        try:
            return parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    raise ValueError(f"{text[:40]!r} is not a date (write YYYY-MM-DD)")


def _from_iso(text: str) -> str:
    if partial := _PARTIAL.fullmatch(text):
        dt.date(int(partial[1]), int(partial[2] or 1), 1)
        return text
    day = _DAY.match(text)
    return (dt.date.fromisoformat(day.group()) if day else dt.datetime.fromisoformat(text)).isoformat()[:10]


def _from_name(text: str) -> str:
    text = re.sub(r"^Sept\b", "Sep", text)  # as the Associated Press writes it
    for form in _FORMATS:
        try:
            day = dt.datetime.strptime(text, form)
        except ValueError:
            continue
        return day.strftime("%Y-%m-%d" if "%d" in form else "%Y-%m")
    raise ValueError(text)


def _from_mail(text: str) -> str:
    from email.utils import parsedate_to_datetime  # seldom needed, and long to import

    return parsedate_to_datetime(text).date().isoformat()


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
