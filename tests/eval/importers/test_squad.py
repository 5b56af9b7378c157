from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pullquote.eval.importers.gather import Importer, gather, importer
from pullquote.eval.questions import Gold


def paragraph(context: str, *asked: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"context": context, "qas": [{"id": str(n), "question": "What?", **item} for n, item in enumerate(asked)], **more}


def squad(path: Path, *paragraphs: dict[str, Any], title: str | None = "Quay") -> Importer:
    item = {"paragraphs": list(paragraphs)} | ({} if title is None else {"title": title})
    path.write_text(json.dumps({"data": [item]}))
    return importer(path, "squad")


def at(text: str, start: int) -> dict[str, Any]:
    return {"answers": [{"text": text, "answer_start": start}]}


TWO = "The crane is red. It fell on Friday, the red crane."


@pytest.mark.parametrize(
    ("start", "said", "quote"),
    [
        (13, "red", "The crane is red."),
        (12, "red", "The crane is red."),  # one character off
        (44, "red", "It fell on Friday, the red crane."),
        (-1, "red", "The crane is red."),
        (9999, "red", "It fell on Friday, the red crane."),
    ],
)
def test_an_answer_is_looked_for_near_where_it_is_said_to_stand(tmp_path: Path, start: int, said: str, quote: str) -> None:
    found = squad(tmp_path / "a.json", paragraph(TWO, at(said, start)))
    [question] = gather(found)
    assert question.gold == (Gold("Quay#0", quote),)
    mended = {("mended", "an answer that stands elsewhere than the file says"): ["0"]}
    assert found.account.found == ({} if TWO.startswith(said, max(start, 0)) else mended)
    assert not found.account.is_lossy


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (at("blue", 3), "an answer that is not in its paragraph"),
        (at("", 0), "an answer without words"),
        ({"answers": [], "is_impossible": False}, "a question without answers that is not said to be impossible"),
    ],
)
def test_lost_gold_is_named(tmp_path: Path, item: dict[str, Any], why: str) -> None:
    found = squad(tmp_path / "a.json", paragraph(TWO, item, at("red", 13)))
    assert [question.id for question in gather(found)] == ["1"]
    assert found.account.found == {("lost", why): ["0"]}
    assert list(found.account.lines()) == [f"lost: 1, {why}: 0"]


def test_no_answers_are_none_where_the_file_says_nothing_else(tmp_path: Path) -> None:
    [question] = gather(squad(tmp_path / "a.json", paragraph(TWO, {"answers": []})))
    assert question.unanswerable


def test_ids_of_articles_and_questions_are_unique(tmp_path: Path) -> None:
    other = "The crane is blue."
    place = tmp_path / "a.json"
    place.write_text(json.dumps({"data": [
        {"title": "Quay", "paragraphs": [paragraph(TWO, at("red", 13))]},
        {"title": "Quay", "paragraphs": [paragraph(other, at("blue", 13)), paragraph(TWO, at("Friday", 29))]},
    ]}))  # fmt: skip
    found = importer(place)
    questions = gather(found)
    assert [(q.id, q.gold[0].article_id) for q in questions if q.gold] == [
        ("0", "Quay#0"),
        ("0 (2)", "Quay#0"),
        ("0 (3)", "Quay#1"),
    ]
    assert [(a.id, a.text) for a in found.articles()] == [("Quay#0", TWO), ("Quay#1", other)]
    named = squad(place, paragraph(TWO, document_id=7), paragraph(other, document_id=7), paragraph(TWO, document_id=7), title=None)
    assert [(a.id, a.title) for a in named.articles()] == [("7", ""), ("7 (2)", "")]
    assert [why for _, why in named.account.found] == ["another text with the document_id of an article, which gets a number"]


def test_a_question_that_is_there_twice_is_one(tmp_path: Path) -> None:
    found = squad(tmp_path / "a.json", paragraph(TWO, at("red", 13)), paragraph(TWO, at("red", 13)))
    assert len(gather(found)) == 1
    assert found.account.found == {("mended", "a question that is there twice"): ["0"]}


def test_squad_in_lines_and_other_line_ends(tmp_path: Path) -> None:
    record = {"id": "1", "title": "Quay", "context": "One line.\r\nThe crane is red.", "question": "What?"}
    answers = {"text": ["red"], "answer_start": [24]}
    (tmp_path / "a.jsonl").write_text(json.dumps({**record, "answers": answers}) + "\n")
    [question] = gather(importer(tmp_path / "a.jsonl"))
    assert question.gold == (Gold("Quay#0", "The crane is red."),)


MARKS = {"is_impossible": True, **at("red", 13)}


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (MARKS, "a question that has answers, but is said to be impossible"),
        ({"answers": None}, "a question without answers that is not said to be impossible"),
        ({"question": None, **at("red", 13)}, "a question without words"),
        ({"answers": [{"answer_start": 3}]}, "a record that is not as the format has it"),
    ],
)
def test_what_contradicts_itself_is_lost_by_name(tmp_path: Path, item: dict[str, Any], why: str) -> None:
    found = squad(tmp_path / "a.json", paragraph(TWO, item, at("red", 13)))
    assert [question.id for question in gather(found)] == ["1"]
    assert [key for key in found.account.found if key[0] == "lost"] == [("lost", why)]


@pytest.mark.parametrize("start", [None, "13", 13.0, "here"])
def test_a_start_that_is_no_number_is_looked_for(tmp_path: Path, start: object) -> None:
    item = {"answers": [{"text": "red", "answer_start": start}]}
    [question] = gather(squad(tmp_path / "a.json", paragraph(TWO, item)))
    assert question.gold == (Gold("Quay#0", "The crane is red."),)


@pytest.mark.parametrize(
    ("before", "units"),
    [
        ("One.\r\n" * 30, False),
        ("cafe\u0301 " * 30, False),
        ("\U0001f6a2" * 30 + " ", True),
    ],
)
def test_offsets_in_the_text_as_the_file_has_it(tmp_path: Path, before: str, units: bool) -> None:
    text = f"{before}On Sunday 12 ships left. On Monday 12 ships came in."
    start = text.index("12")
    found = squad(tmp_path / "a.json", paragraph(text, at("12", len(text[:start].encode("utf-16-le")) // 2 if units else start)))
    [question] = gather(found)
    assert question.gold is not None
    assert question.gold[0].quote.endswith("On Sunday 12 ships left.")
    assert bool(found.account.found) == units


def test_whole_words_come_before_parts_of_others(tmp_path: Path) -> None:
    text = "In 2012 it rained. Then 12 ships left."
    [question] = gather(squad(tmp_path / "a.json", paragraph(text, at("12", 0))))
    assert question.gold == (Gold("Quay#0", "Then 12 ships left."),)


def test_squad_as_a_list_of_flat_records(tmp_path: Path) -> None:
    record = {"id": "1", "context": TWO, "question": "What?", **at("red", 13)}
    for whole in ([record], {"data": [record]}):
        (tmp_path / "a.json").write_text(json.dumps(whole))
        [question] = gather(importer(tmp_path / "a.json", "squad"))
        assert question.gold == (Gold("article#0", "The crane is red."),)
