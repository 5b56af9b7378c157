"""kill -9 at random moments: `python tests/long/crash.py --times 200` kills so many changes of an index and examines what is left.

After each: the index opens, the doctor finds nothing, it holds what it held before or what it was to hold, and doing the same
again finishes the work.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # a process with threads is not to be forked
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.conftest import HashEncoder

import pullquote
from pullquote.corpus.sources import files, origin
from pullquote.index.encoders.protocol import Progress
from pullquote.index.segments import merge_policy
from pullquote.index.storage import (
    layout,
)
from pullquote.index.types import Vectors
from pullquote.index.upkeep.doctor import examine
from pullquote.index.workers import spread

VERBS = ("add", "update", "sync", "remove", "compact")
WORDS = [
    "bridge",
    "ferry",
    "harbour",
    "herring",
    "mayor",
    "crown",
    "winter",
    "island",
    "captain",
    "ribbon",
    "lighthouse",
    "sound",
    "notice",
    "storm",
]


class Slow(HashEncoder):
    """Takes its time, so that a kill finds it at work."""

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Vectors:
        time.sleep(0.002)
        return super().encode(sentences, progress)


class Trial:
    """One index, changed and killed again and again."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.index, self.news = folder / "index.pq", folder / "news"
        self.news.mkdir()
        self.durations: dict[str, float] = {}
        self.seen: Counter[str] = Counter()
        self.holds = {f"a{n}": self.text() for n in range(20)}
        self.do("add", self.holds, set())()

    def text(self) -> str:
        sentences = (" ".join(self.random.choices(WORDS, k=self.random.randint(4, 9))) for _ in range(self.random.randint(2, 12)))
        return "\n\n".join(f"{s.capitalize()} {self.random.randint(1, 999)}." for s in sentences)

    def plan(self) -> tuple[str, dict[str, str], set[str]]:
        """A verb, what it writes and what it removes."""
        verb = self.random.choice(VERBS)
        synced = sorted(name for name in self.holds if name.endswith(".txt"))
        of = synced if verb == "sync" else sorted(self.holds.keys() - synced)
        some = set(self.random.sample(of, min(len(of), self.random.randint(1, 6))))
        if verb == "add":
            return verb, {f"a{self.random.randrange(10**6)}": self.text() for _ in range(self.random.randint(1, 40))}, set()
        if verb == "update":
            return verb, {name: self.text() for name in some}, set()
        if verb == "remove":
            return verb, {}, some if len(of) > 10 else set()
        if verb == "sync":
            changed = set(self.random.sample(sorted({*synced} - some), min(3, len({*synced} - some))))
            names = changed | {f"f{self.random.randrange(10**6)}.txt" for _ in range(self.random.randint(1, 8))}
            return verb, {name: self.text() for name in names}, some
        return verb, {}, set()

    def do(self, verb: str, writes: dict[str, str], removes: set[str]) -> Callable[[], None]:
        """What carries a plan out."""
        if verb == "sync":
            for name in removes:
                (self.news / name).unlink(missing_ok=True)
            for name, text in writes.items():
                (self.news / name).write_text(text, "utf-8")

        def run() -> None:
            with pullquote.Writer(self.index, Slow()) as writer:
                if verb == "sync":
                    for file in files([self.news]):
                        writer.stage(file.articles(), file.where, file.origin)
                    writer.remove_missing(origin(self.news))
                else:
                    writer.stage(pullquote.Article(id=name, text=text) for name, text in writes.items())
                    if removes:  # some may be gone: the kill came after the commit
                        writer.remove(removes & set(held(self.index)))
                writer.compact() if verb == "compact" else writer.commit()

        return run

    def kill(self) -> None:
        """Carry a plan out, kill it, examine, and carry it out again to its end."""
        verb, writes, removes = self.plan()
        before, after = dict(self.holds), {n: t for n, t in self.holds.items() if n not in removes} | writes
        run = self.do(verb, writes, removes)
        started = time.perf_counter()
        child = os.fork()
        if child == 0:
            run()
            os._exit(0)
        time.sleep(self.random.random() * self.durations.get(verb, 0.2) * 1.1)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        assert killed or os.WEXITSTATUS(status) == 0, f"{verb}: exit status {os.WEXITSTATUS(status)}"
        self.examine(verb, (before, after))
        self.seen[f"{verb}, {'killed' if killed else 'done'}, {'after' if held(self.index) == after else 'before'}"] += 1
        started = time.perf_counter()
        run()
        self.durations[verb] = 0.5 * self.durations.get(verb, 0.2) + 0.5 * (time.perf_counter() - started)
        self.holds = after
        self.examine(verb, (after,))
        left = {path.name for path in self.index.iterdir()} - {*layout.FILES, "write.lock"}
        assert all(name.startswith("segment-") for name in left), left

    def examine(self, verb: str, allowed: tuple[dict[str, str], ...]) -> None:
        findings = examine(self.index)
        assert not findings, (verb, findings)
        assert held(self.index) in allowed, f"{verb}: it holds neither what it did nor what it was to hold"
        with pullquote.Index.open(self.index, HashEncoder()) as index:
            for hit in index.search(" ".join(self.random.sample(WORDS, 3))):
                assert index.article(hit.article_id).text[hit.start : hit.end] == hit.text


def held(folder: Path) -> dict[str, str]:
    """What an index holds: the text of each article by its id."""
    with pullquote.Index.open(folder, HashEncoder()) as index:
        return {article.id: article.text for article, _, _ in index.everything()}


def trials(folder: Path, times: int, seed: int) -> Iterator[Counter[str]]:
    """Kill so many times; what was seen so far, after each."""
    spread._FEW, merge_policy.SMALL = 16, 40  # small, so that each change does a bit of everything
    trial = Trial(folder, seed)
    for _ in range(times):
        trial.kill()
        yield trial.seen
    pullquote.add(folder / "fresh.pq", (pullquote.Article(id=n, text=t) for n, t in trial.holds.items()), HashEncoder())
    with pullquote.Index.open(folder / "fresh.pq") as fresh, pullquote.Index.open(trial.index) as index:
        assert fresh.manifest.digest == index.manifest.digest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        *_, seen = trials(Path(folder), arguments.times, arguments.seed)
    print(*(f"{count:4}  {what}" for what, count in sorted(seen.items())), sep="\n")


if __name__ == "__main__":
    main()
