"""What each leg of the formula is worth: the same questions ranked with weights changed, as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..errors import InputError
from ..index.index import Index
from ..index.search.formula import LEGS
from ..index.search.ranking import Ranking
from ..index.types import Floats, LegName
from .evaluate import DEPTH, Progress
from .measures.measure import Measure, parse
from .measures.ranking import by_rank, retrieval
from .questions import Question, clusters
from .row import Row

RRF = 60  # the constant of reciprocal rank fusion (Cormack et al. 2009)
MEASURES = tuple(parse(text) for text in ("hit@1", "R@5", "RR@10", "nDCG@10", "AP"))

VARIANTS: dict[str, dict[str, float]] = {
    "all": {},
    "lexical only": {"dense": 0.0},
    "dense only": {"article": 0.0, "passage": 0.0, "sentence": 0.0},
    "without article": {"article": 0.0},
    "without passage": {"passage": 0.0},
    "without sentence": {"sentence": 0.0},
}
FUSED = "RRF of passage and dense"


def ablate(
    index: Index, questions: Sequence[Question], wanted: Sequence[Measure] = MEASURES, progress: Progress | None = None
) -> dict[str, list[Row]]:
    """The rows of each variant, rankings only. Raises InputError where a leg finds nothing for any question: what is reported then
    would be no figure of that leg.
    """
    judged = [question for question in questions if question.gold]
    if not judged:
        raise InputError("no question of the set has a relevant article")
    rankings: dict[str, dict[str, list[str]]] = {name: {} for name in (*VARIANTS, FUSED)}
    found: dict[LegName, float] = dict.fromkeys(LEGS[:4], 0.0)
    for number, (question, query) in enumerate(zip(judged, index.queries([q.text for q in judged]), strict=True), start=1):
        for name, changed in VARIANTS.items():
            ranking = index.rank(query, weights=replace(index.weights, **changed))
            rankings[name][question.id] = index.ranked_articles(ranking, DEPTH)
            if name == "all":
                for leg in found:
                    found[leg] += float(abs(ranking.values[leg]).sum())
                rankings[FUSED][question.id] = index.ranked_articles(_fused(ranking), DEPTH)
        if progress is not None:
            progress(number, len(judged))
    dead = [leg for leg, total in found.items() if not total]
    if dead:
        raise InputError(f"the {dead[0]} leg found nothing for any of {len(judged)} questions: nothing can be said of it")
    return {name: _rows(judged, some, wanted) for name, some in rankings.items()}


def _fused(ranking: Ranking) -> Ranking:
    """The passages of a ranking, in the order of the reciprocal rank fusion of their BM25 and their best sentence's cosine."""
    score: Floats = np.zeros(len(ranking.passages))
    legs: tuple[LegName, ...] = ("passage", "dense")
    for leg in legs:
        values = ranking.values[leg]
        order = np.argsort(-values, kind="stable")
        share = np.empty(len(values))
        share[order] = 1 / (RRF + 1 + np.arange(len(values)))
        score += np.where(values > 0, share, 0.0)
    best = np.argsort(-score, kind="stable")
    return replace(ranking, passages=ranking.passages[best])


def _rows(questions: Sequence[Question], rankings: dict[str, list[str]], wanted: Sequence[Measure]) -> list[Row]:
    values = retrieval(wanted, {q.id: q.relevant for q in questions}, {q: by_rank(r) for q, r in rankings.items()})
    of = clusters(questions)
    return [
        Row(
            id=q.id,
            type=q.type,
            question=q.text,
            unanswerable=False,
            answered=False,
            confidence=0.0,
            right=(),
            located=0,
            quotes=(),
            articles=tuple(rankings[q.id]),
            passages=(),
            ms=0.0,
            values={str(measure): value for measure, value in values[q.id].items()},
            cluster=of[q.id],
        )
        for q in questions
    ]
