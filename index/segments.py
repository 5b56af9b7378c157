"""Writes articles into segments, one after the other, each of a bounded size: so much is in memory at once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import merging, store, tables
from .analyzer import Analyzer
from .arrays import seal_folder
from .segment import Builder, segment_name


def write_segments(
    db: sqlite3.Connection, folder: Path, numbers: Sequence[int], mark: str, dimension: int, first: int
) -> Iterator[dict[str, Any]]:
    """Write articles, given by their numbers in the order of their ids, into segments numbered from `first` on; what the manifest
    says of each. `mark`: of the encoder.
    """
    rows: list[int] = []
    builder, keys = Builder(Analyzer()), bytearray()
    for number in numbers:
        article, passages = tables.numbered(db, number)
        size = sum(len(passage.sentences) for passage in passages) + 1
        if rows and builder.size + size > merging.LARGEST:
            yield _written(db, folder, first, builder, rows, keys, dimension)
            first, builder, rows, keys = first + 1, Builder(Analyzer()), [], bytearray()
        builder.add(article, passages)
        rows.append(number)
        keys += b"".join(tables.keys(mark, article, passages))
    if rows:
        yield _written(db, folder, first, builder, rows, keys, dimension)


def _written(
    db: sqlite3.Connection, folder: Path, number: int, builder: Builder, rows: list[int], keys: bytearray, dimension: int
) -> dict[str, Any]:
    place = folder / segment_name(number)
    shutil.rmtree(place, ignore_errors=True)  # of a run that was cut short
    place.mkdir()
    files = builder.write(place, tables.vectors(db, keys, dimension), dimension)
    seal_folder(folder)
    db.executemany("UPDATE derived SET segment = ?, row = ? WHERE number = ?", ((number, row, n) for row, n in enumerate(rows)))
    db.execute("INSERT INTO segment VALUES (?, ?)", (number, b""))
    counts = builder.counts
    return {"number": number, **files, "total": counts, "live": counts, "dead": store.digest(b"")}
