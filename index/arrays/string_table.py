"""A sorted list of strings in two files: looked up by halving, without building a dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .tensor_file import Array


class StringTable:
    """Distinct strings in code point order (which is also the order of their UTF-8 bytes)."""

    def __init__(self, blob: Array, ends: Array) -> None:
        """`blob`: uint8, the strings one after the other; `ends`: (strings + 1,) int64, where each begins, and the last ends."""
        self._blob, self._ends = blob, ends

    @classmethod
    def of(cls, strings: Iterable[str]) -> StringTable:
        """The table of some distinct strings, in any order."""
        encoded = [s.encode("utf-8", "surrogatepass") for s in sorted(strings)]
        ends = np.cumsum([0, *(len(s) for s in encoded)], dtype=np.int64)
        return cls(Array(np.frombuffer(b"".join(encoded), np.uint8)), Array(ends))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> StringTable:
        """The table out of the arrays that `arrays` gave."""
        return cls(arrays["bytes"], arrays["ends"])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What is written: `bytes`, uint8, the strings one after the other; `ends`, (strings + 1,) int64."""
        return {"bytes": self._blob.all(), "ends": self._ends.all()}

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> str:
        return self._bytes(place).decode("utf-8", "surrogatepass")

    def many(self, places: npt.NDArray[np.int64]) -> list[str]:
        """The strings at some places."""
        begins, ends = self._ends[places].tolist(), self._ends[places + 1].tolist()
        return [bytes(self._blob[a:b]).decode("utf-8", "surrogatepass") for a, b in zip(begins, ends, strict=True)]

    def find(self, string: str) -> int:
        """The place of a string, -1 if it is not there."""
        wanted, low, high = string.encode("utf-8", "surrogatepass"), 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self._bytes(low) == wanted else -1

    def _bytes(self, place: int) -> bytes:
        first, last = self._ends[place : place + 2].tolist()
        return bytes(self._blob[first:last])
