"""Nothing leaves the machine, and nothing is written but where pullquote keeps what is its own: seen from outside, by a tracer.

C code does not go through Python's `socket` and `open`, so what a process does is read off its system calls.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pullquote.corpus.sample import FOLDER
from pullquote.index.encoders.model_files import find
from pullquote.index.encoders.protocol import DEFAULT

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("strace") is None and "CI" not in os.environ, reason="needs strace (apt-get install strace)"),
]

CALLS = "socket,connect,sendto,sendmsg,sendmmsg,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2"
_REACHES = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\(.*\b(?:AF_INET6?|AF_NETLINK|systemd/resolve)\b")
# What a resolver, and a client of HTTPS, reads first; openssl.cnf is read by whoever loads an OpenSSL, such as pyarrow.
_LOOKS_UP = re.compile(r'"/etc/(?:resolv\.conf|hosts|ssl/(?!openssl\.cnf))|cacert\.pem"')
_MAKES = re.compile(r"\b(?:creat|mkdir|mkdirat|rename\w*)\(|O_CREAT")
_PATH = re.compile(r'(?:\b(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]+)"')  # the folder that a path is relative to, and the path

LIVES = """
import sys, time
import pullquote
index = pullquote.Index.open(sys.argv[1])
end = time.monotonic() + 40  # a process that lives: telemetry waits for half a minute
while time.monotonic() < end:
    assert pullquote.ask(index, "How many were abducted?").status == "answered"
    time.sleep(5)
"""


class Traced:
    """Processes run in a home that is empty at first, and what they were seen to do."""

    def __init__(self, root: Path) -> None:
        self.root, self.home, self.cache, self.temporary = root, root / "home", root / "home" / ".cache", root / "temporary"
        self.home.mkdir()
        self.temporary.mkdir()
        self.lines: list[str] = []

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        log = self.root / "log"
        drop = ("XDG_", "ORT_", "HF_", "MPL", "DO_NOT_TRACK", "CI")  # telemetry may be off where a CI is seen
        environment = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
        environment |= {"HOME": str(self.home), "TMPDIR": str(self.temporary), "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "4096", "-e", f"trace={CALLS}", "-o", str(log), *arguments],
            capture_output=True, check=False, text=True, env=environment, cwd=self.root,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        self.lines += log.read_text("utf-8", "replace").splitlines()
        return ran

    def reached(self) -> list[str]:
        """The calls that look a name up or reach for another machine."""
        return [line for line in self.lines if _REACHES.search(line) or _LOOKS_UP.search(line)]

    def foreign(self) -> list[str]:
        """What was made outside the folders that are pullquote's: its cache, the index, and the system's temporary files."""
        own = tuple(str(path) for path in (self.cache / "pullquote", self.root / "index.pq", self.temporary, "/dev/shm/sem."))
        found: set[str] = set()
        for line in self.lines:
            if _MAKES.search(line) and " = -1 " not in line:
                found.update(os.path.join(folder or self.root, path) for folder, path in _PATH.findall(line))
        return sorted(path for path in found - {str(self.cache), "/dev/null"} if not path.startswith(own))


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Traced:
    """Every kind of process, once: a first `add`, questions, a model that is not the packaged one, plots, and a life of 40 seconds."""
    found = Traced(tmp_path_factory.mktemp("traced"))
    program, index = (sys.executable, "-m", "pullquote"), str(found.root / "index.pq")
    found.run(*program, "add", str(FOLDER), "--index", index)
    assert "17" in found.run(*program, "ask", "How many were abducted?", "--index", index).stdout
    assert "talks" in found.run(*program, "search", "secret talks", "--index", index).stdout
    model = Path(shutil.copytree(find(DEFAULT).folder, found.root / "model"))
    (model / "note.txt").write_text("another model, which torch brings into ONNX", "utf-8")
    found.run(*program, "add", str(FOLDER / "2024"), "--index", index + "-other", "--encoder", str(model))
    found.run(sys.executable, "-c", "from pullquote.eval.report.plots import Plots; Plots().recall({'a': [0.5, 1.0]})")
    found.run(sys.executable, "-c", LIVES, index)
    return found


def test_no_name_is_looked_up_and_no_connection_made(traced: Traced) -> None:
    assert traced.reached() == []


def test_no_file_is_made_but_in_folders_that_are_pullquotes(traced: Traced) -> None:
    assert traced.foreign() == []
    assert [path.name for path in traced.home.iterdir()] == [".cache"]
    assert [path.name for path in traced.cache.iterdir()] == ["pullquote"]
    assert list(traced.temporary.iterdir()) == []


def test_the_tracer_sees_what_it_is_there_to_see(tmp_path: Path) -> None:
    traced = Traced(tmp_path)
    code = (
        "import pathlib, socket\n"
        "pathlib.Path.home().joinpath('left').write_text('')\n"
        "try: socket.create_connection(('127.0.0.1', 9))\n"
        "except OSError: pass\n"
    )
    traced.run(sys.executable, "-c", code)
    assert traced.foreign() == [str(traced.home / "left")]
    assert len(traced.reached()) == 1
