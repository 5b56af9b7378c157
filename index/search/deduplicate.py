"""Which passages of a ranking are shown: each story once, and its later version before the earlier."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from ...corpus.article import Article
from ...corpus.same_words import kept
from ..segments.snapshot import Snapshot
from ..storage import database
from .articles import Articles, Words
from .formula import Weights
from .hits import Hit, explained, hit
from .located import ranked_articles
from .ranking import Ranking
from .versions import COUNTERPART, also

_AHEAD = 16  # places
_ALSO = 2  # times as many articles as are shown may have to be looked at


def hits(articles: Articles, snapshot: Snapshot, ranking: Ranking, k: int, weights: Weights) -> list[Hit]:
    """The best `k` passages to show, best first. A passage whose best sentence stands in a copy already shown is left out."""
    if articles.is_far:
        articles.expect(dict.fromkeys(ranked_articles(snapshot, ranking, _ALSO * k)))
    shown = list(islice(_distinct(articles, snapshot, ranking), k))
    with database.guarded(Path(articles.place)):
        places = [place for place, _, _ in shown]
        legs = explained(snapshot, ranking, places, weights)
        spans = snapshot.passage(ranking.passages[places])[:, 1:3].tolist()
    found = []
    for rank, ((place, article, said), (start, end)) in enumerate(zip(shown, spans, strict=True), start=1):
        later = articles.latest(article.id)
        others = also(article, articles.near_copies(article), partial(_where_said, articles, said))
        score = float(ranking.scores[place])
        found.append(hit(rank, score, article, (start, end), legs[place], others, "" if later is None else later.id))
    return found


def _distinct(articles: Articles, snapshot: Snapshot, ranking: Ranking) -> Iterator[tuple[int, Article, Words]]:
    """The places in a ranking to show, in order, with the article and the words of the best sentence of the passage there."""
    shown: dict[int, list[str]] = {}  # by story, the ids of the articles
    waiting = list(range(len(ranking.passages)))
    said_at = _Said(articles, snapshot, ranking)
    while waiting:
        place = waiting[0]
        article, said, sentence = said_at(place)
        if (later := articles.latest(article.id)) is not None:
            place = _counterpart(snapshot, ranking, waiting, later, said)
            article, said, sentence = said_at(place)
        waiting.remove(place)
        told = shown.setdefault(articles.story(article.id), [])
        if any(other != article.id and articles.where_said(other, sentence) for other in told):
            continue
        if article.id not in told:
            told.append(article.id)
        yield place, article, sentence


class _Said:
    """The article of the passage at a place in a ranking, and the passage's best sentence; looked up for some places at once."""

    def __init__(self, articles: Articles, snapshot: Snapshot, ranking: Ranking) -> None:
        self._articles, self._snapshot, self._ranking = articles, snapshot, ranking
        self._evidence = ranking.cosines + ranking.lexical
        self._found: dict[int, tuple[int, int, int]] = {}  # by place: row of the article, start and end of the sentence

    def __call__(self, place: int) -> tuple[Article, str, Words]:
        if place not in self._found:
            ahead = max(_AHEAD, len(self._found))  # where there are many copies, ever more at once
            self._look_up(range(place, min(place + ahead, len(self._ranking.passages))))
        row, start, end = self._found[place]
        return self._articles.said(self._snapshot.article_id(row), start, end)

    def _look_up(self, places: range) -> None:
        ranking, snapshot = self._ranking, self._snapshot
        begins, end = ranking.begins[places.start : places.stop], ranking.sentence_places(places[-1]).stop
        evidence = self._evidence[begins[0] : end]
        most = np.maximum.reduceat(evidence, begins - begins[0])
        as_good = np.flatnonzero(evidence == most.repeat(np.diff(np.append(begins, end)))) + begins[0]
        best = as_good[as_good.searchsorted(begins)]  # of each passage the first that no other of its sentences beats
        rows = snapshot.passage(ranking.passages[places.start : places.stop])[:, 0].tolist()
        spans = snapshot.sentence(ranking.sentences[best])[:, 1:].tolist()
        self._found.update((place, (row, *span)) for place, row, span in zip(places, rows, spans, strict=True))


def _where_said(articles: Articles, sentence: Words, other: Article) -> tuple[int, int] | None:
    return articles.where_said(other.id, sentence)


def _counterpart(snapshot: Snapshot, ranking: Ranking, waiting: list[int], later: Article, said: str) -> int:
    """The place of the passage in a later version that stands for a sentence of the first one waiting; or that one's."""
    row = snapshot.article_row(later.id)
    of_article = snapshot.passage(ranking.passages[waiting])[:, 0] == row
    for place in np.array(waiting)[of_article].tolist():
        _, start, end, _ = snapshot.passage(ranking.passages[place : place + 1])[0].tolist()
        if kept(said, later.text[start:end]) >= COUNTERPART:
            return int(place)
    return waiting[0]
