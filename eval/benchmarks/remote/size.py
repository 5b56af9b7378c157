"""An index in Milvus as it grows, beside one in a folder: synthetic articles, random unit vectors in place of the encoder's.

    python eval/benchmarks/remote/size.py FOLDER --out eval/benchmarks/records/remote_size.json

Measured at each size are the build, the memory of client and server, the server's disk, a warm and a cold question, and what a
folder takes in the same run. FOLDER keeps all of it, so that a run that was cut off goes on. Without --at a milvus-lite server is
started: one process of Python, which is what the times are of.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pullquote

sys.path.insert(0, str(Path(__file__).parents[1]))
from growth import bytes_in
from machine import about, write
from remote.lite import Server, server
from synthetic import PASSAGES, RandomEncoder, articles, questions

SIZES = (2_000, 20_000, 200_000)
_WARM, _COLD = 20, 3  # questions


def build(place: str, size: int) -> dict[str, float]:
    """One commit, of passages of two sentences."""
    begun = time.perf_counter()
    done = pullquote.add(place, articles(0, size // PASSAGES, 2), RandomEncoder())
    return {"seconds": time.perf_counter() - begun, "client_mb": peak(), "sentences": done.sentences}


def ask(place: str, size: int, count: int) -> dict[str, Any]:
    """Questions, one after the other, in this process."""
    begun = time.perf_counter()
    with pullquote.Index.open(place, RandomEncoder()) as index:
        found: dict[str, Any] = {"open_ms": 1000 * (time.perf_counter() - begun)}
        times = []
        ids = []
        for question in questions(count, size // PASSAGES):
            begun = time.perf_counter()
            ids.append([hit.passage_id for hit in index.search(question)])
            times.append(1000 * (time.perf_counter() - begun))
    return {**found, "first_ms": times[0], "median_ms": statistics.median(times), "client_mb": peak(), "hits": ids}


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def apart(*arguments: object) -> dict[str, Any]:
    """In a process of its own."""
    command = [sys.executable, __file__, "-", "--only", *map(str, arguments)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def measured(folder: Path, milvus: Server, size: int) -> dict[str, Any]:
    record = folder / f"{size}.json"
    if record.exists():
        return dict(json.loads(record.read_text("utf-8")))
    found: dict[str, Any] = {"passages": size}
    hits = {}
    for name, place in (("folder", str(folder / f"{size}.pq")), ("milvus", milvus.address)):
        built = apart("build", place, size)
        warm = apart("ask", place, size, _WARM)
        colds = [apart("ask", place, size, 1) for _ in range(_COLD)]
        hits[name] = warm.pop("hits")
        found[name] = {
            "build": built,
            "open_ms": statistics.median(one["open_ms"] for one in colds),
            "first_ms": statistics.median(one["first_ms"] for one in colds),
            "warm_ms": warm["median_ms"],
            "client_mb": warm["client_mb"],
        }
    found["milvus"] |= {"server_mb": milvus.resident_mb, "server_disk_mb": bytes_in(folder / f"milvus-{size}") / 1e6}
    found["folder"]["disk_mb"] = bytes_in(folder / f"{size}.pq") / 1e6
    found["identical_lists"] = sum(a == b for a, b in zip(hits["folder"], hits["milvus"], strict=True))
    found["questions"] = _WARM
    record.write_text(json.dumps(found), "utf-8")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--at", help="a server, such as milvus://host:19530")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--only", nargs="*", default=[], help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.only:
        what, place, *numbers = given.only
        call: Any = {"build": build, "ask": ask}[what]
        print(json.dumps(call(place, *map(int, numbers))))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    found = []
    for size in sorted(given.sizes):
        with server(given.at, given.folder / f"milvus-{size}", f"size_{size}") as milvus:
            found.append(measured(given.folder, milvus, size))
    write({"benchmark": "remote_size", "server": "a cluster" if given.at else "milvus-lite", "sizes": found, **about()}, given.out)


if __name__ == "__main__":
    main()
