"""What a sentence's wording says for it."""

from __future__ import annotations

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
