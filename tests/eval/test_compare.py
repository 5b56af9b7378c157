"""Comparisons of runs: what is better, worse, or noise."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.eval.conftest import QUESTIONS, Kept

import pullquote
from pullquote.eval import run_folder
from pullquote.eval.compare import compare, differences, gate, interval, judged
from pullquote.eval.measures.measure import parse
from pullquote.eval.row import Row


def test_the_same_run_twice_is_identical(kept: Kept) -> None:
    found = compare(kept("one"), kept("two"))
    assert found.moved == ()
    assert {d.verdict for d in found.differences} == {"identical"}
    assert all(d.low == d.high == 0 for d in found.differences if d.wins is not None)


def many(value: Callable[[int], float], count: int = 60) -> list[Row]:
    """Rows whose only measure is nDCG@10."""
    return [Row(str(n), "", "?", False, True, 0.5, (True,), 1, (), (), (), 1.0, {"nDCG@10": value(n)}) for n in range(count)]


def test_what_is_clearly_better_and_what_is_not() -> None:
    [better] = differences(many(lambda n: 0.5), many(lambda n: 0.6 + 0.1 * (n % 3)), [parse("nDCG@10")])
    assert (better.verdict, better.wins, better.ties, better.losses) == ("better", 60, 0, 0)
    assert better.low <= 0.2 <= better.high
    assert better.low > 0
    [worse] = differences(many(lambda n: 0.9), many(lambda n: 0.5), [parse("nDCG@10")])
    assert worse.verdict == "worse"
    [noise] = differences(many(lambda n: 0.5), many(lambda n: 0.5 + 0.1 * (-1) ** n), [parse("nDCG@10")])
    assert noise.verdict == "noise"
    assert noise.low < 0 < noise.high
    assert (noise.wins, noise.losses) == (30, 30)


def test_p_values_are_corrected_for_several_measures() -> None:
    def row(n: int, shift: float) -> Row:
        values = {f"hit@{k}": float((n * k) % 2) for k in range(1, 9)} | {"nDCG@10": 0.5 + shift * (0.5 + (n % 4) * 0.5 - 0.9)}
        return Row(str(n), "", "?", False, True, 0.5, (True,), 1, (), (), (), 1.0, values)

    one, other = [row(n, 0.0) for n in range(40)], [row(n, 0.1) for n in range(40)]
    [alone] = differences(one, other, [parse("nDCG@10")])
    among = differences(one, other, [parse("nDCG@10"), *(parse(f"hit@{k}") for k in range(1, 9))])
    assert among[0].p == pytest.approx(alone.p)  # the others are identical
    assert all(d.p == 1.0 for d in among[1:])


def test_one_question_that_moved_is_noise() -> None:
    [alone] = differences(many(lambda n: 0.5, 1), many(lambda n: 0.9, 1), [parse("nDCG@10")])
    assert (alone.verdict, alone.p) == ("noise", 1.0)


def test_the_interval_of_a_share_is_about_what_theory_says() -> None:
    spread = interval(many(lambda n: float(n % 2), 400), parse("nDCG@10"))
    assert spread is not None
    assert spread[0] == pytest.approx(0.5 - 1.96 * 0.5 / 20, abs=0.01)
    assert spread[1] == pytest.approx(0.5 + 1.96 * 0.5 / 20, abs=0.01)


def test_an_interval_ends_where_the_measure_does() -> None:
    spread = interval(many(lambda n: float(n > 0), 30), parse("nDCG@10"))
    assert spread is not None
    assert 0.8 < spread[0] < 0.97
    assert spread[1] == 1.0


def test_the_questions_that_moved_come_with_both_answers(kept: Kept) -> None:
    def miss(row: Row) -> Row:
        return replace(row, right=(False,) * 3, values={**row.values, "answer@1": 0.0}) if row.id == "2" else row

    [moved] = compare(kept("one"), kept("two", change=miss)).moved
    assert (moved.id, moved.change) == ("2", -1.0)
    assert moved.before.quotes[0]["text"] == "Mayor Ines Falk cut the ribbon."


def test_a_gate_names_what_has_become_worse(kept: Kept) -> None:
    many_questions = [replace(QUESTIONS[n % 2], id=str(n)) for n in range(30)]

    def alone(row: Row) -> Row:
        return replace(row, cluster="")

    def miss(row: Row) -> Row:
        return replace(row, cluster="", values={**row.values, "answer@1": 0.0})

    before = kept("one", many_questions, alone)
    passed = gate(before, kept("two", many_questions, alone), 0.05)
    assert str(passed) == "passed: no measure has become worse by more than 0.05 (30 questions)"
    failed = gate(before, kept("three", many_questions, miss), 0.05)
    assert (failed.says, [d.measure for d in failed.measures]) == ("failed", ["answer@1"])
    assert str(failed) == "failed: answer@1 has become worse by 1.0000"


def test_questions_of_two_articles_tell_nothing(kept: Kept) -> None:
    many_questions = [replace(QUESTIONS[n % 2], id=str(n)) for n in range(30)]

    def miss(row: Row) -> Row:
        return replace(row, values={**row.values, "answer@1": 0.0})

    verdict = gate(kept("one", many_questions), kept("two", many_questions, miss), 0.05)
    assert verdict.says == "cannot tell"
    assert {d.clusters for d in verdict.measures} == {2}


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        (0, "passed: no measure has become worse by more than 0.05 (15 questions)"),
        (2, "cannot tell with 15 questions: nDCG@10 may have become worse by 0.3"),
        (15, "failed: nDCG@10 has become worse by 1.0000"),
    ],
)
def test_a_small_set_does_not_pass_what_it_cannot_tell(lost: int, says: str) -> None:
    before, after = many(lambda n: 1.0, 15), many(lambda n: float(n >= lost), 15)
    found = judged(differences(before, after, [parse("nDCG@10")]), 15, 0.05)
    assert str(found).startswith(says)
    assert ("questions of the kind would tell 0.05" in str(found)) == (lost == 2)


def test_a_measure_cannot_become_worse_than_it_can_be() -> None:
    [found] = differences(many(lambda n: float(n == 0), 6), many(lambda n: float(n == 5), 6), [parse("nDCG@10")])
    assert found.before == pytest.approx(1 / 6)
    assert found.possible_loss == pytest.approx(1 / 6)


def test_questions_of_one_article_count_as_what_they_share() -> None:
    before = [replace(row, cluster=f"a{n // 10}") for n, row in enumerate(many(lambda n: 0.5))]
    after = [replace(row, values={"nDCG@10": 0.5 + 0.2 * (int(row.cluster[1:]) % 3)}) for row in before]
    [together] = differences(before, after, [parse("nDCG@10")])
    alone = [[replace(row, cluster="") for row in side] for side in (before, after)]
    [apart] = differences(alone[0], alone[1], [parse("nDCG@10")])
    assert (together.clusters, apart.clusters) == (6, 60)
    assert together.before == apart.before
    assert (together.verdict, apart.verdict) == ("noise", "better")
    assert together.low < apart.low
    assert together.least is not None
    assert apart.least is not None
    assert together.least > 2 * apart.least


def test_runs_of_different_sets_are_not_compared(kept: Kept) -> None:
    with pytest.raises(pullquote.InputError, match="of different question sets"):
        compare(kept("one"), kept("two", QUESTIONS[:2]))


def test_a_run_of_another_index_says_so(kept: Kept, tmp_path: Path) -> None:
    kept("one")
    kept("two")
    about = json.loads((tmp_path / "two" / "run.json").read_text())
    about["index"]["digest"] = "other"
    (tmp_path / "two" / "run.json").write_text(json.dumps(about))
    assert compare(run_folder.read(tmp_path / "one"), run_folder.read(tmp_path / "two")).notes == (
        "the indexes hold different articles",
    )
