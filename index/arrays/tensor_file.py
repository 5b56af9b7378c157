"""Arrays in one file: the safetensors format, written array by array and read by mapping the file. Nothing in it can run.

Beside each such file lies one of the CRC-32 of its blocks: a block is compared with it when something of it is first read, so that
opening costs the same for a small and a large file, and a question pays for what it reads.

(numpy's own format is not read here: its header goes through Python's parser, which on Python 3.11.0 to 3.11.7 may not be used
by several threads at once, see CPython issue 106905.)
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from .checksums import CheckedFile

Piece = tuple[str, Iterable[npt.NDArray[Any]], tuple[int, ...], npt.DTypeLike]  # name, blocks of rows, shape, type
_HEADER = 1 << 14  # bytes
_TYPES = {"U8": np.uint8, "I32": np.int32, "I64": np.int64, "F32": np.float32}


class Array:
    """An array, of a file or in memory; indexed by a row, a slice of rows, or an array of rows, like numpy's."""

    __slots__ = ("_begin", "_blocks", "_size", "_values", "shape")

    def __init__(self, values: npt.NDArray[Any], blocks: CheckedFile | None = None, begin: int = 0) -> None:
        self._values, self._blocks, self._begin = values, blocks, begin
        self.shape: tuple[int, ...] = values.shape
        self._size = values.itemsize * int(np.prod(values.shape[1:]))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: int | slice | npt.NDArray[Any]) -> Any:
        blocks = self._blocks
        if blocks is not None and not blocks.read:
            if isinstance(key, np.ndarray):
                blocks.check_rows(self._begin, key, self._size)
            else:
                first, last = (key, key + 1) if isinstance(key, int) else key.indices(len(self))[:2]
                if first < last:
                    blocks.check(self._begin + first * self._size, self._begin + last * self._size)
        return self._values.take(key, 0) if isinstance(key, np.ndarray) else self._values[key]

    def all(self) -> npt.NDArray[Any]:
        """All of it."""
        found: npt.NDArray[Any] = self[0 : len(self)]
        return found


def whole(name: str, values: npt.NDArray[Any]) -> Piece:
    """An array that is written as one block."""
    return name, (values,), values.shape, values.dtype


class Writing:
    """A file that is being written, array by array: none is kept in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._at = file, 0
        self.entries: dict[str, dict[str, Any]] = {}

    def add(self, name: str, blocks: Iterable[npt.NDArray[Any]], shape: tuple[int, ...], dtype: npt.DTypeLike) -> None:
        """Write an array of uint8, int32, int64 or float32, given in blocks of rows. Raises ValueError where they are not of that
        shape.
        """
        if empty := -self._at % 8:
            self._entry(f"_{self._at}", "U8", (empty,), [bytes(empty)])
        kind = next(kind for kind, known in _TYPES.items() if known == np.dtype(dtype))
        little = np.dtype(dtype).newbyteorder("<")
        self._entry(name, kind, shape, (np.ascontiguousarray(block, little).data for block in blocks))
        first, last = self.entries[name]["data_offsets"]
        if last - first != math.prod(shape) * little.itemsize:
            raise ValueError(f"{name}: {last - first} bytes, not {math.prod(shape) * little.itemsize}")

    def _entry(self, name: str, kind: str, shape: tuple[int, ...], pieces: Iterable[bytes | memoryview]) -> None:
        begin = self._at
        for piece in pieces:
            self._file.write(piece)
            self._at += memoryview(piece).nbytes
        self.entries[name] = {"dtype": kind, "shape": shape, "data_offsets": [begin, self._at]}


@contextmanager
def writing(path: Path) -> Iterator[Writing]:
    """Write a file of arrays. Raises OSError where the disk does not take it."""
    with path.open("wb") as file:
        file.seek(8 + _HEADER)
        made = Writing(file)
        yield made
        header = json.dumps(made.entries).encode().ljust(_HEADER)
        file.seek(0)
        file.write(len(header).to_bytes(8, "little") + header)
        if len(header) > _HEADER:
            raise ValueError(f"{path.name}: too many arrays")


def read(blocks: CheckedFile) -> dict[str, Array]:
    """The arrays of a mapped file. Raises IndexDamaged, now or when a block of it is read."""
    blocks.check(0, 8)
    begin = 8 + int.from_bytes(blocks.bytes[:8].tobytes(), "little")
    blocks.check(8, begin)
    found = {}
    for name, item in json.loads(blocks.bytes[8:begin].tobytes()).items():
        first, last = item["data_offsets"]
        values = blocks.bytes[begin + first : begin + last].view(_TYPES[item["dtype"]]).reshape(item["shape"])
        found[name] = Array(values, blocks, begin + first)
    return found
