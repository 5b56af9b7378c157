"""Bad input: one line that says what, where and what to do, exit code 2, and nothing is lost."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from tests.conftest import Cli


def test_without_an_index_one_line_says_what_to_do(cli: Cli) -> None:
    ran = cli("ask", "anything")
    assert (ran.code, ran.out) == (3, "")
    assert (
        ran.err
        == "pullquote: no index in .pullquote: build one with `pullquote add PATH`, or try the sample articles with `--sample`\n"
    )


BAD_FILES = [
    ("a.txt", b"", "a.txt: an empty file"),
    ("a.txt", b"\x00\x01\x02", "a.txt: a binary file, not text"),
    ("a.jsonl", b"{oops}\n", "a.jsonl:1: broken JSON at column 2"),
    ("a.jsonl", b'{"id": "x"}\n', "a.jsonl:1: a record without text"),
    ("a.xls", b"Text.", "a.xls: of a kind that is not read"),
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
    assert (ran.code, ran.err) == (1, "pullquote: news/bridge.txt: cannot be read: Permission denied\n")
    assert ran.out.startswith("0 added, 0 updated, 1 unchanged")


def test_an_unreadable_file_is_reported(cli: Cli, news: Path) -> None:
    (news / "dangling.txt").symlink_to("nowhere.txt")
    ran = cli("add", news)
    assert (ran.code, ran.err) == (1, "pullquote: news/dangling.txt: cannot be read: No such file or directory\n")
    assert ran.out.startswith("0 added, 0 updated, 2 unchanged")


def test_in_a_folder_one_bad_file_is_reported_and_the_rest_goes_on(cli: Cli, news: Path) -> None:
    (news / "bad.jsonl").write_text('{"id": "half", "text": "Half of it."}\n{oops\n')
    (news / "good.txt").write_text("A good one.")
    (news / "picture.png").write_bytes(b"\x89PNG")
    ran = cli("add", news)
    assert ran.code == 1
    assert ran.err.splitlines() == [
        "pullquote: news/bad.jsonl:2: broken JSON at column 2: Expecting property name enclosed in double quotes",
        "1 skipped as not read: .png (1) (--verbose lists them)",
    ]
    assert ran.out == "2 added, 0 updated, 2 unchanged: 4 articles, 4 passages in .pullquote\n"
    assert cli("show", "half").code == 0
    assert cli("add", news, "--verbose").err.splitlines()[1] == "skipped: news/picture.png (.png)"


def test_the_same_id_in_two_files_is_reported_with_both_places(cli: Cli) -> None:
    for name in ("a", "b"):
        Path(name).mkdir()
        Path(name, "x.jsonl").write_text(json.dumps({"id": "x", "text": f"Text {name}."}))
    ran = cli("add", "a", "b", "--encoder", "hash")
    assert (ran.code, ran.err) == (1, "pullquote: a/x.jsonl: article id 'x' is here and again in b/x.jsonl\n")
    assert cli("show", "x").out == "x\n\nText a.\n"


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
