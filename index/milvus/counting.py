"""What is counted over all articles, kept exact over adds and removes: a small table of versions.

A row says what was counted with one version; a reader of version v takes the latest that is not newer. Of a term it is in how many
articles, passages and sentences it stands; of a paragraph in how many articles (`held`), the sum of those articles' numbers (the
article itself where there is one), and the votes of each outlet (see `boilerplate.repeated_paragraphs`); of an outlet how many
articles it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from .connection import Connection, Row
from .layout import COUNT, DEAD, NO_VECTOR, OUTLET, PARAGRAPH, TERM

_LETTER = {TERM: "t", PARAGRAPH: "p", OUTLET: "o"}


@dataclass(slots=True)
class Held:
    """What is counted of a paragraph."""

    held: int = 0
    sum: int = 0
    votes: dict[str, int] = field(default_factory=dict)


class Counting:
    """What was counted up to a version."""

    def __init__(self, connection: Connection, version: int) -> None:
        self._connection, self.version = connection, version

    def terms(self, terms: Iterable[str]) -> dict[str, list[int]]:
        """In how many articles, passages and sentences each term is; those that are in none are left out."""
        return self._latest(TERM, terms)

    def paragraphs(self, prints: Iterable[str]) -> dict[str, Held]:
        """What is counted of each paragraph; those that no article has are left out."""
        return {name: Held(*body) for name, body in self._latest(PARAGRAPH, prints).items()}

    def outlets(self) -> dict[str, int]:
        """How many articles each outlet has."""
        return {name: count for name, count in self._every(f"kind == {OUTLET}").items() if count}

    def repeated(self, outlets: Mapping[str, int]) -> frozenset[str]:
        """The paragraphs that recur as only notices do."""
        found = self._every(f"kind == {PARAGRAPH} and many >= 4")
        return frozenset(name for name, (_, _, votes) in found.items() if recurs(votes, outlets))

    def dead(self) -> list[tuple[int, int]]:
        """The numbers of the articles that were let go and are still there, and the versions that let them go."""
        rows = self._connection.every(DEAD, f"version <= {self.version}", ["number", "version"])
        return sorted((int(row["number"]), int(row["version"])) for row in rows)

    def _latest(self, kind: int, names: Iterable[str]) -> dict[str, Any]:
        fields = ["name", "version", "body"]
        rows = self._connection.with_any(COUNT, "name", names, fields, f"kind == {kind} and version <= {self.version}", 500)
        return _newest(rows)

    def _every(self, where: str) -> dict[str, Any]:
        rows = self._connection.every(COUNT, f"{where} and version <= {self.version}", ["key", "name", "version", "body"])
        names = list(dict.fromkeys(row["name"] for row in rows))
        kind = OUTLET if f"== {OUTLET}" in where else PARAGRAPH
        return self._latest(kind, names)  # one of them may have had many before, and few now


def recurs(votes: Mapping[str, int], outlets: Mapping[str, int]) -> bool:
    """Whether a paragraph recurs as only notices do, see `boilerplate.repeated_paragraphs`."""
    return any(count >= max(4, outlets.get(source, 0) / 10) for source, count in votes.items())


def row(kind: int, name: str, version: int, body: Any, many: int = 0) -> Row:
    """What was counted, as it is stored."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    key = f"{_LETTER[kind]}{version}-{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"
    return {"key": key, "name": name, "kind": kind, "version": version, "many": many, "body": text, "none": NO_VECTOR}


def _newest(rows: Iterable[Row]) -> dict[str, Any]:
    found: dict[str, Row] = {}
    for one in rows:
        if one["name"] not in found or found[one["name"]]["version"] < one["version"]:
            found[one["name"]] = one
    return {name: json.loads(one["body"]) for name, one in found.items()}
