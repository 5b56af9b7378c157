from __future__ import annotations

from itertools import pairwise

import pytest

from pullquote.qa.mentions import Kind, mentions, value


def said(text: str, kind: Kind) -> list[str]:
    return [text[m.start : m.end] for m in mentions(text, kind)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Tokyo counts 17 people taken in the 1970s.", ["17"]),
        ("It cost $1.2 million, or 45% more.", ["$1.2 million", "45%"]),
        ("Some twenty-three men and three hundred women came.", ["twenty-three", "three hundred"]),
        ("On 4 March 2024 nobody came.", []),
        ("He was 88, she 1,216 days old.", ["88", "1,216"]),
        ("Oneness and tenors are no numbers.", []),
    ],
)
def test_numbers(text: str, numbers: list[str]) -> None:
    assert said(text, "number") == numbers


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("They met on March 4, 2024, and in 2002.", ["March 4, 2024", "2002"]),
        ("Talks ran from 6-8 October.", ["6-8 October"]),
        ("It was built in the late 1970s, in the 19th century style.", ["the late 1970s", "the 19th century"]),
        ("He came on Monday, she in February.", ["Monday", "February"]),
        ("It cost $1945 and 1,945 people saw it.", []),
        ("The march may stop.", []),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert said(text, "date") == dates


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("However, Sakie Yokota met Kim Jong Un.", ["Sakie Yokota", "Kim Jong Un"]),
        ("The Bank of Japan rose in January.", ["Bank of Japan"]),
        ("Tokyo's offer failed.", ["Tokyo"]),
        ("nothing has a name here", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert said(text, "name") == names


def test_reasons_and_quoted_words() -> None:
    assert said("It closed because of the rain.", "reason") == ["because"]
    assert said("He called it “totally unacceptable” twice.", "quoted") == ["totally unacceptable"]
    assert said("Don't say it isn't so.", "quoted") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13", 13),
        ("thirteen", 13),
        ("1,216", 1216),
        ("$1.2 million", 1_200_000),
        ("twenty-three", 23),
        ("three hundred", 300),
        ("two thousand and five", 2005),
        ("dozens", None),
        ("half", None),
    ],
)
def test_the_value_of_a_number(text: str, number: float | None) -> None:
    assert value(text) == number


@pytest.mark.parametrize("text", ["A" + "'" * 20_000 + "x", "A" + "." * 20_000, "A" + "'s" * 10_000, "Aa " * 9000, "1," * 9000])
@pytest.mark.parametrize("kind", ["name", "number", "date", "quoted"])
def test_no_text_takes_long(text: str, kind: Kind) -> None:
    found = mentions(text, kind)  # a pattern that backtracks would take minutes
    assert all(0 <= mention.start < mention.end <= len(text) for mention in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
