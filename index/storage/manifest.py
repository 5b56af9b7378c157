"""What is published, and what else is kept by a key: in the table `meta`, each value with its digest."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

from ...errors import IndexDamaged
from ..arrays.sealing import FileMeta
from ..encoders.protocol import Fingerprint
from .layout import FILE


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles, passages and sentences there are."""

    articles: int = 0
    passages: int = 0
    sentences: int = 0

    @classmethod
    def sum(cls, counts: Iterable[Counts]) -> Counts:
        """What several parts of an index hold together."""
        found = list(counts)
        return cls(*(sum(getattr(count, field.name) for count in found) for field in fields(cls)))

    def minus(self, other: Counts) -> Counts:
        """What is left when `other` is taken away."""
        return Counts(self.articles - other.articles, self.passages - other.passages, self.sentences - other.sentences)

    @property
    def size(self) -> int:
        """Articles and sentences: what the cost of a segment grows with."""
        return self.articles + self.sentences


@dataclass(frozen=True, slots=True)
class CodesMeta:
    """The codes of a segment's vectors: how many of the nearest by code are compared `again` by their vectors, and the `recall` of
    the ten truly nearest sentences that this gave for a `sample` of so many sentences.
    """

    again: int
    recall: float
    sample: int


@dataclass(frozen=True, slots=True)
class SegmentMeta:
    """A segment: its number, its files by name, its codes (None where every vector is compared), what was written into it (`total`)
    and what of that was not removed since (`live`), and the SHA-256 of its list of removed articles (`dead`).
    """

    number: int
    files: Mapping[str, FileMeta]
    codes: CodesMeta | None
    total: Counts
    live: Counts
    dead: str

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> SegmentMeta:
        """From its JSON. Raises LookupError, TypeError or ValueError for something else."""
        return cls(
            number=int(record["number"]),
            files={name: FileMeta(**described) for name, described in record["files"].items()},
            codes=None if record["codes"] is None else CodesMeta(**record["codes"]),
            total=Counts(**record["total"]),
            live=Counts(**record["live"]),
            dead=record["dead"],
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a commit published.

    generation     counts the commits
    digest         of the content, the encoder, the analyzer and the way of cutting: equal indexes have one digest
    content        the sum of the SHA-256 of the articles' digests, in hex
    next_segment   a number that no segment has had
    analyzer, cutting    the settings of what made terms, and of what made sentences and passages
    """

    generation: int
    digest: str
    content: str
    counts: Counts
    segments: tuple[SegmentMeta, ...]
    next_segment: int
    encoder: Fingerprint
    analyzer: Mapping[str, Any]
    cutting: Any

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Manifest:
        """From its JSON. Raises LookupError, TypeError or ValueError for something else."""
        return cls(
            generation=int(record["generation"]),
            digest=record["digest"],
            content=record["content"],
            counts=Counts(**record["counts"]),
            segments=tuple(SegmentMeta.of(segment) for segment in record["segments"]),
            next_segment=int(record["next_segment"]),
            encoder=Fingerprint.of(record["encoder"]),
            analyzer=record["analyzer"],
            cutting=record["cutting"],
        )

    def record(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "encoder": self.encoder.record()}


def read_manifest(connection: sqlite3.Connection) -> Manifest | None:
    """What is published; None before the first commit. Raises IndexDamaged."""
    found = get_meta(connection, "manifest")
    if found is None:
        if connection.execute("SELECT EXISTS (SELECT 1 FROM article)").fetchone()[0]:
            raise IndexDamaged(f"{FILE}: its manifest is missing")  # both are committed at once
        return None
    try:
        return Manifest.of(found)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise IndexDamaged(f"{FILE}: its manifest is not one of this version ({error})") from None


def get_meta(connection: sqlite3.Connection, key: str) -> Any:
    """What is kept by a key, from its JSON; None where there is nothing. Raises IndexDamaged where it is not as it was stored."""
    row = connection.execute("SELECT value, sha256 FROM meta WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if _digest(key, row[0]) != row[1]:
        raise IndexDamaged(f"{FILE}: its {key} is not as it was stored")
    return json.loads(row[0])


def put_meta(connection: sqlite3.Connection, key: str, value: Any) -> None:
    """Keep a value by a key, as JSON."""
    text = json.dumps(value, sort_keys=True)
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (key, text, _digest(key, text)))


def sha256_hex(value: bytes) -> str:
    """SHA-256, in hex."""
    return sha256(value).hexdigest()


def _digest(key: str, text: str) -> str:
    return sha256(f"{key}\0{text}".encode("utf-8", "surrogateescape")).hexdigest()
