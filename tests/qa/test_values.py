"""What says the same in other words or figures is the same."""

from __future__ import annotations

import math

import pytest

from pullquote.qa.values import Amount, amount, day, same_day


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("13", Amount(13, 13)),
        ("thirteen", Amount(13, 13)),
        ("thirty-five people", Amount(35, 35)),
        ("two thousand", Amount(2000, 2000)),
        ("2,000", Amount(2000, 2000)),
        ("12 500", Amount(12500, 12500)),
        ("12\u00a0500", Amount(12500, 12500)),
        ("two dozen", Amount(24, 24)),
        ("a dozen", Amount(12, 12)),
        ("half", Amount(50, 50, "%")),
        ("a quarter", Amount(25, 25, "%")),
        ("50 percent", Amount(50, 50, "%")),
        ("50 per cent", Amount(50, 50, "%")),
        ("52%", Amount(52, 52, "%")),
        ("€35m", Amount(35e6, 35e6, "€")),
        ("EUR 35 million", Amount(35e6, 35e6, "€")),
        ("35 million euros", Amount(35e6, 35e6, "€")),
        ("$1.5tn", Amount(1.5e12, 1.5e12, "$")),
        ("$1,200 million in all", Amount(1.2e9, 1.2e9, "$")),
        ("5 crore rupees", Amount(5e7, 5e7, "₹")),
        ("3 lakh", Amount(3e5, 3e5)),
        ("9 weeks", Amount(9, 9, "week")),
        ("nine weeks", Amount(9, 9, "week")),
        ("between 20 and 30 people", Amount(20, 30)),
        ("Between 20 and 30", Amount(20, 30)),
        ("20-30", Amount(20, 30)),
        ("at least 14", Amount(14, math.inf)),
        ("up to 14", Amount(-math.inf, 14)),
        ("about 1,500", Amount(1350, 1650)),
        ("dozens", None),
        ("Olsen", None),
        ("", None),
    ],
)
def test_amounts(said: str, expected: Amount | None) -> None:
    found = amount(said)
    assert (found is None) is (expected is None)
    if found is not None and expected is not None:
        assert found.unit == expected.unit
        assert [found.low, found.high] == pytest.approx([expected.low, expected.high])


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("at least 14", "19", True),
        ("at least 14", "9", False),
        ("about 1,500", "1500", True),
        ("about 1,500", "2,000", False),
        ("between 20 and 30", "25", True),
        ("between 20 and 30", "35", False),
        ("€35m", "35 million euros", True),
        ("€35m", "$35m", False),
        ("€35m", "35 million", True),
        ("half", "50 percent", True),
        ("50", "50 percent", False),
        ("nine weeks", "12 weeks", False),
        ("190 mi", "300 km", True),
        ("190 miles", "260 km", False),
        ("90 minutes", "1.5 hours", True),
        ("6 feet", "1.83 metres", True),
        ("100 acres", "40 hectares", True),
        ("5 km", "5 hours", False),
    ],
)
def test_which_amounts_can_both_be_right(one: str, other: str, agree: bool) -> None:
    ours, theirs = amount(one), amount(other)
    assert ours is not None
    assert theirs is not None
    assert ours.agrees(theirs) is theirs.agrees(ours) is agree


@pytest.mark.parametrize(
    ("one", "other", "can_be"),
    [
        ("84 metres", "80 metres", True),
        ("84 metres", "276 feet", True),
        ("84 metres", "1.9", False),
        ("84 metres", "84 tonnes", False),
        ("13", "17", True),
        ("13", "13%", False),
        ("€35m", "40 million", True),
        ("€35m", "$40m", False),
    ],
)
def test_which_amounts_can_be_compared(one: str, other: str, can_be: bool) -> None:
    ours, theirs = amount(one), amount(other)
    assert ours is not None
    assert theirs is not None
    assert ours.comparable(theirs) is theirs.comparable(ours) is can_be


def test_what_stands_before_a_figure_bounds_it() -> None:
    assert amount("14", "at least ") == Amount(14, math.inf)
    assert amount("14", "he said that about ") == Amount(14 * 0.9, 14 * 1.1)
    assert amount("20 and 30", "between ") == Amount(20, 30)
    assert amount("14", "the ") == Amount(14, 14)
    assert amount("14", "no more than ") == amount("no more than 14") == Amount(-math.inf, 14)  # and not "more than 14"
    assert amount("14", "not fewer than ") == Amount(14, math.inf)
    assert amount("41", "Some 400 were hurt, ") == Amount(41, 41)  # that is of another figure
    assert amount("400", "At least 38 were killed and ") == Amount(400, 400)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("March 5, 2024", "5 March 2024", True),
        ("Sept. 5, 2023", "5th September 2023", True),
        ("2024-03-05", "March 5, 2024", True),
        ("5 September", "Sept. 5", True),
        ("March 2024", "5 March 2024", True),
        ("5 March 2024", "6 March 2024", False),
        ("19 May", "9 June", False),
    ],
)
def test_days_in_any_form(one: str, other: str, same: bool) -> None:
    ours, theirs = day(one), day(other)
    assert ours is not None
    assert theirs is not None
    assert same_day(ours, theirs) is same
    assert day("Friday") is None
