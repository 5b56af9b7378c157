from __future__ import annotations

import io
import json
import sqlite3
import sys
from pathlib import Path

import pytest
from tests.conftest import Cli

import pullquote
from pullquote.corpus.sample import FOLDER
from pullquote.qa import ask as asking
from pullquote.qa.confidence import Logistic, Model

ROOT = Path(__file__).resolve().parents[2]
TEXT = "The harbour bridge opened on Saturday.\n\nIt cost 40 million crowns.\n"


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))


@pytest.fixture
def news(cli: Cli) -> Path:
    """A folder of two articles, indexed."""
    folder = Path("news")
    folder.mkdir()
    (folder / "bridge.txt").write_text(TEXT)
    (folder / "ferry.jsonl").write_text(
        json.dumps(
            {
                "id": "ferry",
                "title": "Last trip",
                "source": "Voice",
                "published": "2021-05-07",
                "text": "The ferry made its last trip.",
            }
        )
    )
    ran = cli("add", folder, "--encoder", "hash")
    assert (ran.code, ran.out, ran.err) == (0, "2 added, 0 updated, 0 unchanged: 2 articles, 2 passages in .pullquote\n", "")
    return folder


def test_ask(cli: Cli, news: Path) -> None:
    ran = cli("ask", "It cost how many million crowns?", "-n", "1")
    assert (ran.code, ran.out, ran.err) == (0, "It cost 40 million crowns.\n  [1] 40 million · bridge.txt\n\n", "")


def test_ask_as_json(cli: Cli, news: Path) -> None:
    record = json.loads(cli("ask", "When was the last trip?", "--format", "json", "-n", "1").out)
    [quote] = record["quotes"]
    assert quote == {
        "rank": 1, "text": "The ferry made its last trip.", "article_id": "ferry", "passage_id": "ferry:0-29", "title": "Last trip",
        "source": "Voice", "url": "", "published": "2021-05-07", "start": 0, "end": 29, "confidence": quote["confidence"],
        "also": [], "superseded_by": "", "span": None, "context": None, "link": "", "digest": quote["digest"],
    }  # fmt: skip
    assert len(quote["digest"]) == 64
    assert record["index"]["articles"] == 2


def test_ask_with_a_template(cli: Cli, news: Path) -> None:
    Path("own.txt").write_text("{{ answer.quotes[0].text }}\n")
    assert cli("ask", "ferry", "--template", "own.txt").out == "The ferry made its last trip.\n"


def test_search(cli: Cli, news: Path) -> None:
    record = json.loads(cli("search", "ferry trip", "-k", "1", "--json").out)
    assert (record["schema"], record["query"], len(record["hits"])) == ("pullquote.hits/1", "ferry trip", 1)
    [hit] = record["hits"]
    assert list(hit) == [
        "rank", "score", "article_id", "passage_id", "start", "end", "text", "title", "source", "url", "published", "explain",
            "also", "superseded_by",
    ]  # fmt: skip
    assert sum(leg["share"] for leg in hit["explain"].values()) == pytest.approx(hit["score"])
    text = cli("search", "ferry trip", "-k", "1", "--explain").out
    assert text.splitlines()[1] == "    The ferry made its last trip."
    assert [line.split()[0] for line in text.splitlines()[2:6]] == ["article", "passage", "sentence", "dense"]


def test_filters(cli: Cli, news: Path) -> None:
    ran = cli("search", "bridge", "--since", "2021-05", "--json")
    assert [hit["article_id"] for hit in json.loads(ran.out)["hits"]] == ["ferry"]
    assert ran.err == "note: 1 article without a date left out\n"
    ran = cli("ask", "bridge", "--source", "nobody")
    assert (ran.code, ran.out) == (1, "No answer: no article matches the filter.\n")
    ran = cli("search", "bridge", "--until", "1990")
    assert (ran.code, ran.out) == (1, "Nothing found.\n")


def test_show(cli: Cli, news: Path) -> None:
    assert cli("show", "bridge.txt").out == f"bridge.txt\n\n{TEXT}"
    assert cli("show", "bridge.txt:40-66").out == "bridge.txt\n\nIt cost 40 million crowns.\n"
    record = json.loads(cli("show", "ferry", "--json").out)
    assert (record["schema"], record["text"], record["marks"]) == ("pullquote.article/1", "The ferry made its last trip.", [])
    assert cli("show", "nothing").code == 2
    assert cli("show", "bridge.txt:40-6600").code == 2


def test_status(cli: Cli, news: Path) -> None:
    assert "2 (2 passages, 3 sentences)" in cli("status").out
    record = json.loads(cli("status", "--json").out)
    assert (record["schema"], record["articles"], record["without_date"]) == ("pullquote.status/1", 2, 1)


def test_analyze(cli: Cli) -> None:
    assert cli("analyze", "The visits").out == "The\t-\nvisits\tvisit\n"
    assert json.loads(cli("analyze", "visits", "--json").out)["terms"] == [
        {"start": 0, "end": 6, "word": "visits", "terms": ["visit"]}
    ]
    assert cli("analyze", "the").code == 1


def test_the_index_is_named_by_option_or_environment(cli: Cli, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("add", news, "--index", "other", "--encoder", "hash").code == 0
    monkeypatch.setenv("PULLQUOTE_INDEX", "elsewhere")
    assert cli("status").code == 3
    assert cli("status", "--index", "other").code == 0
    monkeypatch.setenv("PULLQUOTE_INDEX", "other")
    assert cli("status").code == 0


def test_without_an_index_one_line_says_what_to_do(cli: Cli) -> None:
    ran = cli("ask", "anything")
    assert (ran.code, ran.out) == (3, "")
    assert (
        ran.err
        == "pullquote: no index in .pullquote: build one with `pullquote add PATH`, or try the sample articles with `--sample`\n"
    )


def test_articles_from_standard_input(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b'{"id": "x", "text": "One thing is said."}\n')

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert cli("add", "-", "--encoder", "hash").code == 0
    assert cli("show", "x").code == 0


BAD_FILES = [
    ("a.txt", b"", "a.txt: an empty file"),
    ("a.txt", b"\x00\x01\x02", "a.txt: a binary file, not text"),
    ("a.jsonl", b'{"text": "x"}\n{oops}\n', "a.jsonl:2: broken JSON at column 2"),
    ("a.jsonl", b'{"id": "x"}\n', "a.jsonl:1: a record without text"),
    ("a.jsonl", b'{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}\n', "a.jsonl: article id 'x' is here twice"),
    ("a.jsonl", b'{"text": "x", "published": "03/04/2004"}\n', "a.jsonl:1: published: '03/04/2004' is not a date"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD_FILES)
def test_a_bad_file_is_one_line_and_changes_nothing(cli: Cli, news: Path, name: str, data: bytes, message: str) -> None:
    before = cli("status", "--json").out
    Path(name).write_bytes(data)
    ran = cli("add", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"pullquote: {message}")
    assert ran.err.count("\n") == 1
    assert cli("status", "--json").out == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "missing"), "missing: no such file or folder"),
        (("add", ""), "'': no such file or folder"),
        (("add", "news", "--index", ""), "--index: an empty path"),
        (("add", "news", "--index", "news"), "news: holds other things and no index"),
        (("show", "\udcff"), "no article or passage"),
        (("show", "a:" + "1" * 5000 + "-2"), "no article or passage"),
        (("ask", "x", "--since", "12 feb 99999999999999999999 10:00:00"), "--since: "),
        (("add", "empty"), "empty: nothing to read in this folder"),
        (("add",), "Missing argument 'PATH...'"),
        (("ask", ""), "an empty question"),
        (("ask", "   "), "an empty question"),
        (("ask", "x" * 100_000), "a question of 100,000 characters: at most 10,000 are read"),
        (("search", "..."), "a question without a word or number"),
        (("ask", "x", "--since", "soon"), "--since: 'soon' is not a date (write YYYY-MM-DD)"),
        (("search", "x", "--since", "2022", "--until", "2021"), "--since 2022 is after --until 2021"),
        (("ask", "x", "--format", "pdf"), "--format pdf: must be one of text, json, markdown, html"),
        (("ask", "x", "--template", "bad.txt"), "bad.txt:2: Encountered unknown tag 'oops'"),
        (("ask", "x", "--template", "none.txt"), "none.txt: cannot be read as a template"),
        (("ask", "x", "-n", "0"), "Invalid value for '-n'"),
        (("ask", "x", "--bogus"), "No such option: --bogus"),
        (("frobnicate",), "No such command 'frobnicate'"),
        (("add", "news", "--encoder", "other"), "the index was made by the encoder 'hash', not by 'other'"),
        (("eval", "run", "none.jsonl"), "none.jsonl: cannot be read as a question set"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(cli: Cli, news: Path, arguments: tuple[str, ...], message: str) -> None:
    Path("empty").mkdir()
    Path("bad.txt").write_text("one\n{% oops %}\n")
    (news / "new.txt").write_text("A new article about the lighthouse.")
    before = cli("status", "--json").out
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"pullquote: {message}")
    assert ran.err.count("\n") == 1
    assert cli("status", "--json").out == before


def test_a_file_that_may_not_be_read(cli: Cli, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refused(path: Path) -> bytes:  # root, who may run the tests, may read every file
        if path.name == "bridge.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    ran = cli("add", news)
    assert (ran.code, ran.err) == (2, "pullquote: news/bridge.txt: cannot be read: Permission denied\n")
    assert ran.out.startswith("0 added, 0 updated, 1 unchanged")


def test_an_unreadable_file_is_reported(cli: Cli, news: Path) -> None:
    (news / "dangling.txt").symlink_to("nowhere.txt")
    ran = cli("add", news)
    assert (ran.code, ran.err) == (2, "pullquote: news/dangling.txt: cannot be read: No such file or directory\n")
    assert ran.out.startswith("0 added, 0 updated, 2 unchanged")


def test_in_a_folder_one_bad_file_is_reported_and_the_rest_goes_on(cli: Cli, news: Path) -> None:
    (news / "bad.jsonl").write_text('{"id": "half", "text": "Half of it."}\n{oops\n')
    (news / "good.txt").write_text("A good one.")
    (news / "picture.png").write_bytes(b"\x89PNG")
    ran = cli("add", news)
    assert ran.code == 2
    assert ran.err.splitlines() == ["pullquote: news/bad.jsonl:2: broken JSON at column 2: Expecting property name enclosed in double quotes", "1 file of other kinds skipped"]  # fmt: skip
    assert ran.out == "1 added, 0 updated, 2 unchanged: 3 articles, 3 passages in .pullquote\n"
    assert cli("show", "half").code == 2


def test_the_same_id_in_two_files_is_reported_with_both_places(cli: Cli) -> None:
    for name in ("a", "b"):
        Path(name).mkdir()
        Path(name, "x.txt").write_text(f"Text {name}.")
    ran = cli("add", "a", "b", "--encoder", "hash")
    assert (ran.code, ran.err) == (2, "pullquote: a/x.txt: article id 'x.txt' is here and again in b/x.txt\n")
    assert cli("show", "x.txt").out == "x.txt\n\nText a.\n"


def test_a_failed_first_add_leaves_no_index(cli: Cli) -> None:
    assert cli("add", "missing").code == 2
    assert not Path(".pullquote").exists()


def test_nothing_raw_reaches_the_terminal(cli: Cli) -> None:
    evil = "Red \x1b[31malert\x07 and \u202ereversed <b>text</b> here."
    Path("evil.jsonl").write_text(json.dumps({"id": "e\x1b[2J", "title": evil, "source": evil, "text": evil}))
    ran = cli("add", "evil.jsonl", "--encoder", "hash")
    shown = [ran.out, cli("ask", evil).out, cli("ask", evil, "--format", "html").out, cli("search", evil, "--explain").out]
    shown += [cli("show", "e\x1b[2J").out, cli("status").out, cli("analyze", evil).out, cli("ask", evil, "--format", "json").out]
    shown += [cli("show", f"\x1b{evil}").err]
    assert not {"\x1b", "\x07", "\u202e"} & set("".join(shown))


def test_a_sentence_too_long_for_the_encoder_is_reported(cli: Cli) -> None:
    Path("long.txt").write_text("word, " * 100 + "end.")
    assert cli("add", "long.txt", "--encoder", "hash").err == "1 sentence longer than the encoder reads, cut at a clause\n"


def test_version_and_help(cli: Cli) -> None:
    assert cli("--version").out == f"pullquote {pullquote.__version__}\n"
    assert "ask" in cli("--help").out
    assert cli().out == cli("--help").out
    assert "--explain" in cli("search", "--help").out


def test_the_question_set_of_the_sample_runs(cli: Cli) -> None:
    assert cli("add", FOLDER, "--encoder", "hash").code == 0
    record = json.loads(cli("eval", "run", ROOT / "eval" / "sets" / "sample.jsonl", "--json").out)
    assert {m["measure"]: m["count"] for m in record["measures"]}["hit@1"] == 74
    assert {m["measure"]: m["value"] for m in record["measures"]}["located"] == 1.0


@pytest.mark.parametrize(
    "arguments",
    [("status",), ("ask", "x", "--since", "2004"), ("search", "x", "--source", "K"), ("show", "ferry"), ("add", "news")],
)
@pytest.mark.parametrize("damage", ["pages", "manifest"])
def test_a_damaged_database_is_one_line_and_exit_code_3(cli: Cli, news: Path, arguments: tuple[str, ...], damage: str) -> None:
    path = Path(".pullquote", "pullquote.sqlite")
    if damage == "manifest":
        with sqlite3.connect(path) as db:
            db.execute("UPDATE meta SET value = '{' WHERE key = 'manifest'")
        db.close()
    else:
        whole = path.read_bytes()
        path.write_bytes(whole[:4096] + b"\x55" * (len(whole) - 4096))
    (news / "new.txt").write_text("A new article.")
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("pullquote: ")
    assert ran.err.count("\n") == 1
    assert ("doctor --repair" if damage == "manifest" else "add the articles again") in ran.err


def test_ask_many_from_a_file(cli: Cli, news: Path) -> None:
    Path("questions.txt").write_text("It cost how many million crowns?\n\nWhen was the last trip?\n")
    ran = cli("ask", "--file", "questions.txt", "-n", "1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "It cost how many million crowns?\nIt cost 40 million crowns.\n  [1] 40 million · bridge.txt\n\n\n"
        "When was the last trip?\nThe ferry made its last trip.\n  [1] Voice · Last trip · 2021-05-07 · ferry\n\n"
    )
    record = json.loads(cli("ask", "--file", "questions.txt", "--format", "json").out)
    assert record["schema"] == "pullquote.answers/1"
    assert [a["question"] for a in record["answers"]] == ["It cost how many million crowns?", "When was the last trip?"]


def test_ask_as_csv(cli: Cli, news: Path) -> None:
    import csv

    rows = list(csv.DictReader(io.StringIO(cli("ask", "It cost how many million crowns?", "-n", "2", "--format", "csv").out)))
    assert [row["rank"] for row in rows] == ["1", "2"]
    assert (rows[0]["text"], rows[0]["span"], rows[0]["article_id"]) == ("It cost 40 million crowns.", "40 million", "bridge.txt")


def test_a_briefing_numbers_its_sources(cli: Cli, news: Path) -> None:
    Path("questions.txt").write_text("It cost how many million crowns?\nWhen was the last trip?\n")
    out = cli("ask", "--file", "questions.txt", "-n", "1", "--format", "briefing").out
    assert out.startswith("# Briefing\n\n## It cost how many million crowns?\n\n> It cost **40 million** crowns. \\[1\\]\n")
    assert out.endswith("## Sources\n\n1. bridge.txt\n2. Voice · Last trip · 2021-05-07 · ferry\n")


def test_a_timeline(cli: Cli, news: Path) -> None:
    ran = cli("timeline", "Which trip was the last?")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "2021-05-07  The ferry made its last trip.")
    assert ran.err == "note: 1 article that answers has no date\n"
    assert json.loads(cli("timeline", "Which trip was the last?", "--json").out)["undated"] == 1


def test_as_of_and_newest(cli: Cli, news: Path) -> None:
    ran = cli("ask", "When was the last trip?", "--as-of", "2021-05-06")
    assert (ran.code, ran.out) == (1, "No answer: no article matches the filter.\n")
    assert ran.err == "note: 1 article without a date left out\n"
    record = json.loads(cli("search", "ferry trip", "--newest", "--json").out)
    assert record["hits"][0]["explain"]["newest"] == {"value": 1.0, "weight": 0.1, "share": 0.1, "rank": None, "terms": {}}
    assert sum(leg["share"] for leg in record["hits"][0]["explain"].values()) == pytest.approx(record["hits"][0]["score"])


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), "ask one question"),
        (("a", "--file", "b"), "ask one question"),
        (("--file", "missing.txt"), "missing.txt: cannot be read: No such file or directory"),
        (("a", "--format", "pdf"), "--format pdf: must be one of text, json, markdown, html, csv, briefing"),
        (("a", "--as-of", "yesterday"), "--as-of: 'yesterday' is not a date"),
    ],
)
def test_what_cannot_be_asked_gets_one_line(cli: Cli, news: Path, arguments: tuple[str, ...], error: str) -> None:
    ran = cli("ask", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"pullquote: {error}")
    assert ran.err.count("\n") == 1
