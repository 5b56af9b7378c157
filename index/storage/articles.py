"""Articles and vectors in and out of the tables of `store`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any
from zlib import crc32

from ...corpus.article import Article, Locator, Passage, Sentence
from ...errors import IndexDamaged
from .vectors import is_unit

COLUMNS = "id, text, title, source, url, published, language, dated_by, locators"
_DIGEST = COLUMNS.count(",") + 1  # its place, after the columns
TEMPORARY = f"""
CREATE TEMP TABLE staged ({COLUMNS}, digest, origin, place, PRIMARY KEY (id));
CREATE TEMP TABLE leaving (number INTEGER PRIMARY KEY);
CREATE TEMP TABLE changed (number INTEGER PRIMARY KEY);
CREATE TEMP TABLE fresh (number INTEGER PRIMARY KEY);
CREATE TEMP TABLE given (key BLOB PRIMARY KEY, value BLOB NOT NULL, crc INTEGER NOT NULL);
CREATE TEMP TABLE missing (key BLOB PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
"""
SAME = " AND ".join(f"article.{column} IS staged.{column}" for column in f"{COLUMNS}, digest".split(", "))


def stage(db: sqlite3.Connection, article: Article, place: str, origin: str) -> str | None:
    """Lay an article aside; where its id is staged already, the place it came from."""
    row = db.execute("SELECT place FROM staged WHERE id = ?", (article.id,)).fetchone()
    if row is not None:
        return str(row[0])
    locators = [[locator.start, locator.label] for locator in article.locators]
    row = (
        *(article.id, article.text, article.title, article.source, article.url, article.published, article.language),
        *(article.dated_by, json.dumps(locators, separators=(",", ":")) if locators else "", article.digest, origin, place),
    )
    db.execute(f"INSERT INTO staged VALUES ({','.join('?' * len(row))})", row)
    return None


def changes(db: sqlite3.Connection) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]:
    """The ids that what is staged and leaving would add, update and remove, and how many articles would stay as they are."""
    same = f"SELECT 1 FROM article WHERE article.id = staged.id AND {SAME}"
    queries = (
        "SELECT id FROM staged WHERE id NOT IN (SELECT id FROM article) ORDER BY id",
        f"SELECT id FROM staged WHERE id IN (SELECT id FROM article) AND NOT EXISTS ({same}) ORDER BY id",
        "SELECT id FROM leaving CROSS JOIN article USING (number) WHERE id NOT IN (SELECT id FROM staged) ORDER BY id",
    )
    added, updated, removed = (tuple(i for (i,) in db.execute(sql)) for sql in queries)
    (unchanged,) = db.execute(f"SELECT count(*) FROM staged WHERE EXISTS ({same})").fetchone()
    return added, updated, removed, int(unchanged)


def let_go(db: sqlite3.Connection, came_from: str) -> int:
    """Let the articles go that came from a file, or from a folder or anything below it, and are not staged; how many."""
    below = came_from.rstrip("/") + "/"
    return db.execute(
        "INSERT OR IGNORE INTO leaving SELECT number FROM article WHERE (origin = ? OR (origin >= ? AND origin < ?)) "
        "AND id NOT IN (SELECT id FROM staged)",
        (came_from, below, below[:-1] + chr(ord("/") + 1)),
    ).rowcount


def article(db: sqlite3.Connection, article_id: str) -> Article | None:
    """One article, checked against its digest. Raises IndexDamaged where they differ."""
    row = db.execute(f"SELECT {COLUMNS}, digest FROM article WHERE id = ?", (article_id,)).fetchone()
    return None if row is None else checked(row)


def is_whole(row: Sequence[str]) -> bool:
    """Whether an article's columns and digest agree."""
    return all(isinstance(value, str | None) for value in row) and _article(row).digest == row[_DIGEST]


def checked(row: Sequence[str]) -> Article:
    """An article from its columns and digest."""
    if all(isinstance(value, str | None) for value in row) and (article := _article(row)).digest == row[_DIGEST]:
        return article
    raise IndexDamaged(f"article {row[0]!r} is not as it was stored", "add it again")


def _article(row: Sequence[Any]) -> Article:
    """An article from its columns; without locators where they are damaged."""
    try:
        locators = tuple(Locator(int(start), str(label)) for start, label in json.loads(row[8] or "[]"))
    except (ValueError, TypeError):
        locators = ()
    fields = dict(zip(COLUMNS.split(", "), row[:-1] if len(row) < _DIGEST else row[: _DIGEST - 1], strict=False))
    return Article(**{**fields, "locators": locators})


def numbered(db: sqlite3.Connection, number: int, *, leaving: bool = False) -> tuple[Article, list[Passage]]:
    """An article and its passages, by its number. Raises IndexDamaged; one that is `leaving` may be damaged."""
    columns = f"SELECT {COLUMNS}, digest, passages FROM article JOIN derived USING (number)"
    row = db.execute(f"{columns} WHERE number = ?", (number,)).fetchone()
    return _article(row) if leaving else checked(row[:-1]), passages(row[-1])


def passages(cuts: str | None) -> list[Passage]:
    """The passages from their JSON. Raises IndexDamaged where the JSON is not that of passages."""
    try:
        return [_passage(spans) for spans in json.loads(cuts or "[]")]
    except (ValueError, TypeError, LookupError):
        raise IndexDamaged("the sentences of an article are not as they were stored") from None


def cuts(found: Sequence[Passage]) -> str:
    """The passages as JSON."""
    return json.dumps([[[s.start, s.end] for s in p.sentences] for p in found], separators=(",", ":"))


def _passage(spans: list[list[int]]) -> Passage:
    sentences = tuple(Sentence(start, end) for start, end in spans)
    return Passage(sentences[0].start, sentences[-1].end, sentences)


def story(db: sqlite3.Connection, article_id: str) -> tuple[int, int]:
    """The story that an article tells, and how many articles tell it. Raises IndexDamaged."""
    sql = "SELECT number, story, told, crc FROM derived JOIN article USING (number) WHERE id = ?"
    found = db.execute(sql, (article_id,)).fetchone()
    if found is None or story_seal(*found[:3]) != found[3]:
        raise IndexDamaged(f"the story of article {article_id!r} is not as it was stored")
    return int(found[1]), int(found[2])


def some_tellers(db: sqlite3.Connection, of: int, told: int, most: int) -> list[Article]:
    """The first `most` of the articles that tell a story, in the order of their ids. Raises IndexDamaged."""
    if told <= most:
        return tellers(db, of, told)
    (count,) = db.execute("SELECT count(*) FROM derived WHERE story = ?", (of,)).fetchone()
    if count != told:
        raise IndexDamaged("the copies of an article are not as they were stored")
    sql = f"SELECT {COLUMNS}, digest FROM article JOIN derived USING (number) WHERE story = ? ORDER BY id LIMIT ?"
    return [checked(row) for row in db.execute(sql, (of, most))]


def tellers_of_outlet(db: sqlite3.Connection, of: int, source: str, most: int) -> list[Article]:
    """The first `most` of the articles of one outlet that tell a story, in the order of their ids. Raises IndexDamaged."""
    sql = f"SELECT {COLUMNS}, digest FROM article JOIN derived USING (number) WHERE source = ? AND story = ? ORDER BY id LIMIT ?"
    return [checked(row) for row in db.execute(sql, (source, of, most))]


def tellers(db: sqlite3.Connection, of: int, told: int) -> list[Article]:
    """The articles that tell a story, in the order of their ids. Raises IndexDamaged."""
    sql = f"SELECT {COLUMNS}, digest FROM article JOIN derived USING (number) WHERE story = ? ORDER BY id"
    found = [checked(row) for row in db.execute(sql, (of,))]
    if len(found) != told:
        raise IndexDamaged("the copies of an article are not as they were stored")
    return found


def drop_damaged(db: sqlite3.Connection) -> list[str]:
    """Drop the articles and vectors that are not as they were stored; the ids of the articles."""
    lost = []
    for *row, number in db.execute(f"SELECT {COLUMNS}, digest, number FROM article NOT INDEXED").fetchall():
        try:
            checked(row)
        except IndexDamaged:
            lost.append(str(row[0]))
            db.execute("DELETE FROM article WHERE number = ?", (number,))
    rows = db.execute("SELECT rowid, value, crc FROM vector NOT INDEXED")
    bad = [(row,) for row, value, crc in rows if not isinstance(value, bytes) or crc32(value) != crc or not is_unit(value)]
    db.executemany("DELETE FROM vector WHERE rowid = ?", bad)
    return sorted(lost)


def story_seal(number: int, story: int, told: int) -> int:
    """What shows that a row of `derived` still says what it said of an article's story."""
    return crc32(f"{number} {story} {told}".encode())
