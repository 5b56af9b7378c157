"""A disk that fails: `python tests/long/faults.py` lets each system call of a change of an index fail, once and from then on, with a full
disk (ENOSPC) and a broken one (EIO), and lets files end early (a write that is cut short). About an hour; `--every 20` for a sample.

After each: the command did its work, or ended with exit code 3 and one line; the doctor finds nothing; the index holds what it held
before or what it was to hold, and doing the same again finishes the work. Needs strace, which makes the calls fail.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # a process with threads is not to be forked
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.conftest import ARTICLES, HashEncoder
from tests.long.crash import held as what_is_held

import pullquote
from pullquote.index.encoders import registry
from pullquote.index.storage import layout
from pullquote.index.upkeep.doctor import examine
from pullquote.index.upkeep.export import export
from pullquote.qa.cli import run

OLD = ROOT / "tests" / "index" / "storage" / "old" / "format-1.zip"
CALLS = (
    "open,openat,creat,read,pread64,readv,write,pwrite64,writev,fsync,fdatasync,ftruncate,fallocate,mmap,mkdir,mkdirat,unlink,unlinkat,"
    "rmdir,rename,renameat,renameat2,stat,lstat,newfstatat,fstat,statx,access,faccessat,faccessat2,getdents64,lseek,flock,fcntl,chmod,"
    "fchmod,close"
)
_CALL = re.compile(r"^\d+ +(\w+)\(")
_LIMITS = (0, 1, 100, 1000, 4096, 8192, 8200, 12_000, 16_384, 20_000, 33_000, 50_000, 70_000, 100_000)  # bytes of a file


@dataclass(frozen=True)
class Verb:
    """A change by the command line, and what it starts from: `folder` holds it, the index is in `index.pq` there."""

    name: str
    arguments: tuple[str, ...]

    def prepare(self, folder: Path) -> None:
        """Lay out what there is before the change."""
        news, index = folder / "news", folder / "index.pq"
        news.mkdir(parents=True)
        for number in range(6):
            (news / f"lamp{number}.txt").write_text(f"Lamp {number} was lit at dusk.\n\nIts keeper rowed home.\n", "utf-8")
        os.chdir(folder)
        if self.name == "upgrade":
            with zipfile.ZipFile(OLD) as archive:
                archive.extractall(index)
        elif self.name not in ("add", "import"):
            pullquote.add(index, ARTICLES, HashEncoder())
            with contextlib.redirect_stdout(io.StringIO()):
                assert run(["sync", "news", "--index", "index.pq"]) == 0
        if self.name == "update":
            (news / "lamp1.txt").write_text("Lamp 1 was broken by a gull.\n", "utf-8")
            (news / "lamp2.txt").unlink()
        if self.name == "import":
            pullquote.add(folder / "other.pq", ARTICLES, HashEncoder())
            with pullquote.Index.open(folder / "other.pq", HashEncoder()) as other:
                export(other, folder / "exported")
            shutil.rmtree(folder / "other.pq")


VERBS = (
    Verb("add", ("add", "news", "--index", "index.pq")),
    Verb("update", ("sync", "news", "--index", "index.pq")),
    Verb("remove", ("remove", "bridge.md", "--index", "index.pq")),
    Verb("compact", ("compact", "--index", "index.pq")),
    Verb("import", ("import", "exported", "--index", "index.pq")),
    Verb("upgrade", ("add", "news", "--index", "index.pq")),
)


@dataclass(frozen=True)
class Fault:
    """What fails: the call of a name that comes `at` in turn, alone or with all that follow; or files that may not grow beyond `limit`."""

    call: str = ""
    at: int = 0
    error: str = ""
    on: bool = False
    limit: int | None = None

    def __str__(self) -> str:
        if self.limit is not None:
            return f"files of at most {self.limit} bytes"
        return f"{self.call} {self.at}{' and all after' if self.on else ''}: {self.error}"


class Bench:
    """One verb, tried again and again in a folder that is made anew for each trial."""

    def __init__(self, root: Path, verb: Verb) -> None:
        logging.disable(logging.WARNING)  # that an index is of an older format
        registry.load = lambda *_, **__: HashEncoder()
        self.verb, self.start, self.here, self.log = verb, root / f"{verb.name}-start", root / "here", root / "log"
        verb.prepare(self.start)
        self.before = self.held(self.start)
        self.restore()
        code, said = self.run(None, ["-e", f"trace={CALLS}", "-y", "-s", "512"])
        assert code == 0, (verb, said)
        self.after = self.held(self.here)
        inside = f"{self.here / 'index.pq'}"
        lines = [line for line in self.log.read_text("utf-8").splitlines() if inside in line or '"index.pq' in line]
        self.calls = Counter(found[1] for line in lines if (found := _CALL.match(line)))
        paths = set(re.findall(rf"{re.escape(inside)}[^\"> (]*", "\n".join(lines)))
        named = set(re.findall(r'"(index\.pq[^"]*)"', "\n".join(lines)))
        self.paths = sorted({path.removesuffix("/") for path in paths | named})

    def faults(self, every: int, offset: int, only: str = "") -> Iterator[Fault]:
        """Each fault, or every so manieth of them, and only those whose names begin so."""
        made = [
            Fault(call, at, error, on)
            for call, count in sorted(self.calls.items())
            for at in range(1, count + 1)
            for error in ("ENOSPC", "EIO")
            for on in (False, True)
        ]
        made += [Fault(limit=limit) for limit in _LIMITS]
        made = [fault for fault in made if f"{self.verb.name}, {fault}".startswith(only)]
        yield from made[offset % every :: every]

    def trial(self, fault: Fault) -> str:
        """Let it fail; "done" or "refused"."""
        self.restore()
        told = []
        if fault.limit is None:
            told = ["-e", f"trace={fault.call}", "-e", f"inject={fault.call}:error={fault.error}:when={fault.at}{'+' * fault.on}"]
            told += [part for path in self.paths for part in ("-P", path)]
        code, said = self.run(fault.limit, told)
        what = f"{self.verb.name}, {fault}: exit code {code}, {said!r}"
        assert code in (0, 3), what
        assert "Traceback" not in said, what
        assert code == 0 or len(said.splitlines()) == 1, what
        try:
            now = self.held(self.here)
        except pullquote.IndexUnusable as error:
            raise AssertionError((what, str(error))) from None
        assert now == self.after if code == 0 else now in (self.before, self.after), (what, now)
        index = self.here / "index.pq"
        if (index / layout.FILE).exists() and now != {}:
            findings = [finding.what for finding in examine(index) if "older format" not in finding.what]
            assert not findings, (what, findings)
        code, said = self.run(None, None)
        assert code == 0 or (self.verb.name == "remove" and "no article" in said), (what, "again", code, said)
        assert self.held(self.here) == self.after, (what, "again")
        return "done" if now == self.after else "refused"

    def restore(self) -> None:
        os.chdir(self.here.parent)
        shutil.rmtree(self.here, ignore_errors=True)
        shutil.copytree(self.start, self.here)
        os.chdir(self.here)

    def run(self, limit: int | None, told: list[str] | None) -> tuple[int, str]:
        """Run the verb in a child, under strace where it is told what to do; the exit code and what was said."""
        hears, says = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(says, 2)
            if told:
                os.kill(os.getpid(), signal.SIGSTOP)
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            code = 1
            try:
                code = run(list(self.verb.arguments))
            except BaseException:  # noqa: BLE001 - as an interpreter would show it
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        os.close(says)
        if told:
            os.waitpid(child, os.WUNTRACED)
            tracer = subprocess.Popen(["strace", "-f", "-qqq", "-o", self.log, *told, "-p", str(child)], stderr=subprocess.DEVNULL)
            status = Path(f"/proc/{child}/status")
            while "TracerPid:\t0\n" in status.read_text("utf-8"):
                assert tracer.poll() is None
                time.sleep(0.001)
            os.kill(child, signal.SIGCONT)
        _, status_ = os.waitpid(child, 0)
        if told:
            tracer.wait()
        with open(hears, encoding="utf-8") as said:  # less than a pipe holds
            return os.waitstatus_to_exitcode(status_), said.read()

    @staticmethod
    def held(folder: Path) -> dict[str, str]:
        try:
            if (folder / "index.pq" / layout.FILE).exists():
                with tempfile.TemporaryDirectory() as copy:  # to open an older one would upgrade it
                    shutil.copytree(folder / "index.pq", Path(copy) / "index.pq")
                    return what_is_held(Path(copy) / "index.pq")
        except pullquote.IndexMissing:
            pass
        return {}


def trials(root: Path, every: int, offset: int = 0, only: str = "") -> Iterator[tuple[str, str]]:
    """Each trial: the verb, and whether it was done or refused."""
    for verb in VERBS:
        if only and not only.startswith(verb.name):
            continue
        bench = Bench(root, verb)
        for fault in bench.faults(every, offset, only):
            yield verb.name, bench.trial(fault)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try every so manieth fault")
    parser.add_argument("--offset", type=int, default=0, help="of them, begin with this one")
    parser.add_argument("--only", default="", help='whose names begin so, as in "add, fdatasync"')
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = Counter(trials(Path(folder).resolve(), arguments.every, arguments.offset, arguments.only))
        os.chdir("/")
    print(*(f"{count:5}  {verb}, {what}" for (verb, what), count in sorted(seen.items())), sep="\n")


if __name__ == "__main__":
    main()
