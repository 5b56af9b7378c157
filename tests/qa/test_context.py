"""What a quote is not understood without."""

from __future__ import annotations

import pytest

from pullquote import Article
from pullquote.qa import context

TABLE = "After the last round.\n\nTeam | Points | Goals\n\nHarwell Rovers | 41 | 62\n\nPort Ellery | 38 | 55\n\nIt ends in May."
OTHER = "Team | Points\nHarwell | 41\n\nThe cup:\n\nClub | Wins\nEllery | 3"
INTERVIEW = "When will it be finished?\n\nIn spring.\n\nThe county pays. “Who knows?” he asked. He left."


def of(text: str, said: str, *, pointing_back: bool = False) -> str | None:
    """The context of what is said in a text, whose sentences are its lines and their parts."""
    sentences, at = [], 0
    for part in text.replace("\n", "\v").replace(". ", ".\v").split("\v"):
        if part:
            start = text.index(part, at)
            at = start + len(part)
            sentences.append((start, at))
    found = context.of(Article("a", text), text.index(said), sentences, pointing_back=pointing_back)
    assert found is None or text[found.start : found.end] == found.text
    return None if found is None else found.text


@pytest.mark.parametrize(
    ("text", "said", "head"),
    [
        (TABLE, "Port Ellery | 38 | 55", "Team | Points | Goals"),
        (TABLE, "Harwell Rovers | 41 | 62", "Team | Points | Goals"),
        (TABLE, "Team | Points | Goals", None),
        (TABLE, "It ends in May.", None),
        (OTHER, "Ellery | 3", "Club | Wins"),
        (OTHER, "Harwell | 41", "Team | Points"),
    ],
)
def test_a_row_comes_with_the_head_of_its_own_table(text: str, said: str, head: str | None) -> None:
    assert of(text, said) == head


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("In spring.", "When will it be finished?"),
        ("The county pays.", None),
        ("He left.", None),  # what was asked stands within the sentence before
        ("When will it be finished?", None),
    ],
)
def test_a_reply_comes_with_the_question(said: str, question: str | None) -> None:
    assert of(INTERVIEW, said) == question


def test_what_points_back_comes_with_the_sentence_before_it_where_that_is_asked_for() -> None:
    assert of(INTERVIEW, "He left.", pointing_back=True) == "“Who knows?” he asked."
    assert of(INTERVIEW, "The county pays.", pointing_back=True) is None
