from __future__ import annotations

import pytest

from pullquote.qa.question.answer_type import head, wanted


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many Japanese were abducted?", "number"),
        ("What was the population of Fresno?", "number"),
        ("When did Koizumi visit Pyongyang?", "date"),
        ("In what year did the war end?", "date"),
        ("What is the birth date of Richard Holt?", "date"),
        ("What was the date of the vote?", "date"),
        ("What was the year in which it opened?", "date"),
        ("What was the day's news?", "name"),
        ("Who signed the declaration?", "person"),
        ("Where did Harold die?", "place"),
        ("In which city is the station?", "place"),
        ("Why was the Rhine regulated?", "reason"),
        ("What caused the fire?", "reason"),
        ("What did Hayashi call the claim?", "quoted"),
        ("Which newspaper ceased to appear?", "name"),
        ("Did the North keep its word?", "other"),
        ("", "other"),
    ],
)
def test_the_kind_of_answer_that_is_asked_for(question: str, kind: str) -> None:
    assert wanted(question) == kind


def test_what_is_counted_or_named() -> None:
    assert head("How many abductees came back?") == "abductees"
    assert head("What is the name of the ship?") == "name"
    assert head("Who came back?") == ""
