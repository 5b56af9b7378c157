from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.conftest import Build

import pullquote
from pullquote.corpus.files import read
from pullquote.corpus.sample import FOLDER
from pullquote.eval.importers.beir import Beir
from pullquote.eval.questions import SAMPLE_SET, Gold, Question, load
from pullquote.eval.runner import evaluate
from pullquote.qa import ask as asking
from pullquote.qa.confidence import Logistic, Model


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))


def test_every_gold_quote_of_the_sample_set_stands_once_in_its_article() -> None:
    texts = {a.id: a.text for a in read(FOLDER)}
    questions = load(SAMPLE_SET)
    assert len(questions) >= 80
    assert sum(not q.gold for q in questions) >= 20
    assert {g.article_id for q in questions for g in q.gold} == set(texts)
    assert all(texts[g.article_id].count(g.quote) == 1 for q in questions for g in q.gold)


def test_measures_are_means_over_what_they_say(build: Build) -> None:
    questions = [
        Question("1", "How many years had the ferry crossed the sound?", "how many", (Gold("ferry.txt", "61 years"),)),
        Question("2", "What about herring landings last winter?", "what", (Gold("bridge.md", "cut the ribbon"),)),
        Question("3", "Who built the zeppelin?", "none", ()),
    ]
    result = evaluate(build(), questions)
    found = {m.name: (m.value, m.count) for m in result.measures}
    assert found["hit@1"] == (0.5, 2)
    assert found["answer@1"] == (0.5, 2)
    assert found["answered, with an answer"] == (1.0, 2)
    assert found["refused, without an answer"] == (0.0, 1)
    assert found["quotes located"] == (1.0, 9)
    assert [(m.name, m.value, m.count) for m in result.by_type] == [
        ("how many, answer@1", 1.0, 1),
        ("what, answer@1", 0.0, 1),
        ("none, refused", 0.0, 1),
    ]
    assert "hit@1                        0.5000  (2)" in result.text()


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
        ('{"question": "x"}', ":1: not a question with gold quotes: 'gold'"),
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
        ("q1", {"d1": 2.0}, ("One",), False),
        ("q3", {}, (), True),
    ]
