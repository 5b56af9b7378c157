"""Disagreements shown where there are some, and where there are none.

    python eval/benchmarks/checking/sides.py --squad FOLDER --ramdocs FOLDER [--indexes DIR] [--out FILE]

RAMDocs' questions, of which some are marked as having conflicting documents, others as having a single answer; and those of a set
whose articles hold one answer each.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pullquote
from pullquote.eval.importers.beir import Beir
from pullquote.qa.ask import ask_many

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import about, write


def disagreements(index: pullquote.Index, folder: Path, kind: Callable[[dict[str, Any]], str]) -> dict[str, dict[str, float]]:
    """By kind of question: how many, the share with a disagreement, and that with a right answer on one side and a wrong one on
    another.
    """
    records = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    records = [record for record in records if not record.get("unanswerable")]
    counted: dict[str, Counter[str]] = {}
    for record, answer in zip(records, ask_many(index, [record["text"] for record in records]), strict=True):
        of_kind = counted.setdefault(kind(record), Counter())
        said = [" ".join(quote.text for quote in side.quotes).casefold() for side in answer.disagreements]
        right, wrong = (
            {n for n, text in enumerate(said) if any(a.casefold() in text for a in record.get(key) or ())}
            for key in ("answers", "wrong_answers")
        )
        of_kind["questions"] += 1
        of_kind["shown"] += bool(said)
        of_kind["both"] += any(r != w for r in right for w in wrong)
    return {
        name: {"questions": some["questions"], "shown": some["shown"] / some["questions"], "both": some["both"] / some["questions"]}
        for name, some in counted.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--squad", type=Path, required=True)
    parser.add_argument("--ramdocs", type=Path, required=True)
    parser.add_argument("--indexes", type=Path, default=Path(), help="where the indexes are, or are built")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    opened = {}
    for name, folder in (("squad", arguments.squad), ("ramdocs", arguments.ramdocs)):
        place = arguments.indexes / f"{folder.resolve().name}.pq"
        pullquote.add(place, Beir(folder).articles())
        opened[name] = pullquote.Index.open(place)
    found = {
        "ramdocs": disagreements(opened["ramdocs"], arguments.ramdocs, lambda record: str(record["type"])),
        "squad": disagreements(opened["squad"], arguments.squad, lambda record: "one answer"),
    }
    write({**about(), **found}, arguments.out)


if __name__ == "__main__":
    main()
