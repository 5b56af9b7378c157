"""Which documents hold a term, and how often: in memory while they are gathered, in files and mapped from then on."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from ..arrays.row_ranges import RowRanges
from ..arrays.tensor_file import Array, Piece, whole
from ..types import Ints, Rows

_BLOCK = 1 << 21  # postings
_ANY = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents of term t are `rows[start[t]:start[t + 1]]`, ascending, and `counts` says how often it is in each.

    For a bound on what a term can add to a score, `bounds` has per term the largest count and the smallest whole number of
    length / count in a document.
    """

    start: Array  # (terms + 1,) int64
    rows: Array  # int32
    counts: Array  # int32
    lengths: Array  # (documents,) int32, in terms
    bounds: Array  # (terms, 2) int32
    total: Array  # (1,) int64: the sum of the lengths

    @classmethod
    def of(cls, terms: npt.NDArray[np.integer], documents: npt.NDArray[np.integer], count: int) -> Postings:
        """From the number of each term in `count` documents, in any order, and the document that it stands in."""
        pairs = terms.astype(np.int64)
        pairs *= max(count, 1)
        pairs += documents
        pairs.sort()
        new = np.concatenate((np.ones(min(len(pairs), 1), bool), pairs[1:] != pairs[:-1]))
        counts = np.diff(np.flatnonzero(new), append=len(pairs)).astype(np.int32)
        pairs = pairs[new]
        rows = (pairs % max(count, 1)).astype(np.int32)
        pairs //= max(count, 1)
        lengths = np.bincount(documents, minlength=count).astype(np.int32)
        start = np.concatenate(([0], np.cumsum(np.bincount(pairs)))).astype(np.int64)
        bounds = _bounds(start, counts, lengths[rows])
        total = np.array([lengths.sum(dtype=np.int64)])
        return cls(*(Array(values) for values in (start, rows, counts, lengths, bounds, total)))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Postings:
        """The postings out of the arrays that `arrays` gave, or a file of them."""
        return cls(**arrays)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What is written, by the names of the fields."""
        return {name: getattr(self, name).all() for name in self.__slots__}

    def place(self, term: int) -> slice:
        """Where the documents of a term stand in `rows` and `counts`."""
        if not 0 <= term < len(self.start) - 1:
            return slice(0, 0)
        first, last = self.start[term : term + 2].tolist()
        return slice(first, last)

    def sound(self, documents: int, terms: int) -> bool:
        """Whether rows ascend within each term, lie within the documents, and the counts add up to the lengths."""
        start, lengths = self.start.all(), self.lengths.all()
        if len(lengths) != documents or len(start) - 1 > terms or len(self.bounds) != len(start) - 1 or start[0] != 0:
            return False
        if start[-1] != len(self.rows) or start[-1] != len(self.counts) or (np.diff(start) < 0).any():
            return False
        sums = np.zeros(documents)
        for first, last in _blocks(start):
            rows, counts = self.rows[start[first] : start[last]], self.counts[start[first] : start[last]]
            if len(rows) and (rows.min() < 0 or rows.max() >= documents or counts.min() < 1):
                return False
            begins = start[first : last + 1] - start[first]
            falls = np.flatnonzero(np.diff(rows) <= 0) + 1
            if not np.isin(falls, begins).all():
                return False
            if not np.array_equal(_bounds(begins, counts, lengths[rows]), self.bounds[first:last]):
                return False
            np.add.at(sums, rows, counts)
        return np.array_equal(sums, lengths) and int(self.total[0]) == int(lengths.sum(dtype=np.int64))

    def spilled(self, file: IO[bytes]) -> Postings:
        """These postings, mapped from the end of a file instead of in memory. Raises OSError where the disk does not take them."""
        found = {}
        for name, values in self.arrays().items():
            at = file.seek(0, os.SEEK_END)
            file.write(values.data)
            file.flush()
            found[name] = Array(np.asarray(np.memmap(file, values.dtype, "r", at, values.shape)) if values.size else values)
        return Postings(**found)


def merged(parts: Sequence[Postings], order: Ints) -> Iterator[Piece]:
    """The arrays of the postings of several parts as one, block by block; the documents of a part follow those of the one before.

    `order`: (terms,) the number in the parts of each term, as the terms are numbered from now on.
    """
    sizes, bounds = np.zeros(len(order), np.int64), np.full((len(order), 2), (0, _ANY), np.int32)
    for part in parts:
        held = np.diff(part.start.all())
        sizes[: len(held)] += held
        most, least = part.bounds.all().T
        np.maximum(bounds[: len(held), 0], most, out=bounds[: len(held), 0])
        np.minimum(bounds[: len(held), 1], np.where(held > 0, least, _ANY), out=bounds[: len(held), 1])
    bounds[sizes == 0] = 0
    start = np.concatenate(([0], np.cumsum(sizes[order])))
    count = sum(len(part.lengths) for part in parts)
    total = sum(int(part.total[0]) for part in parts)
    yield whole("start", start)
    yield "rows", _gathered(parts, order, start, "rows"), (int(start[-1]),), np.int32
    yield "counts", _gathered(parts, order, start, "counts"), (int(start[-1]),), np.int32
    yield "lengths", (part.lengths.all() for part in parts), (count,), np.int32
    yield whole("bounds", bounds[order])
    yield whole("total", np.array([total], np.int64))


def _gathered(parts: Sequence[Postings], order: Ints, start: Ints, name: str) -> Iterator[Rows]:
    """The rows or the counts of some terms after the other's, from all parts."""
    for first, last in _blocks(start):
        found = np.empty(int(start[last] - start[first]), np.int32)
        at, begin = start[first:last] - start[first], 0
        for part in parts:
            known = np.flatnonzero(order[first:last] < len(part.start) - 1)
            terms = order[first:last][known]
            begins, ends = part.start[terms], part.start[terms + 1]
            values = getattr(part, name)[RowRanges(begins, ends).rows()]
            found[RowRanges(at[known], at[known] + ends - begins).rows()] = values + begin if name == "rows" else values
            at[known] += ends - begins
            begin += len(part.lengths)
        yield found


def _blocks(start: Ints) -> Iterator[tuple[int, int]]:
    """The terms in blocks of some postings, or of a single term: the first of each, and where it ends."""
    first = 0
    while first < len(start) - 1:
        last = max(first + 1, int(np.searchsorted(start, start[first] + _BLOCK, side="right")) - 1)
        yield first, last
        first = last


def _bounds(start: Ints, counts: Rows, lengths: Rows) -> Rows:
    """See `Postings.bounds`; `lengths`: of the document of each posting."""
    found = np.zeros((len(start) - 1, 2), np.int32)
    held = np.flatnonzero(np.diff(start))
    if len(held):
        found[held, 0] = np.maximum.reduceat(counts, start[held])
        found[held, 1] = np.minimum.reduceat(lengths // counts, start[held])
    return found
