from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Cli

import pullquote
from pullquote.eval.importers.gather import Importer, gather, importer
from pullquote.eval.questions import Gold, Question, dump, load

SQUAD = {
    "data": [
        {
            "title": "The_Ferry",
            "paragraphs": [
                {
                    "context": "The ferry ran for years. It stopped in 2021, on a Friday.",
                    "qas": [
                        {"id": "a", "question": "When did it stop?", "answers": [
                            {"text": "2021", "answer_start": 39}, {"text": "2021", "answer_start": 39}]},
                        {"id": "b", "question": "When did it sink?", "is_impossible": True, "answers": []},
                    ],
                }
            ],
        }
    ]
}  # fmt: skip


def test_squad(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(json.dumps(SQUAD))
    found = importer(tmp_path / "dev.json")
    assert found.questions() == [
        Question("a", "When did it stop?", "extractive", (Gold("The_Ferry#0", "It stopped in 2021, on a Friday."),), ("2021",)),
        Question("b", "When did it sink?", "unanswerable", (), ()),
    ]
    [article] = found.articles()
    assert (article.id, article.title) == ("The_Ferry#0", "The Ferry")
    assert "It stopped in 2021, on a Friday." in article.text


@pytest.mark.parametrize(
    "topics",
    [
        "<top>\n<num> Number: 7\n<title> secret\n talks\n<desc> ignored\n</top>\n<top><num>8</num><title>unjudged</title></top>",
        "7\tsecret talks\n8\tunjudged\n",
    ],
)
def test_trec(tmp_path: Path, topics: str) -> None:
    (tmp_path / "topics").write_text(topics)
    (tmp_path / "qrels").write_text("7 0 doc1 2\n7 0 doc2 0\n")
    found = importer(tmp_path / "topics", qrels=tmp_path / "qrels")
    assert found.questions() == [Question("7", "secret talks", "", (Gold("doc1", grade=2),), rejected=("doc2",))]


def test_multihop(tmp_path: Path) -> None:
    facts = [{"title": "T", "url": "https://x.example/1", "fact": "It rained."}, {"title": "U", "fact": "It snowed."}]
    queries = [
        {"query": "What fell?", "answer": "rain", "question_type": "inference_query", "evidence_list": facts},
        {"query": "What rose?", "answer": "Insufficient information.", "question_type": "null_query", "evidence_list": []},
    ]
    (tmp_path / "MultiHopRAG.json").write_text(json.dumps(queries))
    corpus = [{"title": "T", "url": "https://x.example/1", "body": "It rained.", "published_at": "2023-10-01T09:00:00+00:00"}]
    (tmp_path / "corpus.json").write_text(json.dumps(corpus))
    found = importer(tmp_path / "MultiHopRAG.json")
    first, second = found.questions()
    assert first.gold == (Gold("https://x.example/1", "It rained."), Gold("U", "It snowed."))
    assert (first.answers, first.type, second.unanswerable) == (("rain",), "inference_query", True)
    assert [(a.id, a.published) for a in found.articles()] == [("https://x.example/1", "2023-10-01")]


def test_a_table(tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text(
        "question;article_id;quote;answer;as_of\nWho came?;a;Abe came.;Abe;2004\nWho came?;b;Kono came.;;\nWho left?;;;;\n"
    )
    assert importer(tmp_path / "set.csv").questions() == [
        Question("Who came?", "Who came?", "", (Gold("a", "Abe came."), Gold("b", "Kono came.")), ("Abe",), "2004"),
        Question("Who left?", "Who left?", "", ()),
    ]


def test_a_set_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    questions = [
        Question("1", "Who?", "who", (Gold("a", "Abe came.", 2), Gold("b")), ("Abe",), "2004-02"),
        Question("2", "None?", "", ()),
        Question("3", "Not judged?", "", None),
    ]
    assert dump(questions, tmp_path / "set.jsonl") == 3
    assert load(tmp_path / "set.jsonl", unjudged=True) == questions
    with pytest.raises(pullquote.InputError, match=r"set\.jsonl:3: not a question with gold quotes: no gold yet"):
        load(tmp_path / "set.jsonl")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.json", "{oops", "its format cannot be told"),
        ("x.json", '{"paragraphs": 1', "broken JSON"),
        ("x.json", '{"paragraphs": 1}', "not SQuAD's JSON"),
        ("x.json", '[{"evidence_list": []}]', "not the queries of MultiHop-RAG"),
        ("x.csv", "frage\nWer?\n", "no column `question`"),
        ("x.csv", 'question,quote\nWho?,"Abe came.\n', "unexpected end of data"),
        ("x.csv", "question,quote,quote\nWho?,Abe came.,\n", "column `quote` is there twice"),
    ],
)
def test_what_cannot_be_imported_is_named(cli: Cli, name: str, text: str, message: str) -> None:
    Path(name).write_text(text)
    ran = cli("eval", "import", name, "-o", "set.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"pullquote: {name}")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert not Path("set.jsonl").exists()


def test_import_on_the_command_line(cli: Cli) -> None:
    Path("dev.json").write_text(json.dumps(SQUAD))
    ran = cli("eval", "import", "dev.json", "-o", "set.jsonl", "--articles", "articles.jsonl")
    assert (ran.code, ran.out) == (0, "2 questions, 1 of them without an answer, in set.jsonl\n1 articles in articles.jsonl\n")
    assert cli("add", "articles.jsonl", "--encoder", "hash").code == 0
    ran = cli("eval", "run", "set.jsonl")
    assert ran.code == 0
    assert "answer@1              1.0000  (1)" in ran.out
    assert cli("eval", "lint", "set.jsonl").code == 0
    assert cli("eval", "import", "missing.json", "-o", "x").err == "pullquote: missing.json: no such file or folder\n"
    assert cli("eval", "import", "dev.json", "-o", "x", "--from", "xml").code == 2


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


@pytest.mark.parametrize(
    ("table", "lost", "kept"),
    [
        ("question,quote\nWho?,Abe came.\nWho?,\n", "a quote without its article_id: row 2", 1),
        ("question,article_id\n,a\nWho?,a\n", "a row without a question: row 2", 1),
        ("question,as_of\nWho?,yesterday\nWhen?,2004\n", "a record that is not as the format has it: row 2", 1),
        ("question,quote,article_id\nWho?,An old, red one,a\nWhen?,Then.,a\n", "more cells than columns", 1),
        ("question,article_id,as_of\nWho?,a,2004\nWho?,b,2005\n", "another as_of or type than in a row above (2004): row 3", 1),
        ("question,article_id,grade\nWho?,a,much\nWhen?,a,1\n", "a record that is not as the format has it: row 2", 1),
    ],
)
def test_one_odd_row_costs_no_more_than_that(tmp_path: Path, table: str, lost: str, kept: int) -> None:
    (tmp_path / "a.csv").write_text(table)
    found = importer(tmp_path / "a.csv")
    assert len(gather(found)) == kept
    [line] = [line for line in found.account.lines() if line.startswith("lost")]
    assert lost in line


def test_a_table_with_grades_ids_and_answers_that_wait(tmp_path: Path) -> None:
    rows = [
        "id,question,article_id,grade,answer,note",
        "1,Who?,a,0.5,,x",
        "1,Who?,b,2,,",
        "1,Who?,c,0,,",
        "1,When?,a,,,",
        "2,How?,,,Holt,",
    ]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    found = importer(tmp_path / "a.csv")
    assert gather(found) == [
        Question("1", "Who?", "", (Gold("a", grade=0.5), Gold("b", grade=2)), rejected=("c",)),
        Question("1 (2)", "When?", "", (Gold("a"),)),
        Question("2", "How?", "", None, ("Holt",)),
    ]
    assert [why for _, why in found.account.found] == [
        "a column of no use",
        "another question with an id that is taken, which gets a number",
    ]


def test_nothing_that_was_there_is_overwritten(cli: Cli) -> None:
    Path("dev.json").write_text(json.dumps(SQUAD))
    Path("mine.jsonl").write_text("mine")
    for out in ("dev.json", "mine.jsonl"):
        ran = cli("eval", "import", "dev.json", "-o", out)
        assert (ran.code, ran.err) == (2, f"pullquote: {out}: is there already; give the set another name, or remove it\n")
    assert cli("eval", "import", "dev.json", "-o", "a", "--articles", "dev.json").code == 2
    assert cli("eval", "import", "dev.json", "-o", "a", "--articles", "a").code == 2
    assert json.loads(Path("dev.json").read_text()) == SQUAD
    assert Path("mine.jsonl").read_text() == "mine"
    assert not Path("a").exists()


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
