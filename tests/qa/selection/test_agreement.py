"""Equal answers add their odds; how sure an answer must be; what was said wrongly before."""

from __future__ import annotations

import math

import pytest
from tests.conftest import Build

import pullquote
from pullquote.qa import ask as asking
from pullquote.qa.selection.candidates import Candidates
from pullquote.qa.selection.confidence import Logistic, Model, Sure
from pullquote.qa.selection.reader import Pointed, Reader, Reading

TOLD = {
    "a": "The ferry carried thirteen people.",
    "b": "The ferry carried 13 passengers, said Olsen.",
    "c": "The ferry carried 17 people, said Falk.",
    "d": "The ferry is old.",
}


class Pointing(Reader):
    """Points at the first figure of a text, in digits or letters."""

    def read(self, question: str, text: str) -> Reading:
        return At(text)


class At(Reading):
    def __init__(self, text: str) -> None:
        self._text = text

    def pointed(self, start: int, end: int) -> Pointed:
        words = [word for word in self._text[start:end].split() if word == "thirteen" or word.isdigit()]
        if not words:
            return Pointed(-5.0, -5.0, start, end)
        at = self._text.index(words[0], start)
        return Pointed(5.0, 5.0, at, at + len(words[0]))


def found(build: Build) -> Candidates:
    index = build([pullquote.Article(id=i, text=text) for i, text in TOLD.items()])
    query = index.query("How many people did the ferry carry?")
    return Candidates(index, query, index.rank(query), reader=Pointing())


def test_sentences_that_answer_alike_have_their_odds_together(build: Build) -> None:
    weighed = {c.article.id: c for c in found(build).weighed}
    assert {i: c.said for i, c in weighed.items()} == {"a": (13.0,), "b": (13.0,), "c": (17.0,), "d": ()}
    total = sum(math.exp(c.score) for c in weighed.values())
    share = {i: math.exp(c.score) / total for i, c in weighed.items()}
    both = share["a"] + share["b"]
    for i, expected in {"a": both, "b": both, "c": share["c"], "d": share["d"]}.items():
        assert weighed[i].odds == pytest.approx(math.log(expected / (1 - expected)))


@pytest.mark.parametrize(
    ("text", "overtaken"),
    [
        ("An article on 8 November said that it would cost 3.8 billion.", 1.0),
        ("An earlier version of this story gave the number as nine.", 1.0),
        ("The report wrongly said that it cost nine.", 1.0),
        ("The article incorrectly gave nine; it should have said eight.", 0.0),
        ("The correct figure is 2.8 billion.", 0.0),
        ("The mayor said that it would cost 3.8 billion.", 0.0),
        ("She wrote an article about the wind farm that cost 3.8 billion.", 0.0),
    ],
)
def test_what_was_said_wrongly_before_is_pushed_back(build: Build, text: str, overtaken: float) -> None:
    index = build([pullquote.Article(id="a", text=text)])
    query = index.query("What does it cost in billion?")
    [candidate] = Candidates(index, query, index.rank(query), reader=Pointing()).pool
    assert candidate.evidence["overtaken"] == overtaken


LEVELS = (Sure(0.7, 0.4, 0.9), Sure(0.9, 0.6, 0.5))


def model(sure: float) -> Model:
    """A model that is as sure as that of every sentence."""
    return Model(Logistic(30.0, {}), Logistic(math.log(sure / (1 - sure)), {}), 0.0, sure=LEVELS)


@pytest.mark.parametrize(
    ("level", "sure", "answered"),
    [(None, 0.3, True), (0.7, 0.39, False), (0.7, 0.4, True), (0.8, 0.59, False), (0.8, 0.61, True), (0.5, 0.41, True)],
)
def test_an_answer_is_as_sure_as_it_was_asked_to_be(
    build: Build, monkeypatch: pytest.MonkeyPatch, level: float | None, sure: float, answered: bool
) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: model(sure))
    answer = pullquote.ask(build(), "What did the harbour bridge cost?", sure=level, reader=False)
    assert (answer.status == "answered") is answered
    assert answered or answer.reason.startswith(f"not sure enough (confidence {sure:.2f}, needed ")
    assert answered or "questions are answered so surely" in answer.reason
    assert answered or answer.nearest


@pytest.mark.parametrize("level", [0.0, 1.0, 2.0, 0.95])
def test_what_cannot_be_promised_is_refused(build: Build, monkeypatch: pytest.MonkeyPatch, level: float) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: model(0.9))
    with pytest.raises(pullquote.InputError, match="sure is"):
        pullquote.ask(build(), "What did the harbour bridge cost?", sure=level, reader=False)
