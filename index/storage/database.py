"""The SQLite file of an index: articles as read, their sentences, the vectors, and the manifest of what is published.

The manifest names the segments that belong to the articles and is changed in the same transaction as they are, so text,
BM25 and vectors are published, or not, as one. A reader keeps the snapshot that it opened.
"""

from __future__ import annotations

import json
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ...corpus.errors import IndexDamaged, IndexMissing, IndexNoAccess

FILE = "pullquote.sqlite"
FILES = (FILE, f"{FILE}-wal", f"{FILE}-shm")
FORMAT = 3  # also the file's user_version, from 2 on; see upgrade.py

_NO_ACCESS = (
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (                    -- as read
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL,
    published TEXT, language TEXT NOT NULL, digest TEXT NOT NULL,
    origin TEXT NOT NULL,                 -- the file or folder it was added from, '' if none
    text TEXT NOT NULL
);
CREATE INDEX article_source ON article (source);
CREATE INDEX article_origin ON article (origin);
CREATE TABLE vector (                     -- by the SHA-256 of encoder and text
    key BLOB PRIMARY KEY, value BLOB NOT NULL, crc INTEGER NOT NULL, used INTEGER NOT NULL -- in how many articles
);
CREATE INDEX vector_unused ON vector (key) WHERE used <= 0;
"""
DERIVED = """
DROP TABLE IF EXISTS derived;
CREATE TABLE derived (                    -- from the articles alone
    number INTEGER PRIMARY KEY,
    passages TEXT,                        -- JSON [[[start, end], ...sentences], ...passages], NULL until it is cut
    segment INTEGER, row INTEGER,         -- where it is in the arrays, NULL until it is written
    story INTEGER,                        -- the smallest number among the copies of one story
    told INTEGER,                         -- how many articles tell that story
    crc INTEGER,                          -- of number, story and told
    own INTEGER                           -- 1 if most of its words stand in no other article
);
CREATE INDEX derived_uncut ON derived (number) WHERE passages IS NULL;
CREATE INDEX derived_segment ON derived (segment, row);
CREATE INDEX derived_story ON derived (story);
DROP TABLE IF EXISTS paragraph;
CREATE TABLE paragraph (                  -- of the stories, to find such as recur over many articles
    article INTEGER NOT NULL, fingerprint TEXT NOT NULL, words INTEGER NOT NULL, PRIMARY KEY (article, fingerprint)
) WITHOUT ROWID;
CREATE INDEX paragraph_fingerprint ON paragraph (fingerprint);
DROP TABLE IF EXISTS vote;
CREATE TABLE vote (                       -- how many articles of an outlet hold a paragraph and are no copies of others
    fingerprint TEXT NOT NULL, source TEXT NOT NULL, articles INTEGER NOT NULL, PRIMARY KEY (fingerprint, source)
) WITHOUT ROWID;
CREATE INDEX vote_many ON vote (source, articles) WHERE articles >= 4;
DROP TABLE IF EXISTS band;
CREATE TABLE band (                       -- of the MinHash signatures: copies of one story share some
    key INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX band_article ON band (article);
DROP TABLE IF EXISTS segment;
CREATE TABLE segment (number INTEGER PRIMARY KEY, dead BLOB NOT NULL); -- int32: rows of articles that were removed
"""


BEYOND_REPAIR = "save what can be read with `pullquote export`, then delete the index and add the articles again"


def mend(folder: Path) -> str:
    """What to do about a damaged index."""
    return f"run `pullquote doctor --repair --index {shlex.quote(str(folder))}`"


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
        raise IndexDamaged(f"{folder / FILE}: holds text that is none", BEYOND_REPAIR) from None
    except sqlite3.ProgrammingError:  # of the program that calls: closed, or of another thread
        raise
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NO_ACCESS:
            raise IndexNoAccess(f"{folder / FILE}: {error}") from None
        raise IndexDamaged(f"{folder / FILE}: {error}", BEYOND_REPAIR) from None


def connect_to_read(folder: Path) -> sqlite3.Connection:
    """A connection that holds a snapshot. Raises IndexMissing, IndexNoAccess and IndexDamaged."""
    path = folder / FILE
    if not path.is_file():
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


def _has_arrays(folder: Path) -> bool:
    return any(path.is_dir() for path in folder.glob("[sg]e[gn]*-*[0-9]"))


def _text(value: bytes) -> str:
    """Text as it is stored; where a bit has changed, as something that no digest will match."""
    return value.decode("utf-8", "surrogateescape")


def _read_only(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=10, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:  # a folder that may not be written to: then nobody else writes either
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise IndexNoAccess(f"{path.parent}: a write was cut short here: open it once where it may be written to") from None
        connection = sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    return connection


def connect_to_write(folder: Path) -> sqlite3.Connection:
    """A connection for the one writer; makes the file where there is none. Its format may be an older one."""
    with guarded(folder):
        connection = sqlite3.connect(folder / FILE, isolation_level=None, timeout=10)
        try:
            connection.execute("PRAGMA page_size = 8192")
            connection.execute("PRAGMA cache_size = -131072")  # 128 MB: the keys of a few million vectors
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
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


def manifest(connection: sqlite3.Connection) -> dict[str, Any] | None:
    """What is published; None before the first commit. Raises IndexDamaged."""
    found: dict[str, Any] | None = get_meta(connection, "manifest")
    if found is None and connection.execute("SELECT EXISTS (SELECT 1 FROM article)").fetchone()[0]:
        raise IndexDamaged(f"{FILE}: its manifest is missing")  # both are committed at once
    return found


def get_meta(connection: sqlite3.Connection, key: str) -> Any:
    row = connection.execute("SELECT value, sha256 FROM meta WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if _digest(key, row[0]) != row[1]:
        raise IndexDamaged(f"{FILE}: its {key} is not as it was stored")
    return json.loads(row[0])


def put_meta(connection: sqlite3.Connection, key: str, value: Any) -> None:
    text = json.dumps(value, sort_keys=True)
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (key, text, _digest(key, text)))


def digest(value: bytes) -> str:
    """SHA-256, in hex."""
    return sha256(value).hexdigest()


def _digest(key: str, text: str) -> str:
    return sha256(f"{key}\0{text}".encode("utf-8", "surrogateescape")).hexdigest()
