"""The server under load: clients that ask without pause while a writer changes the index, beside a bare FastAPI handler.

    python eval/benchmarks/serving/load.py FOLDER --clients 32 --seconds 60 --then 540 --out serving.json

FOLDER is BEIR-like; its articles and questions are used. A writer changes one article, "The toll of the ferry is N sailors.", again
and again, and remembers which commit (digest) says which N: an answer that names a commit and quotes the N of another is of a mixed
generation. Each quote is looked up in the article that is sent. The load goes on for `--then` seconds more, while the server's
memory is watched. The bare handler sends as many bytes by the same server, with nothing done for them.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import multiprocessing
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pullquote
from pullquote.eval.importers.beir import Beir

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import about, write

TOLL = "How many sailors is the toll of the ferry?"
_EACH = 4  # every so many requests is for the toll, and every so many a search
BARE = """
import sys
from fastapi import FastAPI
from starlette.responses import Response
from pullquote.qa.server import run, settings
app, body = FastAPI(), b"x" * int(sys.argv[1])
@app.get("/{path}")
async def ask(path: str) -> Response:
    return Response(body, media_type="application/json")
sock = run.listening("127.0.0.1", 0)
print(f"http://127.0.0.1:{sock.getsockname()[1]}/", file=sys.stderr, flush=True)
run.run(app, sock, settings.Limits())
"""


@contextlib.contextmanager
def server(command: list[str]) -> Iterator[tuple[int, int]]:
    """The port and process of a server; what it logs is read away."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while not (said := re.search(r"http://[^/]*:(\d+)/", line := process.stderr.readline())):
            assert line, "the server has ended"
        stream = process.stderr
        threading.Thread(target=lambda: [None for _ in stream], daemon=True).start()
        try:
            yield int(said[1]), process.pid
        finally:
            process.terminate()
            process.wait(60)


def changing(folder: Path, until: float, pause: float, told: Any) -> None:
    """A writer: a process of its own."""
    for number in range(1, 10**6):
        pullquote.add(folder, [pullquote.Article("toll", f"The toll of the ferry is {number} sailors.", title="Ferry")])
        with pullquote.Index.open(folder) as index:
            told.append((index.manifest.digest, number))
        if time.time() > until:
            return
        time.sleep(pause)


def asked(port: int, questions: list[str], seconds: float, chance: random.Random, found: list[tuple[str, float, Any]]) -> None:
    """A client that asks without pause."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        count += 1
        question = TOLL if count % _EACH == 0 else chance.choice(questions)
        path = f"/ask?{urlencode({'question': question})}"
        if count % _EACH == 3:
            path = f"/search?{urlencode({'query': question})}"
        began = time.perf_counter()
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            status, body = response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            found.append((path, time.perf_counter() - began, repr(error)))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            continue
        took = time.perf_counter() - began
        kept = json.loads(body) if status == 200 and body[:1] == b"{" else len(body)
        found.append((path, took, kept if status == 200 else f"{status} {body[:200]!r}"))


def load(port: int, questions: list[str], clients: int, seconds: float) -> list[tuple[str, float, Any]]:
    """What clients were told, and how long each request took."""
    found: list[tuple[str, float, Any]] = []
    threads = [threading.Thread(target=asked, args=(port, questions, seconds, random.Random(n), found)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def memory(pid: int) -> float:
    """MB that a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def judged(found: list[tuple[str, float, Any]], seconds: float) -> dict[str, Any]:
    """Throughput and times of requests."""
    times = sorted(took for _, took, _ in found)
    return {
        "requests": len(found),
        "errors": [said for _, _, said in found if isinstance(said, str)][:5],
        "per_second": round(len(found) / seconds, 1),
        "median_ms": round(1000 * statistics.median(times), 1),
        "p95_ms": round(1000 * times[int(0.95 * len(times))], 1),
        "slowest_ms": round(1000 * times[-1], 1),
    }


def wrong(found: list[tuple[str, float, Any]], commits: dict[str, int], port: int) -> dict[str, int]:
    """Answers of a mixed generation, and quotes that do not stand where they are said to stand."""
    texts: dict[str, str] = {}
    counts = {"tolls": 0, "generations": 0, "mixed": 0, "quotes": 0, "misplaced": 0}
    seen = set()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for path, _, said in found:
        if not isinstance(said, dict) or "quotes" not in said:
            continue
        digest = said["index"]["digest"]
        seen.add(digest)
        for one in said["quotes"]:
            if one["article_id"] == "toll":
                counts["tolls"] += TOLL in path.replace("+", " ").replace("%3F", "?")
                counts["mixed"] += one["text"] != f"The toll of the ferry is {commits.get(digest)} sailors."
                continue
            if one["article_id"] not in texts:
                connection.request("GET", f"/articles/{quote(one['article_id'], safe='')}")
                texts[one["article_id"]] = json.loads(connection.getresponse().read())["text"]
            counts["quotes"] += 1
            counts["misplaced"] += texts[one["article_id"]][one["start"] : one["end"]] != one["text"]
    return {**counts, "generations": len(seen)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--then", type=float, default=540)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two commits")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    data = Beir(arguments.folder)
    questions = [question.text for question in data.questions()][:2000]
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there, "index.pq")
        pullquote.add(folder, data.articles())
        commits = multiprocessing.Manager().list()
        until = time.time() + arguments.seconds + arguments.then
        with server([sys.executable, "-m", "pullquote", "serve", "--index", str(folder), "--port", "0"]) as (port, pid):
            load(port, questions, 1, 2.0)  # warm
            writer = multiprocessing.Process(target=changing, args=(folder, until, arguments.pause, commits))
            writer.start()
            found = load(port, questions, arguments.clients, arguments.seconds)
            held = [memory(pid)]
            more: list[tuple[str, float, Any]] = []
            while time.time() < until:
                more += load(port, questions, arguments.clients, min(30.0, max(1.0, until - time.time())))
                held.append(memory(pid))
            writer.join()
            checked = wrong([*found, *more], dict(commits), port)
        size = round(statistics.mean(len(json.dumps(said)) for _, _, said in found if isinstance(said, dict)))
        with server([sys.executable, "-c", BARE, str(size)]) as (port, _):
            bare = load(port, questions, arguments.clients, min(20.0, arguments.seconds))
    record = {
        **about(),
        "clients": arguments.clients,
        "seconds": arguments.seconds,
        "commits": len(commits),
        "ask": judged(found, arguments.seconds),
        "bare": {**judged(bare, min(20.0, arguments.seconds)), "bytes": size},
        "then": {"seconds": arguments.then, "requests": len(more), "errors": [s for _, _, s in more if isinstance(s, str)][:5]},
        "memory_mb": [round(value) for value in held],
        "checked": checked,
    }
    write(record, arguments.out)


if __name__ == "__main__":
    main()
