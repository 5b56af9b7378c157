"""Measures of single questions, from a row by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pullquote.eval.judging import holds, value_of
from pullquote.eval.measures.known import KNOWN
from pullquote.eval.measures.measure import RETRIEVAL, parse
from pullquote.eval.questions import Expected, Gold, Question
from pullquote.eval.row import Row

QUOTE = {"text": "It will reopen on 9 June, not on 19 May.", "article_id": "a", "span": "9 June"}
ROW = Row("1", "", "When?", False, True, 0.9, (True, False), 2, (QUOTE, QUOTE), ("a",), (), 1.0, unjudged=(False, False))
QUESTION = Question("1", "When?", "", (Gold("a"),), ("9 June",))
NONE = replace(ROW, unanswerable=True)


def value(name: str, row: Row = ROW, question: Question = QUESTION) -> float | None:
    return value_of(parse(name), row, question)


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("reopens on 9 June", "9 june", True),
        ("reopens on 9\n June", "9 June", True),
        ("reopens on 19 June", "9 June", False),
        ("costs 5.6 million", "6 million", False),
        ("13,000", "13", False),
        ("thirteen", "teen", False),
        ("六月九日", "九日", True),
    ],
)
def test_whole_words(text: str, form: str, expected: bool) -> None:
    assert holds(text, form) is expected


def test_what_is_said_first() -> None:
    assert (value("answer@1"), value("cited"), value("EM"), value("located"), value("answered")) == (1.0, 1.0, 1.0, 1.0, 1.0)
    refused = replace(ROW, answered=False)
    assert (value("answer@1", refused), value("cited", refused), value("EM", refused)) == (0.0, 0.0, 0.0)
    assert (value("refused"), value("refused", NONE), value("answer@1", NONE)) == (None, 0.0, None)
    assert value("refused", replace(NONE, answered=False)) == 1.0
    assert value("refused", replace(NONE, answered=False, error="too long")) == 0.0


def test_both_reasons_of_a_no() -> None:
    off, silent = (replace(QUESTION, gold=(), answers=(), expected=Expected(none=why)) for why in ("offtopic", "notstated"))
    no = replace(NONE, answered=False)
    assert (value("offtopic", no, off), value("offtopic", no, silent), value("notstated", no, silent)) == (1.0, None, 1.0)
    assert value("notstated", NONE, silent) == 0.0


def test_what_was_corrected() -> None:
    stale = replace(QUESTION, expected=Expected(stale=("19 May",)))
    assert value("stale") is None
    assert value("stale", ROW, stale) == 0.0  # the accepted answer stands there, too
    assert value("stale", replace(ROW, quotes=({**QUOTE, "text": "It will reopen on 19 May."},)), stale) == 1.0
    assert value("stale", replace(ROW, answered=False), stale) == 0.0


def test_short_forms() -> None:
    short = replace(QUESTION, expected=Expected(short=("9 June", "June 9")))
    assert (value("short"), value("shortless")) == (None, None)
    assert (value("short", ROW, short), value("shortless", ROW, short)) == (1.0, 0.0)
    without = replace(ROW, quotes=({**QUOTE, "span": None},))
    assert (value("short", without, short), value("shortless", without, short)) == (None, 1.0)
    assert value("short", replace(ROW, quotes=({**QUOTE, "span": "19 May"},)), short) == 0.0
    assert value("short", replace(ROW, quotes=({**QUOTE, "article_id": "b"},)), short) == 0.0


def test_sides() -> None:
    expected = Expected(sides=(("13", "thirteen"), ("17",)), not_sides=("five", "5"))
    question = replace(QUESTION, expected=expected)
    assert (value("sides"), value("falsesides")) == (None, None)
    assert value("sides", replace(ROW, sides=("17", "thirteen")), question) == 1.0
    assert value("sides", replace(ROW, sides=("17",)), question) == 0.0
    assert value("sides", replace(ROW, sides=("17", "13", "thirteen")), question) == 0.0  # one side twice
    assert value("falsesides", replace(ROW, sides=("17", "five people")), question) == 1.0
    assert value("falsesides", replace(ROW, sides=("17", "13")), question) == 0.0


def test_every_measure_of_a_question_has_a_value_here() -> None:
    for name, about in KNOWN.items():
        if about.of == "question":
            value(about.example)
        assert (name in RETRIEVAL) == (about.of == "ranking")
