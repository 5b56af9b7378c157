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
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import rank_bm25

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]
Term = tuple[int, ...]  # its number in the vocabulary of each segment, -1 where it is not in it

K1 = 1.5
B_LONG = 0.75
B_SENTENCE = 0.3
LEVELS = {"article": B_LONG, "passage": B_LONG, "sentence": B_SENTENCE}


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents of term t are `rows[start[t]:start[t + 1]]`, ascending, and `counts` says how often it is in each."""

    start: Ints
    rows: Rows
    counts: Rows
    lengths: Rows  # in terms, of each document

    @classmethod
    def of(cls, documents: Iterable[Sequence[int]]) -> Postings:
        """From documents given as term numbers."""
        terms, rows, counts, lengths = array("i"), array("i"), array("i"), array("i")
        for row, document in enumerate(documents):
            tally = Counter(document)
            terms.extend(tally.keys())
            counts.extend(tally.values())
            rows.extend([row] * len(tally))
            lengths.append(len(document))
        numbers = np.frombuffer(terms, np.int32) if terms else np.zeros(0, np.int32)
        order = np.argsort(numbers, kind="stable")  # rows stay ascending within a term
        start = np.concatenate(([0], np.cumsum(np.bincount(numbers)))) if terms else np.zeros(1, np.int64)
        return cls(start, np.array(rows, np.int32)[order], np.array(counts, np.int32)[order], np.array(lengths, np.int32))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Postings:
        return cls(arrays["start"], arrays["rows"], arrays["counts"], arrays["lengths"])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"start": self.start, "rows": self.rows, "counts": self.counts, "lengths": self.lengths}

    def of_term(self, term: int) -> tuple[Rows, Rows]:
        """The documents that hold a term, and how often each does."""
        if not 0 <= term < len(self.start) - 1:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        where = slice(int(self.start[term]), int(self.start[term + 1]))
        return self.rows[where], self.counts[where]


@dataclass(frozen=True, slots=True)
class Part:
    """The documents of one segment. `alive`: (documents,) bool, those that were not removed; None for all."""

    postings: Postings
    alive: npt.NDArray[np.bool_] | None = None


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
        self._begins = np.cumsum([0, *(len(part.postings.lengths) for part in parts)])
        self.rows = int(self._begins[-1])
        kept = [p.postings.lengths if p.alive is None else p.postings.lengths[p.alive] for p in parts]
        self.corpus_size = sum(len(lengths) for lengths in kept)
        total = sum(int(lengths.sum(dtype=np.int64)) for lengths in kept)
        self.avgdl = total / self.corpus_size if self.corpus_size else 0.0
        return self.corpus_size

    def _calc_idf(self, nd: Any) -> None:
        """Nothing to do: the idf comes from the postings, see `idf_of`."""

    def idf_of(self, documents: int) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)), positive, of a term that is in `documents` documents."""
        return math.log(1 + (self.corpus_size - documents + 0.5) / (documents + 0.5))

    def parts(self, term: Term) -> tuple[Ints, Floats]:
        """The documents that hold a term, ascending, and its part in the score of each, between 0 and k1 + 1."""
        rows, parts = [np.zeros(0, np.int64)], [np.zeros(0)]
        for part, begin, number in zip(self._parts, self._begins, term, strict=False):
            found, counts = part.postings.of_term(number)
            if part.alive is not None:
                kept = part.alive[found]
                found, counts = found[kept], counts[kept]
            count = counts.astype(np.float64)
            norm = self.k1 * (1 - self.b + self.b * part.postings.lengths[found] / max(self.avgdl, 1e-9))
            rows.append(found + begin)
            parts.append(count * (self.k1 + 1) / (count + norm))
        return np.concatenate(rows), np.concatenate(parts)

    def get_scores(self, query: Sequence[Term]) -> Floats:
        """The score of every document, (rows,) float64, 0 for those without a term of the query."""
        scores = np.zeros(self.rows)
        for term, times in Counter(query).items():
            rows, part = self.parts(term)
            scores[rows] += times * self.idf_of(len(rows)) * part
        return scores

    def get_batch_scores(self, query: Sequence[Term], doc_ids: Sequence[int]) -> list[float]:
        """The scores of some documents."""
        return [float(s) for s in self.get_scores(query)[list(doc_ids)]]

    def get_top_n(self, query: Sequence[Term], documents: Sequence[Any], n: int = 5) -> list[Any]:
        """The best `n` documents, best first, ties by place; only such as hold a term of the query."""
        return [documents[row] for row in top(self.get_scores(query), n)]


def best(rows: Ints, scores: Floats, n: int, in_order: Callable[[Ints], Ints] = np.sort) -> tuple[Ints, Ints]:
    """The `n` rows with the largest scores, largest first, and their ranks from 1, equal for equal scores.

    Where more would share the last rank than there is room for, the first of them `in_order` are taken.
    """
    if len(rows) > n > 0:
        least = np.partition(scores, len(rows) - n)[len(rows) - n]
        above, level = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
        if len(above) + len(level) > n:
            kept = in_order(rows[level])[: n - len(above)]
            level = level[np.isin(rows[level], kept)]
        chosen = np.concatenate([above, level])
        rows, scores = rows[chosen], scores[chosen]
    order = np.lexsort((rows, -scores))
    rows, falling = rows[order], -scores[order]
    return rows, np.searchsorted(falling, falling, side="left") + 1


def top(scores: Floats, n: int) -> Ints:
    """The places of the `n` largest scores above 0, largest first, ties by place."""
    found = np.flatnonzero(scores > 0)
    return best(found, scores[found], n)[0]


@dataclass(frozen=True, slots=True)
class Share:
    """What one level says of a question: each document's share of the question's mass, and how each term adds to it."""

    total: Floats  # (documents,), between 0 and 1
    terms: tuple[tuple[str, Ints, Floats], ...]  # per distinct term: the documents that hold it (ascending), its shares there

    def of(self, row: int) -> dict[str, float]:
        """The terms that a document shares with the question, and what each adds to its share."""
        found = {}
        for term, rows, shares in self.terms:
            at = int(np.searchsorted(rows, row))
            if at < len(rows) and rows[at] == row:
                found[term] = float(shares[at])
        return found


def share(level: BM25, question: Sequence[tuple[str, Term]]) -> Share:
    """BM25 divided by its mass, the largest score that any document could reach: the sum of qtf * idf * (k1 + 1).

    `question`: each term with its numbers; a term that no document holds counts in the mass.
    """
    found = {word: (times, *level.parts(term)) for (word, term), times in sorted(Counter(question).items())}
    mass = sum(times * level.idf_of(len(rows)) * (level.k1 + 1) for times, rows, _ in found.values())
    total = np.zeros(level.rows)
    terms = []
    for word, (times, rows, part) in found.items():
        if len(rows):
            added = times * level.idf_of(len(rows)) * part / mass
            total[rows] += added
            terms.append((word, rows, added))
    return Share(total, tuple(terms))
