"""A segment: the arrays derived from some articles, written once, memory-mapped, never changed.

`arrays.safetensors` holds

    articles.{bytes,ends}   the article ids, sorted                     terms.{bytes,ends}     the vocabulary, sorted
    outlets.{bytes,ends}    the outlets, sorted                         outlet                 (articles,) int32: which one
    days                    (articles, 2) int32: first and last day it may be from (proleptic ordinal), 0 where unknown
    firsts                  (articles + 1, 2) int32: the first passage and the first sentence of each article, and where they end
    passages                (n, 4) int32: article, start, end, first sentence; in the order of (article id, start)
    sentences               (n, 3) int32: passage, start, end
    {level}.{start,rows,counts,lengths,bounds,total}                    BM25 at each level, see `postings.Postings`

`vectors.safetensors` has one vector per sentence, and `codes.faiss`, in a segment of many sentences, a short code of each, see
`dense`. Beside the first two lie the checksums of their blocks, see `arrays`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..arrays import checksums, sealing, tensor_file
from ..arrays.row_ranges import RowRanges
from ..arrays.string_table import StringTable
from ..arrays.tensor_file import Array
from ..dense import vectors
from ..lexical.bm25 import LEVELS
from ..lexical.postings import Postings
from ..storage.layout import ARRAYS, CODES, VECTORS
from ..storage.manifest import SegmentMeta
from ..types import Level, Mask


@dataclass(frozen=True, slots=True)
class SegmentReader:
    """The arrays of a segment, opened. `alive`: (articles,) bool, those that were not removed since; None for all."""

    articles: StringTable
    terms: StringTable
    outlets: StringTable
    outlet: Array
    days: Array
    firsts: Array
    passages: Array
    sentences: Array
    levels: dict[Level, Postings]
    dense: vectors.SentenceVectors
    alive: Mask | None
    blocks: checksums.CheckedFile  # of the arrays

    @classmethod
    def open(cls, folder: Path, expected: SegmentMeta, dead: npt.NDArray[np.int32] | None = None) -> SegmentReader:
        """Map the files. `expected`: what the manifest says; `dead`: the rows of the articles that were removed. Raises OSError or
        IndexDamaged, naming the file, where one is not what the manifest says: at once where it is missing or of another size,
        else when a changed block of it is read.
        """
        files = expected.files
        for name, described in files.items():
            sealing.verify_size(folder / name, described)
        blocks = checksums.CheckedFile(folder / ARRAYS, files)
        found = tensor_file.read(blocks)

        def group(prefix: str) -> dict[str, Array]:
            return {name.removeprefix(f"{prefix}."): values for name, values in found.items() if name.startswith(f"{prefix}.")}

        alive = None
        if dead is not None and len(dead):
            alive = np.ones(len(found["outlet"]), bool)
            alive[dead] = False
        return cls(
            articles=StringTable.from_arrays(group("articles")),
            terms=StringTable.from_arrays(group("terms")),
            outlets=StringTable.from_arrays(group("outlets")),
            outlet=found["outlet"],
            days=found["days"],
            firsts=found["firsts"],
            passages=found["passages"],
            sentences=found["sentences"],
            levels={name: Postings.from_arrays(group(name)) for name in LEVELS},
            dense=vectors.SentenceVectors(folder / VECTORS, folder / CODES, expected, len(found["sentences"])),
            alive=alive,
            blocks=blocks,
        )

    def verify(self) -> None:
        """Read all that is mapped. Raises IndexDamaged where it is not as it was written."""
        self.blocks.check(0, len(self.blocks.bytes))
        self.dense.verify()

    def ranges(self, level: Level, articles: Mask) -> RowRanges:
        """The documents of a level that are of some articles, given as (articles,) bool."""
        found = RowRanges.of(articles)
        if level == "article":
            return found
        column = 0 if level == "passage" else 1
        begins, ends = self.firsts[found.begins][:, column], self.firsts[found.ends][:, column]
        some = begins < ends
        return RowRanges(begins[some].astype(np.int64), ends[some].astype(np.int64))


def ordinal(day: str) -> int:
    """The number of a day, given as YYYY-MM-DD: 1 is 0001-01-01."""
    return date.fromisoformat(day).toordinal()
