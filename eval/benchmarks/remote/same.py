"""The same corpus in a folder and in Milvus: the same hits, before and after a thousand random changes.

    python eval/benchmarks/remote/same.py FOLDER --out eval/benchmarks/records/remote_same.json
    python eval/benchmarks/remote/same.py FOLDER --at milvus://host:19530

FOLDER is BEIR-like: its articles and questions are used. Without --at a milvus-lite server is started. A fifth of the articles are
held back at first; then articles are added, changed (their last sentence goes, or returns) and removed, a hundred changes a commit.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pullquote
from pullquote.corpus.sentences import sentences
from pullquote.eval.importers.beir import Beir
from pullquote.index.upkeep.doctor import examine

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import about, write
from remote.lite import server

_COMMIT = 100  # changes


def compared(remote: pullquote.Index, folder: pullquote.Index, questions: list[str]) -> dict[str, Any]:
    """What both find."""
    identical = located = hits = 0
    apart, times = 0.0, {"milvus_ms": list[float](), "folder_ms": list[float]()}
    for question in questions:
        ours = timed(lambda q=question: remote.search(q), times["milvus_ms"])  # type: ignore[misc]
        theirs = timed(lambda q=question: folder.search(q), times["folder_ms"])  # type: ignore[misc]
        same = [hit.passage_id for hit in ours] == [hit.passage_id for hit in theirs]
        identical += same
        apart = max([apart, *(abs(a.score - b.score) for a, b in zip(ours, theirs, strict=True) if same)])
        hits += len(ours)
        located += sum(remote.article(hit.article_id).text[hit.start : hit.end] == hit.text for hit in ours)
    return {
        "articles": len(folder),
        "same_digest": remote.manifest.digest == folder.manifest.digest,
        "questions": len(questions),
        "identical_lists": identical,
        "largest_difference_of_scores": apart,
        "hits": hits,
        "located": located,
        **{name: statistics.median(found) for name, found in times.items()},
    }


def timed(call: Callable[[], Any], times: list[float]) -> Any:
    begun = time.perf_counter()
    found = call()
    times.append(1000 * (time.perf_counter() - begun))
    return found


def shortened(article: pullquote.Article) -> pullquote.Article:
    """Without its last sentence, where it has several."""
    found = [(s.start, s.end) for s in sentences(article.text, 0, len(article.text))]
    return replace(article, text=article.text[: found[-1][0]].rstrip()) if len(found) > 1 else article


def changed(
    places: list[Any], there: dict[str, pullquote.Article], all_of: dict[str, pullquote.Article], rng: random.Random
) -> int:
    """One commit of random changes to each place; how many."""
    coming: dict[str, pullquote.Article] = {}
    going: set[str] = set()
    away = sorted(all_of.keys() - there.keys())
    while len(coming) + len(going) < _COMMIT:
        kind, name = rng.choice(("add", "update", "remove")), rng.choice(sorted(there))
        if kind == "add" and away:
            name = away.pop(rng.randrange(len(away)))
            coming[name] = all_of[name]
        elif name not in coming and name not in going:
            if kind == "remove":
                going.add(name)
            elif (new := shortened(all_of[name]) if there[name] == all_of[name] else all_of[name]) != there[name]:
                coming[name] = new
    for place in places:
        with pullquote.Writer(place) as writer:
            writer.stage(coming.values())
            writer.remove(sorted(going))
            writer.commit()
    there.update(coming)
    for name in going:
        del there[name]
    return len(coming) + len(going)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--at", help="a server, such as milvus://host:19530")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rng, data = random.Random(given.seed), Beir(given.folder)
    all_of = {article.id: article for article in data.articles()}
    asked = [question.text for question in data.questions()]
    asked = rng.sample(asked, min(given.questions, len(asked)))
    names = sorted(all_of)
    there = {name: all_of[name] for name in rng.sample(names, 4 * len(names) // 5)}
    with tempfile.TemporaryDirectory() as held, server(given.at, Path(held, "milvus"), f"same_{rng.getrandbits(32):x}") as milvus:
        folder = Path(held, "index.pq")
        for place in (folder, milvus.address):
            pullquote.add(place, there.values())
        found: dict[str, Any] = {}
        with pullquote.Index.open(milvus.address) as remote, pullquote.Index.open(folder) as local:
            found["at_first"] = compared(remote, local, asked)
        changes = 0
        while changes < given.changes:
            changes += changed([folder, milvus.address], there, all_of, rng)
        with pullquote.Index.open(milvus.address) as remote, pullquote.Index.open(folder) as local:
            found["after_changes"] = {"changes": changes, **compared(remote, local, asked)}
        found["findings_of_the_doctor"] = len(examine(milvus.address))
    write({"benchmark": "remote_same", "server": (given.at and "a cluster") or "milvus-lite", **found, **about()}, given.out)


if __name__ == "__main__":
    main()
