"""A Milvus server to test with: the one that MILVUS_URI names, else milvus-lite on the loopback, which has one writer a collection and no
tokens.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from pullquote.errors import PullquoteError
from pullquote.index.milvus import layout
from pullquote.index.milvus.connection import Connection
from pullquote.index.place import Address

# milvus://[TOKEN@]HOST:PORT, or as the client has it, http://HOST:PORT
CLUSTER = re.sub(r"^http(s?)://", r"milvu\1s://", os.environ.get("MILVUS_URI", ""))


@dataclass
class Lite:
    """milvus-lite in a process of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"milvus://127.0.0.1:{self.port}"

    def start(self, room: int = resource.RLIM_INFINITY) -> None:
        """`room`: the bytes that a file of the server may have."""
        program = Path(sys.executable).with_name("milvus-lite")
        listening = ["--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [program, "server", "--data-dir", self.folder, *listening],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY)),
        )
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise AssertionError("milvus-lite does not listen")

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server is."""
    if CLUSTER:
        yield CLUSTER.rstrip("/")
        return
    pytest.importorskip("milvus_lite")
    lite = Lite(tmp_path_factory.mktemp("milvus"), free_port())
    lite.start()
    try:
        yield lite.uri
    finally:
        lite.end()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Lite]:
    """A milvus-lite of the test's own, to be killed."""
    pytest.importorskip("milvus_lite")
    made = Lite(tmp_path / "milvus", free_port())
    made.folder.mkdir()
    made.start()
    try:
        yield made
    finally:
        made.end(signal.SIGKILL)


@pytest.fixture
def address(server: str) -> Iterator[str]:
    """The address of an index that is not there yet; what is left of it is removed."""
    found = f"{server}/t{uuid.uuid4().hex[:12]}"
    yield found
    drop(found)


def drop(address: str) -> None:
    """Remove the collections of an index."""
    with suppress(PullquoteError):
        connection = Connection(Address.of(address))
        layout.drop(connection)
        connection.close()
