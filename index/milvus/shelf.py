"""The articles of one commit, read from the collections: see `search.articles.Shelf`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from ...corpus.article import Article
from ...errors import IndexDamaged
from ..filters import Filter
from ..lexical.word_set import word_set
from ..search.articles import Span
from . import rows
from .connection import MOST, Connection, Row, literal, quoted
from .layout import ARTICLE, PART
from .rows import hashed

_MOST_WORDS = 32  # of a quote: the longest tell most
_RECORDS = 5000  # kept at hand
_TOGETHER = 100  # records fetched at once
_FIELDS = ("number", "id", "digest", "bands", "outlet")


class Shelf:
    """`seen`: the expression that admits the rows of the commit; `narrowed`: that of a filter; `check`: called after rows were
    read, raises where some may have been cleaned away by then. A writer needs neither.
    """

    def __init__(
        self,
        connection: Connection,
        seen: str,
        narrowed: Callable[[Filter | None], str] = lambda where: "",
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self.place, self.is_far = str(connection.address), True
        self._connection, self._seen, self._narrowed, self._check = connection, seen, narrowed, check
        self._records: dict[str, dict[str, Any]] = {}  # by id, those that were read
        self._stories: dict[str, dict[str, int]] = {}  # by id, the ids and numbers of the articles that tell the same story

    def expect(self, ids: Collection[str], *, stories: bool) -> None:
        """See `search.articles.Shelf.expect`."""
        unread = [name for name in ids if name not in self._records]
        untold = [name for name in ids if stories and name not in self._stories]
        if not unread and not untold:
            return
        known = self._connection.with_any(ARTICLE, "id", [*unread, *untold], _FIELDS, self._seen, _TOGETHER)
        by_id = {row["id"]: row for row in known}
        self._keep([by_id[name] for name in unread if name in by_id])
        alone = [by_id[name] for name in untold if name in by_id]
        bands = {band for row in alone for band in row["bands"]}
        near = self._rows(f"array_contains_any(bands, {literal(sorted(bands))})", ("number", "bands"), MOST) if bands else []
        held = Counter(band for row in near for band in row["bands"])
        for row in alone:
            if all(held[band] <= 1 for band in row["bands"]):
                self._stories[row["id"]] = {row["id"]: row["number"]}

    def article(self, article_id: str) -> Article | None:
        """See `Shelf.article`."""
        found = self._record(article_id)
        return None if found is None else rows.article(found)

    def record(self, article_id: str) -> dict[str, Any] | None:
        """The record of an article; None for an unknown id. Raises IndexDamaged if it is not as it was stored."""
        return self._record(article_id)

    def holds(self, article_id: str) -> bool:
        """See `Shelf.holds`."""
        return bool(self._rows(f"id == {quoted(article_id)}", ("number",)))

    def ids(self, where: Filter | None) -> list[str]:
        """See `Shelf.ids`."""
        expression = " and ".join(filter(None, (self._seen, self._narrowed(where))))
        return self._ids(expression)

    def sentences(self, article_id: str) -> list[Span]:
        """See `Shelf.sentences`."""
        found = self._record(article_id)
        return [] if found is None else [(start, end) for spans in found["passages"] for start, end in spans]

    def passages(self, article_id: str) -> list[Span]:
        """See `Shelf.passages`."""
        found = self._record(article_id)
        return [] if found is None else [(spans[0][0], spans[-1][1]) for spans in found["passages"]]

    def story(self, article_id: str) -> tuple[int, int]:
        """See `Shelf.story`: its number is the smallest of its articles'."""
        told = self._told(article_id)
        return min(told.values()), len(told)

    def tellers(self, story: int, told: int) -> list[Article]:
        """See `Shelf.tellers`."""
        return self.some_tellers(story, told, told)

    def some_tellers(self, story: int, told: int, most: int) -> list[Article]:
        """See `Shelf.some_tellers`."""
        return self._articles(sorted(self._tellers(story))[:most])

    def tellers_of_outlet(self, story: int, source: str, most: int) -> list[Article]:
        """See `Shelf.tellers_of_outlet`."""
        told = self._tellers(story)
        mine = self._rows(f"number in {literal(list(told.values()))} and outlet == {quoted(source.casefold())}", ("id",))
        found = (article for article in self._articles(sorted(row["id"] for row in mine)) if article.source == source)
        return list(found)[:most]

    def texts_with(self, quote: str) -> Iterator[tuple[str, str]]:
        """See `Shelf.texts_with`."""
        words = sorted(word_set(quote), key=lambda word: (-len(word), word))[:_MOST_WORDS]
        listed = literal(sorted(hashed(word) for word in words))
        expression = f"{self._seen} and (long == true or array_contains_all(words, {listed}))" if words else self._seen
        ids = self._ids(expression)
        for first in range(0, len(ids), _TOGETHER):
            for article in self._articles(ids[first : first + _TOGETHER]):
                yield article.id, article.text

    def fetch(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The records of some articles, by their ids; unknown ones are left out. Raises IndexDamaged."""
        known = self._connection.with_any(ARTICLE, "id", ids, ("number", "id", "digest"), self._seen, _TOGETHER)
        return {of["id"]: of for of in self.records(known).values()}

    def records(self, known: Sequence[Row]) -> dict[int, dict[str, Any]]:
        """The records of some rows of articles, by their numbers. Raises IndexDamaged where one is not as it was stored."""
        numbers = [row["number"] for row in known]
        parts: dict[int, list[Row]] = {number: [] for number in numbers}
        for part in self._connection.with_any(PART, "article", numbers, ("article", "place", "body"), each=_TOGETHER):
            parts[part["article"]].append(part)
        self._check()
        found = {row["number"]: rows.record(parts[row["number"]]) for row in known}
        for row in known:
            if rows.article(found[row["number"]]).digest != row["digest"]:
                raise IndexDamaged(f"{self.place}: article {row['id']!r} is not as it was stored", "add it again")
        return found

    def _ids(self, where: str) -> list[str]:
        found = sorted(row["id"] for row in self._connection.every(ARTICLE, where, ("number", "id")))
        self._check()
        return found

    def _record(self, article_id: str) -> dict[str, Any] | None:
        if article_id not in self._records:
            self._keep(self._rows(f"id == {quoted(article_id)}", ("number", "id", "digest")))
        return self._records.get(article_id)

    def _keep(self, known: Sequence[Row]) -> None:
        if len(self._records) > _RECORDS:
            self._records.clear()
            self._stories.clear()
        for record in self.records(known).values():
            self._records[record["id"]] = record

    def _told(self, article_id: str) -> dict[str, int]:
        if article_id not in self._stories:
            self._stories[article_id] = self._closure(article_id)
        return self._stories[article_id]

    def _articles(self, ids: Sequence[str]) -> list[Article]:
        found = self.fetch(ids)
        return [rows.article(found[name]) for name in ids if name in found]

    def _rows(self, where: str, fields: Sequence[str], most: int = 1000) -> list[Row]:
        found = self._connection.query(ARTICLE, f"{where} and {self._seen}", fields, most)
        self._check()
        return found

    def _closure(self, article_id: str) -> dict[str, int]:
        """The ids and numbers of the articles that tell a story: those that share a band, directly or by others."""
        waiting = self._rows(f"id == {quoted(article_id)}", _FIELDS)
        if not waiting:
            raise IndexDamaged(f"{self.place}: article {article_id!r} is missing")
        told: dict[str, int] = {}
        asked: set[int] = set()
        while waiting:
            told.update((row["id"], row["number"]) for row in waiting)
            bands = {band for row in waiting for band in row["bands"]} - asked
            asked |= bands
            where = f"array_contains_any(bands, {literal(sorted(bands))}) and {self._seen}"
            near = list(self._connection.every(ARTICLE, where, _FIELDS)) if bands else []
            self._check()
            waiting = [row for row in near if row["id"] not in told]
        return told

    def _tellers(self, story: int) -> dict[str, int]:
        found = self._rows(f"number == {story}", ("id",))
        return self._told(found[0]["id"]) if found else {}
