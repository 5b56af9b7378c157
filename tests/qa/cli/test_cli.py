from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Cli
from tests.qa.cli.conftest import TEXT

import pullquote
from pullquote.corpus.sample import FOLDER
from pullquote.qa import ask as asking
from pullquote.qa.selection.confidence import Logistic, Model

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))


def test_ask(cli: Cli, news: Path) -> None:
    ran = cli("ask", "It cost how many million crowns?", "-n", "1")
    assert (ran.code, ran.out, ran.err) == (
        0,
        "It cost 40 million crowns.\n  [1] 40 million crowns · bridge.txt:40-66, line 3 · 100 % sure\n\n",
        "",
    )


def test_ask_as_json(cli: Cli, news: Path) -> None:
    record = json.loads(cli("ask", "When was the last trip?", "--format", "json", "-n", "1").out)
    [quote] = record["quotes"]
    assert quote == {
        "rank": 1, "text": "The ferry made its last trip.", "article_id": "ferry", "passage_id": "ferry:0-29", "title": "Last trip",
        "source": "Voice", "url": "", "published": "2021-05-07", "start": 0, "end": 29, "confidence": quote["confidence"],
        "also": [], "superseded_by": "", "span": None, "context": None, "link": "", "digest": quote["digest"], "cut_before": False, "cut_after": False, "line": 1, "locator": "", "dated_by": "stated",
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
            "also", "superseded_by", "locator",
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
    assert ran.err == "note: no article is of nobody; the outlets are Voice\n"
    found = cli("search", "ferry", "--source", "nobody", "--source", "VOICE", "--json")
    assert [hit["article_id"] for hit in json.loads(found.out)["hits"]] == ["ferry"]
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


def test_articles_from_standard_input(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b'{"id": "x", "text": "One thing is said."}\n')

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert cli("add", "-", "--encoder", "hash").code == 0
    assert cli("show", "x").code == 0


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


def test_ask_many_from_a_file(cli: Cli, news: Path) -> None:
    Path("questions.txt").write_text("It cost how many million crowns?\n\nWhen was the last trip?\n")
    ran = cli("ask", "--file", "questions.txt", "-n", "1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "It cost how many million crowns?\nIt cost 40 million crowns.\n  [1] 40 million crowns · bridge.txt:40-66, line 3 · 100 % sure\n\n\n"
        "When was the last trip?\nThe ferry made its last trip.\n  [1] Voice · Last trip · 2021-05-07 · ferry:0-29, line 1 · 100 % sure\n\n"
    )
    record = json.loads(cli("ask", "--file", "questions.txt", "--format", "json").out)
    assert record["schema"] == "pullquote.answers/1"
    assert [a["question"] for a in record["answers"]] == ["It cost how many million crowns?", "When was the last trip?"]


def test_ask_as_csv(cli: Cli, news: Path) -> None:
    import csv

    rows = list(csv.DictReader(io.StringIO(cli("ask", "It cost how many million crowns?", "-n", "2", "--format", "csv").out)))
    assert [row["rank"] for row in rows] == ["1", "2"]
    assert (rows[0]["text"], rows[0]["span"], rows[0]["article_id"]) == (
        "It cost 40 million crowns.",
        "40 million crowns",
        "bridge.txt",
    )


def test_a_briefing_numbers_its_sources(cli: Cli, news: Path) -> None:
    Path("questions.txt").write_text("It cost how many million crowns?\nWhen was the last trip?\n")
    out = cli("ask", "--file", "questions.txt", "-n", "1", "--format", "briefing").out
    assert out.startswith(
        "# Briefing\n\n## It cost how many million crowns?\n\n> It cost **40 million crowns**. \\[1\\] (bridge.txt:40-66, line 3 · 100 % sure)\n"
    )
    assert out.endswith("## Sources\n\n1. bridge.txt\n2. Voice · Last trip · 2021-05-07 · ferry\n")


def test_a_timeline(cli: Cli, news: Path) -> None:
    ran = cli("timeline", "Which trip was the last?")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "2021-05-07  The ferry made its last trip.")
    assert ran.err == "note: 1 article that answers has no date\n"
    assert json.loads(cli("timeline", "Which trip was the last?", "--json").out)["undated"] == 1
    asked = ("timeline", "Which trip was the last?", "--format")
    assert cli(*asked, "json").out == cli("timeline", "Which trip was the last?", "--json").out
    assert cli(*asked, "markdown").out.splitlines()[2].startswith("- **2021-05-07** ")
    page = cli(*asked, "html").out
    assert page.startswith("<!doctype html>")
    assert '<time datetime="2021-05-07">2021-05-07</time>' in page
    assert cli(*asked, "csv").out.splitlines()[1].startswith("Which trip was the last?,answered,1,")
    assert "TY  - NEWS" in cli(*asked, "ris").out
    assert cli(*asked, "xml").code == 2
    Path("mine.txt").write_text("{{ timeline.undated }} undated, {{ answer.quotes[0].published }}")
    assert cli("timeline", "Which trip was the last?", "--template", "mine.txt").out == "1 undated, 2021-05-07"


def test_as_of_and_newest(cli: Cli, news: Path) -> None:
    ran = cli("ask", "When was the last trip?", "--as-of", "2021-05-06")
    assert (ran.code, ran.out) == (1, "No answer: no article matches the filter.\n")
    assert ran.err == "note: 1 article without a date left out\n"
    record = json.loads(cli("search", "ferry trip", "--newest", "--json").out)
    assert record["hits"][0]["explain"]["newest"] == {"value": 1.0, "weight": 0.1, "share": 0.1, "rank": None, "terms": {}}
    assert sum(leg["share"] for leg in record["hits"][0]["explain"].values()) == pytest.approx(record["hits"][0]["score"])


def test_the_commands_are_told_in_whole_lines(cli: Cli) -> None:
    for group in ((), ("eval",)):
        told = cli(*group, "--help").out.split("Commands:\n")[1]
        assert "..." not in told


def test_bash_completes_commands_and_options() -> None:
    """By the script that `--show-completion` prints, in a real bash."""
    program = str(Path(sys.executable).with_name("pullquote"))
    shell = f'eval "$({program} --show-completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); '
    shell += '_pullquote_completion "$1"; echo "${COMPREPLY[@]}"'
    environment = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    for words, expected in ((("sea",), {"search"}), (("ask", "--qu"), {"--quotes", "--quick"}), (("eval", "imp"), {"import"})):
        command = ["bash", "-c", shell, "bash", program, *words]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert set(ran.stdout.split()) == expected, ran.stderr


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_have_a_script(shell: str) -> None:
    command = [sys.executable, "-m", "pullquote", "--show-completion", shell]
    environment = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert f"complete_{shell}" in ran.stdout
