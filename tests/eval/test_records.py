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
    judged = record("benchmarks/records", "reading")["judged"]
    for name in ("squad2_dev", "clapnq_dev", "ramdocs"):
        found = judged[f"{name}, left out"]
        assert f"{100 * found['answer@1']:.1f} % and {100 * found['answer@3']:.1f} % of" in " ".join(README.split())


def test_what_the_readme_says_it_cannot_see_is_in_the_records() -> None:
    judged = record("benchmarks/records", "reading")["judged"]
    ships = {name: run for name, run in judged.items() if "ships" in name}
    adversarial, unanswered = (ships[f"{name}, as it ships"]["unanswered_refused"] for name in ("squad2_dev", "clapnq_dev"))
    assert f"adversarial questions {100 * adversarial:.1f} % are refused" in README
    assert f"not answered {100 * unanswered:.1f} %" in README
    wrongly = [100 * ships[f"{name}, as it ships"]["own_refused"] for name in ("squad2_dev", "clapnq_dev", "ramdocs")]
    assert f"while {min(wrongly):.1f} % to {max(wrongly):.1f} % of the answerable ones are refused wrongly" in README
    foreign = [100 * run["foreign_answered"] for run in ships.values()]
    assert f"{min(foreign):.0f} to {max(foreign):.0f} % are answered" in README
    off = [run["ece"] for name, run in judged.items() if "left out" in name]
    assert f"off by {min(off):.2f} to {max(off):.2f}" in README
    found = record("benchmarks/records", "sides")
    assert f"shown as sides for {100 * found['ramdocs']['conflict']['both']:.0f} %" in README
    assert f"{100 * found['squad']['one answer']['shown']:.0f} % are said to have several" in README


def test_no_altered_quote_passes_in_the_record() -> None:
    checkers = record("benchmarks/records", "altered")["checkers"]
    [ours] = [found for name, found in checkers.items() if name.startswith("pullquote")]
    assert ours["altered passed"] == 0
    assert ours["true refused"] <= 0.005


def test_excerpts_are_traced_to_who_told_it_first_in_the_record() -> None:
    found = record("benchmarks/records", "trace")
    assert found["articles"] >= 100_000
    assert (found["find"]["recall"], found["find"]["others"]) == (1.0, 0)
    for kind, some in found["kinds"].items():
        right = some.get("article, outlet, date, headline and address right")
        assert some["said to stand"] == 0 if right is None else right >= 0.99 * some["excerpts"], kind


def test_what_the_reader_costs_is_in_the_records() -> None:
    found = record("benchmarks/records", "cost")
    warm, cold = found["warm"], found["cold"]
    assert f"took {warm['ask_ms']:.0f} ms ({warm['ask_to_encode']:.0f} times the encoding" in README
    assert f"without it {warm['quick_ms']:.0f} ms" in README
    times = [f"{cold[name]['median_s']:.2f} s and {cold[name]['memory_mb']:.0f} MB" for name in ("ask", "ask --quick")]
    assert f"{times[0]}, against {times[1]}" in README


def test_what_the_server_bears_is_in_the_records() -> None:
    found = record("benchmarks/records", "serving")
    asked, checked = found["ask"], found["checked"]
    text = " ".join(README.split())
    assert f"answered {asked['per_second']:.0f} questions a second, 95 of 100 within {asked['p95_ms'] / 1000:.1f} s" in text
    assert f"to {found['clients']} clients at once on these two cores while a writer made {found['commits']} commits" in text
    assert (
        f"{found['memory_mb'][-1]} MB of memory at the end (a bare FastAPI handler: {found['bare']['per_second']:,.0f} a second)"
        in text
    )
    assert not asked["errors"]
    assert not found["then"]["errors"]
    assert (checked["mixed"], checked["misplaced"]) == (0, 0)


def test_the_times_of_the_readme_are_those_of_the_records() -> None:
    found = record("benchmarks/records", "peers")
    cold, warm, build = found["cold"], found["warm"], found["build"]
    peers = ("LangChain", "txtai", "Haystack")
    ours = cold["pullquote ask"]
    rows = [
        f"**{ours['median_s']:.2f} s**, {ours['rss_mb']:.0f} MB | "
        + " | ".join(f"{cold[peer]['median_s']:.1f} s, {cold[peer]['rss_mb']:.0f} MB" for peer in peers),
        f"**{warm['pullquote']['median_ms']:.1f} ms** | " + " | ".join(f"{warm[peer]['median_ms']:.0f} ms" for peer in peers),
        f"**{warm['pullquote']['many_ms']:.1f} ms** | {warm['LangChain']['many_ms']:.0f} ms",
        f"**{build['pullquote']['seconds']:.0f} s** | " + " | ".join(f"{build[peer]['seconds']:.0f} s" for peer in peers),
        f"**{warm['pullquote']['ndcg@10']:.3f}** | " + " | ".join(f"{warm[peer]['ndcg@10']:.3f}" for peer in peers),
    ]
    few, many = (record("benchmarks/records", "growth")["sizes"][size] for size in ("10000", "1000000"))
    text = " ".join(README.split())
    rows += [
        f"takes {many['cold_lexical_s']['median']:.2f} s in a process of its own, against {few['cold_lexical_s']['median']:.2f} s",
        f"({many['from_disk_s']['median']:.2f} and {few['from_disk_s']['median']:.2f} s",
        f"warm it takes {many['lexical_ms']['median']:.0f} ms and a hybrid search {many['hybrid_ms']['median']:.0f} ms",
        f"took {many['build_s'] / 60:.0f} minutes beside other work, {many['build_rss_anon_mb'] / 1000:.1f} GB of memory",
        f"and {many['bytes'] / 1e9:.0f} GB of disk",
    ]
    for row in rows:
        assert row in text, row


def test_an_index_in_milvus_finds_what_one_in_a_folder_does() -> None:
    found = record("benchmarks/records", "remote_same")
    assert found["after_changes"]["changes"] >= 1000
    for run in (found["at_first"], found["after_changes"]):
        assert run["same_digest"]
        assert run["questions"] >= 500
        assert run["identical_lists"] >= 0.99 * run["questions"]
        assert run["largest_difference_of_scores"] <= 1e-6
        assert run["located"] == run["hits"]
    assert found["findings_of_the_doctor"] == 0
    assert "so hits, scores and answers are those of a folder" in " ".join(README.split())
    largest = record("benchmarks/records", "remote_size")["sizes"][-1]
    assert largest["identical_lists"] == largest["questions"]
    said = f"| a warm question of {largest['passages']:,} passages, in one run | {largest['folder']['warm_ms']:.0f} ms "
    assert f"{said}| {largest['milvus']['warm_ms'] / 1000:.0f} s on milvus-lite" in README
