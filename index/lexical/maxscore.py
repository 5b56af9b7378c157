"""What one level says of a question: each document's share of the question's mass, for the documents that are asked for.

The best documents are found without scoring all (MaxScore: Turtle and Flood 1995, "Query evaluation: strategies and
optimizations"): the rarest terms are read first, and once the terms that are left cannot lift a new document among the best, they
are only looked up in the documents already found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays.row_ranges import distinct
from ..types import Floats, Ints, Mask
from .bm25 import BM25, Held, Term
from .top_k import best

_FEW = 50_000  # documents: so many are all scored, which costs less than finding out which need not be
_ERROR = 1e-9  # more than sums of shares can err: shares lie between 0 and 1

Keep = Callable[[Ints], Mask]


@dataclass(frozen=True, slots=True)
class _Asked:
    word: str
    held: tuple[Held, ...]
    factor: float  # qtf * idf / mass


class LevelScorer:
    """BM25 divided by its mass, the largest score that any document could reach: the sum of qtf * idf * (k1 + 1).

    `question`: each term with its numbers; a term that no document holds counts in the mass. `weights`: each term's share of the
    mass; they add up to 1.
    """

    def __init__(self, level: BM25, question: Sequence[tuple[str, Term]]) -> None:
        self._level = level
        counted = sorted(Counter(question).items())
        self._all = np.zeros(level.rows) if level.rows <= _FEW else None
        scored = [level.scored(term) for (_, term), _ in counted] if self._all is not None else []
        held = [level.held(term) for (_, term), _ in counted] if self._all is None else []
        documents = [len(rows) for rows, _ in scored] or [level.documents(of_term) for of_term in held]
        known = [level.frequency(term, count) for ((_, term), _), count in zip(counted, documents, strict=True)]
        weights = [times * level.idf_of(count) for (_, times), count in zip(counted, known, strict=True)]
        mass = sum(weights) * (level.k1 + 1)
        words = [word for (word, _), _ in counted]
        self.weights = {word: w * (level.k1 + 1) / mass for word, w in zip(words, weights, strict=True)}
        self._asked = [_Asked(word, h, w / mass) for word, h, w in zip(words, held, weights, strict=False) if h]
        self._each: list[tuple[str, Ints, Floats]] = []  # where all are scored: per term, the documents and their shares
        for word, (rows, parts), weight in zip(words, scored, weights, strict=False):
            if self._all is not None and len(rows):
                shares = weight / mass * parts
                self._all[rows] += shares
                self._each.append((word, rows, shares))

    def at(self, rows: Ints) -> Floats:
        """The shares of some documents that were not removed: between 0 and 1, the same whatever else is asked for."""
        if self._all is not None:
            return self._all.take(rows)
        asked = distinct(rows)
        return self._sums(asked).take(asked.searchsorted(rows))

    def _sums(self, rows: Ints) -> Floats:
        """The shares of some documents that were not removed, which are given in ascending order."""
        if self._all is not None:
            return self._all.take(rows)
        total = np.zeros(len(rows))
        for _, shares in self._of_each(rows):
            total += shares
        return total

    def of(self, rows: Ints) -> list[dict[str, float]]:
        """The terms that each of some documents, ascending, shares with the question, and what each adds to its share."""
        found: list[dict[str, float]] = [{} for _ in rows]
        for word, shares in self._of_each(rows):
            for place, share in enumerate(shares.tolist()):
                if share > 0:
                    found[place][word] = share
        return found

    def _of_each(self, rows: Ints) -> Iterator[tuple[str, Floats]]:
        if self._all is None:
            parts = self._level.parts_at([asked.held for asked in self._asked], rows)
            yield from ((asked.word, asked.factor * of_term) for asked, of_term in zip(self._asked, parts, strict=True))
        for word, held, shares in self._each:
            place = held.searchsorted(rows)
            place[place == len(held)] = 0
            yield word, shares.take(place) * (held.take(place) == rows)

    def best(self, n: int, keep: Keep | None = None, in_order: Callable[[Ints], Ints] = np.sort) -> tuple[Ints, Ints]:
        """The `n` documents with the largest shares and their ranks, see `top_k.best`; such as hold a term of the question.

        `keep`: says which of some documents may be among them; None for all.
        """
        rows = self._candidates(n, keep)
        return best(rows, self._sums(rows), n, in_order)

    def _candidates(self, n: int, keep: Keep | None) -> Ints:
        """The best `n` documents and those that may tie with them, and perhaps others; ascending."""
        if self._all is not None:
            rows = np.flatnonzero(self._all)
            return rows if keep is None else rows[keep(rows)]
        bounds = sorted(((asked.factor * self._level.bound(asked.held), asked) for asked in self._asked), key=lambda b: -b[0])
        left = [sum(bound for bound, _ in bounds[i:]) for i in range(len(bounds))]
        rows, sums = np.zeros(0, np.int64), np.zeros(0)
        for (_, asked), most in zip(bounds, left, strict=True):
            least = _nth(sums, n) - _ERROR
            if most < least:  # no new document can come among the best
                near = sums + most >= least
                rows, sums = rows[near], sums[near]
                sums = sums + asked.factor * self._level.parts_at([asked.held], rows)[0]
                continue
            found, parts = self._level.parts(asked.held)
            if keep is not None:
                kept = keep(found)
                found, parts = found[kept], parts[kept]
            rows, sums = _merged(rows, sums, found, asked.factor * parts)
        return rows[sums >= _nth(sums, n) - _ERROR]


def _nth(sums: Floats, n: int) -> float:
    """The n-th largest; 0 where there are fewer."""
    return float(np.partition(sums, len(sums) - n)[len(sums) - n]) if len(sums) >= n > 0 else 0.0


def _merged(rows: Ints, sums: Floats, more: Ints, parts: Floats) -> tuple[Ints, Floats]:
    """Two ascending lists of documents as one, what they have in common added up."""
    if not len(rows) or not len(more):
        return (more, parts) if len(more) else (rows, sums)
    both, values = np.concatenate([rows, more]), np.concatenate([sums, parts])
    order = np.argsort(both, kind="stable")  # of two ascending runs: one pass
    both, values = both[order], values[order]
    first = np.flatnonzero(np.concatenate(([True], both[1:] != both[:-1])))
    return both[first], np.add.reduceat(values, first)
