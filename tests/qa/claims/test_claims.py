"""What short forms claim, which claims agree, and where parallel sentences differ: each worked out by hand."""

from __future__ import annotations

import pytest

import pullquote
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.qa.claims.claim import Claim, agree, claim
from pullquote.qa.claims.parallel import differing
from pullquote.qa.claims.short_form import eligible, pointed
from pullquote.qa.claims.sides import sides
from pullquote.qa.question.wording import Wording
from pullquote.qa.selection.candidate import Candidate
from pullquote.qa.values import Amount

NUMBER, DATE, PERSON, OTHER = "How many were taken?", "When was it built?", "Who leads it?", "Is the bridge open?"


def asked(question: str) -> Wording:
    return Wording.of(question, Analyzer(), dict.fromkeys(Analyzer().terms(question), 1.0))


@pytest.mark.parametrize(
    ("question", "said", "expected"),
    [
        (NUMBER, "1,200", Amount(1200, 1200)),
        (NUMBER, "45%", Amount(45, 45, "%")),
        (NUMBER, "45 per cent", Amount(45, 45, "%")),
        (NUMBER, "dozens", None),
        (DATE, "4 May 1932", (1932, 5, 4)),
        (DATE, "May 1932", (1932, 5, None)),
        (DATE, "May 4", (None, 5, 4)),
        (DATE, "1932", (1932, None, None)),
        (DATE, "the 1930s", ("decade", "1930")),
        (DATE, "the 19th century", ("century", "19")),
        (DATE, "Friday", None),
        (PERSON, "Mr. J Olsen", ("olsen",)),
        (PERSON, "Ed Li", ("ed", "li")),
    ],
)
def test_what_a_short_form_claims(question: str, said: str, expected: Claim | None) -> None:
    assert claim(asked(question), said) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Amount(17, 17), Amount(17, 17), True),
        (Amount(17, 17), Amount(13, 13), False),
        (Amount(45, 45), Amount(45, 45, "%"), False),
        (Amount(45, 45), ("olsen",), False),
        ((1932, 5, 4), (1932, None, None), True),
        ((1932, 5, 4), (None, 5, None), True),
        ((1932, 5, 4), (1932, 6, 4), False),
        ((1932, None, None), (1933, None, None), False),
        (("decade", "1930"), (1932, None, None), True),
        ((1932, None, None), ("decade", "1930"), True),
        ((1942, None, None), ("decade", "1930"), False),
        (("decade", "1930"), ("decade", "1940"), False),
        (("century", "19"), (1932, None, None), True),  # are not compared
        (("olsen",), ("ada", "olsen"), True),
        (("erdoğan",), ("erdogan",), True),
        (("olsen",), ("falk",), False),
    ],
)
def test_which_claims_agree(one: Claim, other: Claim, expected: bool) -> None:
    assert agree(one, other) is expected
    assert agree(other, one) is expected


@pytest.mark.parametrize(
    ("question", "one", "other", "said"),
    [
        (NUMBER, "The agents took 17 people.", "The agents took 13 people.", ("17", "13")),
        (NUMBER, "The agents took them all away.", "The agents took them all along.", None),  # no numbers
        (PERSON, "The office is led by Ines Falk.", "The office is led by Bo Olsen.", ("Ines Falk", "Bo Olsen")),
        (OTHER, "The bridge to the town is blue.", "The bridge to the town is green.", ("blue", "green")),
        (OTHER, "The bridge to the town is as it was.", "The bridge to the town is so it was.", None),  # words of two letters
        (OTHER, "The bridge to the town is open.", "The bridge to the town is shut.", None),  # "open" is the question's
        (OTHER, "The bridge to the town is their own.", "The bridge to the town is which own.", None),  # stop words
        (
            OTHER,
            "The old bridge to the town is a very long way off.",
            "The old bridge to the town is just one small step off.",
            ("a very long way", "just one small step"),
        ),
        (
            OTHER,
            "The old bridge to the little town is a very very long way off, people say.",
            "The old bridge to the little town is just one small step off, people say.",
            None,  # five words
        ),
    ],
)
def test_where_parallel_sentences_differ(question: str, one: str, other: str, said: tuple[str, str] | None) -> None:
    places = differing(asked(question), one, other)
    assert (None if places is None else tuple(text[a:b] for text, (a, b) in zip((one, other), places, strict=True))) == said


def candidate(number: int, article_id: str, text: str) -> Candidate:
    article = pullquote.Article(id=article_id, text=text)
    return Candidate(number, (0, len(text)), asked(OTHER), article, 0, len(text), {"present": 1.0, "covered": 1.0}, 1.0, 3.0)


def test_parallel_sentences_of_two_articles_are_sides_with_the_words_that_differ() -> None:
    blue, green = "The bridge to the town is blue.", "The bridge to the town is green."
    found = [
        candidate(0, "a", "It rains in the hills today."),
        candidate(1, "a", blue),
        candidate(2, "a", green),
        candidate(3, "b", green),
    ]
    made = sides(asked(OTHER), found, Analyzer(), lambda c: c.article.id)
    assert [(side.value, side.claim, [c.sentence for c in side.candidates]) for side in made] == [
        ("blue", ("blue",), [1]),
        ("green", ("green",), [3]),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 4 days 17 boats took 9 men.", ["9"]),  # of what is counted
        ("In 4 days 17 of the boats took some.", ["4", "17"]),  # of nothing that is counted
        ("About 9 or more of the poor young men.", ["9"]),
    ],
)
def test_numbers_of_what_is_counted_come_before_others(text: str, expected: list[str]) -> None:
    assert [text[m.start : m.end] for m in eligible(asked("How many men were taken?"), text, Analyzer())] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('prime minister," Yokota told', None),
        ("prime minister,” Yokota told", None),
        ('"Silver Gull"', "Silver Gull"),
        ("Yokota", "Yokota"),
    ],
)
def test_a_short_form_does_not_begin_within_a_quotation(said: str, expected: str | None) -> None:
    text = f"So it was: {said} who came."
    found = pointed(asked("Who was it?"), text, 11, 11 + len(said))
    assert (found and text[found.start : found.end]) == expected
