"""The articles of a snapshot: as they were read, the copies that tell the same story, and where their sentences stand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from ...corpus.article import Article
from ...corpus.decode import tidy
from ...errors import IndexDamaged
from ..remedies import BEYOND_REPAIR
from ..segments.snapshot import Snapshot
from ..storage import articles as tables
from ..storage.database import reading
from ..storage.layout import FILE
from .versions import latest

Span = tuple[int, int]  # start and end in an article's text, in code points

_STORIES, _SPANS, _ARTICLES = 100, 10_000, 5000  # kept at hand


class Articles:
    """What is known of the articles of an opened index; what is asked for often is read once."""

    def __init__(self, folder: Path, db: sqlite3.Connection, snapshot: Snapshot) -> None:
        self.folder, self._db, self._snapshot = folder, db, snapshot
        self._known = lru_cache(_ARTICLES)(self._article)
        self.sentences = lru_cache(_SPANS)(self._sentences)
        self._story = lru_cache(_SPANS)(self._story_of)
        self._tellers = lru_cache(_STORIES)(self._tellers_of)

    def article(self, article_id: str) -> Article:
        """One article, as it was read. Raises KeyError for an unknown id, IndexDamaged if it is not as it was stored."""
        return self._known(tidy(article_id))

    def _article(self, article_id: str) -> Article:
        """One article, as it was read. Raises KeyError for an unknown id, IndexDamaged if it is not as it was stored."""
        with reading(self.folder, self._db):
            found = tables.article(self._db, article_id)
            if found is None and self._snapshot.article_row(article_id) >= 0:
                raise IndexDamaged(f"{self.folder / FILE}: article {article_id!r} is missing", BEYOND_REPAIR)
        if found is None:
            raise KeyError(article_id)
        return found

    def _sentences(self, article_id: str) -> list[Span]:
        """The start and end of every sentence of an article's story, in order."""
        snapshot = self._snapshot
        rows, _ = snapshot.sentences_of(snapshot.passages_of(np.array([snapshot.article_row(article_id)])))
        return [(start, end) for _, start, end in snapshot.sentence(rows).tolist()]

    def passages(self, article_id: str) -> list[Span]:
        """The start and end of every passage of an article, in order."""
        snapshot = self._snapshot
        rows = snapshot.passages_of(np.array([snapshot.article_row(article_id)]))
        return [(start, end) for _, start, end, _ in snapshot.passage(rows).tolist()]

    def _story_of(self, article_id: str) -> tuple[int, int]:
        """The number of the story that an article tells, and how many articles tell it."""
        with reading(self.folder, self._db):
            return tables.story(self._db, article_id)

    def _tellers_of(self, story: int, told: int) -> list[Article]:
        with reading(self.folder, self._db):
            return tables.tellers(self._db, story, told)

    def story(self, article_id: str) -> int:
        """The number of the story that an article tells: its copies have the same number."""
        return self._story(article_id)[0]

    def copies(self, article_id: str) -> list[Article]:
        """The other articles that tell the same story, nearly word for word, in the order of their ids."""
        story, told = self._story(article_id)
        return [] if told == 1 else [other for other in self._tellers(story, told) if other.id != article_id]

    def latest(self, article_id: str) -> Article | None:
        """The latest version, by the same outlet, of an article; None if it is the latest itself."""
        copies = self.copies(article_id)
        return latest(self.article(article_id), copies) if copies else None

    def texts(self) -> Iterator[tuple[str, str]]:
        """The id and text of every article, in the order of the ids, unchecked: `article` checks."""
        with reading(self.folder, self._db):
            yield from self._db.execute("SELECT id, text FROM article ORDER BY id")
