"""Writes articles into segments, one after the other, each of a bounded size: so much is in memory at once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..arrays.sealing import seal_folder
from ..lexical.analyzer import Analyzer
from ..segments import merge_policy
from ..segments.builder import SegmentBuilder
from ..storage import articles
from ..storage.layout import segment_name
from ..storage.manifest import SegmentMeta, sha256_hex
from ..storage.vectors import stored_vectors, vector_keys


def write_segments(
    db: sqlite3.Connection, folder: Path, numbers: Sequence[int], identity: str, dimension: int, first: int
) -> Iterator[SegmentMeta]:
    """Write articles, given by their numbers in the order of their ids, into segments numbered from `first` on; what the manifest
    says of each. `identity`: of the encoder, see `Fingerprint.identity`.
    """
    made: _Segment | None = None
    for number in numbers:
        article, passages = articles.numbered(db, number)
        size = sum(len(passage.sentences) for passage in passages) + 1
        if made is not None and made.builder.size + size > merge_policy.LARGEST:
            yield made.written(db, dimension)
            first, made = first + 1, None
        if made is None:
            made = _Segment(folder, first)
        made.builder.add(article, passages)
        made.rows.append(number)
        made.keys += b"".join(vector_keys(identity, article, passages))
    if made is not None:
        yield made.written(db, dimension)


class _Segment:
    """One that is being written."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder, self._number = folder, number
        place = folder / segment_name(number)
        shutil.rmtree(place, ignore_errors=True)  # of a run that was cut short
        place.mkdir()
        self.builder = SegmentBuilder(Analyzer(), place)
        self.rows: list[int] = []  # the numbers of the articles
        self.keys = bytearray()  # of the sentences' vectors

    def written(self, db: sqlite3.Connection, dimension: int) -> SegmentMeta:
        number = self._number
        files, codes = self.builder.write(stored_vectors(db, self.keys, dimension), dimension)
        seal_folder(self._folder)
        places = ((number, row, article) for row, article in enumerate(self.rows))
        db.executemany("UPDATE derived SET segment = ?, row = ? WHERE number = ?", places)
        db.execute("INSERT INTO segment VALUES (?, ?)", (number, b""))
        counts = self.builder.counts
        return SegmentMeta(number, files, codes, counts, counts, sha256_hex(b""))
