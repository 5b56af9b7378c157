"""BM25 at three levels (article, passage, sentence) over postings, on rank-bm25's base class.

rank-bm25's own classes give a term in half of the documents an idf of 0 (or less), divide by zero on an empty corpus
and scan every document. Here the idf is Lucene's, which is never negative:

    idf(t)     = ln(1 + (N - n(t) + 0.5) / (n(t) + 0.5))
    part(t, d) = f * (k1 + 1) / (f + k1 * (1 - b + b * length(d) / mean length))       f: how often t is in d
    score      = sum over the question's terms of  qtf(t) * idf(t) * part(t, d)

(Robertson et al. 1994; Kamphuis et al. 2020, "Which BM25 do you mean?".) Query side and document side stay apart, so a
score is a plain inner product of the two.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import rank_bm25

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]

K1 = 1.5
B_LONG = 0.75
B_SENTENCE = 0.3
LEVELS = {"article": B_LONG, "passage": B_LONG, "sentence": B_SENTENCE}


class BM25(rank_bm25.BM25):  # type: ignore[misc]
    """BM25 over documents given as term numbers; keeps rank-bm25's `corpus_size`, `avgdl`, `doc_len`, `k1` and `b`.

    Postings instead of `doc_freqs`: the documents of term t are `rows[start[t]:start[t + 1]]`, ascending, and `counts` says
    how often it is in each.
    """

    start: Ints
    rows: Rows
    counts: Rows
    doc_len: Rows
    corpus_size: int
    avgdl: float

    def __init__(self, corpus: Iterable[Sequence[int]], k1: float = K1, b: float = B_LONG) -> None:
        self.k1, self.b = k1, b
        super().__init__(corpus)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], k1: float, b: float) -> BM25:
        """As saved by `arrays`; nothing is copied, so memory-mapped arrays stay on disk."""
        self = cls.__new__(cls)
        self.k1, self.b = k1, b
        self.start, self.rows = arrays["start"], arrays["rows"]
        self.counts, self.doc_len = arrays["counts"], arrays["lengths"]
        self.corpus_size = len(self.doc_len)
        self.avgdl = float(arrays["total"][0]) / self.corpus_size if self.corpus_size else 0.0
        return self

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What `from_arrays` takes: start, rows, counts, lengths and total (the sum of the lengths)."""
        total = np.array([self.doc_len.sum(dtype=np.int64)])
        return {"start": self.start, "rows": self.rows, "counts": self.counts, "lengths": self.doc_len, "total": total}

    def _initialize(self, corpus: Iterable[Sequence[int]]) -> int:
        terms, rows, counts, lengths = array("i"), array("i"), array("i"), array("i")
        for row, document in enumerate(corpus):
            tally = Counter(document)
            terms.extend(tally.keys())
            counts.extend(tally.values())
            rows.extend([row] * len(tally))
            lengths.append(len(document))
        numbers = np.frombuffer(terms, np.int32) if terms else np.zeros(0, np.int32)
        order = np.argsort(numbers, kind="stable")  # rows stay ascending within a term
        self.rows = np.array(rows, np.int32)[order]
        self.counts = np.array(counts, np.int32)[order]
        self.start = np.concatenate(([0], np.cumsum(np.bincount(numbers)))) if terms else np.zeros(1, np.int64)
        self.doc_len = np.array(lengths, np.int32)
        self.corpus_size = len(lengths)
        self.avgdl = float(self.doc_len.sum(dtype=np.int64)) / self.corpus_size if lengths else 0.0
        return self.corpus_size

    def _calc_idf(self, nd: Any) -> None:
        """Nothing to do: the idf comes from the postings, see `idf_of`."""

    def idf_of(self, term: int) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)), positive; -1 stands for a term that is in no document."""
        n = int(self.start[term + 1] - self.start[term]) if 0 <= term < len(self.start) - 1 else 0
        return math.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5))

    def parts(self, term: int) -> tuple[Rows, Floats]:
        """The documents that hold a term and its part in the score of each, between 0 and k1 + 1."""
        if not 0 <= term < len(self.start) - 1:
            return np.zeros(0, np.int32), np.zeros(0)
        where = slice(int(self.start[term]), int(self.start[term + 1]))
        rows, count = self.rows[where], self.counts[where].astype(np.float64)
        norm = self.k1 * (1 - self.b + self.b * self.doc_len[rows] / max(self.avgdl, 1e-9))
        return rows, count * (self.k1 + 1) / (count + norm)

    def get_scores(self, query: Sequence[int]) -> Floats:
        """The score of every document, (corpus_size,) float64, 0 for those without a term of the query."""
        scores = np.zeros(self.corpus_size)
        for term, times in Counter(query).items():
            rows, part = self.parts(term)
            scores[rows] += times * self.idf_of(term) * part
        return scores

    def get_batch_scores(self, query: Sequence[int], doc_ids: Sequence[int]) -> list[float]:
        """The scores of some documents."""
        return [float(s) for s in self.get_scores(query)[list(doc_ids)]]

    def get_top_n(self, query: Sequence[int], documents: Sequence[Any], n: int = 5) -> list[Any]:
        """The best `n` documents, best first, ties by place; only such as hold a term of the query."""
        return [documents[row] for row in top(self.get_scores(query), n)]

    def mass(self, query: Sequence[int]) -> float:
        """The largest score that any document could reach: the sum of qtf * idf * (k1 + 1) over the query's terms."""
        return sum(times * self.idf_of(term) * (self.k1 + 1) for term, times in Counter(query).items())


def top(scores: Floats, n: int) -> Ints:
    """The places of the `n` largest scores above 0, largest first, ties by place."""
    found = np.flatnonzero(scores > 0)
    if len(found) > n > 0:
        least = np.partition(scores[found], len(found) - n)[len(found) - n]
        found = found[scores[found] >= least]
    return found[np.lexsort((found, -scores[found]))][:n]


@dataclass(frozen=True, slots=True)
class Share:
    """What one level says of a question: each document's share of the question's mass, and how each term adds to it."""

    total: Floats  # (documents,), between 0 and 1
    terms: tuple[tuple[str, Rows, Floats], ...]  # per distinct term: the documents that hold it (ascending), its shares there

    def of(self, row: int) -> dict[str, float]:
        """The terms that a document shares with the question, and what each adds to its share."""
        found = {}
        for term, rows, shares in self.terms:
            at = int(np.searchsorted(rows, row))
            if at < len(rows) and rows[at] == row:
                found[term] = float(shares[at])
        return found


def share(level: BM25, question: Sequence[tuple[str, int]]) -> Share:
    """BM25 divided by its mass. `question`: each term with its number in the vocabulary, -1 where it has none there."""
    numbers = [number for _, number in question]
    mass = level.mass(numbers)
    total = np.zeros(level.corpus_size)
    terms = []
    for (term, number), times in sorted(Counter(question).items()):
        rows, part = level.parts(number)
        if len(rows):
            added = times * level.idf_of(number) * part / mass
            total[rows] += added
            terms.append((term, rows, added))
    return Share(total, tuple(terms))
