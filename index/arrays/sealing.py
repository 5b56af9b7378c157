"""Files that are seen on the disk, with their sizes and digests, and found again as they were."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from ...errors import IndexDamaged
from ..remedies import mend

if sys.platform == "darwin":
    import fcntl


@dataclass(frozen=True, slots=True)
class FileMeta:
    """A file as it was written: its size in bytes, and its SHA-256 in hex."""

    bytes: int
    sha256: str


def sealed(path: Path) -> FileMeta:
    """The size and SHA-256 of a file that is now on the disk, for the manifest."""
    with path.open("rb+") as file:
        _sync(file.fileno())
    return FileMeta(path.stat().st_size, digest(path))


def seal_folder(folder: Path) -> None:
    """See the names in a folder on the disk."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            _sync(descriptor)
        finally:
            os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, and see their names on the disk. Raises OSError."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in made:
        with suppress(PermissionError):  # a folder that may be written to and not read
            seal_folder(path.parent)


def _sync(descriptor: int) -> None:
    """Have what was written on the disk itself: on macOS fsync stops at the disk's own memory."""
    if sys.platform == "darwin":
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def verify(path: Path, expected: FileMeta) -> None:
    """Raises IndexDamaged, naming the file, where it is not as it was sealed."""
    verify_size(path, expected)
    if digest(path) != expected.sha256:
        raise damaged(path)


def verify_size(path: Path, expected: FileMeta) -> None:
    """Raises IndexDamaged, naming the file, where it is not there or not of the size it was sealed with."""
    if not path.is_file():
        raise IndexDamaged(f"{path}: missing", mend(path.parent.parent))
    if path.stat().st_size != expected.bytes:
        raise damaged(path)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def damaged(path: Path) -> IndexDamaged:
    """The error for a file that is not as it was written, with what mends it."""
    return IndexDamaged(f"{path}: not as it was written (damaged, or of another index)", mend(path.parent.parent))
