"""How an index grows: synthetic articles of 10^4, 10^5 and 10^6 passages, random unit vectors in place of the encoder's.

    python eval/benchmarks/growth.py FOLDER --peers peers/bin/python --out eval/benchmarks/records/growth.json

FOLDER keeps the indexes, so that a run that was cut off goes on (10^6 passages: about 20 GB, half an hour). Measured are
the build (time, memory, disk), opening, a lexical search in a process of its own, lexical and hybrid searches in one that goes on,
and the recall of the final ten passages against a search that compares every vector; beside it bm25s and rank-bm25 on the
same passages, and bm25s over the articles, passages and sentences that pullquote searches.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from machine import about, write
from synthetic import PASSAGES, WORDS, RandomEncoder, articles, questions

import pullquote

HERE = Path(__file__).resolve().parent
SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS = 200


def build(folder: Path, size: int) -> None:
    """In a process of its own, see `built`."""
    with pullquote.Writer(folder, RandomEncoder()) as writer:
        writer.stage(articles(0, size // PASSAGES))
        writer.commit()


def built(folder: Path, size: int) -> dict[str, Any]:
    """Build an index, if it is not there, watched from outside."""
    record, place = folder / f"{size}.json", folder / f"{size}.pq"
    if not record.exists():
        begun = time.perf_counter()
        process = subprocess.Popen([sys.executable, __file__, str(folder), "--build", str(size)])
        memory = disk = 0
        while process.poll() is None:
            memory = max(memory, private_memory(process.pid))
            disk = max(disk, bytes_in(place))
            time.sleep(0.25)
        if process.returncode:
            sys.exit("the build failed")
        seconds = time.perf_counter() - begun
        with pullquote.Index.open(place, RandomEncoder()) as index:
            counts, segments = index.manifest.counts, index.manifest.segments
        found = {
            **asdict(counts),
            "segments": len(segments),
            "recall_at_build": [s.codes and s.codes.recall for s in segments],
            "build_s": seconds,
            "build_rss_anon_mb": memory / 1e6,
            "bytes": bytes_in(place),
            "bytes_at_most": disk,
        }
        record.write_text(json.dumps(found), "utf-8")
    found = json.loads(record.read_text("utf-8"))
    return dict(found)


def private_memory(process: int) -> int:
    """What a process holds that no file backs, in bytes."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total


def cold(folder: Path, sizes: list[int], repeats: int) -> dict[int, dict[str, list[float]]]:
    """`search --lexical` in a process of its own, in turns, each time another question: with what it reads in the system's page
    cache, since the question was asked just before, and with nothing of the index there.
    """
    command = [str(Path(sys.executable).with_name("pullquote")), "search", "--lexical", "--index"]
    times: dict[int, dict[str, list[float]]] = {size: {"cold_lexical_s": [], "from_disk_s": []} for size in sizes}
    asked = {size: questions(repeats + 1, size // PASSAGES) for size in sizes}
    for turn in range(repeats + 1):
        for size in sizes:
            for name, found in times[size].items():
                place = folder / f"{size}.pq"
                if name == "from_disk_s":
                    forgotten(place)
                for _ in range(1 if name == "from_disk_s" else 2):
                    begun = time.perf_counter()
                    subprocess.run([*command, str(place), asked[size][turn]], check=True, stdout=subprocess.DEVNULL)
                    took = time.perf_counter() - begun
                found.append(took)
    return {size: {name: found[1:] for name, found in of_size.items()} for size, of_size in times.items()}


def forgotten(place: Path) -> None:
    """Take the files of an index out of the system's page cache."""
    for path in place.rglob("*"):
        if path.is_file():
            file = os.open(path, os.O_RDONLY)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def warm(folder: Path, size: int) -> dict[str, Any]:
    asked = questions(QUESTIONS, size // PASSAGES)
    begun = time.perf_counter()
    with pullquote.Index.open(folder / f"{size}.pq", RandomEncoder()) as index:
        opening = time.perf_counter() - begun
        found: dict[str, Any] = {"open_ms": 1000 * opening}
        for name, lexical in (("lexical", True), ("hybrid", False)):
            for turn in range(2):  # the first reads what it needs
                times = []
                for question in asked:
                    begun = time.perf_counter()
                    index.search(question, lexical=lexical)
                    times.append(time.perf_counter() - begun)
                found[f"{name}_ms" if turn else f"{name}_first_ms"] = spread(times)
        few = asked[:40]
        hits = [{hit.passage_id for hit in index.search(question)} for question in few]
        for segment in index.snapshot.segments:
            segment.dense._codes = None  # from now on every vector is compared
        exact = [{hit.passage_id for hit in index.search(question)} for question in few]
        found["recall_of_the_final_ten"] = statistics.mean(len(a & b) / len(b) for a, b in zip(hits, exact, strict=True))
    return found


def spread(times: list[float]) -> dict[str, float]:
    times = sorted(1000 * t for t in times)
    return {"median": statistics.median(times), "p95": times[int(0.95 * len(times))]}


def peers(folder: Path, size: int, python: str) -> dict[str, Any]:
    """bm25s and rank-bm25 on the same passages, in their own virtual environment."""
    paragraphs, asked = folder / f"{size}.paragraphs.json", folder / f"{size}.questions.json"
    if not paragraphs.exists():
        texts = {f"{a.id}#{n}": p for a in articles(0, size // PASSAGES) for n, p in enumerate(a.text.split("\n\n"))}
        paragraphs.write_text(json.dumps(texts), "utf-8")
    found = {}
    for system in ("bm25s", "bm25s with numba", "bm25s at three levels", "rank-bm25"):
        few = 10 if system == "rank-bm25" else QUESTIONS
        asked.write_text(json.dumps(questions(QUESTIONS, size // PASSAGES)[:few]), "utf-8")
        place = folder / f"{size}.{system.removesuffix(' with numba').replace(' ', '-')}"  # the same index, searched otherwise
        record = Path(f"{place}.json")
        files = [str(paragraphs), str(asked), str(place), ""]
        if not record.exists():
            record.write_text(json.dumps(peer(python, system, "build", files)), "utf-8")
        run = peer(python, system, "warm", files)
        built = json.loads(record.read_text("utf-8"))
        found[system] = {"lexical_ms": spread(run["times"]), "build_s": built["seconds"], "rss_mb": run["rss_mb"]}
    return found


def peer(python: str, system: str, action: str, files: list[str]) -> dict[str, Any]:
    command = [python, str(HERE / "peer.py"), system, action, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def predicted(counts: dict[str, Any]) -> dict[str, float]:
    """By the formula of `pullquote plan`, from what is read before a build."""
    from pullquote.index.upkeep.estimate import disk_bytes, memory_bytes

    words = counts["sentences"] * WORDS
    text = int(words * 7.2)
    disk = disk_bytes(counts["sentences"], words, text, RandomEncoder.dimension)
    return {"bytes": disk, "build_rss_anon_mb": memory_bytes(counts["sentences"], words, RandomEncoder.dimension) / 1e6}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--peers", metavar="PYTHON", help="of the virtual environment that holds the peers")
    parser.add_argument("--build", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    folder = arguments.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.build:
        build(folder / f"{arguments.build}.pq", arguments.build)
        return
    found: dict[int, dict[str, Any]] = {size: built(folder, size) for size in arguments.sizes}
    for size, times in cold(folder, arguments.sizes, 7).items():
        found[size] |= {name: {"median": statistics.median(runs), "runs": runs} for name, runs in times.items()}
    for size in arguments.sizes:
        found[size] |= warm(folder, size)
        found[size]["predicted"] = predicted(found[size])
        if arguments.peers:
            found[size]["peers"] = peers(folder, size, str(Path(arguments.peers).absolute()))
    record = {**about(), "questions": QUESTIONS, "sizes": {str(size): values for size, values in found.items()}}
    write(record, arguments.out)


if __name__ == "__main__":
    main()
