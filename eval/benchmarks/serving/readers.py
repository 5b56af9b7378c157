"""A reader that lives while an index changes under it, and what an index of many articles costs those who do not search it.

    python eval/benchmarks/serving/readers.py --commits 1000 --articles 100000 --out readers.json

Commits come from a process of their own; after each the reader opens the index anew and asks ten questions, while another
index, opened before the first commit, stays open and answers one. Memory, descriptors and mappings are those of the reader's
process. The articles are synthetic (see synthetic.py), three sentences each, and an encoder of random unit vectors stands in for
the real one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pullquote

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import about, write
from synthetic import RandomEncoder, articles

FIRST_DAY = date(2000, 1, 1)
QUESTIONS = 10  # after each commit
REPEATS = 5


def short(first: int, count: int) -> Iterator[pullquote.Article]:
    """Articles of three sentences, each with a day of its own in ten thousand and one of seven outlets."""
    for article in articles(first, count):
        number = int(article.id[1:])
        text = ". ".join(article.text.split(". ")[:3]) + "."
        day = (FIRST_DAY + timedelta(number % 10_000)).isoformat()
        yield pullquote.Article(id=article.id, text=text, title=article.title, source=article.source, published=day)


def commit_on(folder: Path, asked: Connection) -> None:
    """Commit whenever a number comes: an article is added, another updated, and now and then all are written anew."""
    while (number := asked.recv()) is not None:
        with pullquote.Writer(folder, RandomEncoder()) as writer:
            writer.stage(short(1000 + number, 1))
            [changed] = short(10**6 + number, 1)
            writer.stage([pullquote.Article(id=f"a{number % 500:07}", text=changed.text, source=changed.source)])
            writer.compact() if number % 100 == 99 else writer.commit()
        asked.send(number)


def held() -> dict[str, float]:
    """What the process holds: memory that no file backs, in MB; descriptors; mappings."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines())
    return {
        "memory_mb": int(status["RssAnon"].split()[0]) / 1024,
        "descriptors": len(os.listdir("/proc/self/fd")),
        "mappings": len(Path("/proc/self/maps").read_text("utf-8").splitlines()),
    }


def lives_on(folder: Path, commits: int) -> dict[str, Any]:
    """A reader over so many commits: what it holds, at twenty moments."""
    pullquote.add(folder, short(0, 1000), RandomEncoder())
    said = [article.text.split(". ")[1] for article in short(0, 200)]
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    writer = context.Process(target=commit_on, args=(folder, theirs))
    writer.start()
    curve, asked = [], 0
    with pullquote.Index.open(folder, RandomEncoder()) as early:
        generation = early.manifest.generation
        for number in range(commits):
            ours.send(number)
            ours.recv()
            with pullquote.Index.open(folder, RandomEncoder()) as index:
                assert index.manifest.generation > generation
                for n in range(QUESTIONS):
                    pullquote.ask(index, said[(number * QUESTIONS + n) % len(said)])
                    asked += 1
            assert early.search(said[number % len(said)])
            if (number + 1) % max(1, commits // 20) == 0:
                curve.append({"commits": number + 1, "questions": asked, **held()})
    ours.send(None)
    writer.join()
    return {"commits": commits, "questions": asked, "curve": curve}


def median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def bounds(folder: Path, count: int) -> dict[str, Any]:
    """What an index of so many articles costs, in seconds."""
    began = time.perf_counter()
    pullquote.add(folder, short(0, count), RandomEncoder())
    build = time.perf_counter() - began
    encoder = RandomEncoder()
    [article] = short(count // 2, 1)
    quote = article.text.split(". ")[1]
    altered = quote.replace(quote.split()[3], "harbour")
    where = pullquote.Filter.of(source="outlet 3", since="2010-01-01", until="2010-12-31")
    found = {"articles": count, "build_s": build, "open_s": median(lambda: pullquote.Index.open(folder, encoder).close())}
    with pullquote.Index.open(folder, encoder) as index:
        found["search_s"] = median(lambda: index.search(quote))
        found["search_filtered_s"] = median(lambda: index.search(quote, where=where))
        found["ask_s"] = median(lambda: pullquote.ask(index, quote))
        found["verify_exact_s"] = median(lambda: pullquote.verify(index, quote))
        found["verify_altered_s"] = median(lambda: pullquote.verify(index, altered))
        found["verify_absent_s"] = median(lambda: pullquote.verify(index, "Nobody ever said this about anything at all."))
        found["timeline_s"] = median(lambda: pullquote.timeline(index, quote))
        found["status_s"] = median(index.status)
        assert pullquote.verify(index, quote).status == "exact"
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commits", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as there:
        living = lives_on(Path(there, "living.pq"), arguments.commits)
        sizes = [bounds(Path(there, f"{count}.pq"), count) for count in (arguments.articles // 10, arguments.articles)]
    write({**about(), "living": living, "bounds": sizes}, arguments.out)


if __name__ == "__main__":
    main()
