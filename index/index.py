"""The index as a reader sees it: one commit, unchanging, from `Index.open` on."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from ..corpus.article import Article, Mark, Passage
from ..corpus.errors import IndexDamaged, IndexMissing, InputError
from . import remedies
from .encoders import registry as encoders
from .encoders.protocol import Encoder, check_encoder, mark
from .filters import Filter
from .lexical.analyzer import Analyzer
from .search import deduplicate
from .search.formula import Weights
from .search.hits import Hit
from .search.ranking import Query, Ranking, checked, rank
from .search.versions import latest
from .segments.reader import SegmentReader
from .segments.snapshot import Snapshot
from .storage import articles, database, layout
from .storage.layout import segment_name
from .storage.manifest import get_meta, read_manifest, sha256_hex
from .storage.status import status
from .storage.vectors import stored_vectors, vector_keys
from .types import Vectors

_STORIES, _SPANS, _ARTICLES = 100, 10_000, 5000  # kept at hand
_TOGETHER = 32  # questions encoded while those before are ranked
_TRIES = 5  # a writer may drop the generation's files between the look at the manifest and the opening of them


class Index:
    """An opened index. Readers of one process may share it; it keeps its snapshot while a writer works.

    folder     where it is
    manifest   what is published: format, snapshot, digest, counts, encoder, analyzer, files
    weights    of the formula; another value may be set
    """

    def __init__(
        self, folder: Path, db: sqlite3.Connection, manifest: dict[str, Any], snapshot: Snapshot, encoder: Encoder | None
    ) -> None:
        self.folder, self.manifest, self.snapshot = folder, manifest, snapshot
        with database.guarded(folder):
            self.weights = Weights(**(get_meta(db, "weights") or {}))
        self.analyzer = Analyzer.from_settings(manifest["analyzer"])
        self.terms = lru_cache(maxsize=_SPANS)(self.analyzer.terms)  # of sentences and titles: what is quoted once often is again
        self._db = db
        self._encoder: Encoder | None = None
        self._stories: dict[int, list[Article]] = {}  # that were asked for, and who tells them
        self._spans: dict[str, list[tuple[int, int]]] = {}  # of the sentences of articles
        self._articles: dict[str, Article] = {}
        self._told: dict[str, tuple[int, int]] = {}  # of articles: their story, and how many tell it
        if encoder is not None:
            check_encoder(encoder, manifest)
            self._encoder = encoder

    @classmethod
    def open(cls, folder: str | Path, encoder: Encoder | None = None) -> Index:
        """Open the index in `folder`. `encoder`: one at hand, else the index's own is loaded at the first question.

        An index of an older format is brought to the present one first, which writes to the folder.
        Raises IndexMissing, IndexDamaged (naming the file), and EncoderError if another encoder made it.
        """
        if not str(folder):
            raise InputError("--index: an empty path")
        folder = Path(folder).absolute()  # the program may change its working folder
        for attempt in range(_TRIES):
            db = _connected(folder, encoder)
            try:
                return cls(folder, db, *_opened(folder, db), encoder)
            except IndexDamaged:
                db.close()
                if attempt + 1 == _TRIES:
                    raise
            except BaseException:
                db.close()
                raise
        raise AssertionError

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def encoder(self) -> Encoder:
        """The index's encoder, loaded and checked when first needed. Raises EncoderError."""
        if self._encoder is None:
            self._encoder = encoders.made_by(self.manifest["encoder"], asking=True)
        return self._encoder

    def query(self, text: str, *, lexical: bool = False) -> Query:
        """A question, analyzed and, unless it is `lexical`, encoded. Raises QuestionError where it is empty, endless or without a
        word.
        """
        text = checked(text)
        return Query(text, tuple(self.analyzer.terms(text)), None if lexical else self.encoder.encode_question(text))

    def queries(self, texts: Sequence[str]) -> Iterator[Query]:
        """Many questions, analyzed and encoded block by block; a block is encoded while the last one is used."""
        checked_texts = [checked(text) for text in texts]
        blocks = [checked_texts[first : first + _TOGETHER] for first in range(0, len(checked_texts), _TOGETHER)]
        encoder = self.encoder
        with ThreadPoolExecutor(1) as ahead:
            waiting = [ahead.submit(encoder.encode_questions, block) for block in blocks[:1]]
            for number, block in enumerate(blocks):
                vectors = waiting.pop().result()
                waiting = [ahead.submit(encoder.encode_questions, more) for more in blocks[number + 1 : number + 2]]
                for text, vector in zip(block, vectors, strict=True):
                    yield Query(text, tuple(self.analyzer.terms(text)), vector)

    def rank(self, query: Query, where: Filter | None = None) -> Ranking:
        """Every candidate passage for a query, best first, with all its evidence: see `search.Ranking`."""
        return rank(self.snapshot, query, self._weights(query), self.snapshot.allowed(where))

    def _weights(self, query: Query) -> Weights:
        return self.weights if query.vector is not None else replace(self.weights, dense=0.0)

    def search(self, text: str, k: int = 10, where: Filter | None = None, *, lexical: bool = False) -> list[Hit]:
        """The best `k` passages, best first, ties in the order of (article id, start). Raises QuestionError.

        A passage whose best sentence stands in a copy of its article, already among them, is left out; see `Hit.also`.
        `lexical`: by the words alone; no encoder is loaded.
        """
        return self._hits(self.query(text, lexical=lexical), k, where)

    def search_many(self, texts: Sequence[str], k: int = 10, where: Filter | None = None) -> list[list[Hit]]:
        """The hits of each of many questions, see `search`: faster than one by one, as some are encoded while others are ranked.

        Where sentence-transformers encodes, a score may differ in its last digits from that of a question asked alone.
        """
        return [self._hits(query, k, where) for query in self.queries(texts)]

    def sentences(self, article: Article) -> list[tuple[int, int]]:
        """The start and end of every sentence of the article's story, in order."""
        found = self._spans.get(article.id)
        if found is None:
            if len(self._spans) >= _SPANS:
                self._spans.clear()
            row = self.snapshot.article_row(article.id)
            rows, _ = self.snapshot.sentences_of(self.snapshot.passages_of(np.array([row])))
            found = self._spans[article.id] = [(start, end) for _, start, end in self.snapshot.sentence(rows).tolist()]
        return found

    def _hits(self, query: Query, k: int, where: Filter | None) -> list[Hit]:
        if k < 1:
            raise InputError(f"k is {k}: at least 1 passage must be asked for")
        return deduplicate.hits(self, self.rank(query, where), k, self._weights(query))

    def article_id(self, passage: int) -> str:
        """The id of the article that the passage in row `passage` is from."""
        return self.snapshot.article_id(int(self.snapshot.passage(np.array([passage]))[0, 0]))

    def article(self, article_id: str) -> Article:
        """One article, as it was read. Raises KeyError for an unknown id, IndexDamaged if it is not as it was stored."""
        found = self._articles.get(article_id)
        if found is not None:
            return found
        with database.guarded(self.folder):
            found = articles.article(self._db, article_id.encode("utf-8", "replace").decode())
            if found is None and self.snapshot.article_row(article_id) >= 0:
                raise IndexDamaged(f"{self.folder / layout.FILE}: article {article_id!r} is missing", remedies.BEYOND_REPAIR)
        if found is None:
            raise KeyError(article_id)
        if len(self._articles) >= _ARTICLES:
            self._articles.clear()
        self._articles[article_id] = found
        return found

    def marks(self, article: Article) -> tuple[Mark, ...]:
        """The stretches of an article's text that are no part of its story: neither indexed nor quoted."""
        from ..corpus.boilerplate import marks  # its patterns take long to compile, and a question does not need them

        with database.guarded(self.folder):
            return marks(article.title, article.text, frozenset(get_meta(self._db, "repeated") or ()))

    def copies(self, article_id: str) -> list[Article]:
        """The other articles that tell the same story, nearly word for word, in the order of their ids."""
        known = self._told.get(article_id)
        if known is None:
            with database.guarded(self.folder):
                known = articles.story(self._db, article_id)
            if len(self._told) >= _SPANS:
                self._told.clear()
            self._told[article_id] = known
        story, told = known
        if told == 1:
            return []
        found = self._stories.get(story)
        if found is None:
            with database.guarded(self.folder):
                found = articles.tellers(self._db, story, told)
            if len(self._stories) >= _STORIES:
                self._stories.clear()
            self._stories[story] = found
        return [other for other in found if other.id != article_id]

    def story(self, article_id: str) -> int:
        """The number of the story that an article tells: the same for its copies."""
        self.copies(article_id)
        return self._told[article_id][0]

    def latest(self, article_id: str) -> Article | None:
        """The latest version, by the same outlet, of an article; None if it is the latest itself."""
        copies = self.copies(article_id)
        return latest(self.article(article_id), copies) if copies else None

    def texts(self) -> Iterator[tuple[str, str]]:
        """The id and text of every article, in the order of the ids, unchecked: `article` checks."""
        with database.guarded(self.folder):
            yield from self._db.execute("SELECT id, text FROM article ORDER BY id")

    def everything(self) -> Iterator[tuple[Article, list[Passage], Vectors]]:
        """Every article in the order of the ids, its passages, and the vectors of their sentences."""
        encoder_mark, dimension = mark(self.manifest["encoder"]), self.manifest["encoder"]["dimension"]
        with database.guarded(self.folder):
            numbers = self._db.execute("SELECT number, id FROM article ORDER BY id").fetchall()
            for number, article_id in numbers:
                _, passages = articles.numbered(self._db, number)
                article = self.article(article_id)
                keys = b"".join(vector_keys(encoder_mark, article, passages))
                found = [np.zeros((0, dimension), np.float32), *stored_vectors(self._db, keys, dimension)]
                yield article, passages, np.concatenate(found)

    def undated(self, where: Filter) -> int:
        """How many articles a filter by date leaves out only because their date is unknown."""
        return self.snapshot.undated(where)

    def status(self) -> dict[str, Any]:
        """What the index holds, see `status.status`."""
        with database.guarded(self.folder):
            return status(self.folder, self._db, self.manifest)


def _connected(folder: Path, encoder: Encoder | None) -> sqlite3.Connection:
    """A connection that holds a snapshot of an index in the present format, brought to it where it is of an older one."""
    db = database.connect_to_read(folder)
    try:
        with database.guarded(folder):
            if database.format_of(db) == layout.FORMAT:
                return db
    except BaseException:
        db.close()
        raise
    db.close()
    from .writing.writer import Writer

    logging.getLogger("pullquote").warning("%s: an index of an older format, brought to format %d", folder, layout.FORMAT)
    with Writer(folder, encoder):
        pass
    return database.connect_to_read(folder)


def _opened(folder: Path, db: sqlite3.Connection) -> tuple[dict[str, Any], Snapshot]:
    """The manifest, and the segments that it names."""
    with database.guarded(folder):
        manifest = read_manifest(db)
        if manifest is None:
            raise IndexMissing(f"no index in {folder}: nothing was ever published there")
        segments = []
        for expected in manifest["segments"]:
            row = db.execute("SELECT dead FROM segment WHERE number = ?", (expected["number"],)).fetchone()
            if row is None or sha256_hex(row[0]) != expected["dead"]:
                raise IndexDamaged(f"{folder / layout.FILE}: its list of removed articles is not as it was stored")
            where = folder / segment_name(expected["number"])
            segments.append(SegmentReader.open(where, expected, np.frombuffer(row[0], np.int32)))
    return manifest, Snapshot(segments, manifest["encoder"]["dimension"])
