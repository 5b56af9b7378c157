#!/usr/bin/env python3
"""Beside Haystack's ExtractiveReader with the weights of the shipped reader: what is pointed at, how surely, how long it takes.

    python eval/fitting/extractive.py FOLDER --weights reader.npz [--indexes DIR] [--out eval/benchmarks/records/extractive.json]

FOLDER is BEIR-like, with answers; reader.npz is what eval/fitting/train_reader.py wrote. Both read the same passages, those that
`ask` reads. An answer is right where the sentence that it stands in is of a relevant article and holds an accepted answer. Needs
`pip install haystack-ai transformers-haystack` in the same environment.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import pullquote
from pullquote.eval.importers.beir import Beir
from pullquote.eval.measures.confidence import auroc
from pullquote.eval.questions import Question
from pullquote.index.encoders.model_files import find
from pullquote.index.encoders.protocol import DEFAULT
from pullquote.qa.ask import Answerer
from pullquote.qa.selection.candidates import READ, Candidates
from pullquote.qa.selection.reader import reader

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "false"
sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from machine import about, write

QUESTIONS, WARM_UP = 300, 5
WHOLE, ALONE, PEER = "pullquote ask", "pullquote's reader alone", "Haystack's ExtractiveReader"


@dataclass
class Measured:
    """Of one system: which questions' first answers were right, how sure it was of each, the milliseconds that it read."""

    right: list[float] = field(default_factory=list)
    sure: list[float] = field(default_factory=list)
    answerable: list[bool] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    def add(self, right: float, sure: float, answerable: bool, seconds: float) -> None:
        self.right.append(right)
        self.sure.append(sure)
        self.answerable.append(answerable)
        self.took.append(1000 * seconds)

    def figures(self) -> dict[str, float]:
        own = [right for right, answerable in zip(self.right, self.answerable, strict=True) if answerable]
        return {
            "answer@1": round(statistics.mean(own), 4),
            "told_apart": round(auroc(np.array(self.sure), np.array(self.answerable)) or 0.0, 4),  # answerable from adversarial
            "median_ms": round(statistics.median(self.took), 1),
        }


def exported(weights: Path, folder: Path) -> None:
    """The weights as a model for question answering, as transformers loads it."""
    import torch
    from train_reader import Reader
    from train_reader import weights as stored
    from transformers import AutoTokenizer, BertForQuestionAnswering

    model = Reader()
    state = stored(weights)
    model.load_state_dict(state)
    whole = BertForQuestionAnswering(model.bert.config)
    renamed = {name.replace("head.", "qa_outputs."): value for name, value in state.items()}
    missing = whole.load_state_dict(renamed, strict=False)
    assert not missing.missing_keys, missing
    with torch.no_grad():
        whole.save_pretrained(folder)
    AutoTokenizer.from_pretrained(find(DEFAULT).folder).save_pretrained(folder)


def holds(index: pullquote.Index, question: Question, article_id: str, start: int, end: int) -> bool:
    """Whether the sentence in which an answer begins holds an accepted one, in a relevant article."""
    article = index.article(article_id)
    said = next((article.text[a:b] for a, b in index.sentences(article) if a <= start < b), article.text[start:end])
    return article_id in question.relevant and any(a in said or (len(said) > 20 and said in a) for a in question.answers)


def passages(index: pullquote.Index, query: pullquote.Query, ranking: pullquote.Ranking) -> list[tuple[str, str, int]]:
    """The passages that `ask` reads: article, text, and where it starts."""
    plain = Candidates(index, query, ranking)
    known: dict[tuple[str, int, int], None] = {}
    for candidate in plain.pool:
        known.setdefault((candidate.article.id, *candidate.passage))
    return [(i, index.article(i).text[a:b], a) for i, a, b in list(known)[:READ]]


def measured(index: pullquote.Index, questions: list[Question], peer: Any) -> dict[str, Measured]:
    """What each system points at, for each question: as a whole, the reader alone, and the peer, the two on the same passages."""
    found = {name: Measured() for name in (WHOLE, ALONE, PEER)}
    answerer = Answerer(index, 1)
    for number, question in enumerate(questions):
        query = index.query(question.text)
        began = time.perf_counter()
        ranked = index.rank(query)
        best = Candidates(index, query, ranked, reader=reader()).weighed[0]
        whole = time.perf_counter() - began
        texts = passages(index, query, ranked)
        began = time.perf_counter()
        readings = reader().read_all(question.text, [text for _, text, _ in texts])
        pointed = [reading.pointed(0, len(text)) for reading, (_, text, _) in zip(readings, texts, strict=True)]
        alone = time.perf_counter() - began
        began = time.perf_counter()
        documents = [_document(text, n) for n, (_, text, _) in enumerate(texts)]
        answers = peer.run(query=question.text, documents=documents)["answers"]
        theirs = time.perf_counter() - began
        if number < WARM_UP:
            continue
        n = max(range(len(texts)), key=lambda i: pointed[i].best)
        ours = (texts[n][0], texts[n][2] + pointed[n].start, texts[n][2] + pointed[n].end)
        rows = [
            (WHOLE, (best.article.id, best.start, best.end), answerer.judge.is_stated(best), whole),
            (ALONE, ours, pointed[n].best, alone),
            (PEER, *_said(answers, texts), theirs),
        ]
        for name, place, sure, took in rows:
            right = float(place is not None and holds(index, question, *place))
            found[name].add(right, sure, not question.unanswerable, took)
    return found


def _document(text: str, n: int) -> Any:
    from haystack import Document

    return Document(content=text, meta={"n": n})


def _said(answers: list[Any], texts: list[tuple[str, str, int]]) -> tuple[tuple[str, int, int] | None, float]:
    """Where the peer's first answer stands, and how sure it is that there is one."""
    nowhere = next((answer.score for answer in answers if answer.document is None), 0.0)
    first = next((answer for answer in answers if answer.document is not None), None)
    if first is None:
        return None, -nowhere
    article_id, _, start = texts[first.document.meta["n"]]
    return (article_id, start + first.document_offset.start, start + first.document_offset.end), -nowhere


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--indexes", type=Path, default=Path(), help="where the index is, or is built")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

    folder = Path(tempfile.mkdtemp())
    exported(arguments.weights, folder)
    peer = TransformersExtractiveReader(model=folder, top_k=1, no_answer=True, max_seq_length=320)
    peer.warm_up()
    data, place = Beir(arguments.folder), arguments.indexes / f"{arguments.folder.resolve().name}.pq"
    questions = random.Random(3).sample(data.questions(), QUESTIONS)
    if not place.exists():
        pullquote.add(place, data.articles())
    with pullquote.Index.open(place) as index:
        figures = {name: some.figures() for name, some in measured(index, questions, peer).items()}
    reading = round(figures[PEER]["median_ms"] / figures[ALONE]["median_ms"], 2)
    record = {"set": arguments.folder.resolve().name, "questions": QUESTIONS - WARM_UP, "passages": READ, "systems": figures}
    write({**about(), **record, "reading": reading}, arguments.out)


if __name__ == "__main__":
    main()
