"""What a long question asks, without what is told before it."""

from __future__ import annotations

import pytest
from tests.conftest import Build

import pullquote
from pullquote.qa import ask as asking
from pullquote.qa.question.core import bare, core
from pullquote.qa.selection.confidence import Logistic, Model

LONG = "We are preparing a longer piece for the weekend and need to check the following before it goes to print"


@pytest.mark.parametrize(
    ("text", "asked", "alone"),
    [
        (f"{LONG}: Who signed it?", "Who signed it?", "Who signed it?"),
        (f"{LONG}. Who signed it?", "Who signed it?", "Who signed it?"),
        (f"{LONG} and would like to know who signed it", "who signed it", "who signed it"),
        (f"{LONG}, about Ines Falk. When was she born?", "When was she born? Ines Falk", "When was she born?"),
        (f"{LONG}. Could you please tell me how much the ferry cost?", "how much the ferry cost?", "how much the ferry cost?"),
        ("Who signed it?", "", ""),
        ("What did the envoys of the two countries who met in Brenn know about how it was signed?", "", ""),
        ("In the spring of 1990 and after the end of the war, what did the envoys sign?", "", ""),
        ("Fishermen lose their case in the high court against the wind farm on the bank", "", ""),
    ],
)
def test_what_is_asked(text: str, asked: str, alone: str) -> None:
    assert (core(text), bare(text)) == (asked, alone)


def test_a_long_question_is_answered_as_its_question_is(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))
    index = build()
    short = pullquote.ask(index, "What did the harbour bridge cost?", reader=False)
    text = f"{LONG}: What did the harbour bridge cost?"
    long = pullquote.ask(index, text, reader=False)
    assert (long.question, long.read_as) == (text, ("What did the harbour bridge cost?",))
    assert [q.text for q in long.quotes] == [q.text for q in short.quotes]
