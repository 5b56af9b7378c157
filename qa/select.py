"""Which sentences to quote: the best of the best passages, no two that say the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..corpus.alike import kept, same
from ..index.copies import COUNTERPART
from ..index.index import Index
from ..index.search import Ranking

# A sentence counts by its own cosine and BM25 share, and by the score of the passage it stands in.
LEXICAL, PASSAGE = 1.3, 0.6
SAME_ARTICLE = 0.05  # what a further quote from an article already quoted must be better by
CONSIDERED = 400  # the best sentences, among which the quotes are chosen


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
    """At most `n` candidates to quote, best first, each with its article's id and its start and end there.

    What a later version of an article says in its place comes before what the earlier one said.
    """
    chosen: list[str] = []
    quoted: list[int] = []
    rest = list(found)
    while rest and len(chosen) < n:
        best = max(range(len(rest)), key=lambda i: (rest[i].score - SAME_ARTICLE * (rest[i].article in quoted), -i))
        article_id, start, end = _place(index, rest[best])
        text = index.article(article_id).text[start:end]
        if (later := _in_later_version(index, article_id, text, rest)) is not None:
            best = later
            article_id, start, end = _place(index, rest[best])
            text = index.article(article_id).text[start:end]
        candidate = rest.pop(best)
        if any(same(text, said) for said in chosen):
            continue
        chosen.append(text)
        quoted.append(candidate.article)
        yield candidate, article_id, start, end


def _place(index: Index, candidate: Candidate) -> tuple[str, int, int]:
    passage, start, end = (int(x) for x in index.generation.sentence(np.array([candidate.sentence]))[0])
    return index.article_id(passage), start, end


def _in_later_version(index: Index, article_id: str, text: str, rest: list[Candidate]) -> int | None:
    """Where the counterpart of a sentence in the latest version of its article stands in `rest`."""
    latest = index.latest(article_id)
    if latest is None:
        return None
    row = index.generation.article_row(latest.id)
    for place, candidate in enumerate(rest):
        if candidate.article == row:
            _, start, end = _place(index, candidate)
            if kept(text, latest.text[start:end]) >= COUNTERPART:
                return place
    return None
