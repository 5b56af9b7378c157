"""Short codes of many vectors: written, and how many of the truly nearest they find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..storage.manifest import CodesMeta
from ..types import Vectors

EXACT = 1 << 16  # sentences of a segment
RECALL = 0.995
AGAIN = (1000, 2000, 4000, 8000, 16000)  # how many may be compared again
_SAMPLE, _TEN = 100, 10
_TRAINING = 1 << 16
_BLOCK = 1 << 14
ERROR = 1e-5  # more than single precision can err


def write_codes(path: Path, vectors: Path, shape: tuple[int, int]) -> CodesMeta | None:
    """Write the codes of the vectors in a file, where there are so many that they pay; what was measured. Raises OSError."""
    count, dimension = shape
    if count <= EXACT or dimension % 2:
        return None
    import faiss

    index = faiss.IndexPQFastScan(dimension, dimension // 2, 4, faiss.METRIC_INNER_PRODUCT)
    every = max(1, count // _TRAINING)
    index.train(np.concatenate([block[::every].copy() for _, block in _blocks(vectors, shape)])[:_TRAINING])
    for _, block in _blocks(vectors, shape):
        index.add(block)
    found = _measured(index, vectors, shape)
    if found is not None:
        with path.open("wb") as file:  # FAISS itself would not see a disk that is full
            faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))
    return found


def _measured(index: Any, vectors: Path, shape: tuple[int, int]) -> CodesMeta | None:
    """How many must be compared again for the recall wanted, and the recall then; None where no number of AGAIN will do."""
    places = np.arange(0, shape[0], max(1, shape[0] // _SAMPLE))[:_SAMPLE]
    questions = np.concatenate(
        [block[places[(places >= f) & (places < f + len(block))] - f] for f, block in _blocks(vectors, shape)]
    )
    found = index.search(questions, min(AGAIN[-1], shape[0]))[1]
    exact = np.full(found.shape, -1, np.float32)
    nearest = np.zeros((len(places), 0), np.float32)
    for first, block in _blocks(vectors, shape):
        near = questions @ block.T
        here = np.nonzero((found >= first) & (found < first + len(block)))
        exact[here] = near[here[0], found[here] - first]
        nearest = -np.sort(-np.concatenate([nearest, near], axis=1), axis=1)[:, : _TEN + 1]
    least = nearest[:, _TEN:] - ERROR  # of the ten nearest, the sentence itself left out
    hits = (exact >= least) & (found != places[:, None])
    for again in AGAIN:
        recall = float(np.mean(np.minimum(hits[:, :again].sum(axis=1), _TEN) / _TEN))
        if recall >= RECALL:
            return CodesMeta(again, round(recall, 4), len(questions))
    return None


def _blocks(vectors: Path, shape: tuple[int, int]) -> Iterator[tuple[int, Vectors]]:
    """The vectors of a file, block by block, each with its first row."""
    with vectors.open("rb") as file:
        file.seek(vectors.stat().st_size - 4 * shape[0] * shape[1])
        for first in range(0, shape[0], _BLOCK):
            size = min(_BLOCK, shape[0] - first) * shape[1]
            yield first, np.fromfile(file, "<f4", size).reshape(-1, shape[1])
