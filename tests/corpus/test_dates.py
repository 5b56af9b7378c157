from __future__ import annotations

import datetime as dt

import pytest

from pullquote.corpus.dates import date_range, parse_date


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2004", "2004"),
        (2004, "2004"),
        ("2004-02", "2004-02"),
        ("2004-02-12", "2004-02-12"),
        ("20040212", "2004-02-12"),
        ("2024-03-04T23:30:00-05:00", "2024-03-04"),
        ("2024-03-04 09:00:00.123456789 UTC", "2024-03-04"),
        ("2024-03-04T09:00:00Z", "2024-03-04"),
        (dt.date(2024, 3, 4), "2024-03-04"),
        (dt.datetime(2024, 3, 4, 12), "2024-03-04"),
        ("March 4, 2024", "2024-03-04"),
        ("4 March 2024", "2024-03-04"),
        ("Mar. 4, 2024", "2024-03-04"),
        ("Sept. 5, 2018", "2018-09-05"),
        ("June 12 2018", "2018-06-12"),
        ("March 2024", "2024-03"),
        ("Mon, 04 Mar 2024 09:00:00 +0900", "2024-03-04"),
        ("", None),
        (None, None),
        ("1706745600", "2024-02-01"),
        (1706745600123, "2024-02-01"),
        (20240305, "2024-03-05"),
        ("20240305T101500Z", "2024-03-05"),
        ("2024-1-5 8:03:00", "2024-01-05"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14"),
        ("05.03.2024", "2024-03-05"),
        ("25/12/2023", "2023-12-25"),
        ("02/27/2025", "2025-02-27"),
        ("11/11/2023 10:15", "2023-11-11"),
        ("Tuesday, March 5th, 2024 9:30 p.m. EST", "2024-03-05"),
        ("5. März 2024", "2024-03-05"),
        ("12 mars 2024", "2024-03-12"),
        ("2024年3月5日", "2024-03-05"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(written: object, meant: str | None) -> None:
    assert parse_date(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "03/04/2004",
        "yesterday",
        "2004-13-01",
        "2004-02-30",
        "2004-13",
        "0000",
        "12",
        "２００４",
        "2004-02-12T99",
        "1 Jan 2004 10:00 +99999999999999999999",
        True,
        ["2004"],
        2.5,
    ],
)
def test_an_unclear_date_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"not a date|not clear"):
        parse_date(written)


@pytest.mark.parametrize(
    ("published", "days"),
    [
        ("2004", ("2004-01-01", "2004-12-31")),
        ("2004-02", ("2004-02-01", "2004-02-29")),
        ("2004-12", ("2004-12-01", "2004-12-31")),
        ("9999-12", ("9999-12-01", "9999-12-31")),
        ("2004-02-12", ("2004-02-12", "2004-02-12")),
    ],
)
def test_a_date_spans_the_days_it_can_mean(published: str, days: tuple[str, str]) -> None:
    assert date_range(published) == days
