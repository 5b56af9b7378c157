"""How sure a quote is: two small logistic models of the evidence for it, in confidence.json.

    confidence = P(the articles are about what is asked) * P(the quote holds the answer, if they are)

Where the reader has read, a third says how likely it is that the articles state the answer. The file says which data and scripts
made them, and below which probabilities the articles are taken not to be about it at all, or not to state it.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ...errors import InputError
from .candidate import Candidate

# Evidence of `select.Candidate`, its odds and size.
FEATURES = {
    "on_topic": (
        "cosine", "score", "size", "covered", "told", "named", "most_cosine", "most_covered", "most_told", "most_joined",
    ),
    "right": ("odds", "sentence", "missing"),
}  # fmt: skip
# Of those that weigh what the reader says; "about" is the logarithm of the odds of being on topic, at most ABOUT either way.
READING = {
    "stated": ("about", "odds", "points", "mass", "most_mass", "missing", "unmeasured"),
    "right": ("odds",),
}


ABOUT = 13.8


@dataclass(frozen=True, slots=True)
class Logistic:
    """1 / (1 + exp(-(intercept + sum of coefficient * feature)))."""

    intercept: float
    coefficients: dict[str, float]

    def total(self, candidate: Candidate, about: float = 0.0) -> float:
        """The logarithm of the odds of a candidate. `about`: the feature of that name."""
        values = ((c, about if name == "about" else feature(candidate, name)) for name, c in self.coefficients.items())
        return self.intercept + sum(c * value for c, value in values)

    def __call__(self, candidate: Candidate, about: float = 0.0) -> float:
        """The probability for a candidate, between 0 and 1."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.total(candidate, about)))))


@dataclass(frozen=True, slots=True)
class Sure:
    """From a `confidence` on, at least a share `level` of the first quotes is right; that `covers` a share of the questions.

    On sets of questions whose articles do not contradict each other, by models that had not seen the set, but for a risk of 5 %:
    Learn then Test (Angelopoulos et al. 2021), see eval/fitting/fit_reading.py. Of other articles and questions nothing is known.
    """

    level: float
    confidence: float
    covers: float


@dataclass(frozen=True, slots=True)
class Model:
    """The models, and the probabilities of being on topic, and of being stated, below which nothing is answered."""

    on_topic: Logistic
    right: Logistic
    threshold: float
    stated: Logistic | None = None  # only where the reader has read
    least_stated: float = 0.0
    sure: tuple[Sure, ...] = ()  # in the order of their levels

    def least_sure(self, level: float) -> Sure:
        """What it takes for a share of at least `level` of the first quotes to be right. Raises InputError for a level that is
        no share between 0 and 1, or that is not reached.
        """
        if not 0 < level < 1:
            raise InputError(f"sure is {level}: write a share between 0 and 1, such as 0.8")
        for reached in self.sure:
            if reached.level >= level:
                return reached
        most = f"at most {self.sure[-1].level} is reached" if self.sure else "it takes the reader"
        raise InputError(f"sure is {level}: that cannot be promised ({most})")

    def is_about(self, candidate: Candidate) -> bool:
        """Whether a sentence is enough on topic to be given as an answer."""
        return self.on_topic(candidate) >= self.threshold

    def answers(self, candidate: Candidate) -> bool:
        """Whether a sentence is enough on topic to be given as an answer, and the answer likely enough to be stated."""
        return self.is_about(candidate) and self.is_stated(candidate) >= self.least_stated

    def is_stated(self, candidate: Candidate) -> float:
        """How likely it is that the articles state the answer, between 0 and 1; 1 where no reader has read."""
        if self.stated is None:
            return 1.0
        return self.stated(candidate, max(-ABOUT, min(ABOUT, self.on_topic.total(candidate))))

    def confidence(self, candidate: Candidate) -> float:
        """Between 0 and 1, rounded to 4 digits."""
        return round(self.on_topic(candidate) * self.right(candidate), 4)


def feature(candidate: Candidate, name: str) -> float:
    """A feature by its name."""
    return candidate.odds if name == "odds" else candidate.size if name == "size" else candidate.evidence[name]


@cache
def model(*, reading: bool = False) -> Model:
    """The model that ships: without the reader's evidence, or with it."""
    found = json.loads(files("pullquote.qa.selection").joinpath("confidence.json").read_text("utf-8"))
    on_topic = Logistic(**found["on_topic"])
    if not reading:
        return Model(on_topic, Logistic(**found["right"]), found["threshold"])
    found = found["reading"]
    sure = tuple(Sure(*reached) for reached in found.get("sure", ()))
    return Model(on_topic, Logistic(**found["right"]), found["threshold"], Logistic(**found["stated"]), found["least_stated"], sure)
