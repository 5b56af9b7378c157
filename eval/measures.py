"""Measures over one question each, all in [0, 1], perfect is 1. Ranks count from 1; a ranking holds each article once.

nDCG@k here is trec_eval's: gain = grade, discount = log2(rank + 1), the ideal over all graded articles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def hit_at(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """1 if any of the first `k` is relevant."""
    return float(any(name in relevant for name in ranking[:k]))


def recall_at(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """The share of the relevant articles that are among the first `k`."""
    return sum(name in relevant for name in ranking[:k]) / len(relevant)


def reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """1 / the rank of the first relevant article, 0 if none is among the first `k`."""
    return next((1 / rank for rank, name in enumerate(ranking[:k], start=1) if name in relevant), 0.0)


def ndcg_at(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Normalised discounted cumulative gain of the first `k`."""
    gain = sum(relevant.get(name, 0.0) / math.log2(rank + 1) for rank, name in enumerate(ranking[:k], start=1))
    best = sorted(relevant.values(), reverse=True)[:k]
    return gain / sum(grade / math.log2(rank + 1) for rank, grade in enumerate(best, start=1))
