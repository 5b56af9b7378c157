"""The weights of the ranking formula fitted to a question set, and what they gain on articles that they were not fitted on.

Each question is ranked once, with the weights as they are; of the passages put forward the values of the four legs are kept, and
any weights can be tried on these. The dense leg's weight stays 1, since only the ratios count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from ..errors import InputError
from ..index.index import Index
from ..index.search.formula import LEGS, Weights
from .evaluate import Progress
from .questions import Question, clusters
from .statistics import interval_of_mean, numbered

FOLDS = 5
_GRID = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_ROUNDS = 3
_FITTED = LEGS[:3]


@dataclass(frozen=True, slots=True)
class Tuned:
    """`weights` fitted on all questions; the nDCG@10 of the questions with the weights as they were and, each by those fitted
    on the other folds, as they would be, and the 95 % interval of the gain.
    """

    weights: Weights
    before: float
    after: float
    low: float
    high: float
    questions: int


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A question's passages: their legs' values, (passages, 4), the number of each one's article, and each article's gain."""

    values: Any
    article: Any
    gain: Any
    ideal: float
    fold: int


def tune(index: Index, questions: Sequence[Question], progress: Progress | None = None) -> Tuned:
    """Fit the weights by coordinate descent on nDCG@10, judged by cross-validation over articles: the questions of one article are
    in one fold. Raises InputError for a set with too few questions.
    """
    judged = [question for question in questions if question.gold]
    if len(judged) < 10 * FOLDS:
        raise InputError(f"{len(judged)} questions with gold: at least {10 * FOLDS} are needed to tune weights")
    ranked = []
    for number, (question, query) in enumerate(zip(judged, index.queries([q.text for q in judged]), strict=True), start=1):
        ranked.append(_ranked(index, question, index.rank(query)))
        if progress is not None:
            progress(number, len(judged))
    start = np.array([getattr(index.weights, leg) for leg in LEGS[:4]])
    before = np.array([_ndcg(some, start) for some in ranked])
    after = np.zeros(len(ranked))
    for fold in range(FOLDS):
        fitted = _fit([some for some in ranked if some.fold != fold], start)
        for place, some in enumerate(ranked):
            if some.fold == fold:
                after[place] = _ndcg(some, fitted)
    best = _fit(ranked, start)
    fitted = {str(leg): float(weight) for leg, weight in zip(LEGS, best, strict=False)}
    weights = Weights(**{**asdict(index.weights), **fitted})
    of = clusters(judged)
    low, high = interval_of_mean(after - before, numbered([of[q.id] or (q.id,) for q in judged]))
    return Tuned(weights, float(before.mean()), float(after.mean()), low, high, len(ranked))


def _ranked(index: Index, question: Question, ranking: Any) -> _Ranked:
    names, article = np.unique([name for name, _, _ in index.ranked_passages(ranking)], return_inverse=True)
    relevant = question.relevant
    ideal = sum(grade / np.log2(rank + 2) for rank, grade in enumerate(sorted(relevant.values(), reverse=True)[:10]))
    fold = int(sha256(min(relevant).encode()).hexdigest(), 16) % FOLDS
    values = np.stack([ranking.values[leg] for leg in LEGS[:4]], axis=1)
    return _Ranked(values, article, np.array([float(relevant.get(name, 0)) for name in names.tolist()]), float(ideal), fold)


def _ndcg(some: _Ranked, weights: Any) -> float:
    """nDCG@10 over articles, each at the place of its best passage."""
    best = np.full(len(some.gain), -np.inf)
    np.maximum.at(best, some.article, some.values @ weights)
    top = np.argsort(-best, kind="stable")[:10]
    return float((some.gain[top] / np.log2(np.arange(len(top)) + 2)).sum() / some.ideal)


def _fit(ranked: Sequence[_Ranked], start: Any) -> Any:
    weights, best = start.copy(), _mean(ranked, start)
    for _ in range(_ROUNDS):
        before = best
        for place in range(len(_FITTED)):
            for value in _GRID:
                tried = weights.copy()
                tried[place] = value
                if (found := _mean(ranked, tried)) > best + 1e-9:
                    weights, best = tried, found
        if best <= before:
            break
    return weights


def _mean(ranked: Sequence[_Ranked], weights: Any) -> float:
    return float(np.mean([_ndcg(some, weights) for some in ranked]))
