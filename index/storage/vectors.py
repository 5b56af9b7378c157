"""Vectors in and out of the table of them: by the digest of encoder and text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import sha256
from zlib import crc32

import numpy as np

from ...corpus.article import Article, Passage
from ...errors import IndexDamaged
from ..types import Vectors

_UNIT = 1e-3  # how far from 1 a vector's length may be


def vector_key(identity: str, text: str) -> bytes:
    """What a sentence's vector is found by. `identity`: of the encoder, see `Fingerprint.identity`."""
    return sha256(f"{identity}\0{text}".encode()).digest()[:16]


def vector_keys(identity: str, of: Article, found: Sequence[Passage]) -> list[bytes]:
    """The key of each sentence of an article's passages."""
    return [vector_key(identity, of.text[s.start : s.end]) for p in found for s in p.sentences]


def has_vector(db: sqlite3.Connection, key: bytes) -> bool:
    """Whether the vector of a sentence is stored."""
    return db.execute("SELECT 1 FROM vector WHERE key = ?", (key,)).fetchone() is not None


def is_unit(value: bytes) -> bool:
    """Whether a stored vector has the length 1."""
    vector = np.frombuffer(value, np.float32) if len(value) % 4 == 0 else np.zeros(1)
    return bool(np.isfinite(vector).all()) and abs(float(np.linalg.norm(vector)) - 1) <= _UNIT


def put_vectors(db: sqlite3.Connection, rows: Sequence[tuple[bytes, bytes, int]]) -> None:
    """Store (key, vector, CRC-32 of the vector)."""
    db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?, 0)", rows)


def stored_vectors(db: sqlite3.Connection, packed: bytes | bytearray, dimension: int, block: int = 4096) -> Iterator[Vectors]:
    """The vectors of some keys, 16 bytes each, in blocks. Raises IndexDamaged where one is missing or not as it was stored."""
    for first in range(0, len(packed), 16 * block):
        values = []
        for at in range(first, min(first + 16 * block, len(packed)), 16):
            row = db.execute("SELECT value, crc FROM vector WHERE key = ?", (bytes(packed[at : at + 16]),)).fetchone()
            if row is None or not isinstance(row[0], bytes) or len(row[0]) != 4 * dimension or crc32(row[0]) != row[1]:
                raise IndexDamaged(f"a vector is {'missing' if row is None else 'not as it was stored'}")
            values.append(row[0])
        yield np.frombuffer(b"".join(values), np.float32).reshape(-1, dimension)
