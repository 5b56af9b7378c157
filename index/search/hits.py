"""What a search gives back: passages with their sources, and where each score came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from html import escape
from typing import Any

import numpy as np

from ...corpus.article import Article, passage_id
from ...errors import IndexDamaged
from ..arrays.row_ranges import distinct
from ..segments.snapshot import Snapshot
from ..types import Floats, LegName
from .formula import Weights
from .ranking import Ranking
from .versions import Copy


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


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """A ranked passage: `text` is `article.text[start:end]`, and the shares of `explain` add up to `score`.

    `also`: the copies of the article in which the best sentence of the passage stands too, and other versions of it;
    `superseded_by`: the id of the latest later version, "" if there is none; `locator`: the part of the file in which the passage
    begins ("page 3", "00:01:23"), "" where the file has none.
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
    explain: dict[LegName, Leg]
    also: tuple[Copy, ...] = ()
    superseded_by: str = ""
    locator: str = ""

    def __repr__(self) -> str:
        plain = " ".join(self.text.split())
        return f"<Hit {self.rank}: {plain if len(plain) <= 60 else plain[:59] + '…'!r} ({self.passage_id}, {self.score:.3f})>"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return asdict(self)

    def row(self) -> dict[str, Any]:
        """As one row of a table, such as pandas takes: no field holds others."""
        flat = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in ("explain", "also")}
        return {**flat, "also": len(self.also)}

    def _repr_html_(self) -> str:
        about = " · ".join(part for part in (self.source, self.published, self.title, self.passage_id, f"{self.score:.3f}") if part)
        return f'<p>{self.rank}. {escape(self.text)}<br><small style="opacity:.75">{escape(about)}</small></p>'


def hit(
    rank: int, score: float, article: Article, span: tuple[int, int], legs: dict[LegName, Leg], copies: tuple[Copy, ...], later: str
) -> Hit:
    """The hit for a passage of an article, given by its start and end. `legs`: see `explained`; `copies`: see `Hit.also`; `later`:
    see `Hit.superseded_by`. Raises IndexDamaged if the passage does not lie in the article.
    """
    start, end = span
    if not 0 <= start < end <= len(article.text):
        raise IndexDamaged(f"a passage of article {article.id!r} lies outside its text")
    return Hit(
        rank=rank,
        score=score,
        article_id=article.id,
        passage_id=passage_id(article.id, start, end),
        start=start,
        end=end,
        text=article.text[start:end],
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        explain=legs,
        also=copies,
        superseded_by=later,
        locator=article.locator(start),
    )


def explained(snapshot: Snapshot, ranking: Ranking, places: Sequence[int], weights: Weights) -> dict[int, dict[LegName, Leg]]:
    """By place in the ranking, what each leg adds to the score of the passage there."""
    passages = ranking.passages[list(places)]
    rows: dict[LegName, list[int]] = {"article": snapshot.passage(passages)[:, 0].tolist(), "passage": passages.tolist()}
    of_passages = [ranking.sentence_places(place) for place in places]
    of_sentences: dict[LegName, Floats] = {"sentence": ranking.lexical, "dense": ranking.cosines}
    for leg, values in of_sentences.items():
        best = [sentences.start + int(values[sentences].argmax()) for sentences in of_passages]
        rows[leg] = ranking.sentences[best].tolist()
    found: dict[int, dict[LegName, Leg]] = {place: {} for place in places}
    for leg in rows:
        weight = float(getattr(weights, leg))
        asked = distinct(np.array(rows[leg], np.int64))
        terms = [{}] * len(asked) if leg in ("dense", "newest") else ranking.levels[leg].of(asked)
        by_row = dict(zip(asked.tolist(), terms, strict=True))
        ranks = dict(zip(*(found.tolist() for found in ranking.legs[leg]), strict=True))
        for place, row in zip(places, rows[leg], strict=True):
            weighed = {term: weight * share for term, share in by_row[row].items()}
            value, share = float(ranking.values[leg][place]), float(ranking.shares[leg][place])
            found[place][leg] = Leg(value, weight, share, ranks.get(row), weighed)
    for place in places if weights.newest else ():
        value, share = float(ranking.values["newest"][place]), float(ranking.shares["newest"][place])
        found[place]["newest"] = Leg(value, weights.newest, share, None, {})
    return found
