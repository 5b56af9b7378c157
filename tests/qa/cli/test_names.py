"""What a stranger may have put into the name of a file or of an outlet is shown spelled out, by every command."""

from __future__ import annotations

import pytest
from tests.conftest import Cli

from pullquote.qa import ask as asking
from pullquote.qa.selection.confidence import Logistic, Model

EVIL = "\u202e\u2066\u200f\x1b[31m\x07"
RAW = set(EVIL) - set("[31m")
STORY = "The harbour bridge opened on Saturday. It cost 40 million crowns.\n"
FORMATS = ("text", "json", "markdown", "html", "csv", "briefing")


@pytest.fixture
def index(cli: Cli, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))
    news = tmp_path_factory.mktemp("news")
    (news / f"br{EVIL}idge.txt").write_text(STORY, "utf-8")
    page = f'---\ntitle: "T{EVIL[:3]}"\nsource: "P{EVIL[:3]}"\ndate: 2004-05-03\n---\nThe harbour{EVIL[0]} bridge opened in May.\n'
    (news / "b.md").write_text(page, "utf-8")
    (news / f"bro{EVIL}ken.json").write_text("{", "utf-8")
    shown = cli("add", news)
    assert shown.code == 1
    assert "bro\\u202e" in shown.err
    assert not RAW & set(shown.out + shown.err)
    return cli


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["status"], "P\\u202e"),
        (["search", "harbour bridge"], "br\\u202e"),
        (["search", "harbour bridge", "--json"], "br\\u202e"),
        (["timeline", "harbour bridge"], "P\\u202e"),
        (["show", f"br{EVIL}idge.txt"], "br\\u202e"),
        (["show", f"no{EVIL}"], "no\\u202e"),
        (["remove", f"no{EVIL}"], "no\\u202e"),
        (["verify", "The harbour bridge opened on Saturday."], "br\\u202e"),
        (["verify", "The harbour bridge opened on Sunday."], "br\\u202e"),
        (["add", f"no{EVIL}"], "no\\u202e"),
        (["export", f"to{EVIL}"], "to\\u202e"),
        *((["ask", "How much did the harbour bridge cost?", "--format", name], "40 million") for name in FORMATS),
    ],
)
def test_a_name_turns_no_line_round(index: Cli, arguments: list[str], said: str) -> None:
    shown = index(*arguments)
    assert said in shown.out + shown.err
    assert not RAW & set(shown.out + shown.err)
