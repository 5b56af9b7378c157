from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.conftest import Cli

import pullquote
from pullquote.eval.importers.formats import FORMATS
from pullquote.eval.importers.gather import gather, importer
from pullquote.eval.questions import Expected, Gold, Question, dump, load


def test_a_beir_folder_whose_gold_is_not_all_there(cli: Cli) -> None:
    Path("set/qrels").mkdir(parents=True)
    Path("set/corpus.jsonl").write_text('{"_id": "a", "text": "The crane is red."}\n{"_id": "b", "text": " "}\n')
    asked = "".join(f'{{"_id": "{n}", "text": "Question {n}?"}}\n' for n in range(5))
    Path("set/queries.jsonl").write_text(asked)
    Path("set/qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\n0\ta\t0.5\n0\tz\t1\n1\tb\t1\n2\ta\t0\n9\ta\t1\n")
    ran = cli("eval", "import", "set", "-o", "set.jsonl")
    assert (ran.code, ran.out) == (1, "1 questions, 0 of them without an answer, in set.jsonl\n")
    assert ran.err.splitlines() == [
        "set: left out: 1, a question for which nothing was judged relevant: 2",
        "set: left out: 2, a question that nobody judged: 3, 4",
        "set: lost: 1, judgements of a question that is not there: 9",
        "set: lost: 2, gold of an article that is not there, or has no text: 0 (z), 1 (b)",
    ]
    assert load(Path("set.jsonl"))[0].gold == (Gold("a", grade=0.5),)


@pytest.mark.parametrize(
    "data",
    [
        "sep=;\nQuestion;Quote;Article ID\nWho lifts it?;“Holt”, a café owner.;a\n".encode("utf-16"),
        'question , quote , article_id\r\nWho lifts it?,"“Holt”, a café owner.",a\r\n'.encode("cp1252"),
        "\ufeffquestion\tquote\tarticle_id\nWho lifts it?\t“Holt”, a café owner.\ta\n".encode(),
    ],
)
def test_tables_as_spreadsheets_write_them(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    assert gather(importer(tmp_path / "a.csv")) == [
        Question("Who lifts it?", "Who lifts it?", "", (Gold("a", "“Holt”, a café owner."),))
    ]


def test_quotation_marks_in_a_table_with_tabs(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('question\tquote\tarticle_id\nWho?\t"Holt lifts it.\ta\nNext?\tYes.\tb\n')
    assert [q.gold for q in gather(importer(tmp_path / "a.tsv"))] == [(Gold("a", '"Holt lifts it.'),), (Gold("b", "Yes."),)]


def test_hotpotqa(tmp_path: Path) -> None:
    context = [["Quay", ["The crane is red.", " It fell."]], ["Pier", ["The pier is long."]]]
    items = [
        {"_id": "1", "question": "Which?", "answer": "red", "type": "bridge", "context": context,
         "supporting_facts": [["Quay", 0], ["Pier", 0], ["Pier", 7]]},
        {"_id": "2", "question": "How?", "answer": "long", "context": [["Quay", ["Another quay."]]], "supporting_facts": [["Quay", 0]]},
    ]  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(items))
    found = importer(tmp_path / "a.json")
    gold = (Gold("Quay", "The crane is red."), Gold("Pier", "The pier is long."))
    assert gather(found) == [
        Question("1", "Which?", "bridge", gold, ("red",)),
        Question("2", "How?", "", (Gold("Quay (2)", "Another quay."),), ("long",)),
    ]
    assert [a.text for a in found.articles()] == ["The crane is red. It fell.", "The pier is long.", "Another quay."]
    assert found.account.is_lossy
    assert found.account.found["lost", "a supporting sentence that is not in its paragraph"] == ["1"]


def test_newsqa(tmp_path: Path) -> None:
    story = "The crane is red. It fell on Friday."
    head = ["story_id", "question", "answer_char_ranges", "is_answer_absent", "is_question_bad", "validated_answers", "story_text"]
    rows = [
        ["s1", "What colour?", "13:16|None", "0.0", "0.0", "", story],
        ["s1", "When?", "0:3|29:35", "0.0", "0.0", '{"29:35": 2, "none": 1}', story],
        ["s1", "Who?", "None|None", "1.0", "0.0", "", story],
        ["s1", "Bad?", "13:16", "0.0", "1.0", "", story],
        ["s1", "Beyond?", "900:903", "0.0", "0.0", "", story],
    ]
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    found = importer(tmp_path / "a.csv")
    assert gather(found) == [
        Question("s1#0", "What colour?", "extractive", (Gold("s1", "The crane is red."),), ("red",)),
        Question("s1#1", "When?", "extractive", (Gold("s1", "It fell on Friday."),), ("Friday",)),
        Question("s1#2", "Who?", "unanswerable"),
    ]
    assert found.account.found == {
        ("left out", "a question that was judged to be none"): ["s1#3"],
        ("lost", "an answer that is not in its story"): ["s1#4"],
    }
    assert [a.text for a in found.articles()] == [story]


def test_kilt(tmp_path: Path) -> None:
    given = [{"answer": "red", "provenance": [{"wikipedia_id": "12", "title": "Quay"}]}, {"answer": "scarlet"}]
    lines = [
        {"id": "1", "input": "Which?", "output": given},
        {"id": "2", "input": "How?", "output": [{"answer": "long"}]},
        {"id": "3", "input": "Who?"},
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = importer(tmp_path / "a.jsonl")
    assert gather(found) == [Question("1", "Which?", "", (Gold("12"),), ("red", "scarlet"))]
    assert found.account.is_lossy


def test_dpr(tmp_path: Path) -> None:
    good, bad = ({"passage_id": name, "title": "Quay", "text": f"The crane is {name}."} for name in ("red", "blue"))
    items = [{"question": "Which?", "answers": ["red"], "positive_ctxs": [good], "negative_ctxs": [bad], "hard_negative_ctxs": []}]
    (tmp_path / "a.json").write_text(json.dumps(items))
    found = importer(tmp_path / "a.json")
    assert gather(found) == [Question("1", "Which?", "", (Gold("red"),), ("red",))]
    assert [a.id for a in found.articles()] == ["red", "blue"]
    (tmp_path / "qas.csv").write_text("Which?\t['red', \"Holt's\"]\n")
    assert gather(importer(tmp_path / "qas.csv", "dpr")) == [Question("1", "Which?", "", None, ("red", "Holt's"))]
    (tmp_path / "qas.csv").write_text("Which?\t__import__('os')\n")
    with pytest.raises(pullquote.InputError, match=r"qas\.csv:1: not a question and a list of answers"):
        gather(importer(tmp_path / "qas.csv", "dpr"))


def test_gold_in_other_typography_is_taken_as_its_article_has_it(tmp_path: Path) -> None:
    facts = [{"title": "T", "fact": 'He said "it’s red" - twice.'}]
    (tmp_path / "q.json").write_text(
        json.dumps([{"query": "What?", "answer": "red", "question_type": "x", "evidence_list": facts}])
    )
    (tmp_path / "corpus.json").write_text(json.dumps([{"title": "T", "body": "So it was. He said “it's red” – twice."}]))
    found = importer(tmp_path / "q.json")
    assert gather(found)[0].gold == (Gold("T", "He said “it's red” – twice."),)
    assert [fate for fate, _ in found.account.found] == ["mended"]


def test_help_says_what_each_format_holds(cli: Cli) -> None:
    said = " ".join(cli("eval", "import", "--help").out.split())
    for name, form in FORMATS.items():
        assert f"{name}: {form.holds}" in said


def test_a_newsrooms_questions(tmp_path: Path) -> None:
    lines = [
        {"q": "When?", "a": ["on 9 June"], "docs": ["a.txt"], "short": ["9 June"], "stale": ["19 May"], "kind": "when", "id": "x1"},
        {"q": "Who?", "a": [], "docs": [], "none": "notstated"},
        {"q": "Lost?", "a": ["a"], "docs": []},
        {
            "q": "How many?",
            "a": ["13"],
            "docs": ["b.txt"],
            "sides": [["13", "thirteen"], ["17"]],
            "not_sides": ["5"],
            "as_of": "2024-03",
        },
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = importer(tmp_path / "a.jsonl")
    questions = gather(found)
    assert questions == [
        Question("x1", "When?", "when", (Gold("a.txt"),), ("on 9 June",), expected=Expected(("9 June",), ("19 May",))),
        Question("2", "Who?", "", expected=Expected(none="notstated")),
        Question("4", "How many?", "", (Gold("b.txt"),), ("13",), "2024-03",
                 expected=Expected(sides=(("13", "thirteen"), ("17",)), not_sides=("5",))),
    ]  # fmt: skip
    assert [key for key in found.account.found if key[0] == "lost"]
    dump(questions, tmp_path / "set.jsonl")
    assert load(tmp_path / "set.jsonl") == questions


def test_passages_without_an_id_keep_their_texts(tmp_path: Path) -> None:
    one, other = ({"psg_id": "", "title": "Quay", "text": text} for text in ("The crane is red.", "It is 400 m long."))
    items = [
        {"question": "Which?", "answers": ["red"], "positive_ctxs": [one]},
        {"question": "How long?", "answers": ["400 m"], "positive_ctxs": [other, {**one, "passage_id": 0}]},
        {"question": "Odd?", "answers": "text", "positive_ctxs": [one]},
    ]
    (tmp_path / "a.json").write_text(json.dumps(items))
    found = importer(tmp_path / "a.json")
    assert [question.gold for question in gather(found)] == [(Gold("Quay"),), (Gold("Quay (2)"), Gold("0"))]
    assert found.account.is_lossy


@pytest.mark.parametrize("text", ["Cafe\u0301s. cafe\u0301s. Ines Holt left.", "One.\r\nTwo.\r\nInes Holt left."])
def test_newsqas_offsets_count_in_the_text_as_the_table_has_it(tmp_path: Path, text: str) -> None:
    start = text.index("Ines")
    head = ["story_id", "question", "answer_char_ranges", "story_text"]
    rows = [head, ["s1", "Who?", f"{start}:{start + 9}", text], ["s1", "Who left?", f"{start}:{start + 10}", ""], ["s1", "Short?"]]
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    found = importer(tmp_path / "a.csv")
    assert [question.answers for question in gather(found)] == [("Ines Holt",), ("Ines Holt",)]
    assert found.account.is_lossy


def test_gold_of_multihop_that_contradicts_itself(tmp_path: Path) -> None:
    fact = {"title": "T", "fact": "It rained at the cafe\u0301."}
    items = [
        {"query": "Yes?", "answer": "Yes", "evidence_list": []},
        {"query": "None?", "answer": "Insufficient information.", "evidence_list": [fact]},
        {"query": "Where?", "answer": "café", "evidence_list": [fact]},
    ]
    (tmp_path / "q.json").write_text(json.dumps(items))
    (tmp_path / "corpus.json").write_text(
        json.dumps([{"title": "T", "body": "It rained at the cafe\u0301.", "published_at": "last week"}])
    )
    found = importer(tmp_path / "q.json")
    assert [question.text for question in gather(found)] == ["Where?"]
    assert len(found.account.found) == 3
