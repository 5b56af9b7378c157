"""Filters: which articles may be searched."""

from __future__ import annotations

import pytest

import pullquote


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"since": "2022", "until": "2021"}, "where.since 2022 is after where.until 2021: no day is between them"),
        ({"since": "soon"}, "where.since: 'soon' is not a date"),
        ({"as_of": ""}, "where.as_of: an empty date"),
    ],
)
def test_the_library_speaks_of_its_own_arguments(given: dict[str, str], message: str) -> None:
    with pytest.raises(pullquote.InputError) as raised:
        pullquote.Filter.of(**given)
    assert str(raised.value).startswith(message)


def test_a_year_is_all_of_its_days() -> None:
    where = pullquote.Filter.of(since="2021", until="2021-02", as_of="2022")
    assert (where.since, where.until, where.as_of) == ("2021-01-01", "2021-02-28", "2022-12-31")
    assert where.by_date
    assert not pullquote.Filter.of(source="Kyodo").by_date
