"""A loss of power: `python tests/long/power_loss.py` records what a change of an index writes and in which order it is seen on the disk
(fsync), cuts the power after each step, and lets what was not yet on the disk be lost: all of it, none of it, and part of it by chance.

After each: the index opens and holds what it held before or what it was to hold, the doctor finds nothing; after the command has ended it
holds what it was to hold. Needs strace, which sees the writes. What survives is what POSIX promises and no more: the bytes of a file
from the fsync of the file on, its name from the fsync of its folder on.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.long.faults import VERBS, Bench, Verb

import pullquote
from pullquote.index.storage import layout
from pullquote.index.upkeep.doctor import examine

CALLS = (
    "openat,creat,lseek,read,write,pwrite64,fsync,fdatasync,ftruncate,mkdir,mkdirat,unlink,unlinkat,rmdir,rename,renameat,renameat2"
)
HOW = ("lost", "kept", "by chance")
_LINE = re.compile(r"^\d+ +(?P<call>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(?:\.\.\.)?')
_FD = re.compile(r"^(\d+|AT_FDCWD)<([^>]*)>")


@dataclass(frozen=True)
class Step:
    """What a system call does to a file or folder: `kind` is write, cut, sync, make, folder, gone or name."""

    kind: str
    path: Path
    at: int = 0
    bytes: bytes = b""
    to: Path | None = None


def steps(log: Path, folder: Path, there: set[Path]) -> list[Step]:
    """What was done below a folder, in order; `there` is what was in it at first."""
    found: list[Step] = []
    places: Counter[tuple[str, str]] = Counter()  # where the next write to a descriptor goes
    for line in log.read_text("utf-8").splitlines():
        if (match := _LINE.match(line)) is None or int(match["result"]) < 0:
            continue
        call, arguments, result = match["call"], match["arguments"], int(match["result"])
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(arguments)]
        descriptor = _FD.match(arguments)
        path = Path(_unescaped(descriptor[2])) if descriptor else folder.parent
        if call in ("openat", "creat", "mkdir", "mkdirat", "unlink", "unlinkat", "rmdir", "rename"):
            path = path / os.fsdecode(texts[0])
        if not path.is_relative_to(folder):
            continue
        key = (descriptor[1] if descriptor else "", str(path))
        if call in ("openat", "creat"):
            places[str(result), str(path)] = 0
            if "O_TRUNC" in arguments and path in there:
                found.append(Step("cut", path))
            if "O_CREAT" in arguments and path not in there:
                found.append(Step("make", path))
                there.add(path)
        elif call == "lseek":
            places[key] = result
        elif call == "read":
            places[key] += result
        elif call == "write":
            found.append(Step("write", path, places[key], texts[0][:result]))
            places[key] += result
        elif call == "pwrite64":
            found.append(Step("write", path, int(arguments.rpartition(", ")[2]), texts[0][:result]))
        elif call in ("fsync", "fdatasync"):
            found.append(Step("sync", path))
        elif call == "ftruncate":
            found.append(Step("cut", path, int(arguments.rpartition(", ")[2])))
        elif call.startswith("mkdir"):
            found.append(Step("folder", path))
            there.add(path)
        elif call in ("unlink", "unlinkat", "rmdir"):
            found.append(Step("gone", path))
            there.discard(path)
        else:
            raise AssertionError(f"a call that is not simulated: {line[:200]}")
    return found


def _unescaped(text: str) -> str:
    return os.fsdecode(ast.literal_eval(f"b'{text}'"))


@dataclass
class Disk:
    """What is on the disk, and what is on its way: of each file its bytes and what is to be written, of each folder its names."""

    root: Path
    files: dict[int, bytearray] = field(default_factory=dict)  # by inode
    writes: dict[int, list[Step]] = field(default_factory=dict)
    names: dict[Path, int | None] = field(default_factory=dict)  # None: a folder
    changes: dict[Path, list[tuple[Path, int | str | None]]] = field(default_factory=dict)  # by folder: names to come, or "gone"
    now: dict[Path, int | None] = field(default_factory=dict)  # as programs see the names

    def __post_init__(self) -> None:
        for path in sorted(self.root.rglob("*")):
            self.names[path] = None if path.is_dir() else self._inode(path.read_bytes())
        self.names[self.root] = None
        self.now = dict(self.names)

    def _inode(self, content: bytes = b"") -> int:
        number = len(self.files)
        self.files[number], self.writes[number] = bytearray(content), []
        return number

    def do(self, step: Step) -> None:
        """One step of a program."""
        if step.kind in ("make", "folder"):
            self.now[step.path] = None if step.kind == "folder" else self._inode()
            self.changes.setdefault(step.path.parent, []).append((step.path, self.now[step.path]))
        elif step.kind == "gone":
            del self.now[step.path]
            self.changes.setdefault(step.path.parent, []).append((step.path, "gone"))
        elif step.kind == "sync" and self.now[step.path] is None:
            for change in self.changes.pop(step.path, []):
                _rename(self.names, change)
        else:
            number = self.now[step.path]
            assert number is not None
            if step.kind == "sync":
                for write in self.writes[number]:
                    _put(self.files[number], write)
                self.writes[number] = []
            else:
                self.writes[number].append(step)

    def cut(self, target: Path, how: str, chance: random.Random) -> None:
        """Lay out what is found when the power is back."""
        names = dict(self.names)
        for changes in self.changes.values():  # a file system keeps the changes of a folder in order
            some = {"lost": 0, "kept": len(changes)}.get(how, chance.randint(0, len(changes)))
            for change in changes[:some]:
                _rename(names, change)
        for path, number in sorted(names.items()):
            place = target / path.relative_to(self.root)
            if path != self.root and not place.parent.is_dir():
                continue  # of a folder whose own name is lost
            if number is None:
                place.mkdir(parents=True, exist_ok=True)
            else:
                content = bytearray(self.files[number])
                for write in self.writes[number]:
                    if how == "kept" or (how == "by chance" and chance.random() < 0.5):
                        _put(content, write)
                place.write_bytes(content)


def _rename(names: dict[Path, int | None], change: tuple[Path, int | str | None]) -> None:
    path, what = change
    if isinstance(what, str):
        names.pop(path, None)
    else:
        names[path] = what


def _put(content: bytearray, write: Step) -> None:
    if write.kind == "cut":
        del content[write.at :]
        content.extend(bytes(write.at - len(content)))
    else:
        content.extend(bytes(max(0, write.at - len(content))))
        content[write.at : write.at + len(write.bytes)] = write.bytes


def trials(root: Path, every: int, verbs: Sequence[Verb] = VERBS) -> Iterator[tuple[str, str]]:
    """Each trial: the verb, and whether what is found is from before or after."""
    chance = random.Random(0)
    for verb in verbs:
        bench = Bench(root, verb)
        bench.restore()
        there = set(bench.here.rglob("*"))
        code, said = bench.run(None, ["-e", f"trace={CALLS}", "-y", "-xx", "-s", "100000000"])
        assert code == 0, said
        done = steps(bench.log, bench.here, there)
        disk = Disk(bench.start)
        moved = [_moved(step, bench.here, bench.start) for step in done]
        for number in range(len(moved) + 1):
            if number % every == 0 or number == len(moved):
                for how in HOW:
                    yield verb.name, _found(bench, disk, how, chance, ended=number == len(moved))
            if number < len(moved):
                disk.do(moved[number])


def _moved(step: Step, old: Path, new: Path) -> Step:
    return Step(step.kind, new / step.path.relative_to(old), step.at, step.bytes)


def _found(bench: Bench, disk: Disk, how: str, chance: random.Random, *, ended: bool) -> str:
    place = bench.here.with_name("found")
    shutil.rmtree(place, ignore_errors=True)
    disk.cut(place, how, chance)
    where = (bench.verb.name, how, "ended" if ended else "under way", place)
    try:
        now = bench.held(place)
    except pullquote.IndexUnusable as error:
        raise AssertionError((*where, str(error))) from None
    assert now in ((bench.after,) if ended else (bench.before, bench.after)), (*where, now)
    if (place / "index.pq" / layout.FILE).exists() and now:
        findings = [finding.what for finding in examine(place / "index.pq") if "older format" not in finding.what]
        assert not findings, (*where, findings)
    return "after" if now == bench.after else "before"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="cut the power after every so manieth step")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = Counter(trials(Path(folder).resolve(), arguments.every))
        os.chdir("/")
    print(*(f"{count:5}  {verb}, {what}" for (verb, what), count in sorted(seen.items())), sep="\n")


if __name__ == "__main__":
    main()
