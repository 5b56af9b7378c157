"""What a sentence's wording says for it."""

from __future__ import annotations

import math

import pytest

from pullquote.index.lexical.analyzer import Analyzer
from pullquote.qa.question.wording import Wording
from pullquote.qa.selection.features import WORDING, wording

ANALYZER = Analyzer()


def weighed(question: str, text: str, before: str = "", title: str = "") -> dict[str, float]:
    """The evidence by name, where each of the question's terms weighs the same."""
    of_question = Wording.of(question, ANALYZER, dict.fromkeys(ANALYZER.terms(question), 1.0))
    around = (ANALYZER.terms(before), ANALYZER.terms(title))
    return dict(zip(WORDING, wording(of_question, text, ANALYZER.terms(text), around), strict=True))


@pytest.mark.parametrize(
    ("question", "text", "before", "title", "share"),
    [
        ("When was Fort Kent founded?", "Fort Kent was founded in 1829.", "", "", 1.0),
        ("When was Fort Kent founded?", "It was founded in 1829.", "The town is Fort Kent.", "", 1.0),
        ("When was Fort Kent founded?", "It was founded in 1829.", "", "Fort Kent, Maine", 1.0),
        ("When was Fort Kent founded?", "The oldest fort in all the county of Kent was founded in 1829.", "", "", 0.0),
        ("When was Fort Kent founded?", "It was founded in 1829.", "", "", 0.0),
        ("Did Olsen meet Falk?", "Olsen was there.", "", "", 0.5),
        ("when was the old town founded?", "Nothing of it.", "", "", 1.0),  # no name to look for
    ],
)
def test_names_in_one_piece(question: str, text: str, before: str, title: str, share: float) -> None:
    assert weighed(question, text, before, title)["joined"] == pytest.approx(share)


def test_neighbouring_terms_have_at_most_one_word_between() -> None:
    question = "who cut the ribbon"
    assert weighed(question, "Falk cut the ribbon.")["pairs"] > weighed(question, "The ribbon, said Falk, was never cut.")["pairs"]


def test_the_rarest_term_counts_by_its_weight_over_that_of_the_rarest() -> None:
    weights = {"ferri": 1.0, "sail": 2.0, "harbour": 4.0}
    question = Wording.of("ferry sails harbour", ANALYZER, weights)
    for text, expected in (("The ferry was late.", 1 / 4), ("The ferry sails.", 2 / 4), ("A harbour.", 1.0), ("Nothing.", 0.0)):
        terms = ANALYZER.terms(text)
        assert dict(zip(WORDING, wording(question, text, terms, ((), ())), strict=True))["rare"] == expected


def test_new_terms_are_those_of_the_sentence_alone_and_count_up_to_twenty() -> None:
    assert weighed("Who cut the ribbon?", "Falk cut it.")["new"] == 1 / 20  # falk; "it" is a stop word
    assert weighed("Who cut the ribbon?", "Falk and Olsen cut a red ribbon.")["new"] == 3 / 20
    assert weighed("Who cut the ribbon?", " ".join(f"word{n}" for n in range(30)))["new"] == 1.0


def test_present_and_covered_are_shares_of_what_is_asked() -> None:
    found = weighed("Who cut the old ribbon?", "The ribbon was blue.", before="It was cut on Friday.")
    assert [found["present"], found["covered"]] == pytest.approx([1 / 3, 2 / 3])
    assert weighed("Who cut the old ribbon?", "The ribbon.", title="Old")["covered"] == pytest.approx(2 / 3)


def test_the_length_is_a_logarithm_of_the_words() -> None:
    assert weighed("who?", "one two three four")["length"] == pytest.approx(math.log(5) / 4)


@pytest.mark.parametrize(("text", "kind"), [("It opened in 1932.", "date"), ("Falk opened it.", "missing")])
def test_what_is_asked_for_is_there_or_missing(text: str, kind: str) -> None:
    found = weighed("When did it open?", text)
    assert {name for name in ("missing", "number", "date", "person", "place", "name") if found[name]} == {kind}


def test_a_sentence_that_opens_with_a_pronoun_says_so() -> None:
    assert weighed("who?", "He left.")["pronoun"] == 1
    assert weighed("who?", "Hereby they left.")["pronoun"] == 0
    assert weighed("which river is long?", "The river is long.")["head"] == 1
    assert weighed("which river is long?", "The road is long.")["head"] == 0


def test_pairs_are_counted_over_those_of_the_question_either_way_round() -> None:
    question = "old ferry harbour bridge"
    assert weighed(question, "The old ferry passed the harbour bridge.")["pairs"] == pytest.approx(1.0)  # ferry, passed, harbour
    assert weighed(question, "The old ferry slowly passed the harbour bridge.")["pairs"] == pytest.approx(2 / 3)
    assert weighed(question, "A ferry as old as that.")["pairs"] == pytest.approx(1 / 3)
    assert weighed("ferry", "The ferry.")["pairs"] == 0.0


def test_a_name_of_one_word_is_joined_by_a_word_around() -> None:
    assert weighed("What did Olsen say?", "He said no.", before="Olsen came.")["joined"] == 1.0
