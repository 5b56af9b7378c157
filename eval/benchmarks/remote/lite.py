"""A milvus-lite server for a benchmark, and what its process holds."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """`address`: of an index there; `process`: None where the server is not ours."""

    address: str
    process: int | None = None

    @property
    def resident_mb(self) -> float | None:
        """What the server's process holds in memory."""
        return None if self.process is None else resident(self.process)


def resident(process: int) -> float:
    """What a process holds in memory, in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")) / 1e6


@contextlib.contextmanager
def server(at: str | None, folder: Path, name: str) -> Iterator[Server]:
    """The server at an address, else a milvus-lite of our own that keeps its files in a folder."""
    if at is not None:
        yield Server(f"{at.rstrip('/')}/{name}")
        return
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    folder.mkdir(parents=True, exist_ok=True)
    program = str(Path(sys.executable).with_name("milvus-lite"))
    command = [program, "server", "--data-dir", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            yield Server(f"milvus://127.0.0.1:{port}/{name}", process.pid)
        finally:
            process.terminate()
            process.wait(60)
