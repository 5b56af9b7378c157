"""Vectors that are embedded but not yet published: kept in a file of their own, so that an interrupted run loses none of them.

It is no part of the index: a reader never opens it, and where it is damaged it is begun anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from .layout import PENDING, PENDING_FILES


class Pending:
    """The vectors by their keys; every `put` is on the disk when it returns."""

    def __init__(self, folder: Path) -> None:
        """The file is made by the first `put`. Raises OSError or sqlite3.DatabaseError where it cannot be used."""
        self._folder = folder
        self._db: sqlite3.Connection | None = None
        if (folder / PENDING).exists():
            try:
                self._opened()
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                    raise
                self.clear()
        else:
            self.clear()  # of what a kill left

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = sqlite3.connect(self._folder / PENDING, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = TRUNCATE")
            self._db.execute("CREATE TABLE IF NOT EXISTS pending (key BLOB PRIMARY KEY, value BLOB NOT NULL, crc INTEGER NOT NULL)")
        return self._db

    def put(self, rows: Sequence[tuple[bytes, bytes, int]]) -> None:
        """Keep (key, vector, CRC-32 of the vector)."""
        try:
            self._put(rows)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise
            self.clear()  # damaged: what was in it is embedded again
            self._put(rows)

    def _put(self, rows: Sequence[tuple[bytes, bytes, int]]) -> None:
        db = self._opened()
        db.execute("BEGIN")
        db.executemany("INSERT OR REPLACE INTO pending VALUES (?, ?, ?)", rows)
        db.execute("COMMIT")

    def get(self, key: bytes) -> tuple[bytes, int] | None:
        """The vector of a key and its CRC-32; None where it is not kept."""
        if self._db is None:
            return None
        try:
            found: tuple[bytes, int] | None = self._db.execute("SELECT value, crc FROM pending WHERE key = ?", (key,)).fetchone()
        except sqlite3.DatabaseError:  # damaged: what was in it is embedded again
            self.clear()
            return None
        return found

    def drop(self, is_published: Callable[[bytes], bool]) -> None:
        """Let go of what is published; the file goes when nothing is left in it."""
        if self._db is None:
            return
        if all(is_published(key) for (key,) in self._db.execute("SELECT key FROM pending")):
            self.clear()
            return
        keys = [(key,) for (key,) in self._db.execute("SELECT key FROM pending") if is_published(key)]
        self._db.execute("BEGIN")
        self._db.executemany("DELETE FROM pending WHERE key = ?", keys)
        self._db.execute("COMMIT")

    def clear(self) -> None:
        """Remove the file, and all that is kept in it."""
        self.close()
        for name in PENDING_FILES:
            (self._folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; what is kept in it stays."""
        if self._db is not None:
            self._db.close()
            self._db = None


def count(folder: Path) -> int | None:
    """How many vectors wait; 0 where there is no such file, None where that cannot be told without writing to it."""
    try:
        if not (folder / PENDING).is_file():
            return 0
        db = sqlite3.connect(f"file:{quote(str((folder / PENDING).resolve()))}?mode=ro", uri=True)
        try:
            return int(db.execute("SELECT count(*) FROM pending").fetchone()[0])
        finally:
            db.close()
    except (sqlite3.DatabaseError, OSError):
        return None
