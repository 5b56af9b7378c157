"""What the README claims is what the records say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SETS = {"squad2_dev": "SQuAD 2.0", "hotpotqa_train100": "HotpotQA", "musique_train100": "MuSiQue"}
VARIANTS = ("all", "lexical only", "dense only", "RRF of passage and dense")


def record(folder: str, name: str) -> Any:
    return json.loads((ROOT / "eval" / folder / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", SETS)
def test_the_rankings_of_the_readme_are_those_of_the_records(name: str) -> None:
    found = record("records", f"ablation-{name}")
    cells = []
    for variant in VARIANTS:
        [ndcg] = [d for d in found["variants"][variant] if d["measure"] == "nDCG@10"]
        spread = "" if variant == "all" else f" ({ndcg['low']:+.3f} to {ndcg['high']:+.3f})"
        cells.append(f"{ndcg['after']:.3f}{spread}")
    assert f"| {SETS[name]}, {found['questions']:,} questions | **{cells[0]}** | {' | '.join(cells[1:])} |" in README


def test_the_answers_of_the_readme_are_those_of_the_records() -> None:
    means = {m["measure"]: m["value"] for m in record("records", "run-squad2_dev")["measures"]}
    for name in ("answer@1", "answer@3", "hit@1"):
        assert f"{100 * means[name]:.1f} %" in README
    halves = [run for name, run in record("benchmarks/records", "answers")["judged"].items() if "half" in name]
    assert len(halves) == 2
    total = sum(run["questions"] for run in halves)
    for name in ("answer@1", "answer@3"):
        assert f"{100 * sum(run[name] * run['questions'] for run in halves) / total:.1f} %" in README
    assert f"calibration error {max(run['ece'] for run in halves):.3f}" in README


def test_what_the_readme_says_it_cannot_see_is_in_the_records() -> None:
    answers = record("benchmarks/records", "answers")["judged"]["squad2_dev, all articles, as it ships"]
    assert f"refuses {100 * answers['adversarial_refused']:.1f} %" in README
    foreign = [100 * value for name, value in answers.items() if name.startswith("answered, ")]
    assert f"answers {min(foreign):.0f} to {max(foreign):.0f} %" in README
    conflict = record("benchmarks/records", "trust")["ramdocs"]["conflict"]
    assert f"shown as sides for {100 * conflict['both']:.0f} %" in README


def test_no_altered_quote_passes_in_the_record() -> None:
    verify = record("benchmarks/records", "trust")["verify"]
    for kind, counts in verify.items():
        passed = counts.get("exact", 0) + counts.get("typographic", 0)
        assert passed == (sum(counts.values()) if kind in ("unchanged", "other typography") else 0), kind
