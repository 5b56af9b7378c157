#!/usr/bin/env python3
"""What the reader costs: a question with it and without, in a process that goes on and in one of its own.

python eval/fitting/cost.py SET.jsonl --index INDEX [--out eval/benchmarks/records/cost.json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pullquote

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from machine import about, write

QUESTIONS, COLD = 200, 7


def took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def warm(index: pullquote.Index, questions: list[str]) -> dict[str, float]:
    """Medians in milliseconds; each question is asked in all ways, one after the other."""
    times: dict[str, list[float]] = {"encode": [], "search": [], "quick": [], "ask": []}
    for question in questions:
        times["encode"].append(took(lambda q=question: index.encoder.encode_question(q)))  # type: ignore[misc]
        times["search"].append(took(lambda q=question: index.search(q)))  # type: ignore[misc]
        times["quick"].append(took(lambda q=question: pullquote.ask(index, q, reader=False)))  # type: ignore[misc]
        times["ask"].append(took(lambda q=question: pullquote.ask(index, q)))  # type: ignore[misc]
    found = {f"{name}_ms": 1000 * statistics.median(values) for name, values in times.items()}
    return {**found, "ask_to_encode": found["ask_ms"] / found["encode_ms"]}


_ASKS = """
import atexit, sys
from pathlib import Path
atexit.register(lambda: print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0], file=sys.stderr))
from pullquote.__main__ import main
main(sys.argv[1:])
"""


def cold(folder: Path, question: str, *options: str) -> dict[str, float]:
    """The median wall time in seconds, and the largest resident memory in MB, of a process that asks once."""
    seconds, memory = [], 0.0
    for _ in range(COLD):
        command = [sys.executable, "-c", _ASKS, "ask", question, "--index", str(folder), *options]
        began = time.perf_counter()
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - began)
        memory = max(memory, int(ran.stderr.split()[-1]) / 1024)
    return {"median_s": statistics.median(seconds), "memory_mb": memory}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    given = [json.loads(line) for line in arguments.set.read_text("utf-8").splitlines()]
    asked = [str(row["question"]) for row in given][:: max(1, len(given) // QUESTIONS)][:QUESTIONS]
    with pullquote.Index.open(arguments.index) as index:
        pullquote.ask(index, asked[0])  # what is made once is made
        found: dict[str, Any] = {"questions": len(asked), "warm": warm(index, asked)}
    found["cold"] = {"ask": cold(arguments.index, asked[0]), "ask --quick": cold(arguments.index, asked[0], "--quick")}
    write({**about(), **found}, arguments.out)


if __name__ == "__main__":
    main()
