from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.conftest import Build, Cli

import pullquote
from pullquote.eval.importers.gather import gather, importer
from pullquote.eval.questions import Gold, Question
from pullquote.eval.sets.export import to_beir, to_squad

ARTICLES = [
    pullquote.Article(
        id="quay", title="The quay", text="The crane is red. It fell on Friday.", source="Post", published="2024-03-05"
    ),
    pullquote.Article(id="pier", text="The pier is long."),
]
QUESTIONS = [
    Question("1", "Which colour?", "what", (Gold("quay", "The crane is red.", 2), Gold("pier", grade=0.5)), ("red", "scarlet")),
    Question("2", "When did it fall?", "", (Gold("quay", "It fell on Friday."),)),
    Question("3", "Who pushed it?", "unanswerable", ()),
    Question("4", "Which pier?", "", (Gold("pier"),)),
    Question("5", "Not judged?", "", None),
]


def test_beir_comes_back(build: Build, tmp_path: Path) -> None:
    assert to_beir(build(ARTICLES), QUESTIONS, tmp_path / "out") == 4
    found = importer(tmp_path / "out")
    back = gather(found)
    assert not found.account.found
    assert [(q.id, q.text, q.answers, q.unanswerable) for q in back] == [
        (q.id, q.text, q.answers, q.unanswerable) for q in QUESTIONS[:4]
    ]
    assert back[0].relevant == {"quay": 2, "pier": 0.5}
    assert {(a.id, a.title, a.text, a.source, a.published) for a in found.articles()} == {
        (a.id, a.title, a.text, a.source, a.published) for a in ARTICLES
    }
    with pytest.raises(pullquote.InputError, match="is there already"):
        to_beir(build(ARTICLES, "b.pq"), QUESTIONS, tmp_path / "out")


def test_squad_comes_back(build: Build, tmp_path: Path) -> None:
    assert to_squad(build(ARTICLES), QUESTIONS, tmp_path / "out.json") == 3
    found = importer(tmp_path / "out.json")
    back = {question.id: question for question in gather(found)}
    assert not found.account.found
    assert back["1"].gold == (Gold("quay", "The crane is red."),)
    assert back["1"].answers == ("red",)
    assert back["2"].gold == (Gold("quay", "It fell on Friday."),)
    assert back["3"].unanswerable
    assert json.loads((tmp_path / "out.json").read_text())["version"] == "v2.0"


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question("1", "A?", "", (Gold("quay", "It is blue."),)), "question 1: the gold quote is not in article 'quay'"),
        (Question("1", "A?", "", (Gold("nowhere", "It is blue."),)), "question 1: gold article 'nowhere' is not in the index"),
        (Question("1", "A?", "", (Gold("pier"),)), "no question of the set has a gold quote"),
    ],
)
def test_gold_that_is_not_there(build: Build, tmp_path: Path, question: Question, message: str) -> None:
    with pytest.raises(pullquote.InputError, match=message):
        to_squad(build(ARTICLES), [question], tmp_path / "out.json")
    assert not list(tmp_path.glob("*out*"))


def test_an_id_that_is_no_cell(build: Build, tmp_path: Path) -> None:
    with pytest.raises(pullquote.InputError, match="a tab or a line end"):
        to_beir(build(ARTICLES), [Question("1\t2", "A?", "", (Gold("pier"),))], tmp_path / "out")
    assert not list(tmp_path.glob("*out*"))


def test_export_on_the_command_line(cli: Cli) -> None:
    ran = cli("eval", "export", "--sample", "set.jsonl", "-o", "out")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    Path("set.jsonl").write_text('{"id": "1", "question": "Who?"}\n')
    ran = cli("eval", "export", "--sample", "set.jsonl", "-o", "out")
    assert (ran.code, ran.out) == (0, "0 questions, 1 left out, which have no gold of the kind, in out\n")
    assert Path("out/corpus.jsonl").read_text().count("\n") > 5
