from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
import rank_bm25
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.lexical import BM25, share, top
from pullquote.index.strings import SortedStrings

DOCUMENTS = st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=8)
QUERY = st.lists(st.integers(-1, 11), max_size=6)


def by_hand(corpus: list[list[int]], query: list[int], k1: float, b: float) -> list[float]:
    mean = sum(map(len, corpus)) / len(corpus) if corpus else 0.0
    scores = []
    for document in corpus:
        total, tally = 0.0, Counter(document)
        for term in query:
            n = sum(term in d for d in corpus)
            if term in tally:
                f = tally[term]
                idf = math.log(1 + (len(corpus) - n + 0.5) / (n + 0.5))
                total += idf * f * (k1 + 1) / (f + k1 * (1 - b + b * len(document) / mean))
        scores.append(total)
    return scores


@given(DOCUMENTS, QUERY, st.sampled_from([0.0, 0.3, 0.75, 1.0]))
def test_scores_are_those_worked_out_by_hand(corpus: list[list[int]], query: list[int], b: float) -> None:
    assert BM25(corpus, b=b).get_scores(query) == pytest.approx(by_hand(corpus, query, 1.5, b))


@given(DOCUMENTS, QUERY)
def test_a_share_lies_between_0_and_1_and_its_terms_add_up(corpus: list[list[int]], query: list[int]) -> None:
    level = BM25(corpus)
    found = share(level, [(str(term), term) for term in query])
    assert ((found.total >= 0) & (found.total <= 1 + 1e-12)).all()
    for row, total in enumerate(found.total):
        assert sum(found.of(row).values()) == pytest.approx(total)


def test_scores_are_those_of_rank_bm25_where_both_have_one_idf() -> None:
    corpus = [["a", "b", "a"], ["b", "c"], ["d"], ["a", "d", "e", "f"], ["e"]]
    words = SortedStrings.of({w for d in corpus for w in d})
    ours = BM25([[words.find(w) for w in d] for d in corpus], k1=1.5, b=0.75)
    theirs = rank_bm25.BM25Okapi(corpus, k1=1.5, b=0.75)
    theirs.idf = {words[i]: ours.idf_of(i) for i in range(len(words))}
    for query in (["a"], ["a", "e"], ["b", "b", "z"]):
        assert ours.get_scores([words.find(w) for w in query]) == pytest.approx(theirs.get_scores(query))


def test_what_rank_bm25_gets_wrong_is_right_here() -> None:
    assert BM25([[0], [1]]).get_scores([0])[0] > 0  # a term in half of the documents
    assert BM25([[0]]).get_scores([0])[0] > 0  # one document
    assert BM25([]).get_scores([0]).shape == (0,)  # none
    assert BM25([[0], [1]]).get_top_n([7], ["x", "y"]) == []  # no match


def test_the_base_class_keeps_its_vocabulary() -> None:
    level = BM25([[0, 0, 1], [1]])
    assert isinstance(level, rank_bm25.BM25)
    assert (level.corpus_size, level.avgdl, list(level.doc_len), level.k1, level.b) == (2, 2.0, [3, 1], 1.5, 0.75)
    assert level.get_batch_scores([0], [1, 0]) == [0.0, level.get_scores([0])[0]]
    assert level.get_top_n([1], ["x", "y"], n=1) == ["y"]


@given(DOCUMENTS, QUERY)
def test_nothing_changes_by_saving(corpus: list[list[int]], query: list[int]) -> None:
    level = BM25(corpus)
    again = BM25.from_arrays(level.arrays(), level.k1, level.b)
    assert again.get_scores(query).tolist() == level.get_scores(query).tolist()


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=12), st.integers(1, 5))
def test_top_is_a_total_order(scores: list[float], n: int) -> None:
    expected = sorted((i for i, s in enumerate(scores) if s > 0), key=lambda i: (-scores[i], i))[:n]
    assert top(np.array(scores, float), n).tolist() == expected


@given(st.sets(st.text(max_size=5), max_size=20), st.text(max_size=5))
def test_strings_are_found_by_halving(strings: set[str], other: str) -> None:
    found = SortedStrings.of(strings)
    assert [found[i] for i in range(len(found))] == sorted(strings)
    assert all(found[found.find(s)] == s for s in strings)
    assert (found.find(other) >= 0) == (other in strings)
