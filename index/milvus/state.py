"""What is published, and who is writing. Publishing is one small write: the row of a new version."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from ...errors import IndexDamaged, IndexLocked, IndexMissing, PullquoteError
from ..encoders.protocol import Fingerprint
from ..storage.manifest import Counts, Manifest, sha256_hex
from ..types import Level
from .connection import Connection, Row
from .layout import NO_VECTOR, STATE

FORMAT = 1
WAIT = 5.0  # seconds for which a writer waits for another
_BEAT = 5.0  # seconds between two signs of life
_VOID, _KEPT = 100, 500  # versions that a state names
_SILENT = 60.0  # seconds after which a writer that has not been heard of is taken for gone


@dataclass(frozen=True, slots=True)
class State:
    """One commit.

    version     counts the commits, and the tries that were given up
    next        a number that no article has had
    lengths     of each level the sum of the lengths of its documents, in terms
    reference   the mean lengths with which the stored weights were made: see `rows`
    newest      the last day of an article, 0 where none has a date
    cleaned     the oldest version whose rows are all still there
    void        versions that were begun and never published, the last so many, as their writers may yet be alive
    times       the last versions, and when each was published, in seconds since 1970
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
    void: tuple[int, ...] = ()
    times: tuple[tuple[int, float], ...] = ()

    def before(self, when: float) -> int:
        """The last of the known versions that was published before a time, 0 where none was."""
        return max((version for version, published in self.times if published < when), default=0)

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
        times = tuple((version, when) for version, when in body["times"])
        return cls(**{**body, "void": tuple(body["void"]), "times": times})


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


class Lease:
    """The right to write, which one writer has at a time; a thread says every few seconds that its process is still there."""

    def __init__(self, connection: Connection) -> None:
        """Waits a moment for another writer. Raises IndexLocked, saying who it is."""
        self._connection = connection
        self._me = uuid.uuid4().hex
        until = time.monotonic() + WAIT
        while (other := self._other()) is not None:
            if time.monotonic() > until:
                raise IndexLocked(f"{connection.address}: {other} is writing to this index: try again when it is done")
            time.sleep(0.2)
        self.version = int(self._row().get("version", 0))  # the last that was begun
        self.begun: tuple[int, ...] = ()  # those before it that were not published
        self._since = datetime.now().astimezone().isoformat(" ", "seconds")
        self._writing = threading.Lock()  # of the rows of the state: milvus-lite takes one write at a time
        self._put({})
        if self._row().get("holder") != self._me:
            raise IndexLocked(f"{connection.address}: another process began to write at the same time: try again")
        self._done = threading.Event()
        self._beating = threading.Thread(target=self._beat, daemon=True)
        self._beating.start()

    def begin(self) -> int:
        """Begin a version, of which no row was written before. Raises IndexLocked where another writer has taken over."""
        with self._writing:
            self.check()
            last = _published(self._connection)
            self.version = max(self.version, last) + 1
            self.begun = tuple(range(last + 1, self.version))
            self._put({})
        return self.version

    def check(self) -> None:
        """Raises IndexLocked where another writer has taken over."""
        held = self._row()
        if held.get("holder") != self._me:
            said = f"another writer has taken over, since {held.get('since')}: nothing was changed"
            raise IndexLocked(f"{self._connection.address}: {said}")

    def publish(self, state: State) -> State:
        """Make the version that was begun the last one, and forget those before the one before it. Raises IndexLocked."""
        times = (*state.times, (self.version, time.time()))[-_KEPT:]
        void = tuple(sorted({*state.void, *self.begun})[-_VOID:])
        state = replace(state, version=self.version, times=times, void=void)
        with self._writing:
            self.check()
            self._connection.insert(STATE, [state.row()])
            self._connection.flush([STATE])
            self._connection.delete(STATE, f"version > 0 and version < {state.version - 1}")
        return state

    def _beat(self) -> None:
        while not self._done.wait(_BEAT):
            with suppress(PullquoteError), self._writing:
                self.check()
                self._put({})

    def release(self) -> None:
        """Let another write."""
        self._done.set()
        self._beating.join()
        if self._row().get("holder") == self._me:
            self._put({"holder": ""})

    def _put(self, but: dict[str, Any]) -> None:
        about = {"holder": self._me, "pid": os.getpid(), "host": socket.gethostname(), "since": self._since}
        body = {**about, "heard": time.time(), "version": self.version, **but}
        self._connection.upsert(STATE, {"version": 0, "body": json.dumps(body), "none": NO_VECTOR})

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


def _published(connection: Connection) -> int:
    return max((row["version"] for row in connection.query(STATE, "version > 0", ["version"])), default=0)


def _is_alive(pid: int) -> bool:
    """Whether a process of this machine is there; taken for granted where asking would interrupt it."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
