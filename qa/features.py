"""The evidence that a sentence answers a question, as numbers: what the learned models weigh.

Lexical ones are shares of the question's information, as in the ranking: each of the question's terms weighs its idf.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from ..index.lexical.analyzer import Analyzer
from .mentions import Kind, Mention, mentions
from .question import Wanted, head, wanted

ANSWERS: dict[Wanted, Kind] = {
    "number": "number",
    "date": "date",
    "person": "name",
    "place": "name",
    "reason": "reason",
    "quoted": "quoted",
    "name": "name",
}
WORDING = (
    "length", "pronoun", "present", "rare", "covered", "joined", "pairs", "new", "head", "missing",
    "number", "date", "person", "place", "reason", "quoted", "name",
)  # fmt: skip
_WORD = re.compile(r"\w+")
_PUT = ("mani", "much")
_IN_PLACE = re.compile(r"\b(?:in|at|from|to|near|of|across|within|outside|into|on|between|through)\s(?:the\s)?$")
_PRONOUN = re.compile(r"(?:he|she|it|they|his|her|its|their|this|these|that|those|such)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wording:
    """A question's words: its terms with their shares of its information, the kind of answer it wants, its head noun, and the terms
    of each of its names and figures; `bare` are its words in order.
    """

    text: str
    terms: tuple[str, ...]
    weights: Mapping[str, float]
    wanted: Wanted
    head: frozenset[str]
    names: tuple[tuple[str, ...], ...]
    bare: str

    @classmethod
    def of(cls, text: str, analyzer: Analyzer, weights: Mapping[str, float]) -> Wording:
        """`weights`: of all terms; those of "many" and "much" say how the question is put, and are left out."""
        kept = {term: weight for term, weight in weights.items() if term not in _PUT}
        total = sum(sorted(kept.values())) or 1.0
        terms = tuple(term for term in analyzer.terms(text) if term not in _PUT)
        shares = {term: weight / total for term, weight in kept.items()}
        named = [m for kind in ("name", "number", "date") for m in mentions(text, kind)]
        parts = (tuple(term for term in analyzer.terms(text[m.start : m.end]) if term in shares) for m in named)
        names = tuple(name for name in parts if name)
        return cls(text, terms, shares, wanted(text), frozenset(analyzer.terms(head(text))), names, _bare(text))

    def share(self, held: Set[str]) -> float:
        """The share of the question's information that some terms hold."""
        return sum(sorted(self.weights[term] for term in held & self.weights.keys()))

    def named(self, held: Set[str]) -> float:
        """The same of its names and figures alone; 1 where there are none."""
        names = {term for name in self.names for term in name}
        return self.share(held & names) / self.share(names) if names else 1.0

    def joined(self, near: Set[str | tuple[str, ...]]) -> float:
        """The share of the information of its names and figures that stands in one piece, given the terms of a text and the pairs
        of those that are neighbours there; 1 where there are none.
        """
        total = found = 0.0
        for name in self.names:
            weight = sum(self.weights[term] for term in name)
            pieces: list[str | tuple[str, ...]] = [*pairwise(name)] or [*name]
            total += weight
            found += weight * sum(piece in near for piece in pieces) / len(pieces)
        return found / total if total else 1.0


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


def answers(question: Wording, text: str) -> list[Mention]:
    """What a sentence names of the kind that is asked for, unless the question names it itself."""
    kind = ANSWERS.get(question.wanted)
    if kind is None:
        return []
    found = [m for m in mentions(text, kind) if _bare(text[m.start : m.end]) not in question.bare]
    if question.wanted == "place":
        placed = [m for m in found if _IN_PLACE.search(text[: m.start])]
        return placed or found
    return found


def _bare(text: str) -> str:
    """The words of a text, without case and punctuation, with one space around each."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _neighbours(terms: Sequence[str]) -> set[tuple[str, str]]:
    """The pairs of terms that follow each other, at most one word between."""
    return {*pairwise(terms), *zip(terms, terms[2:], strict=False)}


def _pairs(asked: Sequence[str], near: Set[tuple[str, str]]) -> float:
    """The share of the question's neighbouring terms that are neighbours in the sentence too."""
    if len(asked) < 2:
        return 0.0
    return sum(pair in near or pair[::-1] in near for pair in pairwise(asked)) / (len(asked) - 1)
