"""The evidence that a sentence answers a question, as numbers: what the learned models weigh.

Lexical ones are shares of the question's information, as in the ranking: each of the question's terms weighs its idf.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from itertools import pairwise

from ..question.wording import ANSWERS, Wording, answers

WORDING = (
    "length", "pronoun", "present", "rare", "covered", "joined", "pairs", "new", "head", "missing",
    "number", "date", "person", "place", "reason", "quoted", "name",
)  # fmt: skip
_PRONOUN = re.compile(r"(?:he|she|it|they|his|her|its|their|this|these|that|those|such)\b", re.IGNORECASE)


def wording(question: Wording, text: str, terms: Sequence[str], around: Sequence[Sequence[str]]) -> list[float]:
    """What the wording of a sentence says, in the order of WORDING. `terms`: its own; `around`: those of its title and those of
    the sentence before it.

    length    of the sentence: ln(1 + words) / 4
    pronoun   1 if it begins with one
    present   the share of the question's information that it holds; covered: with what is around it
    joined    of the information of the question's names and figures, the share that stands in one piece in it or around it
    rare      the weight of the rarest of the question's terms that it holds, over that of the rarest
    pairs     the share of the question's neighbouring terms that are neighbours in it too, at most one word between
    new       distinct terms that are not the question's, over 20, at most 1
    head      1 if it holds the noun that the question asks for ("which river")
    missing   1 if it names nothing of the kind that is asked for; else that kind is 1
    """
    held, weights = set(terms), question.weights
    present = held & weights.keys()
    found = bool(answers(question, text))
    nearby = _neighbours(terms)
    near: set[str | tuple[str, ...]] = set()
    if question.names:
        near.update(held, nearby, *around, *map(_neighbours, around))
    return [
        math.log1p(text.count(" ") + 1) / 4,
        float(bool(_PRONOUN.match(text))),
        question.share(present),
        max((weights[t] for t in present), default=0.0) / (max(weights.values(), default=0.0) or 1.0),
        question.share(present.union(*around)),
        question.joined(near),
        _pairs(question.terms, nearby),
        min(len(held - weights.keys()), 20) / 20,
        float(not held.isdisjoint(question.head)),
        float(question.wanted in ANSWERS and not found),
        *(float(found and question.wanted == kind) for kind in ANSWERS),
    ]


def _neighbours(terms: Sequence[str]) -> set[tuple[str, str]]:
    """The pairs of terms that follow each other, at most one word between."""
    return {*pairwise(terms), *zip(terms, terms[2:], strict=False)}


def _pairs(asked: Sequence[str], near: Set[tuple[str, str]]) -> float:
    """The share of the question's neighbouring terms that are neighbours in the sentence too."""
    if len(asked) < 2:
        return 0.0
    return sum(pair in near or pair[::-1] in near for pair in pairwise(asked)) / (len(asked) - 1)
