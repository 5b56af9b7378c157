"""Measures of confidence: how well it tells right from wrong, and whether it is what it says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...index.types import Floats, Mask
from .measure import Measure


def of_all(measure: Measure, sure: Floats, answerable: Mask, right: Floats) -> float | None:
    """One of OF_ALL but the latencies, from the confidence of each question's first quote, whether the question has an answer and
    whether the quote holds it, (questions,) each; None where it has no value.
    """
    if measure.name == "AUROC":
        return auroc(sure, answerable)
    sure, right = sure[answerable], right[answerable]
    if measure.name == "AURC":
        return aurc(sure, right)
    return ece(sure, right) if measure.name == "ECE" else coverage_at(sure, right, (measure.cutoff or 5) / 100)


def auroc(sure: Floats, answerable: Mask) -> float | None:
    """The chance that a question with an answer is surer than one without, ties counted half; None where one kind is missing."""
    yes = int(answerable.sum())
    no = len(answerable) - yes
    if not yes or not no:
        return None
    _, level, count = np.unique(sure, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[level]  # the mean rank of equal ones
    return float((rank[answerable].sum() - yes * (yes + 1) / 2) / (yes * no))


def risk_coverage(sure: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Coverage and risk as ever less sure answers are given; equally sure ones are given together."""
    order = np.argsort(-sure, kind="stable")
    last = np.flatnonzero(np.append(np.diff(sure[order]) != 0, True)) if len(sure) else np.zeros(0, np.int64)
    given = last + 1
    return given / max(1, len(sure)), np.cumsum(1 - right[order])[last] / given


def aurc(sure: Floats, right: Floats) -> float | None:
    """The area under the risk-coverage curve."""
    coverage, risk = risk_coverage(sure, right)
    return float((risk * np.diff(coverage, prepend=0)).sum()) if len(sure) else None


def coverage_at(sure: Floats, right: Floats, risk: float) -> float | None:
    """The largest coverage with at most this risk."""
    coverage, risks = risk_coverage(sure, right)
    return float(coverage[risks <= risk + 1e-12].max(initial=0.0)) if len(sure) else None


def reliability(sure: Floats, right: Floats, bins: int = 10) -> tuple[Floats, Floats, Floats]:
    """By bin of equal width: how many, their mean confidence, the share of right ones; 0 for an empty one."""
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    count, total, good = (np.bincount(place, weights, bins).astype(float) for weights in (None, sure, right))
    return count, total / np.maximum(count, 1), good / np.maximum(count, 1)


def ece(sure: Floats, right: Floats, bins: int = 10) -> float | None:
    """Expected calibration error."""
    count, mean, good = reliability(sure, right, bins)
    return float((count * abs(mean - good)).sum() / len(sure)) if len(sure) else None


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The smallest value that at least so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)] if ordered else None
