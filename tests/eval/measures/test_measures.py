from __future__ import annotations

from math import log2

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

import pullquote
from pullquote.eval.measures.answers import exact_match, f1
from pullquote.eval.measures.confidence import aurc, auroc, coverage_at, ece, percentile
from pullquote.eval.measures.measure import DEFAULT, Measure, parse
from pullquote.eval.measures.ranking import by_rank, retrieval

NAMES = {"nDCG@10": "ndcg_cut_10", "R@5": "recall_5", "AP": "map", "P@5": "P_5", "hit@1": "success_1", "RR": "recip_rank"}


def one(measure: str, ranking: list[str], relevant: dict[str, int]) -> float:
    return retrieval([parse(measure)], {"q": relevant}, {"q": by_rank(ranking)})["q"][parse(measure)]


def test_values_worked_out_by_hand() -> None:
    ranking, relevant = ["a", "b", "c", "d"], {"b": 1, "d": 1, "z": 1}
    assert one("hit@1", ranking, relevant) == 0
    assert one("hit@2", ranking, relevant) == 1
    assert one("R@3", ranking, relevant) == pytest.approx(1 / 3)
    assert one("RR@10", ranking, relevant) == 1 / 2
    assert one("RR@1", ranking, relevant) == 0
    assert one("AP", ranking, relevant) == pytest.approx((1 / 2 + 2 / 4) / 3)
    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert one("nDCG@10", ranking, relevant) == pytest.approx((1 / log2(3) + 1 / log2(5)) / ideal)
    assert one("nDCG@10", ranking, {"a": 1, "b": 3}) == pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))


HAND_MADE = {
    "plain": ({"a": 1, "b": 0, "c": 1}, {"a": 3.0, "b": 2.0, "c": 1.0, "d": 0.5}),
    "ties": ({"a": 1, "c": 1}, {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0}),
    "graded": ({"a": 1, "b": 3, "c": 2, "z": 3}, {"c": 3.0, "x": 2.5, "a": 2.0, "b": 1.0}),
    "missing": ({"a": 1}, {}),
    "nothing right": ({"a": 2}, {"b": 1.0, "c": 0.5}),
    "negative scores": ({"b": 1}, {"a": -1.0, "b": -0.5}),
}


def test_the_same_as_trec_eval_with_ties_grades_missing_and_extra_questions() -> None:
    qrels = {name: relevant for name, (relevant, _) in HAND_MADE.items()}
    run = {name: scores for name, (_, scores) in HAND_MADE.items() if scores} | {"not asked": {"a": 1.0}}
    theirs = pytrec_eval.RelevanceEvaluator(qrels, set(NAMES.values())).evaluate(run)
    ours = retrieval([parse(name) for name in NAMES], qrels, run)
    assert set(ours) == set(qrels)
    for question in qrels:
        for name, other in NAMES.items():
            expected = theirs.get(question, {}).get(other, 0.0)
            assert ours[question][parse(name)] == pytest.approx(expected, abs=5e-5), (question, name)


def test_measures_print_as_they_are_typed() -> None:
    for measure in DEFAULT:
        assert parse(str(measure)) == measure
    assert str(parse(" passage.nDCG@10 ")) == "passage.nDCG@10"
    assert str(parse("coverage@5%")) == "coverage@5%"
    assert parse("RR") == Measure("RR")


@pytest.mark.parametrize("text", ["", "nDCG10", "R", "recall@5", "nDCG@0", "coverage@5", "EM@1", "passage.EM", "hit@1%", "AP@10"])
def test_what_is_no_measure_is_refused(text: str) -> None:
    with pytest.raises(pullquote.InputError, match="no such measure"):
        parse(text)


RANKED = st.permutations("abcdefgh")
RELEVANT = st.dictionaries(st.sampled_from("abcdefghxyz"), st.integers(1, 3), min_size=1)
RETRIEVAL = st.sampled_from(["nDCG@10", "nDCG@3", "R@5", "RR@10", "hit@1", "AP"])


@given(RANKED, RELEVANT, RETRIEVAL)
def test_every_value_lies_between_0_and_1(ranking: list[str], relevant: dict[str, int], measure: str) -> None:
    assert 0 <= one(measure, list(ranking), relevant) <= 1 + 1e-9


@given(RELEVANT, RETRIEVAL)
def test_perfect_is_1(relevant: dict[str, int], measure: str) -> None:
    perfect = sorted(relevant, key=lambda name: -relevant[name])
    if measure != "R@5" or len(relevant) <= 5:
        assert one(measure, perfect, relevant) == pytest.approx(1)


@given(RANKED, RELEVANT, RETRIEVAL, st.integers(0, 6))
def test_a_better_ranking_never_scores_lower(ranking: list[str], relevant: dict[str, int], measure: str, place: int) -> None:
    before = list(ranking)
    after = list(ranking)
    if relevant.get(after[place + 1], 0) > relevant.get(after[place], 0):
        after[place], after[place + 1] = after[place + 1], after[place]
    assert one(measure, after, relevant) >= one(measure, before, relevant) - 1e-9


SURE = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.9, 1.0]), st.booleans(), st.booleans()), min_size=1, max_size=30)


@given(SURE)
def test_measures_of_confidence_lie_between_0_and_1(rows: list[tuple[float, bool, bool]]) -> None:
    sure, answerable, right = (np.array(column) for column in zip(*rows, strict=True))
    good = right.astype(float)
    found = [auroc(sure, answerable), aurc(sure, good), coverage_at(sure, good, 0.05), ece(sure, good)]
    assert all(value is None or -1e-12 <= value <= 1 + 1e-12 for value in found)
    pairs = [
        (a, b) for a, yes in zip(sure, answerable, strict=True) if yes for b, no in zip(sure, answerable, strict=True) if not no
    ]
    if pairs:
        assert found[0] == pytest.approx(sum((a > b) + 0.5 * (a == b) for a, b in pairs) / len(pairs))


def test_measures_of_confidence_worked_out_by_hand() -> None:
    sure, right = np.array([0.9, 0.8, 0.55, 0.2]), np.array([1.0, 0.0, 1.0, 0.0])
    assert aurc(sure, right) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
    assert coverage_at(sure, right, 0.05) == 0.25
    assert coverage_at(sure, right, 0.4) == 0.75
    assert ece(sure, right) == pytest.approx((0.1 + 0.8 + 0.45 + 0.2) / 4)
    assert ece(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == 0
    assert auroc(sure, np.array([True, True, False, False])) == 1
    assert auroc(sure, np.array([True, True, True, True])) is None


def test_short_answers_are_compared_as_squad_does() -> None:
    assert exact_match("The Koizumi.", ["koizumi"]) == 1
    assert exact_match("Koizumi", ["Abe", "Kono"]) == 0
    assert f1("Prime Minister Koizumi", ["Koizumi"]) == pytest.approx(2 * 1 / (3 + 1))
    assert f1("", ["Koizumi"]) == 0


def test_percentiles_are_values_that_were_seen() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 95) == 4.0
    assert percentile([], 50) is None
