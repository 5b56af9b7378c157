"""Files that are seen on the disk, with their sizes and digests, and found again as they were."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from ...errors import IndexDamaged
from ..remedies import mend


@dataclass(frozen=True, slots=True)
class FileMeta:
    """A file as it was written: its size in bytes, and its SHA-256 in hex."""

    bytes: int
    sha256: str


def sealed(path: Path) -> FileMeta:
    """The size and SHA-256 of a file that is now on the disk, for the manifest."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return FileMeta(path.stat().st_size, digest(path))


def seal_folder(folder: Path) -> None:
    """See the names in a folder on the disk."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


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
