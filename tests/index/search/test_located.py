"""Where what a ranking names stands, for those who quote from it."""

from __future__ import annotations

import numpy as np
from tests.conftest import Build, HashEncoder

import pullquote

ONE = "The ferry sails at nine. Nobody was on board. It rained."
OTHER = "A ferry. The bridge is long."


def test_sentences_passages_and_articles_of_a_ranking(build: Build) -> None:
    index = build([pullquote.Article(id="a", text=ONE), pullquote.Article(id="b", text=OTHER, published="2021-05-01")])
    ranking = index.rank(index.query("ferry bridge"))
    texts = {"a": ONE, "b": OTHER}
    found = list(index.located(ranking, range(len(ranking.sentences))))
    said = [(f.article_id, texts[f.article_id][f.start : f.end]) for f in found]
    assert sorted(said) == [
        ("a", "It rained."), ("a", "Nobody was on board."), ("a", "The ferry sails at nine."),
        ("b", "A ferry."), ("b", "The bridge is long."),
    ]  # fmt: skip
    before = {texts[f.article_id][f.start : f.end]: f.before and texts[f.article_id][slice(*f.before)] for f in found}
    assert before == {
        "The ferry sails at nine.": None, "Nobody was on board.": "The ferry sails at nine.", "It rained.": "Nobody was on board.",
        "A ferry.": None, "The bridge is long.": "A ferry.",
    }  # fmt: skip
    assert {f.article_id: f.passage for f in found} == {"a": (0, len(ONE)), "b": (0, len(OTHER))}
    assert {f.article_id: set(f.held) for f in found} == {"a": {"ferri"}, "b": {"ferri", "bridg"}}
    assert {f.article_id: f.recency for f in found} == {"a": 0.0, "b": 1.0}
    assert [f.row for f in found] == ranking.sentences.tolist()
    best_first = [index.article(article_id).id for article_id, _, _ in index.ranked_passages(ranking)]
    assert index.ranked_articles(ranking) == best_first
    assert index.ranked_articles(ranking, 1) == best_first[:1]
    assert index.ranked_passages(ranking, 1) == [(best_first[0], 0, len(texts[best_first[0]]))]
    assert index.places_in(ranking, "b") == [best_first.index("b")]
    assert index.passages("a") == [(0, len(ONE))]
    assert [ONE[a:b] for a, b in index.sentences(index.article("a"))] == [
        "The ferry sails at nine.",
        "Nobody was on board.",
        "It rained.",
    ]


def test_an_article_of_several_passages_is_ranked_once(build: Build) -> None:
    long = "\n\n".join(f"The ferry number {n} {'sails along the coast and ' * 30} stops." for n in range(6))
    index = build([pullquote.Article(id="a", text=long), pullquote.Article(id="b", text=OTHER)])
    ranking = index.rank(index.query("ferry number 3"))
    assert len(index.places_in(ranking, "a")) == len(index.passages("a")) > 1
    assert sorted(index.ranked_articles(ranking)) == ["a", "b"]
    starts = [start for article_id, start, _ in index.ranked_passages(ranking) if article_id == "a"]
    assert sorted(starts) == [start for start, _ in index.passages("a")]
    assert np.all(np.diff(ranking.scores) <= 0)
    assert isinstance(index.encoder, HashEncoder)
