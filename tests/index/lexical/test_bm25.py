from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from unittest import mock

import numpy as np
import numpy.typing as npt
import pytest
import rank_bm25
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import postings

from pullquote.index.arrays.row_ranges import RowRanges
from pullquote.index.arrays.string_table import StringTable
from pullquote.index.arrays.tensor_file import Array
from pullquote.index.lexical import maxscore as sharing
from pullquote.index.lexical.bm25 import BM25, Held, Part
from pullquote.index.lexical.maxscore import LevelScorer
from pullquote.index.lexical.postings import Postings
from pullquote.index.lexical.top_k import best, top

DOCUMENTS = st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=8)
QUERY = st.lists(st.integers(-1, 11), max_size=6)


def bm25(corpus: list[list[int]], k1: float = 1.5, b: float = 0.75) -> BM25:
    return BM25([Part(postings(corpus))], k1, b)


def one(query: list[int]) -> list[tuple[int, ...]]:
    """The terms of a query for one segment."""
    return [(term,) for term in query]


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
    assert bm25(corpus, b=b).get_scores(one(query)) == pytest.approx(by_hand(corpus, query, 1.5, b))


def shares(level: BM25, terms: Sequence[tuple[int, ...]]) -> LevelScorer:
    return LevelScorer(level, [(str(term[0]), term) for term in terms])


def every(level: BM25) -> npt.NDArray[np.int64]:
    return np.arange(level.rows)


@given(DOCUMENTS, QUERY)
def test_a_share_lies_between_0_and_1_and_its_terms_add_up(corpus: list[list[int]], query: list[int]) -> None:
    level = bm25(corpus)
    found, scores = shares(level, one(query)), level.get_scores(one(query))
    total = found.at(every(level))
    assert ((total >= 0) & (total <= 1 + 1e-12)).all()
    mass = sum(level.idf_of(sum(term in d for d in corpus)) * 2.5 for term in query)
    assert total * mass == pytest.approx(scores)
    terms = found.of(every(level))
    for row, share in enumerate(total):
        assert sum(terms[row].values()) == pytest.approx(share)
        assert set(terms[row]) == {str(term) for term in query if term in corpus[row]}


@given(
    st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=40), QUERY, st.integers(1, 6), st.integers(0, 40),
    st.sets(st.integers(0, 39)), st.sets(st.integers(0, 39)), st.sampled_from([0, 1000]),
)  # fmt: skip
def test_the_best_are_found_without_scoring_all(
    corpus: list[list[int]], query: list[int], n: int, split: int, removed: set[int], left_out: set[int], few: int
) -> None:
    alive = np.array([row not in removed for row in range(len(corpus))], bool)
    level = BM25(
        [Part(postings(c), RowRanges.of(~m)) for c, m in ((corpus[:split], alive[:split]), (corpus[split:], alive[split:]))]
    )
    with mock.patch.object(sharing, "_FEW", few):
        found = shares(level, [(term, term) for term in query])
    wanted = np.array([alive[row] and row not in left_out for row in range(len(corpus))], bool)
    scored = [row for row in every(level).tolist() if wanted[row] and found.at(np.array([row]))[0] > 0]
    exact = {row: float(found.at(np.array([row]))[0]) for row in scored}
    expected = sorted(scored, key=lambda row: (-exact[row], row))[:n]
    rows, ranks = found.best(n, lambda rows: wanted[rows])
    assert rows.tolist() == expected
    assert ranks.tolist() == [1 + sum(exact[other] > exact[row] for other in scored) for row in expected]


def test_frequent_terms_are_only_looked_up_once_they_cannot_lift_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = [[0, 1]] * 3 + [[0]] * 500
    monkeypatch.setattr(sharing, "_FEW", 0)
    level = bm25(corpus)
    read: list[int] = []
    parts = BM25.parts

    def noted(level: BM25, held: tuple[Held, ...]) -> object:
        read.append(held[0].number)
        return parts(level, held)

    monkeypatch.setattr(BM25, "parts", noted)
    assert shares(level, one([0, 1])).best(3)[0].tolist() == [0, 1, 2]
    assert read == [1]


@given(DOCUMENTS, QUERY)
def test_no_part_is_larger_than_its_bound(corpus: list[list[int]], query: list[int]) -> None:
    level = bm25(corpus, b=0.3)
    for term in one(query):
        held = level.held(term)
        assert (level.parts(held)[1] <= level.bound(held) + 1e-12).all()
        assert level.documents(held) == len(level.parts(held)[0])


def test_scores_are_those_of_rank_bm25_where_both_have_one_idf() -> None:
    corpus = [["a", "b", "a"], ["b", "c"], ["d"], ["a", "d", "e", "f"], ["e"]]
    words = StringTable.of({w for d in corpus for w in d})
    ours = bm25([[words.find(w) for w in d] for d in corpus], k1=1.5, b=0.75)
    theirs = rank_bm25.BM25Okapi(corpus, k1=1.5, b=0.75)
    theirs.idf = {words[i]: ours.idf_of(sum(words[i] in d for d in corpus)) for i in range(len(words))}
    for query in (["a"], ["a", "e"], ["b", "b", "z"]):
        assert ours.get_scores(one([words.find(w) for w in query])) == pytest.approx(theirs.get_scores(query))


def test_what_rank_bm25_gets_wrong_is_right_here() -> None:
    assert bm25([[0], [1]]).get_scores([(0,)])[0] > 0  # a term in half of the documents
    assert bm25([[0]]).get_scores([(0,)])[0] > 0  # one document
    assert bm25([]).get_scores([(0,)]).shape == (0,)  # none
    assert bm25([[0], [1]]).get_top_n([(7,)], ["x", "y"]) == []  # no match


def test_the_base_class_keeps_its_vocabulary() -> None:
    level = bm25([[0, 0, 1], [1]])
    assert isinstance(level, rank_bm25.BM25)
    assert (level.corpus_size, level.avgdl, level.k1, level.b) == (2, 2.0, 1.5, 0.75)
    assert level.get_batch_scores([(0,)], [1, 0]) == [0.0, level.get_scores([(0,)])[0]]
    assert level.get_top_n([(1,)], ["x", "y"], n=1) == ["y"]


@given(DOCUMENTS, QUERY, st.integers(0, 8), st.sets(st.integers(0, 7)))
def test_segments_and_removed_documents_do_not_show_in_a_score(
    corpus: list[list[int]], query: list[int], split: int, removed: set[int]
) -> None:
    alive = np.array([row not in removed for row in range(len(corpus))], bool)
    halves = [(corpus[:split], alive[:split]), (corpus[split:], alive[split:])]
    level = BM25([Part(postings(documents), RowRanges.of(~mask)) for documents, mask in halves], b=0.75)
    whole = bm25([document for document, kept in zip(corpus, alive, strict=True) if kept])
    terms = [(term, term) for term in query]
    assert level.get_scores(terms)[alive].tolist() == whole.get_scores(one(query)).tolist()
    assert not level.get_scores(terms)[~alive].any()
    ours, theirs = shares(level, terms), shares(whole, one(query))
    assert ours.at(every(level)[alive]).tolist() == theirs.at(every(whole)).tolist()


@given(DOCUMENTS, QUERY)
def test_nothing_changes_by_saving(corpus: list[list[int]], query: list[int]) -> None:
    arrays = {name: Array(values) for name, values in postings(corpus).arrays().items()}
    again = BM25([Part(Postings.from_arrays(arrays))])
    assert again.get_scores(one(query)).tolist() == bm25(corpus).get_scores(one(query)).tolist()


@given(st.lists(st.sampled_from([0.5, 1.0, 2.0]), max_size=12), st.integers(1, 5))
def test_ranks_are_shared_and_ties_at_the_edge_are_broken_as_told(scores: list[float], n: int) -> None:
    def backwards(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.sort(rows)[::-1]

    rows, ranks = best(np.arange(len(scores)), np.array(scores, float), n, backwards)
    expected = sorted(range(len(scores)), key=lambda i: (-scores[i], -i))[:n]
    assert set(rows.tolist()) == set(expected)
    assert ranks.tolist() == [1 + sum(s > scores[row] for s in scores) for row in rows]
    assert [scores[row] for row in rows] == sorted((scores[row] for row in rows), reverse=True)


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=12), st.integers(1, 5))
def test_top_is_a_total_order(scores: list[float], n: int) -> None:
    expected = sorted((i for i, s in enumerate(scores) if s > 0), key=lambda i: (-scores[i], i))[:n]
    assert top(np.array(scores, float), n).tolist() == expected


@given(st.lists(st.booleans(), max_size=20))
def test_spans_are_the_stretches_of_a_mask(mask: list[bool]) -> None:
    spans, rows = RowRanges.of(np.array(mask, bool)), np.arange(len(mask))
    assert spans.rows().tolist() == np.flatnonzero(mask).tolist()
    assert spans.has(rows).tolist() == mask
    assert (spans.size, spans.count(rows)) == (sum(mask), sum(mask))
    assert (spans.begins < spans.ends).all()
    assert (spans.ends[:-1] < spans.begins[1:]).all()


@given(st.sets(st.text(max_size=5), max_size=20), st.text(max_size=5))
def test_strings_are_found_by_halving(strings: set[str], other: str) -> None:
    found = StringTable.of(strings)
    assert [found[i] for i in range(len(found))] == sorted(strings)
    assert all(found[found.find(s)] == s for s in strings)
    assert (found.find(other) >= 0) == (other in strings)
