"""Readers that ask without pause while a writer adds, removes and compacts: `python tests/long/stress.py --seconds 60`.

Every change sets five clocks anew; a reader that saw two of them differ would have seen two commits at once.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import sys
import tempfile
import time
from multiprocessing.synchronize import Event
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.conftest import HashEncoder

import pullquote
from pullquote.index.segments import merge_policy

CLOCKS = ["east", "west", "north", "south", "main"]


def change(folder: Path, tick: int, chance: random.Random) -> None:
    """One commit: the clocks, and some of a hundred other articles."""
    with pullquote.Writer(folder, HashEncoder()) as writer:
        writer.stage(pullquote.Article(id=f"clock-{name}", text=f"The {name} clock shows {tick} now.") for name in CLOCKS)
        numbers = chance.sample(range(100), 12)
        writer.stage(
            pullquote.Article(id=f"a{n}", text=f"Boat {n} has sailed {tick} times. It is by the {n % 7}th pier.")
            for n in numbers[:8]
        )
        if tick % 3 == 1:
            with pullquote.Index.open(folder, HashEncoder()) as index:
                writer.remove(f"a{n}" for n in numbers[8:] if index.snapshot.article_row(f"a{n}") >= 0)
        writer.compact() if tick % 10 == 9 else writer.commit()


def ask_on(folder: Path, done: Event, seed: int) -> int:
    """Open, ask, and check what is found; how often."""
    chance, asked = random.Random(seed), 0
    while not done.is_set():
        with pullquote.Index.open(folder, HashEncoder()) as index:
            for _ in range(chance.randint(1, 4)):  # a snapshot stays what it is
                shown = {int(re.findall(r"\d+", h.text)[0]) for h in index.search("clock shows", k=5) if "clock" in h.article_id}
                assert len(shown) == 1, f"two commits at once: {shown}"
                answer = pullquote.ask(index, f"How often has boat {chance.randrange(100)} sailed?")
                for quote in answer.quotes:
                    assert index.article(quote.article_id).text[quote.start : quote.end] == quote.text
                asked += 1
    return asked


def reader(folder: Path, done: Event, seed: int, results: multiprocessing.SimpleQueue[int | str]) -> None:
    try:
        results.put(ask_on(folder, done, seed))
    except BaseException as error:
        results.put(f"{type(error).__name__}: {error}")
        raise


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=4)
    arguments = parser.parse_args()
    merge_policy.SMALL = 20
    chance, context = random.Random(0), multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there, "index.pq")
        change(folder, 0, chance)
        done, results = context.Event(), context.SimpleQueue()
        readers = [context.Process(target=reader, args=(folder, done, n, results)) for n in range(arguments.readers)]
        for process in readers:
            process.start()
        begun, tick = time.monotonic(), 0
        while time.monotonic() - begun < arguments.seconds:
            tick += 1
            change(folder, tick, chance)
        done.set()
        found = [results.get() for _ in readers]
        for process in readers:
            process.join()
    wrong = [said for said in found if isinstance(said, str)]
    if wrong:
        sys.exit("\n".join(wrong))
    print(
        f"{tick} commits, {sum(int(n) for n in found)} questions by {len(readers)} readers, each of them {[int(n) for n in found]}"
    )


if __name__ == "__main__":
    main()
