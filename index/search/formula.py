"""The ranking formula: pure, on one screen.

    score(passage) = a * BM25(article) / mass  +  p * BM25(passage) / mass
                   + s * max BM25(sentence) / mass  +  d * max cos(question, sentence)

`mass` is the largest BM25 sum that the question's terms could reach at that level (`BM25.mass`), so a lexical value is a
share between 0 and 1 of the question's information, and a cosine lies between -1 and 1. The maxima are over the
sentences of the passage. Nothing is normalised per question: the score of a passage does not depend on other passages.

Where newer articles are preferred, a fifth term is added, at most NEWEST: see `Snapshot.recency`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..types import Floats, Ints, LegName

LEGS: tuple[LegName, ...] = ("article", "passage", "sentence", "dense", "newest")
NEWEST = 0.1


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each leg counts."""

    article: float = 1.0
    passage: float = 1.0
    sentence: float = 0.6
    dense: float = 1.0
    newest: float = 0.0


def shares(weights: Weights, values: Mapping[LegName, Floats]) -> dict[LegName, Floats]:
    """What each leg adds to each passage's score: its weight times its value, (passages,) each."""
    return {leg: getattr(weights, leg) * values[leg] for leg in LEGS}


def scores(parts: Mapping[LegName, Floats]) -> Floats:
    """The score of each passage: the sum of its shares, always added in the same order."""
    total = np.zeros_like(parts[LEGS[0]])
    for leg in LEGS:
        total = total + parts[leg]
    return total


def order(score: Floats) -> Ints:
    """Places, best first. Passages stand in the order of (article id, start), so equal scores keep that order."""
    return np.argsort(-score, kind="stable")
