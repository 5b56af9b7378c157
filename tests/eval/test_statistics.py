"""Intervals, tests and power against what theory says, on small cases by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pullquote.eval.questions import Gold, Question, clusters
from pullquote.eval.statistics import holm, interval_of, interval_of_mean, least, needed, numbered, p_of_mean, p_of_swaps


def test_clusters_by_number() -> None:
    assert numbered(["b", "a", "b", ("x",)]).tolist() == [0, 1, 0, 2]


def test_questions_that_share_an_article_are_a_cluster() -> None:
    def asked(name: str, *articles: str) -> Question:
        return Question(name, "?", "", tuple(Gold(article) for article in articles))

    found = clusters([asked("1", "a"), asked("2", "b"), asked("3", "c", "b"), asked("4", "d", "a"), asked("5", "e"), asked("6")])
    assert found == {"1": "a", "2": "b", "3": "b", "4": "a", "5": "", "6": ""}
    chained = clusters([asked("1", "a"), asked("2", "a"), asked("3", "a", "b"), asked("4", "b"), asked("5", "b")])
    assert chained == {"1": "a", "2": "a", "3": "a", "4": "b", "5": "b"}


def test_the_interval_of_a_mean_is_students() -> None:
    values = np.array([0.0, 1.0] * 8)
    wide = 2.131 * 0.5164 / 4
    assert interval_of_mean(values, np.arange(16)) == pytest.approx((0.5 - wide, 0.5 + wide), abs=0.02)
    assert interval_of_mean(np.ones(5), np.arange(5)) == (1.0, 1.0)
    assert interval_of_mean(values, np.zeros(16, int)) == (0.5, 0.5)  # one cluster


def test_p_by_hand() -> None:
    # all of four clusters rise: of 16 ways to set the signs 2 are as far from 0, of which half count
    assert p_of_mean(np.array([1.0, 1.0, 1.0, 1.0]), np.arange(4)) == pytest.approx(1 / 16)
    assert p_of_mean(np.array([1.0, 1.0, 1.0, 1.0]), np.array([0, 0, 1, 1])) == pytest.approx(1 / 4)
    # sums of 4 (2 ways), 2 (8 ways) and 0 (6 ways): 2 as far and 8 just as far as 2
    assert p_of_mean(np.array([1.0, 1.0, 1.0, -1.0]), np.arange(4)) == pytest.approx((2 + 8 / 2) / 16)
    assert p_of_mean(np.zeros(4), np.arange(4)) == 1.0
    assert p_of_mean(np.ones(4), np.zeros(4, int)) == 1.0


def test_what_is_no_mean_is_drawn_and_swapped_by_cluster() -> None:
    values = np.array([0.0, 1.0] * 50)
    alone = interval_of(lambda places: float(values[places].mean()), np.arange(100))
    paired = interval_of(lambda places: float(values[places].mean()), np.repeat(np.arange(50), 2))
    assert alone == pytest.approx((0.4, 0.6), abs=0.02)
    assert paired == (0.5, 0.5)  # each cluster has one of both
    assert interval_of(lambda places: None, np.arange(3)) is None
    assert p_of_swaps(lambda swap: 1.0 - 2 * swap.mean(), np.zeros(4, int)) == pytest.approx(1.0)
    assert p_of_swaps(lambda swap: 1.0 - 2 * swap.mean(), np.arange(12)) < 0.01


def test_holm() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
    assert holm([1.0, 0.02, 1.0, 0.03]) == pytest.approx([1.0, 0.04, 1.0, 0.04])  # what is identical does not count


def test_the_least_difference_by_hand() -> None:
    changes = np.array([1.0, -1.0] * 50)  # standard error 0.1005; t(0.975, 99) = 1.984, t(0.8, 99) = 0.845
    assert least(changes, np.arange(100)) == pytest.approx((1.984 + 0.845) * 0.1005, abs=1e-3)
    assert least(np.repeat([1.0, -1.0], 50), np.repeat(np.arange(10), 10)) == pytest.approx((2.262 + 0.883) / 3, abs=1e-2)
    assert least(np.zeros(9), np.arange(9)) is None
    assert least(np.array([1.0]), np.array([0])) is None
    assert needed(0.02, 0.04, 100) == 400
