from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.conftest import Cli

import pullquote
from pullquote.eval.importers.gather import gather, importer
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
