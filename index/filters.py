"""Which articles may be searched: applied before ranking, in every leg."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..corpus.dates import date_range, parse_date
from ..corpus.decode import tidy
from ..errors import InputError


@dataclass(frozen=True, slots=True)
class Filter:
    """Only articles that meet every condition given.

    `source`: the outlet, letter case aside. `since`, `until`: published on or after, on or before (ISO dates; "2004" is the
    whole year). A date known only to the month or year counts if any day in it would; an article without a date never
    does. `as_of`: only what could be known on that day: published on it or before, whichever day a date known only to the month or
    year means. `articles`: these ids only.
    """

    source: str | None = None
    since: str | None = None
    until: str | None = None
    articles: frozenset[str] | None = None
    as_of: str | None = None

    @classmethod
    def of(
        cls,
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
        articles: Iterable[str] | None = None,
        as_of: str | None = None,
    ) -> Filter:
        """As typed by a person. Raises InputError for a date that cannot be read, or a span that holds no day."""
        first = _date("since", since, 0)
        last = _date("until", until, 1)
        if first and last and first > last:
            raise InputError(f"where.since {since} is after where.until {until}: no day is between them")
        ids = None if articles is None else frozenset(tidy(article) for article in articles)
        return cls(None if source is None else tidy(source), first, last, ids, _date("as_of", as_of, 1))

    @property
    def by_date(self) -> bool:
        """Whether a date is asked for: articles without a date are then left out."""
        return not (self.since is self.until is self.as_of is None)


def _date(name: str, value: str | None, edge: int) -> str | None:
    if value is None:
        return None
    try:
        parsed = parse_date(value)
    except ValueError as error:
        raise InputError(f"where.{name}: {error}") from None
    if parsed is None:
        raise InputError(f"where.{name}: an empty date (write YYYY-MM-DD)")
    return date_range(parsed)[edge]
