"""How sure a quote is: two small logistic models of the evidence for it, in confidence.json.

    confidence = P(the articles are about what is asked) * P(the quote holds the answer, if they are)

The file says which data and script made them, and below which probability the articles are taken not to be about it at all.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .candidates import Candidate

# Evidence of `select.Candidate`, its odds and size.
FEATURES = {
    "on_topic": (
        "cosine", "score", "size", "covered", "told", "named", "most_cosine", "most_covered", "most_told", "most_joined",
    ),
    "right": ("odds", "sentence", "missing"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Logistic:
    """1 / (1 + exp(-(intercept + sum of coefficient * feature)))."""

    intercept: float
    coefficients: dict[str, float]

    def __call__(self, candidate: Candidate) -> float:
        """The probability for a candidate, between 0 and 1."""
        total = self.intercept + sum(c * feature(candidate, name) for name, c in self.coefficients.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Model:
    """Both models, and the probability of being on topic below which nothing is answered."""

    on_topic: Logistic
    right: Logistic
    threshold: float

    def answers(self, candidate: Candidate) -> bool:
        """Whether a sentence is enough on topic to be given as an answer."""
        return self.on_topic(candidate) >= self.threshold

    def confidence(self, candidate: Candidate) -> float:
        """Between 0 and 1, rounded to 4 digits."""
        return round(self.on_topic(candidate) * self.right(candidate), 4)


def feature(candidate: Candidate, name: str) -> float:
    """A feature by its name."""
    return candidate.odds if name == "odds" else candidate.size if name == "size" else candidate.evidence[name]


@cache
def model() -> Model:
    """The model that ships."""
    found = json.loads(files("pullquote.qa.selection").joinpath("confidence.json").read_text("utf-8"))
    return Model(Logistic(**found["on_topic"]), Logistic(**found["right"]), found["threshold"])
