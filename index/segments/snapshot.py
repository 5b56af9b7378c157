"""What one commit holds: its segments, as one. Articles, passages and sentences are numbered through, segment after segment.

A row says nothing of order: where it counts, passages stand in the order of (article id, start).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..arrays.row_ranges import RowRanges, distinct
from ..dense.vectors import cosines
from ..filters import Filter
from ..lexical.bm25 import BM25, K1, LEVELS, Part, Term
from ..lexical.maxscore import Keep
from ..lexical.top_k import best
from ..types import Floats, Ints, Level, Mask, Vectors
from .reader import SegmentReader, ordinal

_KEPT = 100_000  # terms, and ids of articles, at hand


class Snapshot:
    """The segments of a commit, opened.

    levels     BM25 per level, over all segments
    articles, passages, sentences     how many rows there are, removed ones included
    term, article_id      see `_term` and `_article_id`; what was asked for is kept at hand
    """

    def __init__(self, segments: Sequence[SegmentReader], dimension: int) -> None:
        self.segments = tuple(segments)
        self.dimension = dimension
        self._begins: dict[Level, Ints] = {
            "article": np.cumsum([0, *(len(s.outlet) for s in segments)]),
            "passage": np.cumsum([0, *(len(s.passages) for s in segments)]),
            "sentence": np.cumsum([0, *(len(s.sentences) for s in segments)]),
        }
        self.articles, self.passages, self.sentences = (int(begins[-1]) for begins in self._begins.values())
        self.levels = {name: BM25([_part(s, name) for s in segments], K1, b) for name, b in LEVELS.items()}
        self.term = lru_cache(_KEPT)(self._term)
        self.article_id = lru_cache(_KEPT)(self._article_id)
        self._newest: int | None = None  # day, when it was asked for

    @property
    def coded(self) -> bool:
        """Whether a segment has so many vectors that their codes are scanned."""
        return any(segment.dense.coded for segment in self.segments)

    def _term(self, text: str) -> Term:
        """The numbers of a term in the segments' vocabularies."""
        return tuple(segment.terms.find(text) for segment in self.segments)

    def _article_id(self, article: int) -> str:
        """The id of the article in a row."""
        segment = int(np.searchsorted(self._begins["article"], article, side="right")) - 1
        return self.segments[segment].articles[article - int(self._begins["article"][segment])]

    def article_ids(self, articles: Ints) -> list[str]:
        """The ids of the articles in some rows."""
        found = [""] * len(articles)
        for segment, places, chosen in self._by_segment("article", articles):
            for place, name in zip(places.tolist(), self.segments[segment].articles.many(chosen), strict=True):
                found[place] = name
        return found

    def article_row(self, article_id: str) -> int:
        """The row of the article with an id, -1 if there is none."""
        for segment, begin in zip(self.segments, self._begins["article"], strict=False):
            row = segment.articles.find(article_id)
            if row >= 0 and (segment.alive is None or segment.alive[row]):
                return int(begin) + row
        return -1

    def passage(self, rows: Ints) -> Ints:
        """(n, 4) int64: the article, start, end and first sentence of each of some passages."""
        found = self._rows("passage", rows)
        if len(self.segments) > 1:
            found[:, 0] += self._shift("passage", "article", rows)
            found[:, 3] += self._shift("passage", "sentence", rows)
        return found

    def sentence(self, rows: Ints) -> Ints:
        """(n, 3) int64: the passage, start and end of each of some sentences."""
        found = self._rows("sentence", rows)
        if len(self.segments) > 1:
            found[:, 0] += self._shift("sentence", "passage", rows)
        return found

    def before(self, sentences: Ints) -> list[tuple[int, int] | None]:
        """The start and end of the sentence that stands before each of some in its article; None where it is the first."""
        rows = np.concatenate([sentences, np.maximum(sentences - 1, 0)])
        spans = self.sentence(rows)
        articles = self.passage(spans[:, 0])[:, 0].reshape(2, -1)
        follows = ((sentences > 0) & (articles[0] == articles[1])).tolist()
        found = spans[len(sentences) :, 1:].tolist()
        return [(start, end) if has else None for has, (start, end) in zip(follows, found, strict=True)]

    def passages_of(self, articles: Ints) -> Ints:
        """The rows of the passages of some articles."""
        found = [np.zeros(0, np.int64)]
        for segment, _, chosen in self._by_segment("article", articles):
            firsts = self.segments[segment].firsts
            begins, ends = firsts[chosen][:, 0].astype(np.int64), firsts[chosen + 1][:, 0].astype(np.int64)
            found.append(RowRanges(begins, ends).rows() + self._begins["passage"][segment])
        return np.concatenate(found)

    def sentences_of(self, passages: Ints) -> tuple[Ints, Ints]:
        """The rows of the sentences of some passages, in their order, and where each passage's begin among them."""
        first = self.passage(passages)[:, 3]
        last = np.empty_like(first)
        for segment, places, chosen in self._by_segment("passage", passages):
            table, count = self.segments[segment].passages, len(self.segments[segment].sentences)
            ends = np.where(chosen + 1 < len(table), table[np.minimum(chosen + 1, len(table) - 1)][:, 3], count)
            last[places] = ends + self._begins["sentence"][segment]
        sizes = last - first
        begins = np.concatenate(([0], np.cumsum(sizes)[:-1])) if len(sizes) else np.zeros(0, np.int64)
        return np.repeat(first - begins, sizes) + np.arange(int(sizes.sum())), begins

    def vectors(self, sentences: Ints) -> Vectors:
        """(n, dimension) float32: the vectors of some sentences."""
        found: Vectors
        if len(self.segments) == 1:
            found = self.segments[0].dense.vectors[sentences]
            return found
        found = np.empty((len(sentences), self.dimension), np.float32)
        for segment, places, chosen in self._by_segment("sentence", sentences):
            found[places] = self.segments[segment].dense.vectors[chosen]
        return found

    def cosines(self, question: Vectors, sentences: Ints) -> Floats:
        """The cosine of each of some sentences to the question."""
        return cosines(self.vectors(sentences), question)

    def nearest(self, question: Vectors, n: int, allowed: Mask | None = None) -> tuple[Ints, Ints]:
        """The `n` sentences nearest to a question and their ranks, see `top_k.best`. `allowed`: (articles,) bool."""
        rows, scores = [np.zeros(0, np.int64)], [np.zeros(0)]
        begins, ranges = self._begins["sentence"], self._ranges("sentence", allowed)
        for segment, begin, some in zip(self.segments, begins, ranges, strict=False):
            found, exact = segment.dense.nearest(question, n, some)
            rows.append(found + begin)
            scores.append(exact)
        return best(np.concatenate(rows), np.concatenate(scores), n, self.in_order("sentence"))

    def count(self, level: Level, allowed: Mask | None) -> int:
        """How many documents of a level are of allowed articles that were not removed."""
        sizes = np.diff(self._begins[level]).tolist()
        ranges = self._ranges(level, allowed)
        return sum(size if some is None else some.size for size, some in zip(sizes, ranges, strict=True))

    def keep(self, level: Level, allowed: Mask | None) -> Keep | None:
        """What says which rows of a level are of allowed articles; None for all."""
        if allowed is None:
            return None
        ranges = self._ranges(level, allowed)

        def kept(rows: Ints) -> Mask:
            found = np.zeros(len(rows), bool)
            for segment, places, chosen in self._by_segment(level, rows):
                some = ranges[segment]
                found[places] = True if some is None else some.has(chosen)
            return found

        return kept

    def allowed(self, where: Filter | None) -> Mask | None:
        """(articles,) bool: the articles that a filter admits; None for all."""
        if where is None or where == Filter():
            return None
        masks = [np.zeros(0, bool)]
        for segment in self.segments:
            mask = np.ones(len(segment.outlet), bool)
            if where.source is not None:
                names = [where.source] if isinstance(where.source, str) else where.source
                wanted = {name.casefold() for name in names}
                outlets = [segment.outlets[place].casefold() in wanted for place in range(len(segment.outlets))]
                mask &= np.array(outlets, bool)[segment.outlet.all()]
            if where.by_date:
                mask &= segment.days.all()[:, 0] > 0
            if where.since is not None:
                mask &= segment.days.all()[:, 1] >= ordinal(where.since)
            if where.until is not None:
                mask &= segment.days.all()[:, 0] <= ordinal(where.until)
            if where.as_of is not None:
                mask &= segment.days.all()[:, 1] <= ordinal(where.as_of)
            if where.articles is not None:
                chosen = np.array([segment.articles.find(article) for article in where.articles], np.int64)
                mask &= np.isin(np.arange(len(mask)), chosen)
            masks.append(mask)
        return np.concatenate(masks)

    def outlets(self) -> list[str]:
        """The outlets of the articles, each once, by name."""
        names = {segment.outlets[place] for segment in self.segments for place in range(len(segment.outlets))}
        return sorted(name for name in names if name)

    def undated(self, where: Filter) -> int:
        """How many articles a filter by date leaves out only because their date is unknown."""
        if not where.by_date:
            return 0
        unknown = np.concatenate([np.zeros(0, bool), *(segment.days.all()[:, 0] == 0 for segment in self.segments)])
        without = self.allowed(Filter(where.source, None, None, where.articles))
        return self.count("article", unknown if without is None else unknown & without)

    def recency(self, articles: Ints) -> Floats:
        """How new some articles are: 1 / (1 + their age in years), beside the newest of all; 0 for those without a date."""
        if self._newest is None:
            self._newest = max((_newest(segment) for segment in self.segments), default=0)
        found = np.zeros(len(articles))
        for segment, places, chosen in self._by_segment("article", articles):
            days = self.segments[segment].days[chosen][:, 0].astype(np.float64)
            found[places] = np.where(days > 0, 1 / (1 + (self._newest - days) / 365.25), 0.0)
        return found

    def in_order(self, level: Level) -> _InOrder:
        """What puts rows of a level into the order of (article id, start)."""
        return _InOrder(self, level)

    def _ranges(self, level: Level, allowed: Mask | None) -> list[RowRanges | None]:
        """Per segment, the documents of a level that are of allowed articles and not removed; None for all."""
        found: list[RowRanges | None] = []
        for segment, first, last in zip(self.segments, self._begins["article"], self._begins["article"][1:], strict=False):
            mask = segment.alive
            if allowed is not None:
                mask = allowed[first:last] if mask is None else allowed[first:last] & mask
            found.append(None if mask is None else segment.ranges(level, mask))
        return found

    def _by_segment(self, level: Level, rows: Ints) -> list[tuple[int, Ints, Ints]]:
        """For each segment that has any of the rows: its place, where they stand among `rows`, and their rows in it."""
        begins = self._begins[level]
        if len(self.segments) == 1:
            return [(0, np.arange(len(rows)), rows)]
        which = np.searchsorted(begins, rows, side="right") - 1
        return [(int(s), places, rows[places] - begins[s]) for s in distinct(which) for places in [np.flatnonzero(which == s)]]

    def _rows(self, level: Level, rows: Ints) -> Ints:
        tables = [segment.passages if level == "passage" else segment.sentences for segment in self.segments]
        found: Ints
        if len(tables) == 1:
            found = tables[0][rows].astype(np.int64)
            return found
        found = np.empty((len(rows), 4 if level == "passage" else 3), np.int64)
        for place, places, chosen in self._by_segment(level, rows):
            found[places] = tables[place][chosen]
        return found

    def _shift(self, level: Level, target: Level, rows: Ints) -> Ints:
        """What a row number of `target`, as written in a segment, is short of the one used here."""
        shift: Ints = self._begins[target][np.searchsorted(self._begins[level], rows, side="right") - 1]
        return shift


class _InOrder:
    """Puts rows of a level into the order of (article id, start)."""

    def __init__(self, snapshot: Snapshot, level: Level) -> None:
        self._snapshot, self._level = snapshot, level

    def __call__(self, rows: Ints) -> Ints:
        snapshot = self._snapshot
        rows = np.sort(rows)
        if len(snapshot.segments) < 2:  # where the rows have that order
            return rows
        passages = snapshot.sentence(rows)[:, 0] if self._level == "sentence" else rows
        articles = rows if self._level == "article" else snapshot.passage(passages)[:, 0]
        distinct, inverse = np.unique(articles, return_inverse=True)
        ids = snapshot.article_ids(distinct)
        place = np.empty(len(ids), np.int64)
        place[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return rows[np.lexsort((rows, place[inverse]))]  # an article is in one segment, where its rows have the order


def _newest(segment: SegmentReader) -> int:
    """The day of the newest article of a segment that was not removed, 0 where none has a date."""
    days = segment.days.all()[:, 0]
    return int((days if segment.alive is None else days[segment.alive]).max(initial=0))


def _part(segment: SegmentReader, level: Level) -> Part:
    return Part(segment.levels[level], None if segment.alive is None else segment.ranges(level, ~segment.alive))
