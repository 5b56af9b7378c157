"""Quotes as references, as programs for references read them."""

from __future__ import annotations

import json

import pytest
from tests.conftest import Build

import pullquote
from pullquote.qa import ask as asking
from pullquote.qa.selection.confidence import Logistic, Model

BRIDGE = pullquote.Article(
    "b",
    "The harbour bridge cost 40 million crowns & opened.",
    "Bridge {opens}",
    "Harbour Post",
    "https://post.example/b_1",
    "2021-05-01",
)
OTHER = pullquote.Article("c", "The harbour bridge cost 41 million crowns in all.", published="2022")


@pytest.fixture
def answer(build: Build, monkeypatch: pytest.MonkeyPatch) -> pullquote.Answer:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))
    return pullquote.ask(build([BRIDGE, OTHER]), "What did the harbour bridge cost?", reader=False)


def test_csl(answer: pullquote.Answer) -> None:
    found = {record["note"][-6:]: record for record in json.loads(pullquote.render(answer, "csl"))}
    assert found["b:0-51)"[-6:]] == {
        "id": found["b:0-51)"[-6:]]["id"],
        "type": "article-newspaper",
        "title": "Bridge {opens}",
        "container-title": "Harbour Post",
        "URL": "https://post.example/b_1",
        "issued": {"date-parts": [[2021, 5, 1]]},
        "note": f"“{BRIDGE.text}” (b:0-51)",
    }
    assert {record["issued"]["date-parts"][0][0] for record in found.values()} == {2021, 2022}


def test_ris(answer: pullquote.Answer) -> None:
    records = pullquote.render(answer, "ris").split("ER  - ")
    [bridge] = [record for record in records if "Harbour Post" in record]
    lines = bridge.strip().splitlines()
    assert lines[0] == "TY  - NEWS"
    assert lines[2:] == [
        "TI  - Bridge {opens}", "T2  - Harbour Post", "DA  - 2021/05/01", "PY  - 2021", "UR  - https://post.example/b_1",
        f"N1  - “{BRIDGE.text}” (b:0-51)",
    ]  # fmt: skip


def test_bibtex(answer: pullquote.Answer) -> None:
    text = pullquote.render(answer, "bibtex")
    assert r"  title = {Bridge \{opens\}}," in text
    assert r"crowns \& opened." in text
    assert r"  url = {https://post.example/b\_1}," in text
    assert "  month = may,\n" in text
    assert text.count("@article{") == text.count("\n}") == 2
    keys = [line.split("{")[1] for line in text.splitlines() if line.startswith("@")]
    assert len(set(keys)) == 2
