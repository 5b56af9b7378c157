from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.conftest import Build

import pullquote
from pullquote.corpus.sample import FOLDER
from pullquote.corpus.sources import read
from pullquote.eval.evaluate import evaluate, means
from pullquote.eval.importers.beir import Beir
from pullquote.eval.questions import SAMPLE_SET, Gold, Question, load
from pullquote.qa import ask as asking
from pullquote.qa.selection.confidence import Logistic, Model


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))


def test_every_gold_quote_of_the_sample_set_stands_once_in_its_article() -> None:
    texts = {a.id: a.text for a in read(FOLDER)}
    questions = load(SAMPLE_SET)
    assert len(questions) >= 80
    assert sum(not q.gold for q in questions) >= 20
    assert {g.article_id for q in questions for g in q.gold or ()} == set(texts)
    assert all(texts[g.article_id].count(g.quote) == 1 for q in questions for g in q.gold or ())


QUESTIONS = [
    Question("1", "How many years had the ferry crossed the sound?", "how many", (Gold("ferry.txt", "61 years"),), ("61 years",)),
    Question("2", "What about herring landings last winter?", "what", (Gold("bridge.md", "cut the ribbon"),)),
    Question("3", "Who built the zeppelin?", "none", ()),
]


def test_measures_are_means_over_what_they_say(build: Build) -> None:
    found = {m.measure: (m.value, m.count) for m in means(evaluate(build(), QUESTIONS))}
    assert found["hit@1"] == (0.5, 2)
    assert found["answer@1"] == (0.5, 2)
    assert found["passage.hit@1"] == (0.5, 2)
    assert found["EM"] == (1.0, 1)
    assert found["F1"] == (1.0, 1)
    assert found["cited"] == (0.5, 2)
    assert found["answered"] == (1.0, 2)
    assert found["refused"] == (0.0, 1)
    assert found["located"] == (1.0, 3)
    assert found["ms@50"][1] == 3


def test_a_question_that_cannot_be_asked_counts_as_nothing_found_and_says_why(build: Build) -> None:
    endless = Question("4", "bridge " * 2000, "", (Gold("bridge.md", "cut the ribbon"),))
    rows = evaluate(build(), [QUESTIONS[0], endless])
    assert rows[1].error.startswith("a question of 14,000 characters")
    found = {m.measure: (m.value, m.count) for m in means(rows)}
    assert found["hit@1"] == (0.5, 2)
    assert found["answer@1"] == (0.5, 2)
    assert found["answered"] == (0.5, 2)


def test_as_of_is_heeded(build: Build) -> None:
    question = Question("1", "When did the ferry make its last trip?", "", (Gold("ferry.txt", "Friday"),), as_of="2021-05-02")
    [row] = evaluate(build(), [question])
    assert set(row.articles) == {"bridge.md"}


def test_gold_without_a_quote_is_the_article_as_a_whole(build: Build) -> None:
    [row] = evaluate(build(), [Question("1", "Who cut the ribbon?", "", (Gold("bridge.md"),), ("Falk",))])
    assert (row.values["hit@1"], row.values["answer@1"]) == (1.0, 1.0)
    assert "passage.hit@1" not in row.values


@pytest.mark.parametrize(
    ("gold", "message"), [(Gold("none", "x"), "is not in the index"), (Gold("fish.txt", "sharks"), "is not in article")]
)
def test_gold_that_stands_nowhere_is_refused(build: Build, gold: Gold, message: str) -> None:
    with pytest.raises(pullquote.InputError, match=message):
        evaluate(build(), [Question("1", "What?", "", (gold,))])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no questions in it"),
        ("{oops", ":1: broken JSON"),
        ("[" * 100_000, ":1: not a question"),
        ('{"question": "???", "gold": []}', ":1: not a question"),
        ('{"question": "x"}', ":1: not a question with gold quotes: no gold yet"),
        ('\n{"question": " ", "gold": []}', ":2: not a question"),
        (
            '{"question": "x", "gold": [{"article_id": "a", "quote": " "}]}',
            ":1: not a question with gold quotes: an empty gold quote",
        ),
        ('{"id": 1, "question": "x", "gold": []}\n{"id": "1", "question": "y", "gold": []}', ":2: question id '1' is here twice"),
    ],
)
def test_a_bad_question_set_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "set.jsonl").write_text(text)
    with pytest.raises(pullquote.InputError) as error:
        load(tmp_path / "set.jsonl")
    assert message in str(error.value)


def test_a_beir_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        '{"_id": "d1", "title": "T", "text": "One."}\n{"_id": "d0", "title": "Bare", "text": ""}\n'
    )
    records = [
        {"_id": "q1", "text": "What?", "answers": ["One", "One"]},
        {"_id": "q2", "text": "Other?"},
        {"_id": "q3", "text": "No?", "unanswerable": True},
    ]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, records)))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n")
    data = Beir(tmp_path)
    assert [a.id for a in data.articles()] == ["d1"]
    assert [(q.id, q.relevant, q.answers, q.unanswerable) for q in data.questions()] == [
        ("q1", {"d1": 2}, ("One",), False),
        ("q3", {}, (), True),
    ]
