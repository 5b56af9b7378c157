"""What indexing some articles will take, estimated beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Cli, HashEncoder

import pullquote
from pullquote.index.upkeep import estimate as planning
from pullquote.index.upkeep.estimate import disk_bytes, memory_bytes, plan

ARTICLES = [
    pullquote.Article(id=f"a{n:03}", text=" ".join(f"Boat number {n * m} lies in the harbour {m}." for m in range(40)))
    for n in range(60)
]


def test_a_plan_is_close_to_what_a_build_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_SAMPLE", 20)
    found = plan(iter(ARTICLES), HashEncoder())
    made = pullquote.add(tmp_path / "index.pq", ARTICLES, HashEncoder())
    assert (found.articles, found.words) == (60, sum(len(a.text.split()) for a in ARTICLES))
    assert found.sentences == pytest.approx(made.sentences, rel=0.02)
    assert found.text_bytes == sum(len(a.text) for a in ARTICLES)
    assert 0 < found.embedding_seconds < found.seconds


def test_disk_and_memory_by_hand() -> None:
    assert disk_bytes(1000, 20_000, 100_000, 384) == 1000 * (8 * 384 + 140) + 140_000 + 480_000
    assert disk_bytes(100_000, 0, 0, 384) == 100_000 * (8 * 384 + 96 + 140)
    assert memory_bytes(1000, 20_000, 384) == 250_000_000 + 80 * 20_000 + 40 * 1000
    assert memory_bytes(10**6, 3 * 10**7, 384) == 250_000_000 + 80 * 2**22 + 40 * 10**6  # the postings of a part
    assert memory_bytes(10**7, 3 * 10**8, 384) == memory_bytes(10**8, 3 * 10**9, 384)  # it does not grow beyond a segment's


def test_the_command_says_it_in_words_and_as_json(cli: Cli) -> None:
    Path("news").mkdir()
    Path("news/a.txt").write_text("The ferry has made its last trip. It was old.")
    Path("news/b.jsonl").write_text('{"text": "Herring is back."}\n{"text": 7}\n')
    ran = cli("plan", "news")
    assert (ran.code, ran.err[:53]) == (1, "pullquote: news/b.jsonl:2: a record without text (it ")
    assert ran.out.splitlines()[0] == "articles   2 (13 words, about 3 sentences)"
    assert [line.split()[0] for line in ran.out.splitlines()] == ["articles", "time", "disk", "temporary", "memory"]
    Path("news/b.jsonl").unlink()
    ran = cli("plan", "news", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert '"schema": "pullquote.plan/1"' in ran.out
    assert cli("plan", "nowhere").code == 2
    assert not Path(".pullquote").exists()
