"""Which articles may be searched: applied before ranking, in every leg."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .. import arguments
from ..corpus.dates import date_range, parse_date
from ..corpus.decode import tidy
from ..errors import InputError


@dataclass(frozen=True, slots=True)
class Filter:
    """Only articles that meet every condition given.

    `source`: the outlet, or any of several, letter case aside. `since`, `until`: published on or after, on or before (ISO dates;
    "2004" is the whole year). A date known only to the month or year counts if any day in it would; an article without a date never
    does. `as_of`: only what could be known on that day: published on it or before, whichever day a date known only to the month or
    year means. `articles`: these ids only.

    >>> pullquote.Filter("Harbour Post", since="2021", until="2021-05").until
    '2021-05-31'
    """

    source: str | frozenset[str] | None = None
    since: str | None = None
    until: str | None = None
    articles: frozenset[str] | None = None
    as_of: str | None = None

    def __post_init__(self) -> None:
        """As `of`: dates in full, texts tidied."""
        for name, value in zip(self.__slots__, self._read(), strict=True):
            object.__setattr__(self, name, value)

    @classmethod
    def of(
        cls,
        source: str | Iterable[str] | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        articles: Iterable[str] | None = None,
        as_of: str | date | None = None,
    ) -> Filter:
        """As the class itself, for callers whose dates may be `datetime.date`s and whose articles any collection. Raises InputError
        for a date that cannot be read, or a span that holds no day.
        """
        return cls(source, since, until, articles, as_of)  # type: ignore[arg-type]

    def _read(self) -> tuple[str | frozenset[str] | None, str | None, str | None, frozenset[str] | None, str | None]:
        first = _date("since", self.since, 0)
        last = _date("until", self.until, 1)
        if first and last and first > last:
            raise InputError(f"where.since {self.since} is after where.until {self.until}: no day is between them")
        source = self.source
        if source is not None and not isinstance(source, str):
            source = frozenset(map(tidy, arguments.ids("where.source", source)))
        known = None if self.articles is None else frozenset(map(tidy, arguments.ids("where.articles", self.articles)))
        return tidy(source) if isinstance(source, str) else source, first, last, known, _date("as_of", self.as_of, 1)

    @property
    def by_date(self) -> bool:
        """Whether a date is asked for: articles without a date are then left out."""
        return not (self.since is self.until is self.as_of is None)


def _date(name: str, value: object, edge: int) -> str | None:
    if value is None:
        return None
    value = arguments.day(value)
    if not isinstance(value, str):
        raise InputError(f"where.{name} is {arguments.shown(value)}: it must be a date (write YYYY-MM-DD)")
    try:
        parsed = parse_date(value)
    except ValueError as error:
        raise InputError(f"where.{name}: {error}") from None
    if parsed is None:
        raise InputError(f"where.{name}: an empty date (write YYYY-MM-DD)")
    return date_range(parsed)[edge]
