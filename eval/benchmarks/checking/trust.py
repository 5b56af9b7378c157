"""What can be trusted: verify's verdicts on quotes of known kinds, and disagreements shown where there are some.

    python eval/benchmarks/checking/trust.py --squad FOLDER --ramdocs FOLDER [--indexes DIR] [--out FILE]

verify: sentences of the first set's articles as they are; with other typography; with a word dropped; with a negation dropped; two
joined, with an ellipsis and without; and sentences of the second set. Disagreements: RAMDocs' questions, of which some are marked
as having conflicting documents, others as having a single answer; and the first set's, whose articles hold one answer each.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pullquote
from pullquote.eval.importers.beir import Beir
from pullquote.qa.ask import ask_many

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import about, write

SENTENCES = 1000
WORDS = 6  # a sentence has at least
_NEGATION = re.compile(r"\s(?:not|never|no)(?=\s)|n't(?=\s)")
_TYPOGRAPHY = (('"', "“"), ("'", "’"), ("-", "–"), ("–", "-"), ("’", "'"), ("“", '"'), ("”", '"'), ("—", " - "))


def sentences(index: pullquote.Index) -> list[str]:
    found = [a.text[s.start : s.end] for a, passages, _ in index.everything() for p in passages for s in p.sentences]
    return [text for text in found if len(text.split()) >= WORDS and "\n" not in text]


def typographic(text: str, draw: random.Random) -> str:
    for old, new in draw.sample(_TYPOGRAPHY, len(_TYPOGRAPHY)):
        if old in text:
            text = text.replace(old, new)
            break
    words = text.split(" ")
    at = draw.randrange(1, len(words))
    return " ".join(words[:at]) + draw.choice(("  ", "\u00a0", "\n", " \u200b")) + " ".join(words[at:])


def word_dropped(text: str, draw: random.Random) -> str:
    words = text.split()
    del words[draw.randrange(1, len(words) - 1)]
    return " ".join(words)


def negation_dropped(text: str, draw: random.Random) -> str:
    return _NEGATION.sub("", text, count=1)


def verdicts(index: pullquote.Index, elsewhere: list[str]) -> dict[str, dict[str, int]]:
    draw = random.Random(7)
    here = sentences(index)
    texts = [article.text for article in index]
    elsewhere = [text for text in draw.sample(elsewhere, 2 * SENTENCES) if not any(text in other for other in texts)][:SENTENCES]
    chosen = draw.sample(here, SENTENCES)
    negated = [text for text in here if _NEGATION.search(text)]
    joined = [(a, b) for a, b in zip(chosen, draw.sample(here, SENTENCES), strict=True) if not any(f"{a} {b}" in t for t in texts)]
    kinds: dict[str, Iterator[str]] = {
        "unchanged": iter(chosen),
        "other typography": (typographic(text, draw) for text in chosen),
        "a word dropped": (word_dropped(text, draw) for text in chosen),
        "a negation dropped": (negation_dropped(text, draw) for text in negated[:SENTENCES]),
        "joined by an ellipsis": (f"{a} ... {b}" for a, b in joined),
        "joined": (f"{a} {b}" for a, b in joined),
        "from elsewhere": iter(elsewhere),
    }
    found: dict[str, dict[str, int]] = {}
    for name, quotes in kinds.items():
        found[name] = dict(Counter(str(pullquote.verify(index, quote).status) for quote in quotes))
        print(name, found[name], flush=True)
    return found


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
        "verify": verdicts(opened["squad"], sentences(opened["ramdocs"])),
    }
    write({**about(), **found}, arguments.out)


if __name__ == "__main__":
    main()
