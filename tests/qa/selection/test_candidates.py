"""The evidence for a sentence, worked out from the ranking by hand."""

from __future__ import annotations

import math

import pytest
from tests.conftest import Build

import pullquote
from pullquote.qa.selection import candidates
from pullquote.qa.selection.candidates import Candidates

TEXT = "The ferry sails at nine. Nobody was on board. The ferry to the island sails at noon, the captain said."


def found(index: pullquote.Index, question: str) -> Candidates:
    query = index.query(question)
    return Candidates(index, query, index.rank(query))


def test_the_neighbours_of_a_sentence_in_its_passage_lend_it_half_of_theirs(build: Build) -> None:
    by_text = {c.text: c.evidence for c in found(build([pullquote.Article(id="a", text=TEXT)]), "When does the ferry sail?").pool}
    first, second, third = (by_text[text] for text in ("The ferry sails at nine.", "Nobody was on board.", TEXT[46:]))
    own = [e["cosine"] + e["sentence"] for e in (first, second, third)]
    assert [first["before"], first["after"]] == pytest.approx([0.0, (own[1] / 2)])
    assert [second["before"], second["after"]] == pytest.approx([(own[0] / 2), (own[2] / 2)])
    assert [third["before"], third["after"]] == pytest.approx([(own[1] / 2), 0.0])
    assert own[0] != pytest.approx(own[2])
    assert [e["lead"] for e in (first, second, third)] == [1.0, 0.0, 0.0]
    assert [e["best"] for e in (first, second, third)] == [float(o == max(own)) for o in own]


def test_what_an_article_holds_anywhere_counts_for_each_of_its_sentences(build: Build) -> None:
    index = build([pullquote.Article(id="a", text=TEXT), pullquote.Article(id="b", text="A ferry.")])
    some = {c.text: c for c in found(index, "When does the ferry of Captain Olsen sail?").pool}
    for text in ("The ferry sails at nine.", "Nobody was on board."):
        weights = some[text].wording.weights
        assert some[text].evidence["told"] == pytest.approx(weights["ferri"] + weights["sail"] + weights["captain"])
        named = weights["captain"] / (weights["captain"] + weights["olsen"])
        assert some[text].evidence["named"] == pytest.approx(named)


def test_twenty_distinct_sentences_are_weighed(build: Build) -> None:
    texts = [f"The ferry number {n} sails at nine." for n in range(30)]
    pool = found(
        build([pullquote.Article(id=f"a{n:02}", text=text) for n, text in enumerate(texts)]), "When does the ferry sail?"
    ).pool
    assert len(pool) == 20
    same = [pullquote.Article(id=f"a{n:02}", text="The ferry sails at nine.") for n in range(30)]
    assert len(found(build([*same], "same.pq"), "When does the ferry sail?").pool) == 1


def test_odds_are_those_of_a_sentence_against_the_others_of_the_pool(build: Build) -> None:
    weighed = found(build([pullquote.Article(id="a", text=TEXT)]), "When does the ferry sail?").weighed
    total = sum(math.exp(c.score) for c in weighed)
    for c in weighed:
        share = math.exp(c.score) / total
        assert c.odds == pytest.approx(math.log(share / (1 - share)))
        assert c.evidence["most_covered"] == max(other.evidence["covered"] for other in weighed)


def test_a_score_is_the_sum_of_the_evidence_by_its_coefficients(build: Build) -> None:
    known = candidates.coefficients()
    for c in found(build([pullquote.Article(id="a", text=TEXT)]), "When does the ferry sail?").pool:
        assert c.score == pytest.approx(sum(known[name] * c.evidence[name] for name in candidates.FEATURES))
        assert c.size == pytest.approx(math.log10(3))
