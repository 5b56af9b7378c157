"""Gives sentences their vectors: block by block, each kept on the disk as soon as it is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from zlib import crc32

from ..encoders.protocol import Encoder, Progress
from ..storage import articles
from ..storage.pending_vectors import Pending
from ..storage.vectors import has_vector, put_vectors, vector_key
from ..workers.spread import together
from .validation import check_vectors


def embed(
    db: sqlite3.Connection,
    folder: Path,
    identity: str,
    numbers: list[int],
    encoder: Callable[[], Encoder],
    progress: Progress | None,
) -> tuple[int, int]:
    """Give every sentence of some articles that has none its vector: what an interrupted run left, or a new one.

    `identity`: of the encoder, see `Fingerprint.identity`. How many were embedded just now, and how many had been left.
    """
    if not numbers:
        return 0, 0
    pending = Pending(folder)
    try:
        resumed = 0
        for number in numbers:
            article, passages = articles.numbered(db, number)
            for passage in passages:
                for s in passage.sentences:
                    text = article.text[s.start : s.end]
                    key = vector_key(identity, text)
                    if has_vector(db, key):
                        continue
                    given = db.execute("SELECT value, crc FROM given WHERE key = ?", (key,)).fetchone()
                    left = given or pending.get(key)
                    if left is not None and crc32(left[0]) == left[1] and len(left[0]) == 4 * encoder().dimension:
                        put_vectors(db, [(key, *left)])
                        if not given:
                            resumed += 1
                    else:
                        db.execute("INSERT OR IGNORE INTO missing VALUES (?, ?)", (key, text))
        return _embed_missing(db, pending, encoder, progress), resumed
    finally:
        pending.close()


def _embed_missing(db: sqlite3.Connection, pending: Pending, encoder: Callable[[], Encoder], progress: Progress | None) -> int:
    (total,) = db.execute("SELECT count(*) FROM missing").fetchone()
    longest_first = db.execute("SELECT key, text FROM missing ORDER BY length(text) DESC, key")
    done = 0
    while rows := longest_first.fetchmany(together(encoder())):  # alike in length, so that little is filled up
        report = None if progress is None else partial(_report, progress, done, total)
        vectors = encoder().encode([text for _, text in rows], report)
        check_vectors(vectors, len(rows), encoder())
        found = [(k, v.tobytes(), crc32(v.tobytes())) for (k, _), v in zip(rows, vectors, strict=True)]
        pending.put(found)
        put_vectors(db, found)
        done += len(rows)
    return int(total)


def _report(progress: Progress, before: int, total: int, done: int, _: int) -> None:
    progress(before + done, total)
