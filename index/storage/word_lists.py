"""Which articles hold some words: an inverted list per word, kept by SQLite's FTS5 (https://sqlite.org/fts5.html)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from zlib import crc32

_MOST = 32  # words of a query: the longest tell most


def put(db: sqlite3.Connection, number: int, words: Collection[str]) -> None:
    """Keep the words of an article, each of letters and digits of ASCII."""
    db.execute("INSERT INTO word (rowid, words) VALUES (?, ?)", (number, _line(words)))


def drop(db: sqlite3.Connection, number: int, words: Collection[str]) -> None:
    """Forget the words of an article, which must be those that were put."""
    db.execute("INSERT INTO word (word, rowid, words) VALUES ('delete', ?, ?)", (number, _line(words)))


def texts_with(db: sqlite3.Connection, words: Collection[str]) -> Iterator[tuple[str, str]]:
    """The id and text of each article that holds all of some words, in the order of the ids; all articles where there are none."""
    if not words:
        yield from db.execute("SELECT id, text FROM article ORDER BY id")
        return
    longest = sorted(words, key=lambda word: (-len(word), word))[:_MOST]
    asked = " AND ".join(f'"{word}"' for word in longest)
    sql = "SELECT id, text FROM article WHERE number IN (SELECT rowid FROM word WHERE word MATCH ?) ORDER BY id"
    yield from db.execute(sql, (asked,))


def tidy(db: sqlite3.Connection) -> None:
    """Bring the lists into one piece."""
    db.execute("INSERT INTO word (word) VALUES ('optimize')")


def checksum(db: sqlite3.Connection) -> int:
    """A sum over all words of all articles, which is that of `seal`. Raises sqlite3.DatabaseError where the lists are damaged."""
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.word_instance USING fts5vocab(main, word, instance)")
    return sum(_seal(word, number) for word, number in db.execute("SELECT term, doc FROM temp.word_instance"))


def seal(number: int, words: Collection[str]) -> int:
    """What the words of an article add to `checksum`."""
    return sum(_seal(word, number) for word in words)


def _seal(word: str, number: int) -> int:
    return crc32(f"{number} {word}".encode())


def _line(words: Collection[str]) -> str:
    return " ".join(sorted(words))
