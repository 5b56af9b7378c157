"""Arrays in one file: the safetensors format, written array by array and read by mapping the file. Nothing in it can run.

Beside each such file lies one of the CRC-32 of its blocks: a block is compared with it when something of it is first read, so that
opening costs the same for a small and a large file, and a question pays for what it reads.

(numpy's own format is not read here: its header goes through Python's parser, which on Python 3.11.0 to 3.11.7 may not be used
by several threads at once, see CPython issue 106905.)
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ...corpus.errors import IndexDamaged
from ..storage.database import mend
from .row_ranges import distinct

Piece = tuple[str, Iterable[npt.NDArray[Any]], tuple[int, ...], npt.DTypeLike]  # name, blocks of rows, shape, type
_SHIFT = 13
BLOCK = 1 << _SHIFT  # bytes
_HEADER = 1 << 14  # bytes
_SMALL = 512  # blocks: a file of no more is checked whole when it is first read
_TYPES = {"U8": np.uint8, "I32": np.int32, "I64": np.int64, "F32": np.float32}
_SUMS = np.dtype("<u4")


class Blocks:
    """A mapped file, checked block by block. It can be read even after the file is gone."""

    def __init__(self, path: Path, files: Mapping[str, Mapping[str, Any]]) -> None:
        """`files`: what the manifest says of this file and of its checksums. Raises IndexDamaged."""
        self._path, self._expected = path, files[sums_of(path).name]
        self.bytes = _mapped(path, files[path.name])
        self._view = memoryview(self.bytes)  # type: ignore[arg-type]
        self._sums = _mapped(sums_of(path), self._expected).view(_SUMS)
        if len(self._sums) != -(-len(self.bytes) // BLOCK):
            raise _damaged(sums_of(path))
        self._verified = False
        self._marks = bytearray(b"\1" * len(self._sums))  # 1: a block that was not read yet
        self._unread = np.frombuffer(self._marks, np.uint8)  # the same
        self.read = False  # whether all of it was

    def check(self, first: int, last: int) -> None:
        """To be called before the bytes from `first` to `last` are read. Raises IndexDamaged."""
        begin, end = first // BLOCK, -(-last // BLOCK)
        if self._marks.find(1, begin, end) >= 0:
            self._check(np.flatnonzero(self._unread[begin:end]) + begin)

    def check_rows(self, begin: int, rows: npt.NDArray[Any], size: int) -> None:
        """The same for some rows of an array that begins at `begin`, of `size` bytes each."""
        first = rows * np.int64(size)
        first += begin
        whole = size <= 8 and begin % size == 0 and BLOCK % size == 0  # no row lies in two blocks
        for offset in (0,) if whole else (*range(0, size, BLOCK), size - 1):
            blocks = (first + offset if offset else first) >> _SHIFT
            unread = self._unread.take(blocks)
            if np.count_nonzero(unread):
                self._check(distinct(blocks[unread > 0]))

    def _check(self, blocks: npt.NDArray[np.int64]) -> None:
        if not self._verified:
            if sha256(self._sums.tobytes()).hexdigest() != self._expected["sha256"]:
                raise _damaged(sums_of(self._path))
            self._verified = True
        if len(self._sums) <= _SMALL:
            blocks = np.flatnonzero(self._unread)
        for block in blocks.tolist():
            if crc32(self._view[block * BLOCK : (block + 1) * BLOCK]) != self._sums[block]:
                raise _damaged(self._path)
        self._unread[blocks] = 0
        self.read = self._marks.find(1) < 0


class Array:
    """An array, of a file or in memory; indexed by a row, a slice of rows, or an array of rows, like numpy's."""

    __slots__ = ("_begin", "_blocks", "_size", "_values", "shape")

    def __init__(self, values: npt.NDArray[Any], blocks: Blocks | None = None, begin: int = 0) -> None:
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


def read(blocks: Blocks) -> dict[str, Array]:
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


def mapped(path: Path, expected: Mapping[str, Any]) -> Callable[[], npt.NDArray[np.uint8]]:
    """What gives the bytes of a mapped file, checked each time as a whole. Raises IndexDamaged, now or then."""
    whole = _mapped(path, expected)

    def checked() -> npt.NDArray[np.uint8]:
        if sha256(whole.data).hexdigest() != expected["sha256"]:
            raise _damaged(path)
        return whole

    return checked


def _mapped(path: Path, expected: Mapping[str, Any]) -> npt.NDArray[np.uint8]:
    verify_size(path, expected)
    return np.asarray(np.memmap(path, np.uint8, "r"))


def sums_of(path: Path) -> Path:
    """The file of the checksums of a file's blocks."""
    return path.with_suffix(".crc")


def write_sums(path: Path) -> Path:
    """Write the checksums of a file's blocks. Raises OSError."""
    sums = sums_of(path)
    with path.open("rb", buffering=0) as file:
        found = [crc32(block) for block in iter(lambda: file.read(BLOCK), b"")]
    sums.write_bytes(np.array(found, _SUMS).tobytes())
    return sums


def sealed(path: Path) -> dict[str, Any]:
    """The size and SHA-256 of a file that is now on the disk, for the manifest."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return {"bytes": path.stat().st_size, "sha256": digest(path)}


def seal_folder(folder: Path) -> None:
    """See the names in a folder on the disk."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def verify(path: Path, expected: Mapping[str, Any]) -> None:
    """Raises IndexDamaged, naming the file, where it is not as it was sealed."""
    verify_size(path, expected)
    if digest(path) != expected["sha256"]:
        raise _damaged(path)


def verify_size(path: Path, expected: Mapping[str, Any]) -> None:
    """Raises IndexDamaged, naming the file, where it is not there or not of the size it was sealed with."""
    if not path.is_file():
        raise IndexDamaged(f"{path}: missing", mend(path.parent.parent))
    if path.stat().st_size != expected["bytes"]:
        raise _damaged(path)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _damaged(path: Path) -> IndexDamaged:
    return IndexDamaged(f"{path}: not as it was written (damaged, or of another index)", mend(path.parent.parent))
