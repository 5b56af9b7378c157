"""The one writer of an index: articles are staged, cut, embedded, and then published in one transaction."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from ..corpus.article import Article, Passage, Sentence
from ..corpus.boilerplate import repeated_paragraphs, story_paragraphs
from ..corpus.errors import IndexDamaged, IndexLocked, IndexNoAccess, ReadError
from ..corpus.passages import chunk
from . import encoder as encoders
from . import store
from .analyzer import Analyzer
from .checks import LOCK, check_article, check_folder, check_vectors
from .dense import Vectors
from .encoder import Encoder, Progress, check_encoder
from .generation import Builder, Generation, generation_name, generations

_BLOCK = 4096  # sentences embedded, and kept, at a time
_LOCK_WAIT = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Added:
    """What a commit changed: articles added, updated and unchanged, and what the index now holds."""

    added: int
    updated: int
    unchanged: int
    articles: int
    passages: int
    sentences: int
    embedded: int  # sentences that had no vector yet
    cut: int  # sentences longer than the encoder reads, cut at a clause
    without_story: int  # articles of which nothing could be indexed


class Writer:
    """Use it in a `with`; nothing is changed before `commit`, and nothing at all where it raises.

    with Writer("news.pq") as writer:
        writer.stage(pullquote.read("news/"))
        print(writer.commit())
    """

    def __init__(self, folder: str | Path, encoder: Encoder | str | None = None) -> None:
        """`encoder`: one at hand, or a name; without one the index's own, for a new index the packaged default.

        Raises InputError for a folder of other things, IndexLocked if another process is writing, IndexNoAccess where the folder
        cannot be written to. That another encoder made the index is seen in `commit`.
        """
        self.folder = check_folder(folder)
        self._found = self.folder.exists()  # what was there before is not ours to remove
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.folder / LOCK, timeout=_LOCK_WAIT)
            self._lock.acquire()
        except Timeout:
            raise IndexLocked(f"{self.folder}: another process is writing to this index: try again") from None
        except OSError as error:
            raise IndexNoAccess(f"{self.folder}: cannot be written to: {error.strerror or error}") from None
        try:
            self._connection = store.connect_to_write(self.folder)
            with store.guarded(self.folder):
                self._manifest = store.manifest(self._connection) or {}
        except BaseException:
            self._lock.release()
            raise
        self._wanted = encoder
        self._encoder: Encoder | None = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        published = True
        with suppress(sqlite3.DatabaseError, IndexDamaged):  # asked of the file: an interrupt may come right after the commit
            published = store.manifest(self._connection) is not None
        self._connection.close()
        if not published:  # nothing was ever published here: leave no trace
            for name in store.FILES:
                (self.folder / name).unlink(missing_ok=True)
            for path in generations(self.folder):
                shutil.rmtree(path)
        self._lock.release()
        if not published:
            (self.folder / LOCK).unlink(missing_ok=True)
            if not self._found:
                with suppress(OSError):
                    self.folder.rmdir()

    def stage(self, articles: Iterable[Article], place: str = "") -> int:
        """Lay articles aside for the commit, all or none; `place` says in messages where they are from.

        Raises whatever `articles` raises, and ReadError for an id that was staged before.
        """
        count = 0
        with self._transaction() as db:
            for article in articles:
                check_article(article, place)
                with store.guarded(self.folder):
                    other = store.stage(db, article, place)
                if other is not None:
                    again = f"and again in {place}" if place and other != place else "twice"
                    raise ReadError(other or article.id, f"article id {article.id!r} is here {again}")
                count += 1
        return count

    def commit(self, progress: Progress | None = None) -> Added:
        """Publish what was staged. `progress` is called with (sentences embedded, sentences to embed).

        Raises EncoderError if the index was made by another encoder.
        """
        if self._manifest and self._wanted is not None:
            check_encoder(self.encoder, self._manifest)
        with store.guarded(self.folder), self._transaction() as db:
            added, updated, unchanged = store.merge_staged(db)
            if self._manifest and not added and not updated and self._is_whole():
                return Added(added, updated, unchanged, **self._manifest["counts"], embedded=0, cut=0, without_story=0)
            cut, bare = self._cut()
            embedded = self._embed(progress)
            manifest = self._write_generation()
            store.put_meta(db, "manifest", manifest)
        self._manifest = manifest
        self._drop_generations_but(manifest["generation"])
        return Added(added, updated, unchanged, **manifest["counts"], embedded=embedded, cut=cut, without_story=bare)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing."""
        with store.guarded(self.folder):
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            with store.guarded(self.folder):
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk ends it by itself
                self._connection.execute("ROLLBACK")
            raise

    @property
    def encoder(self) -> Encoder:
        """The encoder, loaded when first needed."""
        if self._encoder is None:
            wanted = self._wanted
            if wanted is None:
                wanted = self._manifest["encoder"]["name"] if self._manifest else encoders.DEFAULT
            self._encoder = encoders.load(wanted) if isinstance(wanted, str) else wanted
        return self._encoder

    def _encoder_mark(self) -> str:
        return str(self.encoder.fingerprint.get("sha256", self.encoder.name))

    def _is_whole(self) -> bool:
        """Whether the arrays are there as they were written; if not, the commit writes them anew."""
        try:
            Generation.open(self.folder / generation_name(self._manifest["generation"]), self._manifest["files"])
        except (OSError, KeyError, ValueError, IndexDamaged):
            return False
        return True

    def _cut(self) -> tuple[int, int]:
        """Cut the articles that are new or changed, and those in which a paragraph became a recurring one, or ceased to be."""
        db = self._connection
        for article in store.articles(db, uncut=True):
            store.put_paragraphs(db, article.id, story_paragraphs(article.title, article.text))
        repeated = repeated_paragraphs(store.paragraph_holders(db), store.articles_by_source(db))
        turned = repeated.symmetric_difference(store.get_meta(db, "repeated") or ())
        db.executemany(
            "UPDATE article SET passages = NULL WHERE id IN (SELECT article FROM paragraph WHERE fingerprint = ?)",
            [(print_,) for print_ in turned],
        )
        store.put_meta(db, "repeated", sorted(repeated))
        cut = bare = 0
        if self._manifest:
            check_encoder(self.encoder, self._manifest)
        for article in store.articles(db, uncut=True):
            chunks = chunk(article, self.encoder.count_tokens, self.encoder.max_tokens, repeated)
            cut += chunks.cut
            bare += not chunks.passages
            spans = [[[s.start, s.end] for s in p.sentences] for p in chunks.passages]
            db.execute("UPDATE article SET passages = ? WHERE id = ?", (json.dumps(spans), article.id))
        return cut, bare

    def _embed(self, progress: Progress | None) -> int:
        """Give every sentence that has none its vector, the sentences in an order that depends on their texts alone."""
        db = self._connection
        mark = self._encoder_mark()
        db.execute("CREATE TEMP TABLE missing (key BLOB PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID")
        for article, passages in self._articles():
            for text in _sentence_texts(article, passages):
                key = _key(mark, text)
                db.execute(
                    "INSERT OR IGNORE INTO missing SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM vector WHERE key = ?)",
                    (key, text, key),
                )
        total = int(db.execute("SELECT count(*) FROM missing").fetchone()[0])
        done = 0
        while rows := db.execute("SELECT key, text FROM missing ORDER BY key LIMIT ? OFFSET ?", (_BLOCK, done)).fetchall():
            report = None if progress is None else partial(_report, progress, done, total)
            vectors = self.encoder.encode([text for _, text in rows], report)
            check_vectors(vectors, len(rows), self.encoder)
            db.executemany("INSERT INTO vector VALUES (?, ?)", [(k, v.tobytes()) for (k, _), v in zip(rows, vectors, strict=True)])
            done += len(rows)
        db.execute("DROP TABLE missing")
        return total

    def _write_generation(self) -> dict[str, Any]:
        number = int(self._manifest.get("generation", 0)) + 1
        folder = self.folder / generation_name(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        builder = Builder(Analyzer())
        content = sha256()
        for article, passages in self._articles():
            builder.add(article, passages)
            content.update(f"{article.digest}\n".encode())
        files = builder.write(folder, self._vectors(), self.encoder.dimension)
        settings = {"encoder": self.encoder.fingerprint, "analyzer": Analyzer.SETTINGS}
        content.update(json.dumps({**settings["encoder"], "name": ""}, sort_keys=True).encode())
        return {
            "format": store.FORMAT,
            "generation": number,
            "digest": content.hexdigest(),
            "counts": builder.counts,
            "files": files,
            **settings,
        }

    def _articles(self) -> Iterator[tuple[Article, list[Passage]]]:
        cuts = self._connection.execute("SELECT passages FROM article ORDER BY id")
        for article, (spans,) in zip(store.articles(self._connection), cuts, strict=True):
            yield article, [_passage(p) for p in json.loads(spans)]

    def _vectors(self) -> Iterator[Vectors]:
        block: list[bytes] = []
        mark = self._encoder_mark()
        for article, passages in self._articles():
            keys = [_key(mark, text) for text in _sentence_texts(article, passages)]
            block.extend(store.vectors(self._connection, keys))
            if len(block) >= _BLOCK:
                yield _stacked(block, self.encoder.dimension)
                block = []
        if block:
            yield _stacked(block, self.encoder.dimension)

    def _drop_generations_but(self, number: int) -> None:
        for folder in generations(self.folder):
            if folder.name != generation_name(number):
                shutil.rmtree(folder, ignore_errors=True)


def add(folder: str | Path, articles: Iterable[Article], encoder: Encoder | str | None = None) -> Added:
    """Add articles to the index in `folder`, which is made where there is none; articles known by id are updated.

    All or nothing: where anything raises, the index is as it was. Raises what `Writer` and `articles` raise.
    """
    with Writer(folder, encoder) as writer:
        writer.stage(articles)
        return writer.commit()


def _sentence_texts(article: Article, passages: Sequence[Passage]) -> Iterator[str]:
    return (article.text[s.start : s.end] for p in passages for s in p.sentences)


def _passage(spans: list[list[int]]) -> Passage:
    sentences = tuple(Sentence(start, end) for start, end in spans)
    return Passage(sentences[0].start, sentences[-1].end, sentences)


def _key(mark: str, text: str) -> bytes:
    return sha256(f"{mark}\0{text}".encode()).digest()[:16]


def _report(progress: Progress, before: int, total: int, done: int, _: int) -> None:
    progress(before + done, total)


def _stacked(block: list[bytes], dimension: int) -> Vectors:
    return np.frombuffer(b"".join(block), np.float32).reshape(-1, dimension)
