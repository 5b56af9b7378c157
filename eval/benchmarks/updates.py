"""What a small change of a large index costs, against a rebuild of it in the same run.

    python eval/benchmarks/updates.py --passages 100000 --out updates.json

The articles are synthetic (see synthetic.py), and an encoder of random unit vectors stands in for the
real one, so that everything but the embedding is measured.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from machine import about, write
from synthetic import PASSAGES, RandomEncoder, articles

import pullquote


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def change(folder: Path, name: str, number: int) -> None:
    with pullquote.Writer(folder, RandomEncoder()) as writer:
        if name == "remove one":
            writer.remove([f"a{number:07}"])
        else:
            [article] = articles(10**6 + number, 1)
            fields = (article.id if name == "add one" else f"a{number:07}", article.text, article.title, article.source)
            writer.stage([pullquote.Article(*fields)])
        writer.commit()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--changes", type=int, default=100, help="of each kind")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there, "index.pq")
        build = timed(lambda: pullquote.add(folder, articles(0, arguments.passages // PASSAGES), RandomEncoder()))
        with pullquote.Index.open(folder, RandomEncoder()) as index:
            counts = index.manifest.counts
        with pullquote.Writer(folder, RandomEncoder()) as writer:
            rebuild = timed(writer.rewrite)  # every array anew; nothing is cut or embedded
        before = size(folder)
        kinds = {}
        for name in ("add one", "update one", "remove one"):
            times = [timed(lambda name=name, n=n: change(folder, name, n)) for n in range(arguments.changes)]  # type: ignore[misc]
            kinds[name] = {
                "median_s": statistics.median(times),
                "mean_s": statistics.mean(times),
                "max_s": max(times),
                "rebuild_to_mean": rebuild / statistics.mean(times),
            }
        after = size(folder)
        opening = timed(lambda: pullquote.Index.open(folder, RandomEncoder()).close())
        with pullquote.Index.open(folder, RandomEncoder()) as index:
            segments = index.status()["segments"]
    record = {
        **about(),
        **asdict(counts),
        "build_s": build,
        "rebuild_s": rebuild,
        "changes": kinds,
        "bytes_before": before,
        "bytes_after": after,
        "segments_after": segments,
        "open_s": opening,
    }
    write(record, arguments.out)


if __name__ == "__main__":
    main()
