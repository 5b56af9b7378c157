"""How sentences go through an encoder: only such of one length together, so that nothing is padded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

BATCH = 4  # the fastest of 1, 2, 4, 8, 16 and 32 on two cores: the last batch of each length is filled up


def batches(lengths: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """The places of the sentences of each batch, and the same filled up to BATCH, longest sentences first.

    A matrix product may differ in its last bits with the number of rows; in batches that are always full, of sentences of one
    length, a sentence has the same vector whatever else is encoded with it.
    """
    by_length: dict[int, list[int]] = defaultdict(list)
    for place, length in enumerate(lengths):
        by_length[length].append(place)
    for _, places in sorted(by_length.items(), reverse=True):
        for first in range(0, len(places), BATCH):
            batch = places[first : first + BATCH]
            yield batch, batch + [batch[-1]] * (BATCH - len(batch))
