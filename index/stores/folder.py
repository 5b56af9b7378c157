"""The folder as a store: SQLite holds the articles, mapped arrays what is searched."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from ...corpus.article import Article, Passage
from ...errors import IndexDamaged
from ..encoders.protocol import Encoder
from ..filters import Filter
from ..lexical.word_set import word_set
from ..remedies import BEYOND_REPAIR
from ..search.articles import Articles, Span
from ..search.formula import Weights
from ..search.located import sentences_with
from ..search.ranking import Query
from ..segments.snapshot import Snapshot
from ..storage import articles as tables
from ..storage import database, word_lists
from ..storage.database import reading
from ..storage.layout import FILE
from ..storage.manifest import Manifest, get_meta, read_manifest
from ..storage.status import status
from ..storage.vectors import stored_vectors, vector_keys
from ..types import Mask, Vectors
from .folder_opening import connected, opened

_TRIES = 5  # a writer may drop a generation's files between the look at the manifest and the opening of them


class FolderStore:
    """An index in a folder, see `Store`. `snapshot`: its segments: rows of articles, passages and sentences."""

    def __init__(self, folder: Path, db: sqlite3.Connection, manifest: Manifest, snapshot: Snapshot) -> None:
        self.place: Path = folder
        self.manifest, self.snapshot, self._db = manifest, snapshot, db
        with database.reading(folder, db):
            self.weights = Weights(**(get_meta(db, "weights") or {}))
        self.articles = Articles(FolderShelf(folder, db, snapshot))

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None) -> FolderStore:
        """Open the index in a folder, brought to the present format where it is of an older one. Raises IndexMissing, IndexNoAccess
        and IndexDamaged.
        """
        for attempt in range(_TRIES):
            db = connected(folder, encoder)
            try:
                return cls(folder, db, *opened(folder, db))
            except IndexDamaged:
                db.close()
                if attempt + 1 == _TRIES:
                    raise
            except BaseException:
                db.close()
                raise
        raise AssertionError

    def close(self) -> None:
        """Close the database. What was mapped stays readable until the store is let go."""
        self._db.close()

    def searched(self, query: Query, where: Filter | None) -> tuple[Snapshot, Mask | None]:
        """All segments, and which of their articles a filter admits."""
        return self.snapshot, self.snapshot.allowed(where)

    def sentences_with(self, terms: Sequence[str], where: Filter | None) -> list[tuple[str, int, int]]:
        """See `Store.sentences_with`."""
        return sentences_with(self.snapshot, terms, where)

    def everything(self) -> Iterator[tuple[Article, list[Passage], Vectors]]:
        """See `Store.everything`."""
        made_by = self.manifest.encoder
        with database.reading(self.place, self._db):
            for number, article_id in self._db.execute("SELECT number, id FROM article ORDER BY id").fetchall():
                _, passages = tables.numbered(self._db, number)
                article = self.articles.article(article_id)
                keys = b"".join(vector_keys(made_by.identity, article, passages))
                found = [np.zeros((0, made_by.dimension), np.float32), *stored_vectors(self._db, keys, made_by.dimension)]
                yield article, passages, np.concatenate(found)

    def outlets(self) -> list[str]:
        """See `Store.outlets`."""
        return self.snapshot.outlets()

    def undated(self, where: Filter) -> int:
        """See `Store.undated`."""
        return self.snapshot.undated(where)

    def repeated(self) -> frozenset[str]:
        """See `Store.repeated`."""
        with database.reading(self.place, self._db):
            return frozenset(get_meta(self._db, "repeated") or ())

    def is_last(self) -> bool:
        """See `Store.is_last`."""
        with closing(database.connect_to_read(self.place)) as now, database.reading(self.place, now):
            last = read_manifest(now)
        return last is not None and last.generation == self.manifest.generation

    def status(self) -> dict[str, Any]:
        """What the index holds, see `status.status`."""
        with database.reading(self.place, self._db):
            return status(self.place, self._db, self.manifest)


class FolderShelf:
    """The articles of an index in a folder, see `search.articles.Shelf`."""

    def __init__(self, folder: Path, db: sqlite3.Connection, snapshot: Snapshot) -> None:
        self.place: Path = folder
        self.is_far = False
        self._db, self._snapshot = db, snapshot

    def expect(self, ids: Collection[str], *, stories: bool) -> None:
        """See `Shelf.expect`: nothing is far away."""

    def article(self, article_id: str) -> Article | None:
        """See `Shelf.article`."""
        with reading(self.place, self._db):
            found = tables.article(self._db, article_id)
            if found is None and self._snapshot.article_row(article_id) >= 0:
                raise IndexDamaged(f"{self.place / FILE}: article {article_id!r} is missing", BEYOND_REPAIR)
        return found

    def holds(self, article_id: str) -> bool:
        """See `Shelf.holds`."""
        return self._snapshot.article_row(article_id) >= 0

    def ids(self, where: Filter | None) -> list[str]:
        """See `Shelf.ids`."""
        snapshot = self._snapshot
        allowed = snapshot.allowed(where)
        keep = snapshot.keep("article", np.ones(snapshot.articles, bool) if allowed is None else allowed)
        rows = np.arange(snapshot.articles)
        return sorted(snapshot.article_ids(rows if keep is None else rows[keep(rows)]))

    def sentences(self, article_id: str) -> list[Span]:
        """See `Shelf.sentences`."""
        snapshot = self._snapshot
        rows, _ = snapshot.sentences_of(snapshot.passages_of(np.array([snapshot.article_row(article_id)])))
        return [(start, end) for _, start, end in snapshot.sentence(rows).tolist()]

    def passages(self, article_id: str) -> list[Span]:
        """See `Shelf.passages`."""
        snapshot = self._snapshot
        rows = snapshot.passages_of(np.array([snapshot.article_row(article_id)]))
        return [(start, end) for _, start, end, _ in snapshot.passage(rows).tolist()]

    def story(self, article_id: str) -> tuple[int, int]:
        """See `Shelf.story`."""
        with reading(self.place, self._db):
            return tables.story(self._db, article_id)

    def tellers(self, story: int, told: int) -> list[Article]:
        """See `Shelf.tellers`."""
        with reading(self.place, self._db):
            return tables.tellers(self._db, story, told)

    def some_tellers(self, story: int, told: int, most: int) -> list[Article]:
        """See `Shelf.some_tellers`."""
        with reading(self.place, self._db):
            return tables.some_tellers(self._db, story, told, most)

    def tellers_of_outlet(self, story: int, source: str, most: int) -> list[Article]:
        """See `Shelf.tellers_of_outlet`."""
        with reading(self.place, self._db):
            return tables.tellers_of_outlet(self._db, story, source, most)

    def texts_with(self, quote: str) -> Iterator[tuple[str, str]]:
        """See `Shelf.texts_with`."""
        with reading(self.place, self._db):
            yield from word_lists.texts_with(self._db, word_set(quote))
