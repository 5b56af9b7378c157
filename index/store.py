"""The SQLite file of an index: articles as read, their sentences, the vectors, and the manifest of what is published.

The manifest names the folder of arrays that belongs to the articles and is changed in the same transaction as they are,
so text, BM25 and vectors are published, or not, as one. A reader keeps the snapshot that it opened.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..corpus.article import Article
from ..corpus.boilerplate import Holder
from ..corpus.errors import IndexDamaged, IndexMissing, IndexNoAccess

FILE = "pullquote.sqlite"
FILES = (FILE, f"{FILE}-wal", f"{FILE}-shm")
FORMAT = 1

_NO_ACCESS = (
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)

_COLUMNS = "id, text, title, source, url, published, language"
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS article (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL,
    published TEXT, language TEXT NOT NULL, digest TEXT NOT NULL,
    passages TEXT                      -- JSON [[[start, end], ...sentences], ...passages]; NULL: to be cut anew
);
CREATE TABLE IF NOT EXISTS paragraph (  -- of the story, to find such as recur over many articles
    article TEXT NOT NULL, fingerprint TEXT NOT NULL, words INTEGER NOT NULL, PRIMARY KEY (article, fingerprint)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS paragraph_fingerprint ON paragraph (fingerprint);
CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS staged ({_COLUMNS}, digest, place, PRIMARY KEY (id));
"""


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the operating system say of an index's files into IndexNoAccess or IndexDamaged, one line each."""
    try:
        yield
    except FileNotFoundError as error:
        raise IndexDamaged(f"{error.filename}: missing: add the articles again") from None
    except OSError as error:
        raise IndexNoAccess(f"{error.filename or folder}: {error.strerror or error}") from None
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NO_ACCESS:
            raise IndexNoAccess(f"{folder / FILE}: {error}") from None
        raise IndexDamaged(f"{folder / FILE}: {error}: delete the index and add the articles again") from None


def connect_to_read(folder: Path) -> sqlite3.Connection:
    """A connection that holds a snapshot. Raises IndexMissing and IndexDamaged."""
    path = folder / FILE
    if not path.is_file():
        raise IndexMissing(f"no index in {folder}")
    with guarded(folder):
        connection = _read_only(path)
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM meta").fetchone()
    return connection


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
    """A connection for the one writer; makes the file where there is none."""
    with guarded(folder):
        connection = sqlite3.connect(folder / FILE, isolation_level=None, timeout=10)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
        except sqlite3.DatabaseError:
            connection.close()
            raise
    return connection


def manifest(connection: sqlite3.Connection) -> dict[str, Any] | None:
    """What is published; None before the first commit. Raises IndexDamaged for a format that this version cannot read."""
    found: dict[str, Any] | None = get_meta(connection, "manifest")
    if found is not None and found.get("format") != FORMAT:
        raise IndexDamaged(
            f"the index has format {found.get('format')}, this version reads format {FORMAT}: add the articles again"
        )
    return found


def get_meta(connection: sqlite3.Connection, key: str) -> Any:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    try:
        return None if row is None else json.loads(row[0])
    except ValueError:
        raise IndexDamaged(f"{FILE}: its {key} cannot be read: delete the index and add the articles again") from None


def put_meta(connection: sqlite3.Connection, key: str, value: Any) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value, sort_keys=True)))


def stage(connection: sqlite3.Connection, article: Article, place: str) -> str | None:
    """Lay an article aside; where its id is staged already, the place it came from."""
    row = connection.execute("SELECT place FROM staged WHERE id = ?", (article.id,)).fetchone()
    if row is not None:
        return str(row[0])
    values = (article.id, article.text, article.title, article.source, article.url, article.published, article.language)
    connection.execute(f"INSERT INTO staged VALUES ({','.join('?' * 9)})", (*values, article.digest, place))
    return None


def merge_staged(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Take the staged articles over: how many are new, how many changed, how many were there just so."""
    same_as_staged = " AND ".join(f"article.{c.strip()} IS staged.{c.strip()}" for c in f"{_COLUMNS}, digest".split(","))
    total, known, same = connection.execute(
        f"SELECT count(*), count(article.id), total({same_as_staged}) FROM staged LEFT JOIN article ON article.id = staged.id"
    ).fetchone()
    connection.execute(
        f"INSERT OR REPLACE INTO article ({_COLUMNS}, digest) SELECT {_COLUMNS}, digest FROM staged "
        f"WHERE NOT EXISTS (SELECT 1 FROM article WHERE {same_as_staged})"
    )
    connection.execute("DELETE FROM staged")
    return total - known, known - int(same), int(same)


def articles(connection: sqlite3.Connection, *, uncut: bool = False) -> Iterator[Article]:
    """The articles in the order of their ids (code points), or only those whose passages are to be cut anew."""
    where = "WHERE passages IS NULL" if uncut else ""
    for row in connection.execute(f"SELECT {_COLUMNS} FROM article {where} ORDER BY id"):
        yield Article(*row)


def article(connection: sqlite3.Connection, article_id: str) -> Article | None:
    """One article, checked against its digest. Raises IndexDamaged where they differ."""
    row = connection.execute(f"SELECT {_COLUMNS}, digest FROM article WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return None
    found = Article(*row[:-1])
    if found.digest != row[-1]:
        raise IndexDamaged(f"article {article_id!r} is not as it was stored: add the articles again")
    return found


def put_paragraphs(connection: sqlite3.Connection, article_id: str, items: Iterable[tuple[str, int]]) -> None:
    connection.execute("DELETE FROM paragraph WHERE article = ?", (article_id,))
    connection.executemany("INSERT OR IGNORE INTO paragraph VALUES (?, ?, ?)", [(article_id, *item) for item in items])


def paragraph_holders(connection: sqlite3.Connection) -> list[Holder]:
    """Every article that shares a paragraph with another one."""
    rows = connection.execute(
        "WITH shared AS (SELECT fingerprint FROM paragraph GROUP BY fingerprint HAVING count(*) > 1), "
        "holders AS (SELECT DISTINCT article FROM paragraph WHERE fingerprint IN shared) "
        "SELECT article, source, fingerprint, words FROM paragraph JOIN article ON article.id = article "
        "WHERE article IN holders ORDER BY article, fingerprint"
    )
    grouped = groupby(rows, key=lambda row: (row[0], row[1]))
    return [Holder(source, {print_: words for _, _, print_, words in some}) for (_, source), some in grouped]


def articles_by_source(connection: sqlite3.Connection) -> dict[str, int]:
    """How many articles there are of each outlet."""
    return dict(connection.execute("SELECT source, count(*) FROM article GROUP BY source ORDER BY source"))


def vectors(connection: sqlite3.Connection, keys: Iterable[bytes]) -> Iterator[bytes]:
    """The stored vector of each key. Raises IndexDamaged where one is missing."""
    for key in keys:
        row = connection.execute("SELECT value FROM vector WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise IndexDamaged(f"{FILE}: a vector is missing: delete the index and add the articles again")
        yield row[0]
