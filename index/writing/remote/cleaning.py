"""Removes what no reader sees any more: rows of articles that were let go, and counts that later ones have taken the place of."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ...milvus.connection import Connection, literal
from ...milvus.layout import COUNT, DEAD, ROWS

_AT_ONCE, _NAMES = 1000, 500  # rows removed, and names asked for, in one call


def recover(connection: Connection, last: int) -> None:
    """Remove the rows of versions after the last one, which were begun and never published."""
    for name in ROWS:
        connection.delete(name, f"born > {last}")
    for name in (COUNT, DEAD):
        connection.delete(name, f"version > {last}")


def clear(connection: Connection, before: int, cleaned: int, dead: Collection[tuple[int, int]]) -> None:
    """Remove the rows that no reader of a version from `cleaned` on can see; `before`: the version up to which that was done."""
    gone = [number for number, version in dead if version <= cleaned]
    for first in range(0, len(gone), _AT_ONCE):
        listed = literal(gone[first : first + _AT_ONCE])
        for name in ROWS:
            connection.delete(name, f"article in {listed}")
        connection.delete(DEAD, f"number in {listed}")
    stale = list(_superseded(connection, max(before, 1), cleaned))  # the first version takes no place
    for first in range(0, len(stale), _AT_ONCE):
        connection.delete(COUNT, f"key in {literal(stale[first : first + _AT_ONCE])}")


def _superseded(connection: Connection, before: int, cleaned: int) -> Iterator[str]:
    """The keys of the counts that versions after `before`, up to `cleaned`, have taken the place of."""
    fields = ("key", "name", "kind", "version")
    names = {row["name"] for row in connection.every(COUNT, f"version > {before} and version <= {cleaned}", fields)}
    rows = connection.with_any(COUNT, "name", sorted(names), fields, f"version <= {cleaned}", _NAMES)
    latest: dict[tuple[int, str], int] = {}
    for row in rows:
        known = (row["kind"], row["name"])
        latest[known] = max(latest.get(known, 0), row["version"])
    yield from (row["key"] for row in rows if row["version"] < latest[row["kind"], row["name"]])
