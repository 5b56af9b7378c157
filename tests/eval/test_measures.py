from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.eval.measures import hit_at, ndcg_at, recall_at, reciprocal_rank

RANKING = ["a", "b", "c", "d"]


def test_values_worked_out_by_hand() -> None:
    relevant = {"b": 1.0, "d": 1.0, "z": 1.0}
    assert hit_at(RANKING, relevant, 1) == 0
    assert hit_at(RANKING, relevant, 2) == 1
    assert recall_at(RANKING, relevant, 3) == 1 / 3
    assert reciprocal_rank(RANKING, relevant, 10) == 1 / 2
    assert reciprocal_rank(RANKING, relevant, 1) == 0
    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert ndcg_at(RANKING, relevant, 10) == pytest.approx((1 / log2(3) + 1 / log2(5)) / ideal)
    assert ndcg_at(RANKING, {"a": 1.0, "b": 3.0}, 10) == pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))


def test_nothing_found_counts_as_0() -> None:
    assert [f([], {"a": 1.0}, 10) for f in (hit_at, recall_at, reciprocal_rank, ndcg_at)] == [0, 0, 0, 0]


@given(
    st.permutations("abcdef"),
    st.dictionaries(st.sampled_from("abcdefxyz"), st.sampled_from([1.0, 2.0, 3.0]), min_size=1),
    st.integers(1, 8),
)
def test_every_measure_lies_between_0_and_1_and_perfect_is_1(ranking: list[str], relevant: dict[str, float], k: int) -> None:
    perfect = sorted(relevant, key=lambda name: -relevant[name])
    for measure in (hit_at, recall_at, reciprocal_rank, ndcg_at):
        assert 0 <= measure(ranking, relevant, k) <= 1 + 1e-12
        assert measure(perfect, relevant, max(k, len(perfect))) == pytest.approx(1)
