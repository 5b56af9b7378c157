"""Collections of Milvus as a store: see `stores.protocol.Store`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import numpy as np

from ...corpus.article import Article, Passage
from ...errors import IndexNoAccess
from ..filters import Filter
from ..place import Address
from ..search.articles import Articles
from ..search.formula import Weights
from ..search.ranking import Query
from ..segments.reader import ordinal
from ..segments.snapshot import Snapshot
from ..types import Level, Mask, Vectors
from . import rows, state
from .connection import MOST, Connection, literal
from .counting import Counting
from .gathering import Gatherer
from .layout import ARTICLE, PASSAGE, SENTENCE
from .rows import dimension, hashed
from .shelf import Shelf
from .state import FORMAT, State

_LEVELS: dict[Level, str] = {"article": ARTICLE, "passage": PASSAGE, "sentence": SENTENCE}
_KEPT = 10_000  # terms whose counts, and filters whose numbers, are kept at hand
_TOGETHER = 100  # articles fetched at once


def seen_by(published: State, dead: Sequence[tuple[int, int]]) -> str:
    """The expression that admits the rows of a commit."""
    expression = f"born <= {published.version}"
    if published.void:
        expression += f" and born not in {literal(published.void)}"
    gone = [number for number, version in dead if version <= published.version]
    return f"{expression} and article not in {literal(gone)}" if gone else expression


class MilvusStore:
    """An index in collections of Milvus, as its last commit left it."""

    def __init__(self, connection: Connection, published: State) -> None:
        self._connection, self._state = connection, published
        self._counting = Counting(connection, published.version)
        self._seen = seen_by(published, self._counting.dead())
        self.place = str(connection.address)
        self.manifest, self.weights = published.manifest, Weights(**published.weights)
        self._shelf = Shelf(connection, self._seen, self._narrowed, self._check)
        self.articles = Articles(self._shelf)
        self._gatherer = Gatherer(connection, published, self._seen)
        self._held: dict[str, list[int]] = {}
        self._repeated: frozenset[str] | None = None
        self._counted = lru_cache(_KEPT)(self._count)

    @classmethod
    def open(cls, place: str) -> MilvusStore:
        """Open the index at an address. Raises InputError, IndexMissing, IndexDamaged and IndexNoAccess."""
        connection = Connection(Address.of(place))
        try:
            return cls(connection, state.opened(connection))
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def searched(self, query: Query, where: Filter | None) -> tuple[Snapshot, Mask | None]:
        """The candidates of a question. Raises IndexNoAccess where the rows of the commit have been cleaned away since."""
        expression = self._narrowed(where)
        held = self._terms(query.terms)
        found = self._gatherer.gathered(query, held, expression, lambda level: self._counted(level, expression))
        self._check()
        return found, None

    def sentences_with(self, terms: Sequence[str], where: Filter | None) -> list[tuple[str, int, int]]:
        """See `Store.sentences_with`: the engine finds those that hold the rarest term."""
        expression = " and ".join(filter(None, (self._seen, self._narrowed(where))))
        fields = ("number", "article", "begin", "finish", "words")
        wanted = {hashed(term) for term in terms}
        held = self._terms(terms)
        if any(term not in held for term in terms):
            self._check()
            return []
        rarest = min(terms, key=lambda term: held[term][2], default=None)
        if rarest is None or held[rarest][2] >= MOST:
            found = self._connection.every(SENTENCE, expression, fields)
        else:
            found = iter(self._connection.search(SENTENCE, "terms", {dimension(hashed(rarest)): 1.0}, MOST, expression, fields))
        kept = [row for row in found if wanted <= set(row["words"])]
        known = self._connection.with_any(ARTICLE, "number", {row["article"] for row in kept}, ("number", "id"))
        self._check()
        ids = {row["number"]: row["id"] for row in known}
        return sorted((ids[row["article"]], row["begin"], row["finish"]) for row in kept)

    def everything(self) -> Iterator[tuple[Article, list[Passage], Vectors]]:
        """See `Store.everything`."""
        size = self.manifest.encoder.dimension
        known = sorted(self._connection.every(ARTICLE, self._seen, ("number", "id", "digest")), key=lambda row: row["id"])
        for first in range(0, len(known), _TOGETHER):
            some = known[first : first + _TOGETHER]
            found = self._shelf.records(some)
            vectors: dict[int, list[tuple[int, Any]]] = {row["number"]: [] for row in some}
            for row in self._connection.with_any(SENTENCE, "article", vectors, ("number", "article", "vector"), each=20):
                vectors[row["article"]].append((row["number"], row["vector"]))
            self._check()
            for row in some:
                of, mine = found[row["number"]], [vector for _, vector in sorted(vectors[row["number"]])]
                yield rows.article(of), rows.passages(of), np.array(mine, np.float32).reshape(-1, size)

    def outlets(self) -> list[str]:
        """See `Store.outlets`."""
        return sorted(name for name in self._counting.outlets() if name)

    def undated(self, where: Filter) -> int:
        """See `Store.undated`."""
        if not where.by_date:
            return 0
        without = self._narrowed(Filter(where.source, None, None, where.articles))
        return self._number(ARTICLE, " and ".join(filter(None, (self._seen, without, "first_day == 0"))))

    def repeated(self) -> frozenset[str]:
        """See `Store.repeated`."""
        if self._repeated is None:
            self._repeated = self._counting.repeated(self._counting.outlets())
        return self._repeated

    def is_last(self) -> bool:
        """See `Store.is_last`."""
        last = state.read(self._connection)
        return last is not None and last.version == self._state.version

    def status(self) -> dict[str, Any]:
        """What the index holds, as `status.status` says of a folder; what only a folder has is None."""
        outlets = self._counting.outlets()
        first = self._connection.every(ARTICLE, self._seen, ("number", "id", "first_day"))
        published = sorted(filter(None, (rows.article(of).published for of in self._dated(first))))
        manifest = self.manifest
        return {
            "folder": self.place,
            "format": FORMAT,
            "generation": manifest.generation,
            "digest": manifest.digest,
            **asdict(manifest.counts),
            "copies": None,
            "first_date": published[0] if published else None,
            "last_date": published[-1] if published else None,
            "without_date": self.undated(Filter(since="0001-01-01")),
            "sources": dict(sorted(outlets.items())),
            "encoder": manifest.encoder.record(),
            "bytes": {},
            "segments": None,
            "recall": None,
            "removed": len(self._counting.dead()),
            "pending": 0,
        }

    def _dated(self, known: Iterator[Any]) -> list[dict[str, Any]]:
        """The records of the earliest and of the latest articles."""
        days = sorted((row["first_day"], row["id"]) for row in known if row["first_day"])
        edges = [name for day, name in days if day in (days[0][0], days[-1][0])]
        return list(self._shelf.fetch(edges).values())

    def _check(self) -> None:
        """To be called after rows were read: raises IndexNoAccess where the index has been begun anew, or rows of this commit may
        have been cleaned away, which is published before it is done.
        """
        last = state.read(self._connection)
        if last is None or last.version < self._state.version or last.cleaned > self._state.version:
            raise IndexNoAccess(f"{self.place}: was written to since it was opened, and its rows cleaned away: open it again")

    def _terms(self, terms: Sequence[str]) -> dict[str, list[int]]:
        """The counts of some terms; those that no article holds are left out."""
        unknown = [term for term in terms if term not in self._held]
        if unknown:
            if len(self._held) > _KEPT:
                self._held.clear()
            found = self._counting.terms({*unknown, *terms})
            self._held.update({term: found.get(term, [0, 0, 0]) for term in {*unknown, *terms}})
        return {term: self._held[term] for term in terms if any(self._held[term])}

    def _narrowed(self, where: Filter | None) -> str:
        """The expression of a filter, "" where it admits all."""
        if where is None or where == Filter():
            return ""
        parts = []
        if where.source is not None:
            names = [where.source] if isinstance(where.source, str) else where.source
            parts.append(f"outlet in {literal(sorted({name.casefold() for name in names}))}")
        if where.by_date:
            parts.append("first_day > 0")
        parts += [f"last_day >= {ordinal(where.since)}"] if where.since is not None else []
        parts += [f"first_day <= {ordinal(where.until)}"] if where.until is not None else []
        parts += [f"last_day <= {ordinal(where.as_of)}"] if where.as_of is not None else []
        if where.articles is not None:
            known = self._connection.with_any(ARTICLE, "id", sorted(where.articles), ("number",), self._seen)
            numbers = sorted(row["number"] for row in known)
            parts.append(f"article in {literal(numbers)}" if numbers else "article < 0")
        return " and ".join(parts)

    def _count(self, level: Level, where: str) -> int:
        """How many documents of a level are admitted."""
        if not where:
            counts = self.manifest.counts
            return {"article": counts.articles, "passage": counts.passages, "sentence": counts.sentences}[level]
        return self._number(_LEVELS[level], f"{self._seen} and {where}")

    def _number(self, collection: str, where: str) -> int:
        found = self._connection.query(collection, where, ["count(*)"])
        return int(found[0]["count(*)"])
