"""Which articles are copies of one story, kept up to date article by article: those that share bands, directly or by others."""

from __future__ import annotations

import sqlite3
from collections import Counter
from itertools import groupby

from ..storage.articles import story_seal


def before(db: sqlite3.Connection) -> None:
    """To be called while the articles in `changed` are still as they were: takes them out of their stories."""
    db.execute("CREATE TEMP TABLE regrouped (number INTEGER PRIMARY KEY)")
    old = "SELECT story FROM changed CROSS JOIN derived USING (number)"
    db.execute(f"INSERT INTO regrouped SELECT number FROM derived WHERE story IN ({old})")
    db.execute("DELETE FROM band WHERE article IN changed")


def put(db: sqlite3.Connection, number: int, bands: list[int]) -> None:
    """The bands of an article in `fresh`."""
    db.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(band, number) for band in bands])


def after(db: sqlite3.Connection) -> None:
    """To be called when all is `put`: groups the new articles, those they share a band with, and what their stories were."""
    bands = "SELECT key FROM fresh CROSS JOIN band ON article = number"
    stories = f"SELECT story FROM band CROSS JOIN derived ON number = article WHERE key IN ({bands})"
    db.execute(f"INSERT OR IGNORE INTO regrouped SELECT number FROM derived WHERE story IN ({stories})")
    db.execute("INSERT OR IGNORE INTO regrouped SELECT number FROM fresh")
    db.execute("DELETE FROM regrouped WHERE number NOT IN (SELECT number FROM derived)")
    story = {number: number for (number,) in db.execute("SELECT number FROM regrouped")}

    def first(number: int) -> int:
        while story[number] != number:
            story[number] = story[story[number]]
            number = story[number]
        return number

    shared = db.execute("SELECT key, article FROM band WHERE article IN regrouped ORDER BY key")
    for _, sharing in groupby(shared, key=lambda row: row[0]):
        found = {first(number) for _, number in sharing}
        smallest = min(found)
        for number in found:
            story[number] = smallest
    told = Counter(first(number) for number in story)
    rows = [(first(n), told[first(n)], story_seal(n, first(n), told[first(n)]), n) for n in story]
    db.executemany("UPDATE derived SET story = ?, told = ?, crc = ? WHERE number = ?", rows)
    db.execute("DROP TABLE regrouped")
