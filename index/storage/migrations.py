"""Indexes of older formats: their articles, cuts and vectors are taken over, everything else is derived anew.

`Index.open` and `Writer` do this by themselves where the folder may be written to. A new format adds a step to `_STEPS`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from zlib import crc32

from . import database, layout, schema
from .manifest import get_meta, put_meta


def tables(db: sqlite3.Connection) -> None:
    """Bring the tables to the present format, inside a transaction that goes on to derive the rest. Raises IndexDamaged."""
    while (found := database.format_of(db)) < layout.FORMAT:
        _STEPS[found](db)
        db.execute(f"PRAGMA user_version = {found + 1}")


def _from_1(db: sqlite3.Connection) -> None:
    """Articles with their cuts, vectors without a checksum, and one folder of arrays per commit."""
    meta = {key: json.loads(value) for key, value in db.execute("SELECT key, value FROM meta")}
    db.execute("DROP TABLE meta")
    db.execute("DROP TABLE paragraph")
    db.execute("ALTER TABLE article RENAME TO old_article")
    db.execute("ALTER TABLE vector RENAME TO old_vector")
    for statement in f"{schema.SCHEMA}{schema.DERIVED}".split(";\n"):
        db.execute(statement)
    fields = "id, title, source, url, published, language, digest, text"
    db.execute(f"INSERT INTO article ({fields}, origin) SELECT {fields}, '' FROM old_article ORDER BY id")
    db.execute("INSERT INTO derived (number, passages) SELECT number, passages FROM article JOIN old_article USING (id)")
    db.create_function("crc32", 1, crc32, deterministic=True)
    db.execute("INSERT INTO vector SELECT key, value, crc32(value), 0 FROM old_vector")
    db.execute("DROP TABLE old_article")
    db.execute("DROP TABLE old_vector")
    repeated = meta.get("repeated")
    put_meta(db, "repeated", repeated if isinstance(repeated, list) else [])
    if "manifest" in meta:
        kept = {name: meta["manifest"][name] for name in ("generation", "counts", "encoder", "analyzer")}
        fresh = {"content": "0", "digest": "", "segments": [], "next_segment": 1, "cutting": {"version": 1}}
        put_meta(db, "manifest", {**kept, **fresh})


def _from_2(db: sqlite3.Connection) -> None:
    """Tables as they are now, and arrays that were read whole: the arrays are derived anew, so the manifest names none of them."""
    if (found := get_meta(db, "manifest")) is not None:
        put_meta(db, "manifest", {**found, "segments": []})


def _from_3(db: sqlite3.Connection) -> None:
    """Articles without how their date is known, and without locators."""
    have = {name for _, name, *_ in db.execute("PRAGMA table_info(article)")}  # from format 1, they are there
    if "dated_by" not in have:
        db.execute("ALTER TABLE article ADD COLUMN dated_by TEXT NOT NULL DEFAULT 'stated'")
        db.execute("ALTER TABLE article ADD COLUMN locators TEXT NOT NULL DEFAULT ''")


def _from_4(db: sqlite3.Connection) -> None:
    """Tables as they are now, but for lists of words, which are derived anew."""


_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _from_1, 2: _from_2, 3: _from_3, 4: _from_4}
