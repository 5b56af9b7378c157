"""Sentence vectors of a segment, in a FAISS index that is exact (inner product of unit vectors: cosine)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..corpus.errors import IndexDamaged
from .arrays import written

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

_SPARE = 32  # how many more than wanted are asked for: FAISS counts in single precision, so its last few may be others
_ERROR = 1e-5  # more than single precision can err


def write(path: Path, blocks: Iterable[Vectors], dimension: int) -> None:
    """Write the vectors, given in blocks of (any number, dimension) float32, unit length. Raises OSError."""
    import faiss

    flat = faiss.IndexFlatIP(dimension)
    for block in blocks:
        flat.add(block)
    with written(path):
        faiss.write_index(flat, str(path))


def cosines(vectors: Vectors, question: Vectors) -> Floats:
    """The cosine of each unit vector to the question, in double precision: it depends on the two alone."""
    product: Floats = (vectors.astype(np.float64) * question.astype(np.float64)).sum(axis=1)
    return product


class Dense:
    """The vectors of a segment's sentences, memory-mapped."""

    def __init__(self, path: Path) -> None:
        """Raises IndexDamaged for a file that is no FAISS index."""
        import faiss

        self._faiss = faiss
        try:
            self._flat: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexDamaged(f"{path}: {str(error).splitlines()[-1]}") from None
        self.count, self.dimension = int(self._flat.ntotal), int(self._flat.d)
        flat_view: Any = faiss.rev_swig_ptr(self._flat.get_xb(), self.count * self.dimension) if self.count else []
        self.vectors: Vectors = np.asarray(flat_view, np.float32).reshape(self.count, self.dimension)

    def nearest(self, question: Vectors, n: int, allowed: npt.NDArray[np.bool_] | None = None) -> tuple[Ints, Floats]:
        """The sentences nearest to `question`, (dimension,) float32, and their exact cosines, in no order; only `allowed` ones.

        At least `n`, if there are so many, and all that are as near as the n-th.
        """
        most = self.count if allowed is None else int(allowed.sum())
        params = None
        if allowed is not None:
            params = self._faiss.SearchParameters(sel=self._faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little")))
        asked = n + _SPARE
        while most:
            scores, found = self._flat.search(question[None], min(asked, most), params=params)
            rows = found[0][found[0] >= 0].astype(np.int64)
            exact = cosines(self.vectors[rows], question)
            if asked >= most or scores[0][len(rows) - 1] < np.partition(exact, len(exact) - n)[len(exact) - n] - _ERROR:
                return rows, exact
            asked *= 4
        return np.zeros(0, np.int64), np.zeros(0)
