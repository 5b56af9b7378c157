"""Which form of the encoder to use: single precision or 8 bits, for questions and for passages, in onnxruntime.

    python eval/benchmarks/encoders.py FOLDER --out eval/benchmarks/records/encoders.json

FOLDER is in BEIR's layout. The 8-bit form is onnxruntime's dynamic quantization of the packaged encoder's matrix products, per
channel (with one bit unused, as it ships for questions, and without) and per tensor. Measured are nDCG@10 of the whole search,
the time of a question and of a sentence, and the size.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from machine import about, write

import pullquote
from pullquote.eval.importers.beir import Beir
from pullquote.eval.measures.measure import parse
from pullquote.eval.measures.ranking import by_rank, retrieval
from pullquote.index.encoders import onnx_cache
from pullquote.index.encoders.model_files import find
from pullquote.index.encoders.onnx import OnnxEncoder
from pullquote.index.encoders.protocol import DEFAULT
from pullquote.index.encoders.registry import load


def single(place: Path, folder: Path) -> OnnxEncoder:
    """The packaged encoder in single precision alone, in `folder`."""
    folder.mkdir()
    described = json.loads((place / onnx_cache.FORM).read_text("utf-8"))
    kept = [name for name in described["files"] if not name.startswith(onnx_cache.QUESTION)]
    (folder / onnx_cache.FORM).write_text(json.dumps({**described, "files": {name: described["files"][name] for name in kept}}))
    for name in kept:
        shutil.copy(place / name, folder)
    return OnnxEncoder(DEFAULT, folder)


def quantized(place: Path, folder: Path, **how: bool) -> OnnxEncoder:
    """The packaged encoder with matrices of 8 bits, for sentences too, in `folder`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    single(place, folder)
    (folder / f"{onnx_cache.MODEL}.data").unlink()
    source, target = str(place / onnx_cache.MODEL), str(folder / onnx_cache.MODEL)
    quantize_dynamic(source, target, op_types_to_quantize=["MatMul"], weight_type=QuantType.QInt8, **how)
    return OnnxEncoder(DEFAULT, folder)


def measured(index: pullquote.Index, data: Beir, limit: int) -> dict[str, float]:
    questions = [question for question in data.questions() if not question.unanswerable]
    questions = questions[:: max(1, len(questions) // limit)]
    ranked: dict[str, dict[str, float]] = {}
    times = []
    for question in questions:
        begun = time.perf_counter()
        index.encoder.encode_question(question.text)
        times.append(time.perf_counter() - begun)
        ids = list(dict.fromkeys(hit.article_id for hit in index.search(question.text, 10)))
        ranked[question.id] = by_rank(ids)
    found = retrieval([parse("nDCG@10")], {question.id: question.relevant for question in questions}, ranked)
    scores = [value for of_question in found.values() for value in of_question.values()]
    return {"ndcg@10": statistics.mean(scores), "question_ms": 1000 * statistics.median(times), "questions": len(questions)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=int, default=5928)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    data = Beir(arguments.folder)
    load()
    place = onnx_cache.folder(find(DEFAULT).digest)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as there:
        kinds = {
            "fp32": single(place, Path(there, "single")),
            "int8 per channel, 7 bits used": quantized(place, Path(there, "seven"), per_channel=True, reduce_range=True),
            "int8 per channel": quantized(place, Path(there, "channel"), per_channel=True),
            "int8 per tensor": quantized(place, Path(there, "tensor"), per_channel=False),
        }
        sentences: list[str] = []
        for passages in kinds:
            folder = Path(there, f"{passages}.pq")
            pullquote.add(folder, data.articles(), kinds[passages])
            with pullquote.Index.open(folder, kinds[passages]) as index:
                sentences = [a.text[s.start : s.end] for a, ps, _ in index.everything() for p in ps for s in p.sentences][:2000]
            for questions in ("fp32", passages) if passages != "fp32" else kinds:
                with pullquote.Index.open(folder, kinds[questions]) as index:
                    found[f"questions {questions}, passages {passages}"] = measured(index, data, arguments.questions)
        exact = kinds["fp32"].encode(sentences)
        forms = {}
        for name, encoder in kinds.items():
            begun = time.perf_counter()
            vectors = encoder.encode(sentences)
            seconds = time.perf_counter() - begun
            folder = encoder._place
            forms[name] = {
                "sentence_ms": 1000 * seconds / len(sentences),
                "smallest_cosine_to_fp32": float((vectors * exact).sum(axis=1).min()),
                "mean_cosine_to_fp32": float(np.mean((vectors * exact).sum(axis=1))),
                "bytes": sum(path.stat().st_size for path in folder.iterdir()),
            }
    record = {**about(), "data": arguments.folder.resolve().name, "forms": forms, "search": found}
    write(record, arguments.out)


if __name__ == "__main__":
    main()
