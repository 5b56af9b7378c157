"""What is published, and what else is kept by a key: in the table `meta`, each value with its digest."""

from __future__ import annotations

import json
import sqlite3
from hashlib import sha256
from typing import Any

from ...corpus.errors import IndexDamaged
from .layout import FILE


def read_manifest(connection: sqlite3.Connection) -> dict[str, Any] | None:
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


def sha256_hex(value: bytes) -> str:
    """SHA-256, in hex."""
    return sha256(value).hexdigest()


def _digest(key: str, text: str) -> str:
    return sha256(f"{key}\0{text}".encode("utf-8", "surrogateescape")).hexdigest()
