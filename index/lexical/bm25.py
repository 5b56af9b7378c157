"""BM25 at three levels (article, passage, sentence) over postings, on rank-bm25's base class.

rank-bm25's own classes give a term in half of the documents an idf of 0 (or less), divide by zero on an empty corpus
and scan every document. Here the idf is Lucene's, which is never negative:

    idf(t)     = ln(1 + (N - n(t) + 0.5) / (n(t) + 0.5))
    part(t, d) = f * (k1 + 1) / (f + k1 * (1 - b + b * length(d) / mean length))       f: how often t is in d
    score      = sum over the question's terms of  qtf(t) * idf(t) * part(t, d)

(Robertson et al. 1994; Kamphuis et al. 2020, "Which BM25 do you mean?".) Query side and document side stay apart, so a
score is a plain inner product of the two. N, n(t) and the mean length are counted over all segments, documents that were
removed left out, so that a score does not depend on how the index came to be.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import rank_bm25

from ..arrays.row_ranges import RowRanges
from ..types import Floats, Ints, Level, Rows
from .postings import Postings
from .top_k import top

Term = tuple[int, ...]  # its number in the vocabulary of each segment, -1 where it is not in it

K1 = 1.5
B_LONG = 0.75
B_SENTENCE = 0.3
_FEW = 1 << 16  # documents of a segment: what their lengths do to scores is kept
_ROOM = 1 << 21  # postings whose scores are kept at hand
LEVELS: dict[Level, float] = {"article": B_LONG, "passage": B_LONG, "sentence": B_SENTENCE}


def idf(size: int, documents: int) -> float:
    """ln(1 + (N - n + 0.5) / (n + 0.5)), positive, of a term that is in `documents` of `size` documents."""
    return math.log(1 + (size - documents + 0.5) / (documents + 0.5))


def norm(lengths: Any, mean: float, b: float, k1: float = K1) -> Any:
    """k1 * (1 - b + b * length / mean length), of one document or of an array of them."""
    return k1 * (1 - b + b * lengths / mean)


def part(counts: Any, norms: Any, k1: float = K1) -> Any:
    """A term's part in the score of a document that holds it so often: between 0 and k1 + 1."""
    return counts * (k1 + 1) / (counts + norms)


@dataclass(frozen=True, slots=True)
class Part:
    """The documents of one segment. `gone`: those that were removed; None where none was."""

    postings: Postings
    gone: RowRanges | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The documents of one segment that hold a term: `rows`, ascending, as the segment numbers them, from `begin` on."""

    part: Part
    begin: int
    number: int  # of the term in the segment
    place: slice  # in the postings
    rows: Rows


class BM25(rank_bm25.BM25):  # type: ignore[misc]
    """BM25 over the documents of one or more segments, numbered through; keeps rank-bm25's `corpus_size`, `avgdl`, `k1`, `b`."""

    corpus_size: int  # documents that were not removed
    avgdl: float
    rows: int  # documents in all

    def __init__(self, parts: Sequence[Part], k1: float = K1, b: float = B_LONG) -> None:
        self.k1, self.b = k1, b
        super().__init__(parts)

    def _initialize(self, parts: Sequence[Part]) -> int:
        self._parts = tuple(parts)
        self._begins = [0]
        self._norms = lru_cache(maxsize=None)(self._norms_of)
        self._scored: dict[Term, tuple[Ints, Floats]] = {}
        self._room = _ROOM
        self.corpus_size = total = 0
        for part in parts:
            lengths = part.postings.lengths
            self._begins.append(self._begins[-1] + len(lengths))
            self.corpus_size += len(lengths)
            total += int(part.postings.total[0])
            if part.gone is not None:
                self.corpus_size -= part.gone.size
                total -= int(lengths[part.gone.rows()].sum(dtype=np.int64))
        self.rows = self._begins[-1]
        self.avgdl = total / self.corpus_size if self.corpus_size else 0.0
        return self.corpus_size

    def _calc_idf(self, nd: Any) -> None:
        """Nothing to do: the idf comes from the postings, see `idf_of`."""

    def idf_of(self, documents: int) -> float:
        """See `idf`."""
        return idf(self.corpus_size, documents)

    def held(self, term: Term) -> tuple[Held, ...]:
        """The documents that hold a term, by segment."""
        found = []
        for part, begin, number in zip(self._parts, self._begins, term, strict=False):
            place = part.postings.place(number)
            if place.start < place.stop:
                found.append(Held(part, begin, number, place, part.postings.rows[place]))
        return tuple(found)

    def documents(self, held: Sequence[Held]) -> int:
        """How many documents hold a term, those that were removed left out."""
        return sum(len(h.rows) - (h.part.gone.count(h.rows) if h.part.gone is not None else 0) for h in held)

    def frequency(self, term: Term, found: int) -> int:
        """How many documents hold a term, of which `found` are here: all, where all documents are."""
        return found

    def bound(self, held: Sequence[Held]) -> float:
        """No document's part in the score for a term is larger."""
        most = 0.0
        for h in held:
            count, length = h.part.postings.bounds[h.number].tolist()
            most = max(most, (self.k1 + 1) / (1 + self.k1 * ((1 - self.b) / count + self.b * length / self._mean)))
        return most

    def parts(self, held: Sequence[Held]) -> tuple[Ints, Floats]:
        """The documents that hold a term, ascending, and its part in the score of each, between 0 and k1 + 1."""
        rows, parts = [np.zeros(0, np.int64)], [np.zeros(0)]
        for h in held:
            found, counts = h.rows, h.part.postings.counts[h.place]
            if h.part.gone is not None:
                kept = ~h.part.gone.has(found)
                found, counts = found[kept], counts[kept]
            rows.append(found.astype(np.int64) + h.begin)
            parts.append(self._score(h, found, counts))
        return (rows[1], parts[1]) if len(rows) == 2 else (np.concatenate(rows), np.concatenate(parts))

    def scored(self, term: Term) -> tuple[Ints, Floats]:
        """What `parts` gives for a term, kept at hand: for a level of few documents."""
        found = self._scored.get(term)
        if found is None:
            found = self.parts(self.held(term))
            self._room -= len(found[0])
            if self._room < 0:
                self._scored.clear()
                self._room = _ROOM - len(found[0])
            self._scored[term] = found
        return found

    def parts_at(self, terms: Sequence[Sequence[Held]], rows: Ints) -> list[Floats]:
        """For each of some terms its part in the scores of some documents that were not removed, ascending; 0 for those that do
        not hold it.
        """
        found = [np.zeros(len(rows)) for _ in terms]
        held = [{h.begin: h for h in term} for term in terms]
        edges = np.searchsorted(rows, self._begins).tolist()
        for segment, begin, first, last in zip(self._parts, self._begins, edges, edges[1:], strict=False):
            if first == last:
                continue
            wanted = (rows[first:last] - begin).astype(np.int32)
            norms = self._norm(segment.postings, begin, wanted)
            for parts, of_term in zip(found, held, strict=True):
                if (h := of_term.get(begin)) is None:
                    continue
                where = h.rows.searchsorted(wanted)
                where[where == len(h.rows)] = 0
                has = np.flatnonzero(h.rows[where] == wanted)
                if len(has):
                    count = segment.postings.counts[where[has] + h.place.start].astype(np.float64)
                    parts[first + has] = part(count, norms[has], self.k1)
        return found

    def get_scores(self, query: Sequence[Term]) -> Floats:
        """The score of every document, (rows,) float64, 0 for those without a term of the query."""
        scores = np.zeros(self.rows)
        for term, times in Counter(query).items():
            rows, part = self.parts(self.held(term))
            scores[rows] += times * self.idf_of(len(rows)) * part
        return scores

    def get_batch_scores(self, query: Sequence[Term], doc_ids: Sequence[int]) -> list[float]:
        """The scores of some documents."""
        return [float(s) for s in self.get_scores(query)[list(doc_ids)]]

    def get_top_n(self, query: Sequence[Term], documents: Sequence[Any], n: int = 5) -> list[Any]:
        """The best `n` documents, best first, ties by place; only such as hold a term of the query."""
        return [documents[row] for row in top(self.get_scores(query), n)]

    @property
    def _mean(self) -> float:
        return max(self.avgdl, 1e-9)

    def _norm(self, postings: Postings, begin: int, rows: Rows) -> Floats:
        """k1 * (1 - b + b * length / mean length) of some documents of the segment that begins at `begin`."""
        found: Floats
        if len(postings.lengths) > _FEW:
            found = norm(postings.lengths[rows], self._mean, self.b, self.k1)
            return found
        found = self._norms(begin)[rows]
        return found

    def _norms_of(self, begin: int) -> Floats:
        """The norms of all documents of the segment that begins at `begin`."""
        lengths = self._parts[bisect_right(self._begins[:-1], begin) - 1].postings.lengths.all()
        found: Floats = norm(lengths, self._mean, self.b, self.k1)
        return found

    def _score(self, held: Held, rows: Rows, counts: Rows) -> Floats:
        count = counts.astype(np.float64)
        found: Floats = part(count, self._norm(held.part.postings, held.begin, rows), self.k1)
        return found
