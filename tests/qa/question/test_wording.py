from __future__ import annotations

import pytest

from pullquote.index.lexical.analyzer import Analyzer
from pullquote.qa.question.wording import Wording


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("How many ships left the port?", {"ship", "left", "port"}),
        ("What is the number of ships in the port?", {"ship", "port"}),
        ("What was the total number of ships?", {"total", "ship"}),
        ("Whose number is on the ship?", {"number", "ship"}),
    ],
)
def test_how_a_question_is_put_is_none_of_its_information(question: str, left: set[str]) -> None:
    terms = Analyzer().terms(question)
    found = Wording.of(question, Analyzer(), dict.fromkeys(terms, 1.0))
    assert left == set(found.terms) == {term for term, weight in found.weights.items() if weight}
    assert sum(found.weights.values()) == pytest.approx(1.0)
