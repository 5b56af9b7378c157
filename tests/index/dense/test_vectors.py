"""The nearest sentences, by all vectors and by their codes."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pullquote
from pullquote.index.arrays import checksums, sealing, tensor_file
from pullquote.index.arrays.row_ranges import RowRanges
from pullquote.index.dense import codes
from pullquote.index.dense import vectors as dense
from pullquote.index.dense.codes import write_codes
from pullquote.index.dense.vectors import SentenceVectors
from pullquote.index.storage.manifest import Counts, SegmentMeta
from pullquote.index.types import Vectors

COUNT, DIMENSION = 5000, 32


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    found = np.random.default_rng(0).standard_normal((COUNT, DIMENSION), np.float32)
    unit: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


def opened(folder: Path, vectors: Vectors) -> SentenceVectors:
    path, codes = folder / "vectors.safetensors", folder / "codes.faiss"
    with tensor_file.writing(path) as file:
        file.add(dense.NAME, np.array_split(vectors, 7), (COUNT, DIMENSION), np.float32)
    described = write_codes(codes, path, (COUNT, DIMENSION))
    checksums.write_sums(path)
    files = {p.name: sealing.sealed(p) for p in folder.iterdir()}
    return SentenceVectors(path, codes, SegmentMeta(1, files, described, Counts(), Counts(), ""), COUNT)


def exact(vectors: Vectors, question: Vectors, rows: Any, n: int) -> set[int]:
    return {int(row) for row in sorted(rows, key=lambda row: -float(vectors[row] @ question))[:n]}


def questions(vectors: Vectors) -> Vectors:
    found = vectors[::500] + 0.5 * vectors[1::500]
    unit: Vectors = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    return unit


def best(found: tuple[Any, Any], n: int) -> set[int]:
    rows, cosines = found
    return set(rows[np.argsort(-cosines)][:n].tolist())


def test_few_vectors_have_no_codes(tmp_path: Path, vectors: Vectors) -> None:
    found = opened(tmp_path, vectors)
    assert not (tmp_path / "codes.faiss").exists()
    for question in questions(vectors):
        assert best(found.nearest(question, 50), 50) == exact(vectors, question, range(COUNT), 50)


@pytest.fixture
def coded(tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> SentenceVectors:
    monkeypatch.setattr(codes, "EXACT", 1000)
    monkeypatch.setattr(codes, "AGAIN", (100, 200, 400, 800))
    found = opened(tmp_path, vectors)
    assert (tmp_path / "codes.faiss").stat().st_size < vectors.nbytes / 8
    return found


def test_codes_find_the_nearest_and_say_how_many_of_them(coded: SentenceVectors, vectors: Vectors) -> None:
    described = coded._codes
    assert described is not None
    assert described.again in codes.AGAIN
    assert described.recall >= codes.RECALL
    assert described.sample == 100
    found = [len(best(coded.nearest(q, 10), 10) & exact(vectors, q, range(COUNT), 10)) for q in questions(vectors)]
    assert sum(found) >= 0.97 * 10 * len(found)
    rows, cosines = coded.nearest(questions(vectors)[0], 10)
    assert cosines.tolist() == dense.cosines(vectors[rows], questions(vectors)[0]).tolist()


@pytest.mark.parametrize("share", [0.5, 0.2, 0.01, 0.0])
def test_a_filter_loses_no_hit(coded: SentenceVectors, vectors: Vectors, share: float) -> None:
    """The rows that are allowed are the farthest of all: by chance none of them would be found."""
    for question in questions(vectors):
        order = np.argsort(vectors @ question)
        mask = np.zeros(COUNT, bool)
        mask[order[: int(share * COUNT)]] = True
        rows, cosines = coded.nearest(question, 10, RowRanges.of(mask))
        assert mask[rows].all()
        assert best((rows, cosines), 10) == exact(vectors, question, np.flatnonzero(mask), 10)


def test_where_the_codes_do_not_reach_the_recall_there_are_none(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "EXACT", 1000)
    monkeypatch.setattr(codes, "AGAIN", (11,))
    found = opened(tmp_path, vectors)
    assert found._codes is None
    question = questions(vectors)[0]
    assert best(found.nearest(question, 10), 10) == exact(vectors, question, range(COUNT), 10)


def test_changed_codes_are_seen(coded: SentenceVectors, tmp_path: Path, vectors: Vectors) -> None:
    path = tmp_path / "codes.faiss"
    whole = path.read_bytes()
    with path.open("rb+") as file:
        file.seek(len(whole) // 2)
        file.write(bytes([whole[len(whole) // 2] ^ 1]))
    with pytest.raises(pullquote.IndexDamaged, match=r"codes\.faiss: not as it was written"):
        coded.nearest(questions(vectors)[0], 10)


def test_codes_are_made_without_all_vectors_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "AGAIN", (200,))
    monkeypatch.setattr(codes, "_TRAINING", 2048)
    monkeypatch.setattr(codes, "_BLOCK", 1024)
    shape = (codes.EXACT + 10, 64)
    path = tmp_path / "vectors"
    random = np.random.default_rng(0)
    with path.open("wb") as file:
        for first in range(0, shape[0], 4096):
            file.write(random.standard_normal((min(4096, shape[0] - first), shape[1]), np.float32).tobytes())
    tracemalloc.start()
    write_codes(tmp_path / "codes", path, shape)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < path.stat().st_size / 3
