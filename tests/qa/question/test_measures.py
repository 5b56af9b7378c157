"""Whether a sentence may state what a question measures."""

from __future__ import annotations

import pytest

from pullquote.qa.question.measures import is_measured


@pytest.mark.parametrize(
    ("question", "text", "stated"),
    [
        ("How tall are the turbines?", "They stand 22 kilometres off the coast.", False),
        ("How tall are the turbines?", "Each is 120 metres high.", True),
        ("How tall is it?", "It has 40 storeys.", True),
        ("How deep is the mine?", "It is 1.5 miles deep.", True),
        ("How far is the island?", "It lies 22 km from the coast.", True),
        ("How far is the island?", "It has 22 houses.", False),
        ("How long is the line?", "It is 11.6 kilometres long.", True),
        ("How long did it last?", "It lasted nine days.", True),
        ("How long did it last?", "It cost nine crowns.", False),
        ("How old is the lighthouse?", "It has been dark since 2009, and has 28 beds.", False),
        ("How old is the lighthouse?", "It was built in 1840.", True),
        ("How old is she?", "Sakie, 88, spoke first.", True),
        ("How much will a night cost?", "It is to become a hostel with 28 beds.", False),
        ("How much will a night cost?", "A bed costs £21.", True),
        ("What is the price of a ticket?", "Tickets are free.", True),
        ("How much does it pay?", "Sixty million crowns a year.", True),
        ("What percentage voted?", "Two in three did.", False),
        ("What percentage voted?", "Turnout was 52 per cent.", True),
        ("How fast was it?", "It made 14 knots.", True),
        ("How heavy is it?", "It weighs 3 tonnes.", True),
        ("How many came?", "Many people came.", False),
        ("How many came?", "Thirteen came.", True),
        ("How much do they know?", "They know little.", True),
        ("Who came?", "Nobody came.", True),
    ],
)
def test_what_a_sentence_states_of_what_is_measured(question: str, text: str, stated: bool) -> None:
    assert is_measured(question, text) is stated
