"""One writer at a time: a lock that the operating system takes back from a dead process, and a note of who holds it."""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ...errors import IndexLocked, IndexNoAccess
from .layout import HOLDER, LOCK

WAIT = 5.0  # seconds


class WriteLock:
    """Held from its making until `release`."""

    def __init__(self, folder: Path) -> None:
        """Waits a moment for another writer. Raises IndexLocked, saying who it is, or IndexNoAccess."""
        self._holder, self._path = folder / HOLDER, folder / LOCK
        self._lock = FileLock(self._path, timeout=WAIT)
        try:
            self._lock.acquire()
            while not self._path.exists():  # its holder left no trace of it: what was locked is no file any more
                self._lock.release()
                folder.mkdir(parents=True, exist_ok=True)
                self._lock.acquire()
            self._holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}), "utf-8")
        except Timeout:
            raise IndexLocked(f"{folder}: {self._who()} is writing to this index: try again when it is done") from None
        except OSError as error:
            self._lock.release()
            raise IndexNoAccess(f"{folder}: cannot be written to: {error.strerror or error}") from None

    def release(self, *, forget: bool = False) -> None:
        """Let go; `forget`: leave no trace. A file that cannot be removed stays: it locks nothing."""
        with suppress(OSError):
            self._holder.unlink(missing_ok=True)
        if forget:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
        with suppress(OSError):
            self._lock.release()

    def _who(self) -> str:
        try:
            found = json.loads(self._holder.read_text("utf-8"))
            return f"process {found['pid']} on {found['host']}, since {found['since']},"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"


def _now() -> str:
    return datetime.now().astimezone().isoformat(" ", "seconds")
