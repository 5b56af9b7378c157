"""Sentence vectors of a segment: the nearest to a question, by the cosine (inner product of unit vectors).

Up to EXACT sentences every vector is compared. Beyond, FAISS scans codes of 4 bits for each two dimensions (a product quantizer
in its "fast scan" layout: a sixteenth of the vectors' size), and the nearest by these are compared again by their own vectors, so
that every cosine that counts is exact. How many are compared again is chosen when the segment is written: by a sample of its
sentences, asked as questions, at least RECALL of the ten that are truly nearest must be found. Of the kinds of FAISS index
this one was the fastest at that recall (eval/benchmarks/nearest.py).
"""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import IndexDamaged
from ..arrays import checksums, tensor_file
from ..arrays.row_ranges import RowRanges
from ..arrays.tensor_file import Array
from ..storage.manifest import SegmentMeta
from ..types import Floats, Ints, Vectors
from .codes import ERROR

NAME = "vectors"
_SPARE = 32  # how many more than wanted are compared in double precision: in single precision the last few may be others


def cosines(vectors: Vectors, question: Vectors) -> Floats:
    """The cosine of each unit vector to the question, in double precision: it depends on the two alone."""
    product: Floats = np.vecdot(vectors.astype(np.float64), question.astype(np.float64))  # row by row
    return product


class SentenceVectors:
    """The vectors of a segment's sentences, memory-mapped; what is not asked for is not read."""

    def __init__(self, path: Path, codes: Path, expected: SegmentMeta, count: int) -> None:
        """`expected`: what the manifest says of the segment. Raises OSError or IndexDamaged for files that are not there."""
        self._path, self._codes, self.count = path, expected.codes, count
        self._lock = threading.Lock()
        self._blocks = checksums.CheckedFile(path, expected.files)
        self._vectors: Array | None = None
        self._coded = checksums.mapped(codes, expected.files[codes.name]) if self._codes else None
        self._index: Any = None

    @property
    def vectors(self) -> Array:
        """(sentences, dimension) float32. Raises IndexDamaged."""
        if self._vectors is None:
            self._vectors = tensor_file.read(self._blocks)[NAME]
        return self._vectors

    @property
    def coded(self) -> bool:
        """Whether there are codes, so that not every vector is compared."""
        return self._codes is not None

    def verify(self) -> None:
        """Read all of the vectors and codes. Raises IndexDamaged where they are not as they were written."""
        self._blocks.check(0, len(self._blocks.bytes))
        index = self._opened()
        if index is not None and (index.ntotal, index.d) != self.vectors.shape:
            raise IndexDamaged(f"{self._path}: its codes are not those of its vectors")

    def nearest(self, question: Vectors, n: int, allowed: RowRanges | None = None) -> tuple[Ints, Floats]:
        """The sentences nearest to `question`, (dimension,) float32, and their exact cosines, in no order; only `allowed` ones.

        At least `n`, if there are so many; where every vector is compared, all that are as near as the n-th.
        """
        again = max(self._codes.again, 2 * n) if self._codes else 0
        rows = self._by_codes(question, again, allowed) if again else None
        if rows is None and allowed is not None and 4 * allowed.size <= self.count:
            rows = allowed.rows()
        if rows is not None:
            return self._best(rows, _products(self.vectors[rows], question), question, n)
        near = _products(self.vectors.all(), question)
        rows = np.arange(self.count) if allowed is None else allowed.rows()
        return self._best(rows, near[rows], question, n)

    def _best(self, rows: Ints, near: Vectors, question: Vectors, n: int) -> tuple[Ints, Floats]:
        """The best `n` of some rows, and all that may tie with the last, by their exact cosines. `near`: in single precision."""
        if len(rows) > n + _SPARE:
            least = np.partition(near, len(near) - n)[len(near) - n]
            rows = rows[near >= least - 2 * ERROR]
        return rows, cosines(self.vectors[rows], question)

    def _by_codes(self, question: Vectors, again: int, allowed: RowRanges | None) -> Ints | None:
        """The `again` nearest by their codes, or more; None where so few are allowed that all of them are better compared."""
        share = 1.0 if allowed is None else allowed.size / self.count
        while share * self.count > 4 * again:
            wanted = again if allowed is None else math.ceil((1.1 * again + 100) / share)  # few searches twice by chance
            _, found = self._opened().search(question[None], min(wanted, self.count))
            rows: Ints = found[0][found[0] >= 0].astype(np.int64)
            if allowed is not None:
                rows = rows[allowed.has(rows)]
            if len(rows) >= again or allowed is None:
                return np.sort(rows)
            share /= 4  # the question is nearer to what is not allowed
        return None

    def _opened(self) -> Any:
        """The index of the codes, read when it is first needed: each search scans all of them."""
        with self._lock:
            if self._index is None and self._coded is not None:
                import faiss

                try:
                    self._index = faiss.deserialize_index(self._coded())
                except RuntimeError as error:
                    raise IndexDamaged(f"{self._path}: its codes cannot be read: {str(error).splitlines()[-1]}") from None
        return self._index


def _products(vectors: Vectors, question: Vectors) -> Vectors:
    """The inner products, on one thread: those of a BLAS wait for each other where the machine is busy."""
    found: Vectors = np.vecdot(vectors, question)
    return found
