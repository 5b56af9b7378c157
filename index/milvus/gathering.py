"""What may answer a question, out of the engine: its candidates as a snapshot, which is then ranked as any other.

The engine finds the articles, passages and sentences whose stored weights come nearest, and the sentences whose vectors do, of each
some more than the ranking takes. Their terms, lengths and vectors are fetched, and every score is counted from them, with what is
counted over all articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..arrays.string_table import StringTable
from ..arrays.tensor_file import Array
from ..dense.vectors import SentenceVectors
from ..lexical.bm25 import BM25, K1, LEVELS, Part, Term, idf
from ..lexical.postings import Postings
from ..search.ranking import ARTICLES, PASSAGES, SENTENCES, Query
from ..segments.reader import SegmentReader
from ..segments.snapshot import Snapshot
from ..types import Ints, Level, Mask
from .connection import Connection, Row
from .layout import ARTICLE, PASSAGE, SENTENCE
from .rows import dimension, hashed, is_first, unpacked
from .state import State

_MORE = 1.5  # times as many as the ranking takes: where the mean lengths have changed, stored weights put some in another order
_SPARE = 32  # sentences by their vectors: in single precision the last few may be others
_COLLECTIONS: dict[Level, tuple[str, int]] = {
    "article": (ARTICLE, ARTICLES),
    "passage": (PASSAGE, PASSAGES),
    "sentence": (SENTENCE, SENTENCES),
}


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is counted over all articles: N, the mean length and n(t), by level."""

    sizes: dict[Level, int]
    means: dict[Level, float]
    held: dict[str, list[int]]  # by term: in how many articles, passages and sentences

    @classmethod
    def of(cls, state: State, held: dict[str, list[int]]) -> Statistics:
        """Of a commit."""
        counts = state.counts
        sizes: dict[Level, int] = {"article": counts.articles, "passage": counts.passages, "sentence": counts.sentences}
        return cls(sizes, {level: state.lengths[level] / sizes[level] if sizes[level] else 0.0 for level in sizes}, held)


class Gathered(Snapshot):
    """The candidates of one question. `searched`: how many documents of a level could have been found."""

    def __init__(
        self,
        segment: SegmentReader,
        statistics: Statistics,
        terms: Sequence[str],
        before: list[tuple[int, int] | None],
        newest: int,
        searched: Callable[[Level], int],
    ) -> None:
        super().__init__([segment], segment.dense.vectors.shape[1])
        self.levels = {
            name: _Given([Part(segment.levels[name])], b, statistics, name, [statistics.held.get(term) for term in terms])
            for name, b in LEVELS.items()
        }
        self._before, self._newest, self._searched = before, newest, searched

    def before(self, sentences: Ints) -> list[tuple[int, int] | None]:
        """See `Snapshot.before`; the sentence before need not be among the candidates."""
        return [self._before[row] for row in sentences.tolist()]

    def count(self, level: Level, allowed: Mask | None) -> int:
        """See `Snapshot.count`."""
        return self._searched(level)


class _Given(BM25):
    """BM25 of some documents, with what was counted over all. `held`: of each term of the vocabulary."""

    def __init__(self, parts: Sequence[Part], b: float, statistics: Statistics, level: Level, held: list[list[int] | None]) -> None:
        super().__init__(parts, K1, b)
        self.corpus_size, self.avgdl = statistics.sizes[level], statistics.means[level]
        place = list(LEVELS).index(level)
        self._held = [0 if counts is None else counts[place] for counts in held]

    def frequency(self, term: Term, found: int) -> int:
        """See `BM25.frequency`."""
        return self._held[term[0]]


class Gatherer:
    """Gathers the candidates of questions from one commit. `seen`: the expression that admits its rows."""

    def __init__(self, connection: Connection, state: State, seen: str) -> None:
        self._connection, self._state, self._seen = connection, state, seen

    def gathered(self, query: Query, held: dict[str, list[int]], where: str, searched: Callable[[Level], int]) -> Gathered:
        """`held`: see `Statistics.held`; `where`: an expression that admits rows, "" for all."""
        statistics = Statistics.of(self._state, held)
        articles, passages = self._found(query, statistics, f"{self._seen} and {where}" if where else self._seen)
        by_article = self._connection.with_any(PASSAGE, "article", articles, ("number", "article", "begin", "finish"), self._seen)
        missing = passages - {row["number"] for row in by_article}
        rows = by_article + self._connection.with_any(PASSAGE, "number", missing, ("number", "article", "begin", "finish"))
        fields = ("number", "passage", "begin", "finish", "words", "vector")
        sentences = self._connection.with_any(SENTENCE, "passage", [row["number"] for row in rows], fields)
        numbers = {row["article"] for row in rows}
        about = ("number", "id", "outlet", "first_day", "last_day", "length", "title", "counts")
        known = self._connection.with_any(ARTICLE, "number", numbers, about)
        terms = sorted(set(query.terms))
        segment, firsts = _segment(known, rows, sentences, terms, self._state.encoder.dimension, self._long)
        return Gathered(segment, statistics, terms, self._before(firsts), self._state.newest, searched)

    def _found(self, query: Query, statistics: Statistics, where: str) -> tuple[set[int], set[int]]:
        """The articles whose passages are all candidates, and the passages that are beside them, by their numbers."""
        searches: list[tuple[str, str, Any, int, str]] = []
        for place, (level, (collection, most)) in enumerate(_COLLECTIONS.items()):
            if weights := _weights(query.terms, statistics, level, place):
                field = "passage" if level == "sentence" else "number"
                searches.append((collection, "terms", weights, int(_MORE * most), field))
        if query.vector is not None:
            searches.append((SENTENCE, "vector", query.vector, SENTENCES + _SPARE, "passage"))
        if not searches:
            return set(), set()
        with ThreadPoolExecutor(len(searches)) as pool:
            found = list(pool.map(lambda s: self._connection.search(s[0], s[1], s[2], s[3], where, [s[4]]), searches))
        articles: set[int] = set()
        passages: set[int] = set()
        for (collection, *_, field), hits in zip(searches, found, strict=True):
            (articles if collection == ARTICLE else passages).update(hit[field] for hit in hits)
        return articles, passages

    def _long(self, articles: Sequence[int]) -> list[Row]:
        """The sentences of articles whose terms are too many for a field, in order."""
        return self._connection.with_any(SENTENCE, "article", articles, ("number", "article", "words"), each=1)

    def _before(self, firsts: list[tuple[int, list[tuple[int, int]]]]) -> list[tuple[int, int] | None]:
        """Of each sentence the one before it. `firsts`: of each passage the number of its first sentence, and where its sentences
        stand.
        """
        wanted = [number - 1 for number, _ in firsts if not is_first(number)]
        rows = self._connection.with_any(SENTENCE, "number", wanted, ("number", "begin", "finish"))
        known = {row["number"]: (row["begin"], row["finish"]) for row in rows}
        found: list[tuple[int, int] | None] = []
        for number, spans in firsts:
            found += [None if is_first(number) else known.get(number - 1), *spans[:-1]]
        return found


def _weights(terms: Sequence[str], statistics: Statistics, level: Level, place: int) -> dict[int, float]:
    """The question's side of the inner product: qtf * idf of each term that some document holds."""
    size = statistics.sizes[level]
    found: dict[int, float] = {}
    for term, times in Counter(terms).items():
        held = statistics.held.get(term, (0, 0, 0))[place]
        if held:
            at = dimension(hashed(term))
            found[at] = found.get(at, 0.0) + times * idf(size, held)
    return found


def _segment(
    articles: list[Row],
    passages: list[Row],
    sentences: list[Row],
    terms: list[str],
    size: int,
    long: Callable[[list[int]], list[Row]],
) -> tuple[SegmentReader, list[tuple[int, list[tuple[int, int]]]]]:
    """The rows as a segment whose vocabulary is the question's terms; and of each passage the number of its first sentence, and
    where its sentences stand.
    """
    articles = sorted(articles, key=lambda row: row["id"])
    place = {row["number"]: n for n, row in enumerate(articles)}
    passages = sorted((row for row in passages if row["article"] in place), key=lambda row: (place[row["article"]], row["begin"]))
    at = {row["number"]: n for n, row in enumerate(passages)}
    sentences = sorted((row for row in sentences if row["passage"] in at), key=lambda row: (at[row["passage"]], row["number"]))
    owners = np.array([at[row["passage"]] for row in sentences], np.int64)
    edges = np.searchsorted(owners, np.arange(len(passages) + 1))
    of = np.array([place[row["article"]] for row in passages], np.int32)
    table = np.stack(
        [of, *(np.array([row[n] for row in passages], np.int32) for n in ("begin", "finish")), edges[:-1].astype(np.int32)], 1
    )
    begins = np.searchsorted(of, np.arange(len(articles) + 1))
    outlets = sorted({row["outlet"] for row in articles})
    vectors = np.array([row["vector"] for row in sentences], np.float32).reshape(-1, size)
    segment = SegmentReader(
        articles=StringTable.of([row["id"] for row in articles]),
        terms=StringTable.of(terms),
        outlets=StringTable.of(outlets),
        outlet=Array(np.array([outlets.index(row["outlet"]) for row in articles], np.int32)),
        days=Array(np.array([(row["first_day"], row["last_day"]) for row in articles], np.int32).reshape(-1, 2)),
        firsts=Array(np.stack([begins, edges[begins]], 1).astype(np.int32)),
        passages=Array(table.reshape(-1, 4)),
        sentences=Array(
            np.array([(o, r["begin"], r["finish"]) for o, r in zip(owners, sentences, strict=True)], np.int32).reshape(-1, 3)
        ),
        levels=_levels(articles, passages, sentences, of, owners, terms, long),
        dense=_Vectors(vectors),
        alive=None,
        blocks=None,  # type: ignore[arg-type]
    )
    spans = [(row["begin"], row["finish"]) for row in sentences]
    return segment, [(sentences[a]["number"], spans[a:b]) for a, b in pairwise(edges.tolist())]


def _levels(
    articles: list[Row],
    passages: list[Row],
    sentences: list[Row],
    of: Any,
    owners: Ints,
    terms: list[str],
    long: Callable[[list[int]], list[Row]],
) -> dict[Level, Postings]:
    """How often each document holds each term, and how long it is."""
    hashes = np.array([hashed(term) for term in terms], np.int64)
    words, titles = ([np.array(row[name], np.int64) for row in rows] for name, rows in (("words", sentences), ("title", articles)))
    in_sentences, in_titles = (
        np.array([(some[:, None] == hashes).sum(0) for some in lists]).reshape(-1, len(terms)) for lists in (words, titles)
    )
    sizes, title_sizes = (np.array([len(some) for some in lists], np.int64) for lists in (words, titles))
    in_passages, lengths = in_titles[of], title_sizes[of]
    np.add.at(in_passages, owners, in_sentences)
    np.add.at(lengths, owners, sizes)
    uncounted = [row["number"] for row in articles if not row["counts"] and row["length"]]
    spelled: dict[int, list[Any]] = {}
    for row in long(uncounted) if uncounted else ():
        spelled.setdefault(row["article"], []).extend(row["words"])
    in_articles = np.zeros((len(articles), len(terms)), np.int64)
    for n, row in enumerate(articles):
        if row["number"] in spelled:
            counts = Counter([*spelled[row["number"]], *row["title"]])
            in_articles[n] = [counts[value] for value in hashes.tolist()]
        elif row["counts"]:
            keys, counted = unpacked(row["counts"])
            where = np.minimum(keys.searchsorted(hashes), len(keys) - 1)
            in_articles[n] = counted[where] * (keys[where] == hashes)
    whole = np.array([row["length"] for row in articles], np.int64)
    return {
        "article": _postings(in_articles, whole),
        "passage": _postings(in_passages, lengths),
        "sentence": _postings(in_sentences, sizes),
    }


def _postings(counts: Ints, lengths: Ints) -> Postings:
    """From (documents, terms) counts."""
    terms, rows = np.nonzero(counts.T)
    start = np.concatenate(([0], np.cumsum(np.bincount(terms, minlength=counts.shape[1]))))
    bounds = np.zeros((counts.shape[1], 2), np.int32)  # nothing is bounded where every document is scored
    values = (
        start.astype(np.int64),
        rows.astype(np.int32),
        counts.T[terms, rows].astype(np.int32),
        lengths.astype(np.int32),
        bounds,
    )
    arrays = [Array(value) for value in (*values, np.array([int(lengths.sum())]))]
    return Postings(*arrays)


class _Vectors(SentenceVectors):
    """The vectors of the candidates."""

    def __init__(self, vectors: Any) -> None:
        self._vectors, self._codes, self.count = Array(vectors), None, len(vectors)
