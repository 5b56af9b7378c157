"""pullquote beside its peers: the same text, the same MiniLM weights, one machine, one run.

    python -m venv peers && peers/bin/pip install -r eval/benchmarks/peers.txt
    python eval/benchmarks/peers.py FOLDER --peers peers/bin/python --out eval/benchmarks/records/peers.json

FOLDER is in BEIR's layout with answers in it (SQuAD 2.0's development set for the committed record). Measured are the build, the
wall time and memory of one question asked in a process of its own (cold), the time of a question in a process that goes on
(warm), many questions in one call, disk, and nDCG@10. What is repeated is repeated in turns, so that a busy moment meets all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from machine import about, write

import pullquote
from pullquote.eval.importers.beir import Beir
from pullquote.eval.measures.measure import parse
from pullquote.eval.measures.ranking import by_rank, retrieval
from pullquote.eval.questions import Question
from pullquote.index.encoders.model_files import find
from pullquote.index.encoders.protocol import DEFAULT

HERE = Path(__file__).resolve().parent
HYBRID = ("LangChain", "txtai", "Haystack")
BUILDS = 3
LEXICAL = ("rank-bm25", "bm25s")


class Bench:
    def __init__(self, folder: Path, theirs: str, model: str) -> None:
        self.folder, self.theirs, self.model = folder, theirs, model

    def run(self, system: str, action: str, texts: str = "paragraphs", questions: str = "questions") -> dict[str, Any]:
        python = sys.executable if system.startswith("pullquote") else self.theirs
        place = self.folder / system.split()[0]
        files = [str(self.folder / f"{name}.json") for name in (texts, questions)]
        model = DEFAULT if system.startswith("pullquote") else self.model
        command = [python, str(HERE / "peer.py"), system, action, *files, str(place), model]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, env=quiet())
        if done.returncode:
            sys.exit(f"{system} {action}: {done.stderr[-2000:]}")
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return found

    def process(self, command: list[str]) -> tuple[float, float]:
        """The wall time of a process, and its memory at most, in MB."""
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, env=quiet())
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - begun
        if status:
            sys.exit(f"{command}: exit status {status}")
        return took, usage.ru_maxrss / 1024


def quiet() -> dict[str, str]:
    off = {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "TOKENIZERS_PARALLELISM": "false",
    }
    return {**os.environ, **off}


def cold(bench: Bench, repeats: int) -> dict[str, Any]:
    """One question in a process of its own, and `--help`."""
    question = json.loads((bench.folder / "questions.json").read_text("utf-8"))[0]
    pullquote_command = [str(Path(sys.executable).with_name("pullquote"))]
    index = ["--index", str(bench.folder / "pullquote" / "index.pq")]
    files = [str(bench.folder / f"{name}.json") for name in ("paragraphs", "questions")]
    commands = {
        "pullquote ask": [*pullquote_command, "ask", question, *index],
        "pullquote search --lexical": [*pullquote_command, "search", question, "--lexical", *index],
        "pullquote --help": [*pullquote_command, "--help"],
    }
    for system in HYBRID:
        place = str(bench.folder / system)
        commands[system] = [bench.theirs, str(HERE / "peer.py"), system, "cold", *files, place, bench.model]
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            found[name].append(bench.process(command))
    return {
        name: {"median_s": statistics.median(t for t, _ in runs), "runs_s": [t for t, _ in runs], "rss_mb": max(m for _, m in runs)}
        for name, runs in found.items()
    }


def warm(bench: Bench, questions: list[Question], repeats: int) -> dict[str, Any]:
    """Question after question, and all in one call."""
    found: dict[str, Any] = {}
    runs: dict[str, list[dict[str, Any]]] = {s: [] for s in ("pullquote", "pullquote ask", *HYBRID, *LEXICAL)}
    many: dict[str, list[dict[str, Any]]] = {s: [] for s in ("pullquote", *HYBRID)}
    for _ in range(repeats):
        for system, made in runs.items():
            made.append(bench.run(system, "warm"))
        for system, made in many.items():
            made.append(bench.run(system, "many"))
    for system, made in runs.items():
        times = sorted(t for run in made for t in run["times"])
        found[system] = {
            "median_ms": 1000 * statistics.median(times),
            "p95_ms": 1000 * times[int(0.95 * len(times))],
            "medians_ms": [1000 * statistics.median(run["times"]) for run in made],
            "rss_mb": max(run["rss_mb"] for run in made),
        }
        if system != "pullquote ask":
            ranked = {question.id: by_rank(ids) for question, ids in zip(questions, made[0]["ids"], strict=True)}
            scores = retrieval([parse("nDCG@10")], {question.id: question.relevant for question in questions}, ranked)
            found[system]["ndcg@10"] = statistics.mean(value for of_question in scores.values() for value in of_question.values())
    for system, made in many.items():
        found[system]["many_ms"] = 1000 * statistics.median(run["per_question_s"] for run in made)
        found[system]["together"] = made[0]["together"]
    return found


def builds(bench: Bench) -> dict[str, Any]:
    """Each once; pullquote, and the encoding alone of the same sentences, in turns."""
    found = {system: bench.run(system, "build") for system in ("pullquote", *HYBRID, "bm25s")}
    place = bench.folder / "pullquote" / "index.pq"
    with pullquote.Index.open(place) as index:
        sentences = [a.text[s.start : s.end] for a, passages, _ in index.everything() for p in passages for s in p.sentences]
    (bench.folder / "sentences.json").write_text(json.dumps(dict(enumerate(sentences))), "utf-8")
    ours, alone = [], []
    for _ in range(BUILDS):
        shutil.rmtree(place)
        ours.append(bench.run("pullquote", "build"))
        alone.append(bench.run("encode", "encode", "sentences"))
    for name, runs in (("pullquote", ours), ("sentence-transformers and FAISS, the same sentences", alone)):
        middle = sorted(runs, key=lambda run: run["seconds"])[BUILDS // 2]
        found[name] = {**middle, "runs_s": [run["seconds"] for run in runs]}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers", required=True, metavar="PYTHON", help="of the virtual environment that holds the peers")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    data = Beir(arguments.folder)
    questions = [question for question in data.questions() if not question.unanswerable]
    questions = questions[:: max(1, len(questions) // arguments.questions)][: arguments.questions]
    paragraphs = {article.id: article.text for article in data.articles()}
    peers = str(Path(arguments.peers).absolute())
    code = "import sys, json; from importlib.metadata import version as v; print(json.dumps({n: v(n) for n in sys.argv[1:]}))"
    names = ["langchain", "langchain-classic", "txtai", "haystack-ai", "rank-bm25", "bm25s", "torch", "sentence-transformers"]
    versions = json.loads(subprocess.run([peers, "-c", code, *names], capture_output=True, text=True, check=True).stdout)
    with tempfile.TemporaryDirectory() as there:
        bench = Bench(Path(there), peers, str(find(DEFAULT).folder))
        (bench.folder / "paragraphs.json").write_text(json.dumps(paragraphs), "utf-8")
        (bench.folder / "questions.json").write_text(json.dumps([question.text for question in questions]), "utf-8")
        record: dict[str, Any] = {
            **about(),
            "data": arguments.folder.resolve().name,
            "paragraphs": len(paragraphs),
            "questions": len(questions),
            "peers": versions,
            "build": builds(bench),
            "cold": cold(bench, arguments.repeats + 2),
            "warm": warm(bench, questions, arguments.repeats),
        }
    write(record, arguments.out)


if __name__ == "__main__":
    main()
