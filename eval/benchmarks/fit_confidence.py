#!/usr/bin/env python3
"""Fit qa/confidence.json: how likely a quote is to hold the answer, from the evidence for it.

    python eval/benchmarks/fit_confidence.py FOLDER [FOLDER...] [--also FOLDER]... [--indexes DIR] [--write]

Each FOLDER is BEIR-like. On the index of each set, its own answerable questions count as right where the first quote is in a
relevant article and holds an accepted answer; the questions of the other sets are off topic there. The same is asked of a
few articles drawn at random, since a chance neighbour is closer the more there are. The models are fitted on the FOLDERs, each
weighing the same, its own questions as much as the foreign ones; --also sets serve only as a source of foreign questions and
to judge the fit. The threshold is the one that refuses 0.8 % of the FOLDERs' own questions.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import pullquote
from pullquote.eval.beir import BeirFolder, BeirQuestion
from pullquote.index.search import Query
from pullquote.qa.confidence import FEATURES, Logistic, Model
from pullquote.qa.select import candidates

MOST = 1000  # about so many questions of a set are asked of an index
SIZES = (10, 100)  # articles, beside all of them
REFUSED = 0.008  # of the answerable questions, at the threshold

Sample = dict[str, Any]  # "best": candidates; "own", "right": (questions,) bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--also", type=Path, action="append", default=[])
    parser.add_argument("--indexes", type=Path, default=Path(), help="where the indexes are, or are built")
    parser.add_argument("--write", action="store_true", help="write qa/confidence.json")
    arguments = parser.parse_args()
    sets = {folder.resolve().name: BeirFolder(folder) for folder in (*arguments.folders, *arguments.also)}
    fitted = [folder.resolve().name for folder in arguments.folders]
    samples = {name: gather(name, sets, arguments.indexes / f"{name}.pq") for name in sets}
    for left_out in fitted if len(fitted) > 1 else []:
        judge(f"{left_out}, left out", fit([s for n in fitted if n != left_out for s in samples[n]]), samples[left_out])
    model = fit([sample for name in fitted for sample in samples[name]])
    for name in samples:
        judge(name if name in fitted else f"{name}, not fitted on", model, samples[name])
    record = {
        "made_by": "eval/benchmarks/fit_confidence.py",
        "date": datetime.date.today().isoformat(),
        "data": sorted(fitted),
        "on_topic": {"intercept": model.on_topic.intercept, "coefficients": model.on_topic.coefficients},
        "right": {"intercept": model.right.intercept, "coefficients": model.right.coefficients},
        "threshold": model.threshold,
    }
    print(json.dumps(record, indent=2))
    if arguments.write:
        Path(__file__).parents[2].joinpath("qa", "confidence.json").write_text(json.dumps(record, indent=2) + "\n")


def gather(name: str, sets: dict[str, BeirFolder], folder: Path) -> list[Sample]:
    """For each size of corpus, the best quote for each question, and whether it holds the answer."""
    pullquote.add(folder, sets[name].articles())
    questions = {other: [q for q in data.questions() if not q.unanswerable] for other, data in sets.items()}
    questions = {other: some[:: max(1, len(some) // MOST)] for other, some in questions.items()}
    with pullquote.Index.open(folder) as index:
        asked = [(other == name, q, query) for other, some in questions.items() for q, query in encoded(index, some)]
        ids = [article.id for article in sets[name].articles()]
        return [gather_at(index, asked, ids, size) for size in SIZES if size < len(ids)] + [gather_at(index, asked, ids, None)]


def encoded(index: pullquote.Index, questions: list[BeirQuestion]) -> Iterator[tuple[BeirQuestion, Query]]:
    vectors = index.encoder.encode([q.text for q in questions])
    for question, vector in zip(questions, vectors, strict=True):
        yield question, Query(question.text, tuple(index.analyzer.terms(question.text)), vector)


def gather_at(index: pullquote.Index, asked: list[tuple[bool, BeirQuestion, Query]], ids: list[str], size: int | None) -> Sample:
    """The same over `size` articles drawn at random, a question's own among them; over all where `size` is None."""
    draw = random.Random(size)
    best, right, own = [], [], []
    for mine, question, query in asked:
        where = None
        if size is not None:
            kept = list(question.relevant)[:size] if mine else []
            where = pullquote.Filter.of(articles=[*kept, *draw.sample(ids, size - len(kept))])
        best.append(candidates(index, index.rank(query, where))[0])
        own.append(mine)
        right.append(mine and holds(index, best[-1].sentence, question))
    return {"best": best, "right": np.array(right), "own": np.array(own)}


def holds(index: pullquote.Index, sentence: int, question: BeirQuestion) -> bool:
    passage, start, end = (int(n) for n in index.generation.sentence(np.array([sentence]))[0])
    article_id = index.article_id(passage)
    return article_id in question.relevant and any(a in index.article(article_id).text[start:end] for a in question.answers)


def fit(samples: list[Sample]) -> Model:
    own, right = (np.concatenate([s[key] for s in samples]) for key in ("own", "right"))
    weight = np.concatenate([np.where(s["own"], 0.5 / s["own"].sum(), 0.5 / (~s["own"]).sum()) for s in samples])
    best = [candidate for s in samples for candidate in s["best"]]
    mine = np.flatnonzero(own)
    on_topic = logistic("on_topic", best, own, weight)
    is_right = logistic("right", [best[i] for i in mine], right[mine], weight[mine])
    unbound = Model(on_topic, is_right, 0.0)
    sure = np.array([unbound.confidence(best[i]) for i in mine])
    order = np.argsort(sure)
    refused = np.cumsum(weight[mine][order]) / weight[mine].sum()
    return Model(on_topic, is_right, round(float(sure[order][np.searchsorted(refused, REFUSED)]), 4))


def logistic(name: str, best: list[Any], label: Any, weight: Any) -> Logistic:
    x = np.array([[getattr(candidate, feature) for feature in FEATURES[name]] for candidate in best])
    model = LogisticRegression(C=1e4, max_iter=1000).fit(x, label, sample_weight=weight * len(x) / weight.sum())
    coefficients = {f: round(float(c), 4) for f, c in zip(FEATURES[name], model.coef_[0], strict=True)}
    return Logistic(round(float(model.intercept_[0]), 4), coefficients)


def judge(name: str, model: Model, samples: list[Sample]) -> None:
    for sample in samples:
        p, own, right = np.array([model.confidence(c) for c in sample["best"]]), sample["own"], sample["right"]
        sentences = round(10 ** float(np.median([c.size for c in sample["best"]])))
        print(f"{name}, {sentences} sentences: AUROC {roc_auc_score(own, p):.4f}", end="  ")
        print(f"own refused {np.mean(p[own] < model.threshold):.4f} ({own.sum()})", end="  ")
        print(f"foreign answered {np.mean(p[~own] >= model.threshold):.4f} ({(~own).sum()})", end="  ")
        print(f"own: mean confidence {p[own].mean():.3f}, right {right[own].mean():.3f}")


if __name__ == "__main__":
    main()
