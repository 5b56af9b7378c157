"""What a commit no longer needs, or one that failed has left. What cannot be removed now is removed by the next writer, so nothing
here raises: the commit is published, or is not, whatever becomes of it.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ..storage import layout, pending_vectors
from ..storage.manifest import Manifest
from ..storage.vectors import has_vector


def drop_segments(folder: Path, manifest: Manifest | None) -> bool:
    """Remove the folders of arrays that are not of the manifest; whether they are gone."""
    used = {layout.segment_name(segment.number) for segment in manifest.segments} if manifest else set()
    try:
        for path in sorted(folder.iterdir()):
            if layout.ANY_SEGMENT.fullmatch(path.name) and path.name not in used and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)  # a reader may hold it open, where that is not allowed: the next time
        return all(path.name in used for path in folder.iterdir() if layout.ANY_SEGMENT.fullmatch(path.name))
    except OSError:
        return False


def drop_published(folder: Path, db: sqlite3.Connection) -> None:
    """Remove the pending vectors that are published."""
    with suppress(sqlite3.DatabaseError, OSError):
        waiting = pending_vectors.Pending(folder)
        try:
            waiting.drop(lambda key: has_vector(db, key))
        finally:
            waiting.close()


def drop_files(folder: Path, names: Sequence[str]) -> None:
    """Remove files of an index."""
    for name in names:
        with suppress(OSError):
            (folder / name).unlink()
