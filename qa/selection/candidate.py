"""A sentence that may be quoted, with the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...corpus.article import Article
from ...corpus.same_words import words as said
from ...index.lexical.analyzer import STOP_WORDS
from ..mentions import value
from ..question.wording import Wording
from .reader import Pointed

POINTS_AT = 2.0  # the evidence for the reader's best span, from which it counts as the answer


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted: where it stands, and the evidence for it.

    evidence   by name, see RETRIEVAL and `features.wording`; and of the question MOST, the most that any sentence of the pool has
    score      by the model: the logarithm of its odds, up to a constant of the question
    odds       the logarithm of its odds, with those of the sentences that answer alike, against the others of its question
    newness    what its article's newness adds to the score
    pointed    what the reader says of it, places in its passage; None where it was not read
    size       log10 of the number of sentences among which it was found: the more, the closer a chance neighbour
    """

    sentence: int  # its row
    passage: tuple[int, int]  # where its passage starts and ends
    wording: Wording  # of the question
    article: Article
    start: int
    end: int
    evidence: Mapping[str, float]
    score: float
    size: float
    odds: float = 0.0
    newness: float = 0.0
    pointed: Pointed | None = None

    @property
    def text(self) -> str:
        """The sentence itself."""
        return self.article.text[self.start : self.end]

    @property
    def said(self) -> tuple[object, ...]:
        """What the reader points at, so that equal answers are equal: a number, or words; () where it points at nothing."""
        if self.pointed is None or self.pointed.best < POINTS_AT:
            return ()
        begin = self.passage[0]
        words = [
            word
            for word in said(self.article.text[begin + self.pointed.start : begin + self.pointed.end])
            if word not in STOP_WORDS
        ]
        number = value(" ".join(words)) if self.wording.wanted == "number" else None
        return tuple(words) if number is None else (number,)
