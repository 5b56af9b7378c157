"""Removes what no reader sees any more: rows of articles that were let go, and counts that later ones have taken the place of."""

from __future__ import annotations

from collections.abc import Collection

from ...milvus.connection import Connection, literal
from ...milvus.layout import COUNT, DEAD, ROWS
from ...milvus.state import State


def recover(connection: Connection, last: int) -> None:
    """Remove the rows of versions after the last one, which were begun and never published."""
    for name in ROWS:
        connection.delete(name, f"born > {last}")
    for name in (COUNT, DEAD):
        connection.delete(name, f"version > {last}")


def clear(connection: Connection, published: State, dead: Collection[tuple[int, int]]) -> None:
    """Remove the rows that no reader of a version from `published.cleaned` on can see."""
    gone = [number for number, version in dead if version <= published.cleaned]
    for first in range(0, len(gone), 1000):
        listed = literal(gone[first : first + 1000])
        for name in ROWS:
            connection.delete(name, f"article in {listed}")
        connection.delete(DEAD, f"number in {listed}")
    latest: dict[tuple[int, str], tuple[int, str]] = {}
    stale = []
    for row in connection.every(COUNT, f"version <= {published.cleaned}", ("key", "name", "kind", "version")):
        key, this = (row["kind"], row["name"]), (row["version"], row["key"])
        if key in latest:
            stale.append(min(latest[key], this)[1])
        latest[key] = max(latest.get(key, this), this)
    for first in range(0, len(stale), 1000):
        connection.delete(COUNT, f"key in {literal(stale[first : first + 1000])}")
