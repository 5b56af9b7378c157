"""The SQLite file of an index: articles as read, their sentences, the vectors, and the manifest of what is published.

The manifest names the segments that belong to the articles and is changed in the same transaction as they are, so text,
BM25 and vectors are published, or not, as one. A reader keeps the snapshot that it opened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from ...errors import IndexDamaged, IndexMissing, IndexNoAccess
from ..remedies import BEYOND_REPAIR, mend
from .layout import FILE, FORMAT
from .schema import DERIVED, SCHEMA

_NO_ACCESS = (
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the operating system say of an index's files into IndexNoAccess or IndexDamaged, one line each, and
    say of damage what mends it.
    """
    try:
        yield
    except IndexDamaged as error:
        if error.remedy:
            raise
        raise IndexDamaged(error.what, mend(folder)) from None
    except FileNotFoundError as error:
        raise IndexDamaged(f"{error.filename}: missing", mend(folder)) from None
    except OSError as error:
        raise IndexNoAccess(f"{error.filename or folder}: {error.strerror or error}") from None
    except UnicodeError:
        raise IndexDamaged(f"{folder / FILE}: holds bytes that are not text", BEYOND_REPAIR) from None
    except sqlite3.ProgrammingError:  # of the program that calls: closed, or of another thread
        raise
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NO_ACCESS:
            raise IndexNoAccess(f"{folder / FILE}: {error}") from None
        raise IndexDamaged(f"{folder / FILE}: {error}", BEYOND_REPAIR) from None


class ReadConnection(sqlite3.Connection):
    """A connection that holds a snapshot. Where SQLite may write nothing, not even a lock, it cannot hold one: then the file must
    stay as it was when it was opened (`seen`), which `check` sees to.
    """

    path: Path | None = None
    seen: tuple[int, ...] = ()

    def check(self) -> None:
        """To be called after what was read: raises IndexNoAccess where it may be of another commit."""
        if self.path is not None and _seen(self.path) != self.seen:
            raise IndexNoAccess(f"{self.path.parent}: was written to while it was read: open it again")


def _seen(path: Path) -> tuple[int, ...]:
    """What changes when a file is written to, or replaced."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def reading(folder: Path, db: sqlite3.Connection) -> Iterator[None]:
    """What `guarded` does, around reads of a connection that was made to read. Raises IndexNoAccess where the snapshot was lost."""
    with guarded(folder):
        try:
            yield
        finally:
            if isinstance(db, ReadConnection):
                db.check()


def connect_to_read(folder: Path) -> ReadConnection:
    """A connection that holds a snapshot. Raises IndexMissing, IndexNoAccess and IndexDamaged."""
    path = folder / FILE
    if not is_there(folder):
        raise IndexMissing(f"no index in {folder}")
    with guarded(folder):
        connection = _read_only(path)
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] and not _has_arrays(folder):
            connection.close()
            raise IndexMissing(f"no index in {folder}: nothing was ever published there")
    connection.text_factory = _text
    return connection


def is_there(folder: Path) -> bool:
    """Whether a folder holds an index, of whatever state. Raises IndexNoAccess where that cannot be seen."""
    with guarded(folder):
        return (folder / FILE).is_file()


def _has_arrays(folder: Path) -> bool:
    return any(path.is_dir() for path in folder.glob("[sg]e[gn]*-*[0-9]"))


def _text(value: bytes) -> str:
    """Text as it is stored; where a bit has changed, as something that no digest will match."""
    return value.decode("utf-8", "surrogateescape")


def _read_only(path: Path) -> ReadConnection:
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=10, check_same_thread=False, factory=ReadConnection
    )
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:  # a folder that may not be written to: then nobody else writes either
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise IndexNoAccess(
                f"{path.parent}: its log ({log.name}) cannot be read in a folder that may not be written to: "
                "open the index once where it may be, or copy it from there after that"
            ) from None
        seen = _seen(path)
        connection = sqlite3.connect(
            f"{address}&immutable=1", uri=True, isolation_level=None, check_same_thread=False, factory=ReadConnection
        )
        connection.path, connection.seen = path, seen
    return connection


def connect_to_write(folder: Path) -> sqlite3.Connection:
    """A connection for the one writer; makes the file where there is none. Its format may be an older one."""
    with guarded(folder):
        connection = sqlite3.connect(folder / FILE, isolation_level=None, timeout=10)
        try:
            connection.execute("PRAGMA page_size = 8192")
            connection.execute("PRAGMA cache_size = -131072")  # 128 MB: the keys of a few million vectors
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # a commit is on the disk when it returns
            connection.execute("PRAGMA fullfsync = ON")  # as on macOS only this sees to
            connection.text_factory = _text
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                if _has_arrays(folder):
                    raise IndexDamaged(f"{folder / FILE}: empty", "restore it, or delete the index and add the articles again")
                connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} {DERIVED} PRAGMA user_version = {FORMAT}; COMMIT")
        except (sqlite3.DatabaseError, IndexDamaged):
            connection.close()
            raise
    return connection


def format_of(connection: sqlite3.Connection) -> int:
    """The format of what is stored. Raises IndexDamaged for one that is newer than this version."""
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found == 0:
        if not connection.execute("SELECT count(*) FROM pragma_table_info('article') WHERE name = 'passages'").fetchone()[0]:
            raise IndexDamaged(f"{FILE}: holds no index", "restore it, or delete the index and add the articles again")
        found = 1
    if not 0 < found <= FORMAT:
        raise IndexDamaged(f"{FILE}: of format {found}, this version reads up to {FORMAT}", "install a newer pullquote")
    return found
