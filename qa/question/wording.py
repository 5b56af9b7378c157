"""A question's words, and what in a sentence may answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import pairwise

from ...index.lexical.analyzer import Analyzer
from ..mentions import Kind, Mention, mentions
from .answer_type import Wanted, head, wanted

ANSWERS: dict[Wanted, Kind] = {
    "number": "number",
    "date": "date",
    "person": "name",
    "place": "name",
    "reason": "reason",
    "quoted": "quoted",
    "name": "name",
}


_WORD = re.compile(r"\w+")
_PUT = ("mani", "much")
_PUT_AS = re.compile(r"\b(?:what|which)\b.{0,20}\b(number|amount) of\b", re.IGNORECASE)  # it says no more than "how many"
_IN_PLACE = re.compile(r"\b(?:in|at|from|to|near|of|across|within|outside|into|on|between|through)\s(?:the\s)?$")


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
        """`weights`: of all terms; those of "many", "much" and "number of" say how the question is put, and are left out."""
        put = {*_PUT, *(term for found in _PUT_AS.findall(text) for term in analyzer.terms(found))}
        kept = {term: weight for term, weight in weights.items() if term not in put}
        total = sum(sorted(kept.values())) or 1.0
        terms = tuple(term for term in analyzer.terms(text) if term not in put)
        shares = {term: weight / total for term, weight in kept.items()}
        named = [m for kind in ("name", "number", "date") for m in mentions(text, kind)]
        parts = (tuple(term for term in analyzer.terms(text[m.start : m.end]) if term in shares) for m in named)
        names = tuple(name for name in parts if name)
        return cls(text, terms, shares, wanted(text), frozenset(analyzer.terms(head(text))), names, _bare(text))

    def share(self, held: Set[str]) -> float:
        """The share of the question's information that some terms hold."""
        return sum(sorted(self.weights[term] for term in held & self.weights.keys()))

    def named(self, held: Set[str]) -> float:
        """The share of the information of the names and figures alone that some terms hold; 1 where there are none."""
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
