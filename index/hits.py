"""What a search gives back: passages with their sources, and where each score came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..corpus.article import Article, passage_id
from ..corpus.errors import IndexDamaged
from .copies import Copy
from .formula import LEGS, Ints, Weights
from .generation import Generation
from .search import Ranking


@dataclass(frozen=True, slots=True)
class Leg:
    """What one leg adds to a hit: `share` = `weight` * `value`.

    `rank` counts from 1 in the leg's own list of articles, passages or sentences, the same for equal scores; None where the
    passage is not in it.
    `terms` says what each matched term adds to `share` (lexical legs only; they add up to it).
    """

    value: float
    weight: float
    share: float
    rank: int | None
    terms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage: `text` is `article.text[start:end]`, and the shares of `explain` add up to `score`.

    `also`: the copies of the article in which the best sentence of the passage stands too, and other versions of it;
    `superseded_by`: the id of the latest later version, "" if there is none.
    """

    rank: int
    score: float
    article_id: str
    passage_id: str
    start: int
    end: int
    text: str
    title: str
    source: str
    url: str
    published: str | None
    explain: dict[str, Leg]
    also: tuple[Copy, ...] = ()
    superseded_by: str = ""


def hit(
    generation: Generation, ranking: Ranking, place: int, article: Article, weights: Weights, copies: tuple[Copy, ...], later: str
) -> Hit:
    """The hit at `place` of a ranking. `copies`: see `Hit.also`; `later`: the id of the latest later version, if any.

    Raises IndexDamaged if its offsets do not lie in the article.
    """
    _, start, end, _ = (int(n) for n in generation.passage(ranking.passages[place : place + 1])[0])
    if not 0 <= start < end <= len(article.text):
        raise IndexDamaged(f"a passage of article {article.id!r} lies outside its text")
    return Hit(
        rank=place + 1,
        score=float(ranking.scores[place]),
        article_id=article.id,
        passage_id=passage_id(article.id, start, end),
        start=start,
        end=end,
        text=article.text[start:end],
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        explain=dict(_legs(generation, ranking, place, weights)),
        also=copies,
        superseded_by=later,
    )


def _legs(generation: Generation, ranking: Ranking, place: int, weights: Weights) -> Iterator[tuple[str, Leg]]:
    passage = int(ranking.passages[place])
    sentences = ranking.sentence_places(place)
    rows = ranking.sentences[sentences]
    by_leg = {
        "article": int(generation.passage(ranking.passages[place : place + 1])[0, 0]),
        "passage": passage,
        "sentence": int(rows[np.argmax(ranking.lexical[sentences])]),
        "dense": int(rows[np.argmax(ranking.cosines[sentences])]),
    }
    for leg in LEGS:
        weight = float(getattr(weights, leg))
        value, share = float(ranking.values[leg][place]), float(ranking.shares[leg][place])
        terms = {} if leg == "dense" else ranking.levels[leg].of(by_leg[leg])
        weighed = {term: weight * found for term, found in terms.items()}
        yield leg, Leg(value, weight, share, _rank(ranking.legs[leg], by_leg[leg]), weighed)


def _rank(leg: tuple[Ints, Ints], row: int) -> int | None:
    rows, ranks = leg
    found = np.flatnonzero(rows == row)
    return int(ranks[found[0]]) if len(found) else None
