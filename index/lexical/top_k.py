"""The best of some documents by their scores, in a total order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..types import Floats, Ints


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
