"""A mapped file, checked block by block when something of it is first read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from .row_ranges import distinct
from .sealing import FileMeta, damaged, verify_size

_SHIFT = 13
BLOCK = 1 << _SHIFT  # bytes
_SMALL = 512  # blocks: a file of no more is checked whole when it is first read
_SUMS = np.dtype("<u4")


class CheckedFile:
    """A mapped file, checked block by block. It can be read even after the file is gone."""

    def __init__(self, path: Path, files: Mapping[str, FileMeta]) -> None:
        """`files`: what the manifest says of this file and of its checksums. Raises IndexDamaged."""
        self._path, self._expected = path, files[sums_of(path).name]
        self.bytes = _mapped(path, files[path.name])
        self._view = memoryview(self.bytes)  # type: ignore[arg-type]
        self._sums = _mapped(sums_of(path), self._expected).view(_SUMS)
        if len(self._sums) != -(-len(self.bytes) // BLOCK):
            raise damaged(sums_of(path))
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
        """To be called before some rows of an array that begins at `begin` are read, `size` bytes each. Raises IndexDamaged."""
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
            if sha256(self._sums.tobytes()).hexdigest() != self._expected.sha256:
                raise damaged(sums_of(self._path))
            self._verified = True
        if len(self._sums) <= _SMALL:
            blocks = np.flatnonzero(self._unread)
        for block in blocks.tolist():
            if crc32(self._view[block * BLOCK : (block + 1) * BLOCK]) != self._sums[block]:
                raise damaged(self._path)
        self._unread[blocks] = 0
        self.read = self._marks.find(1) < 0


def mapped(path: Path, expected: FileMeta) -> Callable[[], npt.NDArray[np.uint8]]:
    """What gives the bytes of a mapped file, checked each time as a whole. Raises IndexDamaged, now or then."""
    whole = _mapped(path, expected)

    def checked() -> npt.NDArray[np.uint8]:
        if sha256(whole.data).hexdigest() != expected.sha256:
            raise damaged(path)
        return whole

    return checked


def _mapped(path: Path, expected: FileMeta) -> npt.NDArray[np.uint8]:
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
