"""Gold that ages well: quotes of articles that nobody judged are counted apart, and judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import Build, Cli

import pullquote
from pullquote.eval.evaluate import evaluate, means
from pullquote.eval.judging import is_unjudged
from pullquote.eval.measures.measure import parse
from pullquote.eval.questions import Gold, Question, dump, load
from pullquote.eval.row import Row
from pullquote.eval.sets.judge import judge, unjudged
from pullquote.qa import ask as asking
from pullquote.qa.selection.confidence import Logistic, Model

OLD = pullquote.Article(id="old", text="Years later they said that Ines Holt lifted it from the sea bed, and that it was heavy.")
NEW = pullquote.Article(id="new", text="Ines Holt lifted the crane.")
OFF = pullquote.Article(id="off", text="The ramp of a ferry was lifted at dawn.")
QUESTION = Question("1", "Who lifted the crane?", "", (Gold("old", "Ines Holt lifted it"),), ("Ines Holt",))
WANTED = [parse(text) for text in ["answer@1", "unjudged@1", "condensed.answer@1", "bpref", "nDCG@10", "condensed.nDCG@10"]]


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))


@pytest.fixture
def rows(build: Build) -> list[Row]:
    return evaluate(build([OLD, NEW, OFF]), [QUESTION], WANTED)


def test_a_new_article_that_states_the_answer_is_counted_apart(rows: list[Row]) -> None:
    [row] = rows
    assert row.quotes[0]["article_id"] == "new"
    assert (row.right[0], row.unjudged[0]) == (False, True)
    found = {m.measure: (m.value, m.count) for m in means(rows, WANTED)}
    assert found["answer@1"] == (0.0, 1)
    assert found["unjudged@1"] == (1.0, 1)
    assert found["condensed.answer@1"] == (1.0, 1)
    assert found["bpref"] == (None, 0)  # nothing is rejected


@pytest.mark.parametrize(
    ("article", "text", "question", "expected"),
    [
        ("new", "Ines Holt lifted it.", QUESTION, True),
        ("new", "INES HOLT lifted it.", QUESTION, True),
        ("new", "Ines Holton lifted it.", QUESTION, False),
        ("old", "Ines Holt lifted it.", QUESTION, False),
        ("new", "Ines Holt lifted it.", replace(QUESTION, rejected=("new",)), False),
        ("new", "Ines Holt lifted it.", replace(QUESTION, gold=()), False),
        ("new", "Ines Holt lifted it.", replace(QUESTION, answers=()), False),
    ],
)
def test_what_is_unjudged(article: str, text: str, question: Question, expected: bool) -> None:
    assert is_unjudged(article, text, question) is expected


def test_rejected_articles_are_judged(build: Build) -> None:
    index = build([OLD, NEW, OFF])
    [row] = evaluate(index, [replace(QUESTION, rejected=("off", "nowhere"))], WANTED)
    place = {name: rank for rank, name in enumerate(row.articles)}
    # trec_eval: 1 - min(rejected before, relevant) / min(relevant, rejected), which are 1 here
    assert row.values["bpref"] == float(place["old"] < place["off"])
    assert row.values["condensed.nDCG@10"] == pytest.approx(1.0 if place["old"] < place["off"] else 0.6309, abs=1e-4)
    assert row.values["unjudged@1"] == 1.0
    [row] = evaluate(index, [replace(QUESTION, rejected=("new",))], WANTED)
    assert (row.values["answer@1"], row.values["unjudged@1"], row.values["condensed.answer@1"]) == (0.0, 0.0, 0.0)


def keys(typed: str) -> Iterator[str]:
    yield from typed
    while True:
        yield "q"


@pytest.mark.parametrize(
    ("typed", "gold", "rejected", "counts"),
    [
        ("y", (*(QUESTION.gold or ()), Gold("new", "Ines Holt lifted the crane.")), (), (1, 0, 0)),
        ("n", QUESTION.gold, ("new",), (0, 1, 0)),
        ("xn", QUESTION.gold, ("new",), (0, 1, 0)),
        ("s", QUESTION.gold, (), (0, 0, 1)),
        ("", QUESTION.gold, (), (0, 0, 1)),
    ],
)
def test_a_key_each(
    rows: list[Row], tmp_path: Path, typed: str, gold: tuple[Gold, ...], rejected: tuple[str, ...], counts: tuple[int, int, int]
) -> None:
    out, pressed = tmp_path / "set.jsonl", keys(typed)
    shown: list[str] = []
    dump([QUESTION], out)
    done = judge([QUESTION], rows, out, shown.append, lambda: next(pressed))
    assert (done.accepted, done.rejected, done.left) == counts
    [question] = load(out)
    assert (question.gold, question.rejected) == (gold, rejected)
    assert "accepted: Ines Holt" in shown[0]
    assert "Ines Holt lifted the crane." in shown[0]
    assert len(list(unjudged([question], rows))) == counts[2]  # what was decided is not asked again


def test_on_the_command_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    dump([QUESTION], Path("set.jsonl"))
    Path("a.jsonl").write_text("".join(f'{{"id": "{a.id}", "text": "{a.text}"}}\n' for a in (OLD, NEW, OFF)))
    cli("add", "a.jsonl", "--encoder", "hash")
    ran = cli("eval", "run", "set.jsonl", "-o", "run")
    assert ran.err == (
        "1 first quotes count as wrong that hold an accepted answer in an article that nobody judged; judge them: "
        "pullquote eval judge set.jsonl run\n"
    )
    monkeypatch.setattr("sys.stdin.readline", lambda: "y\n", raising=False)
    ran = cli("eval", "judge", "set.jsonl", "run")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "1 are gold now, 0 articles rejected, 0 left in set.jsonl")
    ran = cli("eval", "run", "set.jsonl", "--measures", "answer@1,unjudged@1")
    assert [line.split()[1] for line in ran.out.splitlines()] == ["1.0000", "0.0000"]


def test_help_lists_the_measures(cli: Cli) -> None:
    ran = cli("eval", "run", "--measures", "help")
    assert ran.code == 0
    named = [line.split()[0] for line in ran.out.splitlines() if line]
    assert [str(parse(name)) for name in named] == named
    assert "0 to 1, less is better (Naeini et al. 2015)" in ran.out
    assert cli("eval", "run", "--measures", "recall").err.startswith("pullquote: recall: no such measure; there are hit@1, R@5")


def test_other_fields_of_a_set_are_kept(tmp_path: Path) -> None:
    record = '{"id": "1", "question": "Who?", "note": "mine", "gold": [{"article_id": "a"}], "x": {"y": [1]}}\n'
    (tmp_path / "set.jsonl").write_text(record)
    [question] = load(tmp_path / "set.jsonl")
    dump([replace(question, rejected=("b",))], tmp_path / "set.jsonl")
    kept = json.loads((tmp_path / "set.jsonl").read_text())
    assert (kept["note"], kept["x"], kept["rejected"]) == ("mine", {"y": [1]}, ["b"])
