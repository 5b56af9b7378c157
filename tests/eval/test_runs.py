"""Runs, comparisons, gates: what is wrong is refused or named, never averaged away."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import Build, Cli
from tests.eval.conftest import QUESTIONS, Kept

import pullquote
from pullquote.eval import run_folder
from pullquote.eval.ablate import FUSED, ablate
from pullquote.eval.evaluate import evaluate, mean
from pullquote.eval.measures.measure import DEFAULT, parse
from pullquote.eval.questions import Gold, Question, dump, load
from pullquote.eval.report.page import report
from pullquote.eval.sets.lint import lint
from pullquote.eval.sets.suggest import suggest
from pullquote.eval.tune import tune
from pullquote.qa import ask as asking
from pullquote.qa.selection.confidence import Logistic, Model


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(0.0, {"cosine": 2.0}), 0.0))


def test_a_run_is_read_back_as_it_was_written(kept: Kept, tmp_path: Path) -> None:
    written = kept("one")
    read = run_folder.read(tmp_path / "one")
    assert read.about == json.loads(json.dumps(written.about))
    assert read.rows == written.rows
    assert [str(m) for m in read.measures] == [str(m) for m in DEFAULT]
    assert read.about["index"]["digest"]
    lines = (tmp_path / "one" / "articles.run").read_text().splitlines()
    assert lines[0].split() == ["1", "Q0", "ferry.txt", "1", lines[0].split()[4], "pullquote"]
    assert (tmp_path / "one" / "articles.qrels").read_text() == "1 0 ferry.txt 1\n2 0 bridge.md 1\n"
    assert not list(tmp_path.glob(".*draft"))


def test_a_run_is_not_written_over_another(kept: Kept) -> None:
    kept("one")
    with pytest.raises(pullquote.InputError, match="is there already"):
        kept("one")


def edited(folder: Path, change: Callable[[dict[str, object]], object]) -> None:
    about = json.loads((folder / "run.json").read_text())
    change(about)
    (folder / "run.json").write_text(json.dumps(about))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "rows.jsonl").write_text(""), "0 questions, but its set has 3: the run is not whole"),
        (lambda folder: (folder / "rows.jsonl").unlink(), "not a run folder: No such file or directory \\(rows.jsonl\\)"),
        (lambda folder: (folder / "run.json").write_text("{}"), "a run of None, this version reads pullquote.run/1"),
        (lambda folder: (folder / "run.json").write_text("oops"), "not a run folder"),
        (lambda folder: edited(folder, lambda about: about.update(set=None)), "not a run folder"),
        (lambda folder: edited(folder, lambda about: about.update(measures=[{"x": 1}])), "not a run folder"),
        (lambda folder: edited(folder, lambda about: about.update(index={})), "not a run folder"),
        (
            lambda folder: (folder / "rows.jsonl").write_text("".join((folder / "rows.jsonl").read_text().splitlines(True)[:2])),
            "2 questions, but its set has 3",
        ),
    ],
)
def test_a_run_that_is_not_whole_is_refused(kept: Kept, tmp_path: Path, damage: Callable[[Path], object], message: str) -> None:
    kept("one")
    damage(tmp_path / "one")
    with pytest.raises(pullquote.InputError, match=message):
        run_folder.read(tmp_path / "one")


def test_a_set_with_half_its_gold_missing_is_refused(build: Build) -> None:
    lost = [*QUESTIONS[:2], Question("4", "Who left?", "", (Gold("gone.txt", "Abe"),))]
    with pytest.raises(pullquote.InputError, match=r"question 4: gold article 'gone.txt' is not in the index"):
        evaluate(build(), lost)


def test_an_empty_index_finds_nothing_and_says_over_what(build: Build) -> None:
    rows = evaluate(build([]), [QUESTIONS[2]])
    assert mean(rows, parse("refused")).value == 1.0
    assert (mean(rows, parse("nDCG@10")).value, mean(rows, parse("nDCG@10")).count) == (None, 0)
    assert mean(rows, parse("AUROC")).value is None


def test_each_leg_is_left_out_in_turn(build: Build) -> None:
    found = ablate(build(), QUESTIONS)
    assert list(found) == ["all", "lexical only", "dense only", "without article", "without passage", "without sentence", FUSED]
    assert all([row.id for row in rows] == ["1", "2"] for rows in found.values())
    assert found["all"][0].values["nDCG@10"] == 1.0


def test_a_dead_leg_is_an_error_not_a_number(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    index = build()
    dead = np.zeros((len(index.snapshot.vectors(np.arange(3))), index.snapshot.dimension), np.float32)
    monkeypatch.setattr(type(index.snapshot), "vectors", lambda self, rows: np.zeros((len(rows), dead.shape[1]), np.float32))
    with pytest.raises(pullquote.InputError, match="the dense leg found nothing for any of 2 questions"):
        ablate(index, QUESTIONS)
    assert index.weights == pullquote.Index.open(index.folder, index.encoder).weights


def test_tuning_judges_on_articles_that_were_left_out(build: Build) -> None:
    articles = [
        pullquote.Article(id=f"a{n:02}", text=f"Harbour {n} is told of here.\n\nThe pilot of number {n} was Olsen{n}.")
        for n in range(60)
    ]
    index = build(articles)
    questions = [Question(str(n), f"Who was the pilot of number {n}?", "", (Gold(f"a{n:02}", f"Olsen{n}"),)) for n in range(60)]
    found = tune(index, questions)
    assert found.questions == 60
    assert found.low <= found.after - found.before <= found.high
    assert found.weights.dense == index.weights.dense
    with pytest.raises(pullquote.InputError, match="3 questions with gold: at least 50"):
        tune(index, questions[:3])


def test_weights_are_kept_by_the_index(build: Build) -> None:
    index = build()
    with pullquote.Writer(index.folder, index.encoder) as writer:
        writer.set_weights(replace(index.weights, article=0.5))
    again = pullquote.Index.open(index.folder, index.encoder)
    assert again.weights.article == 0.5
    assert index.weights.article == 1.0
    from pullquote.index.upkeep.doctor import examine

    assert examine(Path(index.folder)) == []


def test_lint(build: Build) -> None:
    questions = [
        *QUESTIONS,
        Question("5", "who cut the ribbon", "", (Gold("bridge.md", "Falk"),)),
        Question("6", "What of the harbour?", "", (Gold("bridge.md", "the"), Gold("bridge.md", "zeppelin"), Gold("gone", "x"))),
        Question("7", "Was it Ines Falk?", "", (Gold("bridge.md", "Falk"),), ("Ines Falk",)),
        Question("8", "Why?", "", None),
    ]
    found = {(f.question, f.kind) for f in lint(build(), questions)}
    assert found == {
        ("5", "duplicate"),
        ("6", "ambiguous quote"),
        ("6", "missing quote"),
        ("6", "missing article"),
        ("7", "visible answer"),
        ("8", "unjudged"),
        ("", "unjudged articles"),
    }


def test_suggest_keeps_what_was_decided_and_goes_on_later(build: Build, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    waiting = [replace(question, gold=None, answers=()) for question in QUESTIONS]
    dump(waiting, path)
    said: list[str] = []
    typed = iter(["hm", "1", "q"])
    done = suggest(build(), load(path, unjudged=True), path, said.append, lambda: next(typed))
    assert (done.judged, done.none, done.left) == (1, 0, 2)
    first = load(path, unjudged=True)[0]
    assert first.gold == (Gold("ferry.txt", "It had crossed the sound for 61 years."),)
    typed = iter(["s", "n"])
    done = suggest(_opened(tmp_path), load(path, unjudged=True), path, said.append, lambda: next(typed))
    assert (done.judged, done.none, done.left) == (0, 1, 1)
    assert [q.gold is None for q in load(path, unjudged=True)] == [False, True, False]


def _opened(folder: Path) -> pullquote.Index:
    from tests.conftest import HashEncoder

    return pullquote.Index.open(folder / "index.pq", HashEncoder())


def test_a_report_needs_nothing_else_and_shows_what_went_wrong(kept: Kept) -> None:
    one, two = kept("one"), kept("two <b>", change=lambda row: replace(row, right=(False,) * 3))
    page = report([one, two], QUESTIONS)
    assert page.count("<svg") == 5
    for word in ("src=", "<script", "@import", "<link", "url("):
        assert word not in page.replace('clip-path="url(#', "").replace('xlink:href="#', "")
    assert "two &lt;b&gt;" in page
    assert "has no answer, but was answered" in page
    assert "Mayor <mark>Ines Falk</mark> cut the ribbon." in page
    assert page.count("currentColor") > 10
    assert "What changed from one to two &lt;b&gt;" in page
    assert page.count("<details>") == 6  # the numbers of each plot, and the glossary
    assert '<th scope="row">answer@1</th><td>1.0000</td>' in page
    assert "an accepted answer or a gold quote in one of the first quotes" in page


def test_a_report_takes_no_text_for_a_formula(kept: Kept) -> None:
    formula = r"$\frac{$"
    page = report([kept(formula, change=lambda row: replace(row, type=formula))], QUESTIONS)
    assert page.count(formula) >= 2


def test_the_whole_way_on_the_command_line(cli: Cli) -> None:
    Path("a.jsonl").write_text("".join(
        json.dumps({"id": f"a{n}", "text": f"The pilot of ship number {n} was Olsen{n}. It sailed at dawn."}) + "\n" for n in range(12)
    ))  # fmt: skip
    cli("add", "a.jsonl", "--encoder", "hash")
    dump(
        [Question(str(n), f"Who was the pilot of ship number {n}?", "who", (Gold(f"a{n}", f"Olsen{n}"),)) for n in range(12)],
        Path("set.jsonl"),
    )
    ran = cli("eval", "run", "set.jsonl", "-o", "one", "--measures", "answer@1, nDCG@10 ms@50")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == ["answer@1", "nDCG@10", "ms@50"]
    assert cli("eval", "run", "set.jsonl", "-o", "one").err == "pullquote: one: is there already; give the run another name\n"
    assert cli("eval", "run", "set.jsonl", "--measures", "recall").code == 2
    ran = cli("eval", "gate", "set.jsonl", "--baseline", "one", "-o", "two")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "passed: no measure has become worse by more than 0.05 (12 questions)")
    assert cli("eval", "gate", "set.jsonl", "--baseline", "one", "--strict").code == 0
    assert cli("eval", "gate", "set.jsonl", "--baseline", "one", "--tolerance", "nan").code == 2
    ran = cli("eval", "power", "one", "two")
    assert ran.out.splitlines()[1].split() == ["answer@1", "12", "12", "-", "-"]
    assert (
        cli("eval", "power", "one").err
        == "pullquote: one: one run does not say by how much two differ: name another, or give the set\n"
    )
    assert json.loads(cli("eval", "power", "set.jsonl", "--json").out)["schema"] == "pullquote.power/1"
    ran = cli("eval", "compare", "one", "two")
    assert ran.code == 0
    assert "identical" in ran.out
    assert json.loads(cli("eval", "compare", "one", "two", "--json").out)["differences"][0]["verdict"] == "identical"
    about = json.loads(Path("one/run.json").read_text())
    rows = [json.loads(line) for line in Path("one/rows.jsonl").read_text().splitlines()]
    for row in rows:
        row["values"]["nDCG@10"] = row["values"]["answer@1"] = 1.0
    Path("one/rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    about["measures"] = [{**m, "value": 1.0} for m in about["measures"]]
    Path("one/run.json").write_text(json.dumps(about))
    cli("remove", *(f"a{n}" for n in range(12)))
    ran = cli("eval", "gate", "set.jsonl", "--baseline", "one")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "pullquote: question 0: gold article 'a0' is not in the index\n"
    cli("add", "a.jsonl")
    assert cli("eval", "ablate", "set.jsonl", "--measures", "").err == "pullquote: --measures: none given\n"
    assert cli("eval", "ablate", "set.jsonl", "--measures", "answer@1").code == 2
    ran = cli("eval", "ablate", "set.jsonl")
    assert ran.code == 0
    assert [line[:26].strip() for line in ran.out.splitlines()[1:8]] == [
        "all", "lexical only", "dense only", "without article", "without passage", "without sentence", FUSED,
    ]  # fmt: skip
    assert cli("eval", "tune", "set.jsonl").err == "pullquote: 12 questions with gold: at least 50 are needed to tune weights\n"
    ran = cli("eval", "report", "one", "two", "-o", "report.html", "--set", "set.jsonl")
    assert ran.code == 0
    assert Path("report.html").read_text().startswith("<!doctype html>")
    assert cli("eval", "report", "one", "two", "-o", "report.html").code == 0  # a report may be written anew
    kept = Path("set.jsonl").read_text()
    assert cli("eval", "report", "one", "-o", "set.jsonl").code == 2
    assert Path("set.jsonl").read_text() == kept
    assert (
        cli("eval", "report", "none", "-o", "x.html").err
        == "pullquote: none: not a run folder: No such file or directory (run.json)\n"
    )
