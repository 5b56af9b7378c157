"""Which sentences to quote: the best of the best passages, no two that say the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..index.index import Index
from ..index.search import Ranking

# A sentence counts by its own cosine and BM25 share, and by the score of the passage it stands in.
LEXICAL, PASSAGE = 1.3, 0.6
SAME_ARTICLE = 0.05  # what a further quote from an article already quoted must be better by
CONSIDERED = 400  # the best sentences, among which the quotes are chosen
_SAME_COSINE, _SAME_WORDS = 0.95, 0.8

# Two sentences that differ in one of these do not say the same, however alike they are.
_TELLING = frozenset(
    [
        "no",
        "not",
        "never",
        "none",
        "neither",
        "nor",
        "without",
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "million",
        "billion",
        "first",
        "second",
        "third",
    ]
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted: where it stands, and the evidence for it."""

    sentence: int  # its row
    place: int  # of its passage in the ranking
    article: int  # row of its article
    score: float
    cosine: float
    lexical: float  # BM25 share of the sentence
    passage: float  # score of the passage
    size: float  # log10 of the number of sentences among which it was found: the more, the closer a chance neighbour


def candidates(index: Index, ranking: Ranking) -> list[Candidate]:
    """The best sentences of all ranked passages, best first, ties in the order of (article id, start)."""
    sizes = np.diff(np.append(ranking.begins, len(ranking.sentences)))
    places = np.repeat(np.arange(len(sizes)), sizes)
    passage_scores = ranking.scores[places]
    score = ranking.cosines + LEXICAL * ranking.lexical + PASSAGE * passage_scores
    size = math.log10(max(1, ranking.searched))
    best = np.lexsort((ranking.order, -score))[:CONSIDERED]
    articles = index.generation.passage(ranking.passages)[:, 0]
    return [
        Candidate(
            sentence=int(ranking.sentences[i]),
            place=int(places[i]),
            article=int(articles[places[i]]),
            score=float(score[i]),
            cosine=float(ranking.cosines[i]),
            lexical=float(ranking.lexical[i]),
            passage=float(passage_scores[i]),
            size=size,
        )
        for i in best
    ]


def select(index: Index, found: list[Candidate], n: int) -> Iterator[tuple[Candidate, str, int, int]]:
    """At most `n` candidates to quote, best first, each with its article's id and its start and end there."""
    chosen: list[tuple[Candidate, str]] = []
    rest = list(found)
    while rest and len(chosen) < n:
        quoted = [candidate.article for candidate, _ in chosen]
        best = max(range(len(rest)), key=lambda i: (rest[i].score - SAME_ARTICLE * (rest[i].article in quoted), -i))
        candidate = rest.pop(best)
        passage, start, end = (int(x) for x in index.generation.sentence(np.array([candidate.sentence]))[0])
        article_id = index.article_id(passage)
        text = index.article(article_id).text[start:end]
        if any(_same(index, candidate, text, other, said) for other, said in chosen):
            continue
        chosen.append((candidate, text))
        yield candidate, article_id, start, end


def _same(index: Index, one: Candidate, text: str, other: Candidate, said: str) -> bool:
    """Whether two sentences say the same: nearly the same words or the same direction, and no different number or denial."""
    words, others = _words(text), _words(said)
    if _telling(words) != _telling(others):
        return False
    if len(words & others) >= _SAME_WORDS * len(words | others):
        return True
    vectors = index.generation.vectors(np.array([one.sentence, other.sentence])).astype(np.float64)
    return float(vectors[0] @ vectors[1]) >= _SAME_COSINE


def _words(text: str) -> frozenset[str]:
    plain = text.casefold().replace("’", "'").replace("n't", " not").replace("cannot", "can not")
    return frozenset("".join(c if c.isalnum() else " " for c in plain).split())


def _telling(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if word in _TELLING or any(c.isdigit() for c in word))
