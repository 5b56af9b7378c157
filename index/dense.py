"""The sentence vectors, in a FAISS index that is exact (inner product of unit vectors: cosine)."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


def write(path: Path, blocks: Iterable[Vectors], dimension: int) -> None:
    """Write the vectors, given in blocks of (any number, dimension) float32, unit length."""
    import faiss

    flat = faiss.IndexFlatIP(dimension)
    for block in blocks:
        flat.add(block)
    faiss.write_index(flat, str(path))


class Dense:
    """The vectors of all sentences, memory-mapped."""

    def __init__(self, path: Path) -> None:
        """Raises FileNotFoundError, and ValueError for a file that is no FAISS index."""
        import faiss

        self._faiss = faiss
        try:
            self._flat: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            if not path.exists():
                raise FileNotFoundError(errno.ENOENT, "no such file", str(path)) from None
            raise ValueError(f"{path.name}: {str(error).splitlines()[-1]}") from None
        self.count, self.dimension = int(self._flat.ntotal), int(self._flat.d)
        flat_view: Any = faiss.rev_swig_ptr(self._flat.get_xb(), self.count * self.dimension) if self.count else []
        self.vectors: Vectors = np.asarray(flat_view, np.float32).reshape(self.count, self.dimension)

    def nearest(self, question: Vectors, n: int, allowed: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.int64]:
        """The `n` sentences nearest to `question`, (dimension,) float32, nearest first; only such as are `allowed`."""
        n = min(n, self.count if allowed is None else int(allowed.sum()))
        if n == 0:
            return np.zeros(0, np.int64)
        params = None
        if allowed is not None:
            params = self._faiss.SearchParameters(sel=self._faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little")))
        _, found = self._flat.search(question[None], n, params=params)
        rows: npt.NDArray[np.int64] = found[0][found[0] >= 0]
        return rows

    def cosines(self, question: Vectors, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """The exact cosine of each of some sentences, in double precision, so that it depends on nothing else."""
        product: npt.NDArray[np.float64] = (self.vectors[rows].astype(np.float64) * question.astype(np.float64)).sum(axis=1)
        return product
