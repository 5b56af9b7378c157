#!/usr/bin/env python3
"""Examples that teach the reader what is not stated: each text twice, with the sentence that answers and without it.

    python eval/fitting/pairs.py train.jsonl pairs.jsonl

train.jsonl is what train_reader.py trains on. Of some of its sets each example is taken as it is, and again without every sentence that
holds an accepted answer, where two sentences at least remain; beside them stand examples that are adversarial already, and sentences
that only ask. Then

    python eval/fitting/train_reader.py pairs.jsonl reader.npz --after shared.npz --epochs 1 --batch 32 --rate 5e-5 --seed 3
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from pullquote.corpus.sentences import sentences

TWICE = {"new_wiki": 6000, "amazon_reviews": 2000, "reddit": 2500, "squad1": 4500, "nq": 2600, "covid": 900}
ONCE = {
    "unansq-un": 3053, "unansq": 1805, "swap": 4000, "new_wiki-neg": 1500, "squad1-neg": 1000, "qamr": 2500, "qed": 1263,
    "selqa": 1000, "nqg": 1500,
}  # fmt: skip
SEED = 7


def without(example: dict[str, Any]) -> dict[str, Any] | None:
    """An example without the sentences that answer; None where too little is left."""
    text, answers = example["ctx"], {answer.lower() for _, answer in example["answers"]}
    said = [text[one.start : one.end] for one in sentences(text, 0, len(text))]
    left = [one for one in said if not any(answer in one.lower() for answer in answers)]
    if len(left) < 2 or len(left) == len(said):
        return None
    return {"q": example["q"], "ctx": " ".join(left), "answers": [], "src": f"{example['src']}-gone"}


def main() -> None:
    source, out = map(Path, sys.argv[1:3])
    random.seed(SEED)
    by_set: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in source.read_text("utf-8").splitlines():
        by_set[(example := json.loads(line))["src"]].append(example)
    for some in by_set.values():
        random.shuffle(some)
    found = []
    for name, count in TWICE.items():
        for example in by_set[name][:count]:
            found += [example, *filter(None, [without(example)])]
    for name, count in ONCE.items():
        found += by_set[name][:count]
    random.shuffle(found)
    out.write_text("".join(json.dumps(example) + "\n" for example in found), "utf-8")
    print(len(found), dict(Counter(example["src"] for example in found)))


if __name__ == "__main__":
    main()
