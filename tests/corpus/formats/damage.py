"""Files that are damaged: cut off, or with some bytes changed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

from pullquote.errors import ReadError

CUTS = 40


def damaged(whole: bytes, chance: random.Random, changed: int) -> Iterator[bytes]:
    """A file cut off at 40 places, and so many times with 1, 3 or 30 of its bytes changed."""
    yield from (whole[: len(whole) * n // CUTS] for n in range(CUTS))
    for _ in range(changed):
        flipped = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
        yield bytes(flipped)


def refused(files: Iterable[bytes], read: Callable[[bytes, str], Iterable[object]], name: str) -> int:
    """How many files a reader refuses; what it raises but ReadError is passed on."""
    count = 0
    for data in files:
        try:
            list(read(data, name))
        except ReadError:
            count += 1
    return count
