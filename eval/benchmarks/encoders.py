"""Which form of the encoder to use: single precision or 8 bits, for questions and for passages, in onnxruntime.

    python eval/benchmarks/encoders.py FOLDER --out eval/benchmarks/records/encoders.json

FOLDER is in BEIR's layout. The 8-bit form is onnxruntime's dynamic quantization of the packaged encoder's matrix products, per
channel and per tensor. Measured are nDCG@10 of the whole search, the time of a question and of a sentence, and the size.
"""

from __future__ import annotations

import argparse
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
from pullquote.eval.measures import by_rank, parse, retrieval
from pullquote.index import onnx_form
from pullquote.index.encoder import DEFAULT, load
from pullquote.index.models import find
from pullquote.index.onnx_encoder import OnnxEncoder


def quantized(place: Path, folder: Path, *, per_channel: bool) -> OnnxEncoder:
    """The packaged encoder with matrices of 8 bits, in `folder`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir()
    for name in (onnx_form.FORM, onnx_form.TOKENIZER):
        shutil.copy(place / name, folder)
    source, target = str(place / onnx_form.MODEL), str(folder / onnx_form.MODEL)
    quantize_dynamic(source, target, op_types_to_quantize=["MatMul"], per_channel=per_channel, weight_type=QuantType.QInt8)
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
    place = onnx_form.folder(find(DEFAULT).digest)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as there:
        kinds = {
            "fp32": OnnxEncoder(DEFAULT, place),
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
