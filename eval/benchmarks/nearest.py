"""Which FAISS index to use for how many sentences: exact, HNSW, IVF, scalar quantization, codes of 4 bits.

    python eval/benchmarks/nearest.py --index FOLDER --out eval/benchmarks/records/nearest.json

Unit vectors of 384 dimensions: random ones, which form no clusters, and, with --index, such as lie about the real ones of an index
as sentences on one matter do. Each kind is given the least effort at which 99 % of the ten truly nearest are found once the
candidates are compared again by their own vectors; then the time of that, candidates and comparison, the time to build it, and
its size are measured.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from machine import about, write

import pullquote
from pullquote.index.types import Vectors

DIMENSION, QUESTIONS, TEN = 384, 50, 10
WANTED = 0.99


def unit(vectors: Vectors) -> Vectors:
    found: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return found


def random_vectors(count: int) -> Vectors:
    return unit(np.random.default_rng(0).standard_normal((count, DIMENSION), np.float32))


def real_vectors(index: pullquote.Index, count: int) -> Vectors:
    """`count` vectors about those of an index: at a cosine of about 0.7, as sentences on one matter are."""
    real = np.concatenate([vectors for _, _, vectors in index.everything()])
    chance = np.random.default_rng(0)
    noise = chance.standard_normal((count, DIMENSION), np.float32) / np.sqrt(DIMENSION).astype(np.float32)
    return unit(real[chance.integers(0, len(real), count)] + noise)


def kinds(count: int) -> Iterator[tuple[str, Callable[[], Any], str, list[int]]]:
    """Name, what makes it, the knob to turn and its values; without a knob the number of candidates is what is turned."""
    import faiss

    inner = faiss.METRIC_INNER_PRODUCT
    cells = int(4 * np.sqrt(count))
    candidates = [10, 100, 300, 1000, 2000, 4000, 8000, 16000]
    yield "exact", lambda: faiss.IndexFlatIP(DIMENSION), "", [10]
    yield "HNSW32", lambda: faiss.IndexHNSWFlat(DIMENSION, 32, inner), "efSearch", [32, 64, 128, 256, 512, 1024, 2048]
    yield f"IVF{cells}", lambda: faiss.index_factory(DIMENSION, f"IVF{cells},Flat", inner), "nprobe", [8, 32, 128, 512, cells]
    yield "SQ8", lambda: faiss.index_factory(DIMENSION, "SQ8", inner), "", candidates
    yield "RaBitQ", lambda: faiss.index_factory(DIMENSION, "RaBitQfs", inner), "", candidates
    yield "PQ96x4", lambda: faiss.IndexPQFastScan(DIMENSION, 96, 4, inner), "", candidates
    yield "PQ192x4", lambda: faiss.IndexPQFastScan(DIMENSION, 192, 4, inner), "", candidates


def measured(vectors: Vectors, hnsw_most: int) -> dict[str, Any]:
    import faiss

    questions = unit(vectors[:: len(vectors) // QUESTIONS][:QUESTIONS] + 0.8 * vectors[1 :: len(vectors) // QUESTIONS][:QUESTIONS])
    true = np.argpartition(-(questions @ vectors.T), TEN, axis=1)[:, :TEN]
    found: dict[str, Any] = {}
    for name, make, knob, values in kinds(len(vectors)):
        if name.startswith("HNSW") and len(vectors) > hnsw_most:
            continue
        begun = time.perf_counter()
        index = make()
        index.train(vectors[:: max(1, len(vectors) // 65536)][:65536])
        index.add(vectors)
        built = time.perf_counter() - begun
        row: dict[str, Any] = {"build_s": built}
        for value in values:
            again = TEN if knob else value
            if knob:
                faiss.ParameterSpace().set_index_parameter(index, knob, value)
            times, hits = [], []
            for question, nearest in zip(questions, true, strict=True):
                begun = time.perf_counter()
                rows = index.search(question[None], min(again, len(vectors)))[1][0]
                best = rows[np.argsort(-(vectors[rows] @ question))[:TEN]]
                times.append(time.perf_counter() - begun)
                hits.append(len(set(best.tolist()) & set(nearest.tolist())) / TEN)
            row |= {"effort": f"{knob or 'candidates'} {value}", "recall": statistics.mean(hits)}
            row["median_ms"] = 1000 * statistics.median(times)
            if row["recall"] >= WANTED:
                break
        with tempfile.TemporaryDirectory() as there:
            faiss.write_index(index, str(Path(there, "x")))
            row["bytes_per_vector"] = Path(there, "x").stat().st_size / len(vectors)
        found[name] = row
        print(name, row, flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="an index of real articles")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 65_536, 300_000])
    parser.add_argument("--hnsw-most", type=int, default=100_000, help="vectors, beyond which HNSW is left out: it takes hours")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    found: dict[str, Any] = {}
    for size in arguments.sizes:
        found[str(size)] = {"random": measured(random_vectors(size), arguments.hnsw_most)}
        if arguments.index:
            with pullquote.Index.open(arguments.index) as index:
                found[str(size)]["real"] = measured(real_vectors(index, size), arguments.hnsw_most)
    record = {**about(), "questions": QUESTIONS, "recall_wanted": WANTED, "sizes": found}
    write(record, arguments.out)


if __name__ == "__main__":
    main()
