"""The collections that an index is kept in, and their fields. NAME is the last part of the index's address.

NAME_state      one row per commit, and one (version 0) that says who is writing
NAME_count      what is counted over all articles, with the version that counted it: see `counting`
NAME_dead       one row per article that was let go and is still there: its number, and the version that let it go
NAME_article    one row per article: what it is found by
NAME_part       its record as JSON, in parts that fit into a field
NAME_passage    one row per passage: where it stands, its terms
NAME_sentence   one row per sentence: where it stands, its terms, its vector

A row of the last four says in `born` which commit it came with, and is never changed; what a commit lets go is listed in NAME_dead,
and removed later. So a reader of version v sees the rows with born <= v that are not of articles that died up to v.
"""

from __future__ import annotations

import os
from typing import Any

from ... import arguments
from ...errors import InputError
from .connection import Connection

STATE, COUNT, DEAD, ARTICLE, PART, PASSAGE, SENTENCE = "state", "count", "dead", "article", "part", "passage", "sentence"
ROWS = (ARTICLE, PART, PASSAGE, SENTENCE)  # of articles, each with `article` and `born`
COLLECTIONS = (STATE, COUNT, DEAD, *ROWS)
TERM, PARAGRAPH, OUTLET = range(3)  # kinds of rows of NAME_count

LONGEST = 65_535  # bytes of a text field
CAPACITY = 4096  # elements of an array field
ID = 4096  # bytes of an id, an outlet, an address of a file

# Of the index over the vectors: the first compares every one, the others find most of the nearest, and are for tens of millions.
KINDS = ("FLAT", "HNSW", "DISKANN", "AUTOINDEX")

Field = tuple[str, str, dict[str, Any]]

_INT: tuple[str, dict[str, Any]] = ("INT64", {})
_NUMBERS: tuple[str, dict[str, Any]] = ("ARRAY", {"element_type": "INT64", "max_capacity": CAPACITY})
_DAYS: tuple[Field, ...] = (("outlet", "VARCHAR", {"max_length": ID}), ("first_day", *_INT), ("last_day", *_INT))
NO_VECTOR = [0.0, 1.0]  # the vector of a row that has none: every collection has to have one
_NO_VECTOR: Field = ("none", "FLOAT_VECTOR", {"dim": len(NO_VECTOR)})
_TERMS: Field = ("terms", "SPARSE_FLOAT_VECTOR", {})
_SPARSE = ("terms", "SPARSE_INVERTED_INDEX")


def _text(name: str, length: int = LONGEST, **more: Any) -> Field:
    return name, "VARCHAR", {"max_length": length, **more}


def _key(name: str = "number") -> Field:
    return name, "INT64", {"is_primary": True}


def nearest() -> str:
    """The kind of index over the sentences' vectors, see `KINDS`. Raises InputError."""
    kind = os.environ.get("PULLQUOTE_MILVUS_INDEX", KINDS[0])
    if kind not in KINDS:
        raise InputError(f"PULLQUOTE_MILVUS_INDEX is {arguments.shown(kind)}: it must be one of {', '.join(KINDS)}")
    return kind


def drop(connection: Connection) -> None:
    """Remove the collections of an index, that of the state first."""
    for name in COLLECTIONS:
        if connection.has(name):
            connection.drop(name)


def create(connection: Connection, dimension: int) -> None:
    """Make the collections that are not there yet, that of the state last."""
    fields: dict[str, tuple[tuple[Field, ...], tuple[tuple[str, str], ...]]] = {
        COUNT: (
            (
                *(_text("key", 128, is_primary=True), _text("name"), ("kind", *_INT), ("version", *_INT), ("many", *_INT)),
                *(_text("body"), _NO_VECTOR),
            ),
            (("none", "FLAT"), ("name", "INVERTED"), ("kind", "INVERTED")),
        ),
        DEAD: ((_key(), ("version", *_INT), _NO_VECTOR), (("none", "FLAT"),)),
        ARTICLE: (
            (
                *(_key(), ("article", *_INT), ("born", *_INT), _text("id", ID), _text("digest", 64), _text("origin", ID), *_DAYS),
                *(("length", *_INT), ("title", *_NUMBERS), _text("counts"), ("bands", *_NUMBERS), ("paragraphs", *_NUMBERS)),
                *(("words", *_NUMBERS), ("long", "BOOL", {}), _TERMS),
            ),
            (_SPARSE, ("id", "INVERTED"), ("article", "INVERTED")),
        ),
        PART: (
            (_text("key", 64, is_primary=True), ("article", *_INT), ("born", *_INT), ("place", *_INT), _text("body"), _NO_VECTOR),
            (("none", "FLAT"), ("article", "INVERTED")),
        ),
        PASSAGE: (
            (_key(), ("article", *_INT), ("born", *_INT), *_DAYS, ("begin", *_INT), ("finish", *_INT), _TERMS),
            (_SPARSE, ("article", "INVERTED")),
        ),
        SENTENCE: (
            (
                *(_key(), ("passage", *_INT), ("article", *_INT), ("born", *_INT), *_DAYS, ("begin", *_INT), ("finish", *_INT)),
                *(("words", *_NUMBERS), _TERMS, ("vector", "FLOAT_VECTOR", {"dim": dimension})),
            ),
            (_SPARSE, ("vector", nearest()), ("passage", "INVERTED"), ("article", "INVERTED")),
        ),
        STATE: ((_key("version"), _text("body"), _NO_VECTOR), (("none", "FLAT"),)),
    }  # fmt: skip
    for name, (columns, indexes) in fields.items():
        if not connection.has(name):
            connection.create(name, columns, indexes)
