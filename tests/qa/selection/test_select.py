"""Which candidates are quoted: the score decides, up to what a second quote from one article must be better by."""

from __future__ import annotations

import pytest
from tests.conftest import Build

import pullquote
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.qa.question.wording import Wording
from pullquote.qa.selection.candidate import Candidate
from pullquote.qa.selection.candidates import Candidates
from pullquote.qa.selection.select import select

WORDING = Wording.of("bridge", Analyzer(), {"bridg": 1.0})


class Found:
    """Candidates that are weighed already; of articles without later versions."""

    def __init__(self, *weighed: Candidate) -> None:
        self.weighed = sorted(weighed, key=lambda candidate: -candidate.score)
        self.index = self

    def latest(self, article_id: str) -> None:
        """No article has a later version."""

    def others(self) -> list[Candidate]:
        return []


def candidate(article_id: str, text: str, score: float) -> Candidate:
    article = pullquote.Article(id=article_id, text=text)
    return Candidate(0, (0, len(text)), WORDING, article, 0, len(text), {}, score, 3.0)


@pytest.mark.parametrize(("second", "expected"), [(1.19, ["a", "b"]), (1.21, ["a", "a"])])
def test_a_second_quote_of_an_article_must_be_better_by_a_fifth(second: float, expected: list[str]) -> None:
    found = Found(
        candidate("a", "The bridge is red.", 2.0),
        candidate("a", "It opened in May.", second),
        candidate("b", "A bridge is long.", 1.0),
    )
    assert [c.article.id for c in select(found, 2)] == expected  # type: ignore[arg-type]


def test_what_a_later_version_says_comes_in_the_place_of_what_the_earlier_one_said(build: Build) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    first = pullquote.Article(
        id="v1", source="Post", published="2021-05-01", text=f"The old ferry to the island sails at nine. The {words}."
    )
    second = pullquote.Article(
        id="v2", source="Post", published="2021-05-03", text=f"The old ferry to the island sails at ten. The {words}."
    )
    index = build([first, second])
    query = index.query("When does the ferry sail at nine?")
    found = Candidates(index, query, index.rank(query))
    before = next(c for c in found.weighed if c.text == "The old ferry to the island sails at nine.")
    one, other = list(select(found, 3))[:2]
    assert [one.text, other.text] == ["The old ferry to the island sails at ten.", "The old ferry to the island sails at nine."]
    assert one.odds == before.odds
    assert one.evidence["most_cosine"] == before.evidence["most_cosine"]
