"""Where the passages and sentences of a ranking stand: its rows in words that those who quote from it understand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..filters import Filter
from ..segments.snapshot import Snapshot
from .ranking import Ranking


@dataclass(frozen=True, slots=True)
class Located:
    """A sentence of a ranking.

    row        its number in the snapshot, which tells it from others
    start, end; passage     where it stands in the article, and the start and end of its passage, in code points
    before     the start and end of the sentence that stands before it in the article's story; None where it is the first
    recency    how new the article is, see `Snapshot.recency`
    held       the question's terms that the article holds, and what each adds to its BM25 share
    """

    row: int
    article_id: str
    start: int
    end: int
    passage: tuple[int, int]
    before: tuple[int, int] | None
    recency: float
    held: Mapping[str, float]


def located(snapshot: Snapshot, ranking: Ranking, places: Sequence[int]) -> Iterator[Located]:
    """The sentences at some places of `ranking.sentences`, looked up at once."""
    rows = ranking.sentences[list(places)]
    spans = snapshot.sentence(rows)
    of_passage = snapshot.passage(spans[:, 0])
    articles = of_passage[:, 0].tolist()
    found, passages = spans[:, 1:].tolist(), of_passage[:, 1:3].tolist()
    ids = snapshot.article_ids(of_passage[:, 0])
    recency = snapshot.recency(of_passage[:, 0]).tolist()
    distinct = sorted(set(articles))
    held = dict(zip(distinct, ranking.levels["article"].of(np.array(distinct, np.int64)), strict=True))
    for n, (row, before) in enumerate(zip(rows.tolist(), snapshot.before(rows), strict=True)):
        (start, end), (first, last) = found[n], passages[n]
        yield Located(row, ids[n], start, end, (first, last), before, recency[n], held[articles[n]])


def sentences_with(snapshot: Snapshot, terms: Sequence[str], where: Filter | None) -> list[tuple[str, int, int]]:
    """The (article id, start, end) of every sentence that holds all of some terms, in articles that a filter admits, in order; of
    every sentence, without a term.
    """
    level, allowed = snapshot.levels["sentence"], snapshot.allowed(where)
    keep = snapshot.keep("sentence", np.ones(snapshot.articles, bool) if allowed is None else allowed)
    found = sorted((level.parts(level.held(snapshot.term(term)))[0] for term in terms), key=len)
    rows = np.arange(snapshot.sentences) if not found else found[0]
    for others in found[1:]:
        rows = np.intersect1d(rows, others, assume_unique=True)
    rows = rows if keep is None else rows[keep(rows)]
    spans = snapshot.sentence(rows)
    ids = snapshot.article_ids(snapshot.passage(spans[:, 0])[:, 0])
    return sorted((name, start, end) for name, (start, end) in zip(ids, spans[:, 1:].tolist(), strict=True))


def ranked_passages(snapshot: Snapshot, ranking: Ranking, depth: int | None = None) -> list[tuple[str, int, int]]:
    """The (article id, start, end) of the passages of a ranking, best first; of the first `depth` only."""
    rows = snapshot.passage(ranking.passages[:depth])
    ids = snapshot.article_ids(rows[:, 0])
    return [(name, start, end) for name, (start, end) in zip(ids, rows[:, 1:3].tolist(), strict=True)]


def ranked_articles(snapshot: Snapshot, ranking: Ranking, depth: int | None = None) -> list[str]:
    """The ids of the articles of a ranking, each once, at the place of its best passage; the first `depth` only."""
    rows = dict.fromkeys(snapshot.passage(ranking.passages)[:, 0].tolist())
    return snapshot.article_ids(np.array(list(rows)[:depth], np.int64))


def places_in(snapshot: Snapshot, ranking: Ranking, article_id: str) -> list[int]:
    """The places of the passages of one article in a ranking, best first."""
    row = snapshot.article_row(article_id)
    found: list[int] = np.flatnonzero(snapshot.passage(ranking.passages)[:, 0] == row).tolist()
    return found
