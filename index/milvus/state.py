"""What is published, and who is writing. Publishing is one small write: the row of a new version."""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from ...errors import IndexDamaged, IndexLocked, IndexMissing
from ..encoders.protocol import Fingerprint
from ..storage.manifest import Counts, Manifest, sha256_hex
from ..types import Level
from .connection import Connection, Row
from .layout import NO_VECTOR, STATE

FORMAT = 1
WAIT = 5.0  # seconds for which a writer waits for another
_SILENT = 30.0  # seconds after which a writer that has not been heard of is taken for gone


@dataclass(frozen=True, slots=True)
class State:
    """One commit.

    version     counts the commits, and the tries that were given up
    next        a number that no article has had
    lengths     of each level the sum of the lengths of its documents, in terms
    reference   the mean lengths with which the stored weights were made: see `rows`
    newest      the last day of an article, 0 where none has a date
    cleaned     the oldest version whose rows are all still there
    void        versions that were begun and never published
    """

    version: int
    counts: Counts
    content: str
    digest: str
    encoder: Fingerprint
    analyzer: dict[str, Any]
    cutting: dict[str, Any]
    next: int = 1
    lengths: dict[Level, int] = field(default_factory=dict)
    reference: dict[Level, float] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    newest: int = 0
    cleaned: int = 0
    published: float = 0.0  # seconds since 1970
    void: tuple[int, ...] = ()

    @property
    def manifest(self) -> Manifest:
        """As readers of an index know it."""
        return Manifest(self.version, self.digest, self.content, self.counts, (), 1, self.encoder, self.analyzer, self.cutting)

    def row(self) -> Row:
        """As it is stored, with a digest."""
        body = {**asdict(self), "encoder": self.encoder.record(), "format": FORMAT}
        text = json.dumps(body, sort_keys=True)
        return {"version": self.version, "body": f"{sha256_hex(text.encode())} {text}", "none": NO_VECTOR}

    @classmethod
    def of(cls, row: Row) -> State:
        """What was stored. Raises IndexDamaged."""
        digest, _, text = row["body"].partition(" ")
        if sha256_hex(text.encode()) != digest:
            raise IndexDamaged("the state of the index is not as it was stored")
        body = json.loads(text)
        if body.pop("format") != FORMAT:
            raise IndexDamaged("an index of a format that this version does not read", "install a newer pullquote")
        body["counts"], body["encoder"] = Counts(**body["counts"]), Fingerprint.of(body["encoder"])
        return cls(**{**body, "void": tuple(body["void"])})


def read(connection: Connection) -> State | None:
    """The last commit, None before the first."""
    if not connection.has(STATE):
        return None
    rows = connection.query(STATE, "version > 0", ["version", "body"])
    return State.of(max(rows, key=lambda row: row["version"])) if rows else None


def opened(connection: Connection) -> State:
    """The last commit. Raises IndexMissing and IndexDamaged."""
    found = read(connection)
    if found is None:
        raise IndexMissing(f"no index at {connection.address}: nothing was ever published there")
    return found


def publish(connection: Connection, state: State) -> None:
    """Make a version the last one, and forget those before the one before it."""
    connection.insert(STATE, [replace(state, published=time.time()).row()])
    connection.flush([STATE])
    connection.delete(STATE, f"version > 0 and version < {state.version - 1}")


class Lease:
    """The right to write, which one writer has at a time; it is renewed as the work goes on."""

    def __init__(self, connection: Connection) -> None:
        """Waits a moment for another writer. Raises IndexLocked, saying who it is."""
        self._connection = connection
        self._me = uuid.uuid4().hex
        until = time.monotonic() + WAIT
        while (other := self._other()) is not None:
            if time.monotonic() > until:
                raise IndexLocked(f"{connection.address}: {other} is writing to this index: try again when it is done")
            time.sleep(0.2)
        before = self._row()
        self.version = max(int(before.get("version", 0)), _published(connection)) + 1  # no version is begun twice
        self._since = datetime.now().astimezone().isoformat(" ", "seconds")
        self.begun = tuple(range(_published(connection) + 1, self.version))
        self.renew(first=True)

    def renew(self, *, first: bool = False) -> None:
        """Say that the work goes on. Raises IndexLocked where another writer has taken over."""
        if not first and (held := self._row()).get("holder") != self._me:
            raise IndexLocked(
                f"{self._connection.address}: another writer has taken over: nothing was changed ({held.get('since')})"
            )
        about = {"holder": self._me, "pid": os.getpid(), "host": socket.gethostname(), "since": self._since}
        self._put({**about, "heard": time.time(), "version": self.version})
        if first and self._row().get("holder") != self._me:
            raise IndexLocked(f"{self._connection.address}: another process began to write at the same time: try again")

    def release(self) -> None:
        """Let another write."""
        if self._row().get("holder") == self._me:
            self._put({"holder": "", "version": self.version})

    def _put(self, about: dict[str, Any]) -> None:
        self._connection.upsert(STATE, {"version": 0, "body": json.dumps(about), "none": NO_VECTOR})

    def _row(self) -> dict[str, Any]:
        rows = self._connection.query(STATE, "version == 0", ["body"])
        found: dict[str, Any] = json.loads(rows[0]["body"]) if rows else {}
        return found

    def _other(self) -> str | None:
        """Who is writing; None where nobody is, or who did is gone."""
        held = self._row()
        if not held.get("holder") or time.time() - held["heard"] > _SILENT:
            return None
        if held["host"] == socket.gethostname() and not _is_alive(int(held["pid"])):
            return None
        return f"process {held['pid']} on {held['host']}, since {held['since']},"


@contextmanager
def leased(connection: Connection) -> Iterator[Lease]:
    """The right to write, as long as it is used."""
    lease = Lease(connection)
    try:
        yield lease
    finally:
        lease.release()


def _published(connection: Connection) -> int:
    return max((row["version"] for row in connection.query(STATE, "version > 0", ["version"])), default=0)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
