"""Stretches of rows, as of the articles that a filter admits or that were removed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..types import Ints, Mask


@dataclass(frozen=True, slots=True)
class RowRanges:
    """Rows from `begins[i]` to `ends[i]`, exclusive; ascending, none overlapping."""

    begins: Ints
    ends: Ints

    @classmethod
    def of(cls, mask: Mask) -> RowRanges:
        """The stretches in which a mask is true."""
        edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
        return cls(edges[::2], edges[1::2])

    @property
    def size(self) -> int:
        """How many rows there are in all."""
        return int((self.ends - self.begins).sum())

    def has(self, rows: npt.NDArray[np.integer]) -> Mask:
        """Which of some rows are in a stretch."""
        if not len(self.begins):
            return np.zeros(len(rows), bool)
        place = np.searchsorted(self.begins, rows, side="right") - 1
        found: Mask = (place >= 0) & (rows < self.ends[place])
        return found

    def count(self, rows: npt.NDArray[np.integer]) -> int:
        """How many of some rows, ascending, are in a stretch."""
        return int((np.searchsorted(rows, self.ends) - np.searchsorted(rows, self.begins)).sum())

    def rows(self) -> Ints:
        """All rows."""
        sizes = self.ends - self.begins
        before = np.cumsum(sizes) - sizes
        return np.repeat(self.begins - before, sizes) + np.arange(int(sizes.sum()))


def distinct(rows: npt.NDArray[np.integer]) -> Ints:
    """The rows without repetition, ascending: what np.unique does, which imports numpy.ma at its first call."""
    rows = np.sort(rows).astype(np.int64, copy=False)
    found: Ints = rows[np.concatenate((np.ones(min(len(rows), 1), bool), rows[1:] != rows[:-1]))]
    return found
