"""Search: candidates from every leg, then every candidate scored exactly on all four terms of the formula."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ...corpus.decode import tidy
from ...errors import QuestionError
from ..arrays.row_ranges import distinct
from ..lexical.maxscore import LevelScorer
from ..segments.snapshot import Snapshot
from ..types import Floats, Ints, LegName, Level, Mask, Vectors
from . import formula
from .formula import Weights

# Of each leg the rows of what it puts forward (articles, passages, sentences, sentences), best first, and their ranks.
Legs = dict[LegName, tuple[Ints, Ints]]

LONGEST_QUESTION = 10_000  # characters

# How many the legs put forward. Every passage of the best articles, and the passages of the best of the other legs.
ARTICLES, PASSAGES, SENTENCES = 30, 200, 300
_FORWARD: dict[Level, int] = {"article": ARTICLES, "passage": PASSAGES, "sentence": SENTENCES}


@dataclass(frozen=True, slots=True)
class Query:
    """A question, analyzed and encoded; without a vector it is searched by its words alone."""

    text: str
    terms: tuple[str, ...]
    vector: Vectors | None


def checked(text: str) -> str:
    """A question that can be asked. Raises QuestionError where it is empty, endless or without a word."""
    if not text.strip():
        raise QuestionError('an empty question: ask something, such as "Who signed the declaration?"')
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(f"a question of {len(text):,} characters: at most {LONGEST_QUESTION:,} are read")
    if not any(c.isalnum() for c in text):
        raise QuestionError("a question without a word or number in it")
    return tidy(text)


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates, best first. Passages and sentences are rows of the snapshot `of`.

    `values` and `shares` hold one array per leg, (passages,): what the leg found and what it adds to the score. The sentences
    of all candidates, passage by passage, are in `sentences`, with `begins[i]` the place of the first of passage i, and
    `lexical` and `cosines` their own BM25 share and cosine; `order` is their place in the order of (article id, start).
    """

    of: Any  # the Snapshot
    passages: Ints
    scores: Floats
    values: dict[LegName, Floats]
    shares: dict[LegName, Floats]
    sentences: Ints
    begins: Ints
    lexical: Floats
    cosines: Floats
    order: Ints
    levels: dict[LegName, LevelScorer]
    searched: int  # how many sentences could have been found
    legs: dict[
        LegName, tuple[Ints, Ints]
    ]  # the rows that each leg put forward (articles, passages, sentences, sentences), their ranks

    def is_far(self, least: float) -> bool:
        """Whether no word of the question is in any candidate, and no sentence has such a cosine with it."""
        worded = any(self.values[leg].any() for leg in ("article", "passage", "sentence"))
        return not worded and not (self.cosines >= least).any()

    def sentence_places(self, place: int) -> slice:
        """Where the sentences of the passage at `place` stand in `sentences`, `lexical` and `cosines`."""
        last = self.begins[place + 1] if place + 1 < len(self.begins) else len(self.sentences)
        return slice(int(self.begins[place]), int(last))


def rank(snapshot: Snapshot, query: Query, weights: Weights, allowed: Mask | None = None) -> Ranking:
    """Rank the passages for a query. `allowed`: (articles,) bool, the only articles that may appear; None for all."""
    question = [(term, snapshot.term(term)) for term in query.terms]
    levels: dict[LegName, LevelScorer] = {name: LevelScorer(level, question) for name, level in snapshot.levels.items()}
    legs = _legs(snapshot, query, levels, allowed)
    passages = snapshot.in_order("passage")(_candidates(snapshot, legs))
    sentences, begins = snapshot.sentences_of(passages)
    cosines = np.zeros(len(sentences)) if query.vector is None else snapshot.cosines(query.vector, sentences)
    lexical = levels["sentence"].at(sentences)
    articles = snapshot.passage(passages)[:, 0]
    values: dict[LegName, Floats] = {
        "article": levels["article"].at(articles),
        "passage": levels["passage"].at(passages),
        "sentence": _largest(lexical, begins),
        "dense": _largest(cosines, begins),
        "newest": snapshot.recency(articles) if weights.newest else np.zeros(len(articles)),
    }
    parts = formula.shares(weights, values)
    score = formula.scores(parts)
    best_first = formula.order(score)
    sizes = np.diff(np.append(begins, len(sentences)))[best_first]
    moved = np.concatenate(([0], np.cumsum(sizes)[:-1])) if len(best_first) else begins
    places = np.repeat(begins[best_first] - moved, sizes) + np.arange(int(sizes.sum()))
    return Ranking(
        of=snapshot,
        passages=passages[best_first],
        scores=score[best_first],
        values={leg: found[best_first] for leg, found in values.items()},
        shares={leg: found[best_first] for leg, found in parts.items()},
        sentences=sentences[places],
        begins=moved,
        lexical=lexical[places],
        cosines=cosines[places],
        order=places,
        levels=levels,
        searched=snapshot.count("sentence", allowed),
        legs=legs,
    )


def _legs(snapshot: Snapshot, query: Query, levels: dict[LegName, LevelScorer], allowed: Mask | None) -> Legs:
    """The rows that each leg puts forward, best first, and their ranks; a lexical score of 0 is no hit."""

    def lexical() -> Legs:
        return {
            name: levels[name].best(most, snapshot.keep(name, allowed), snapshot.in_order(name)) for name, most in _FORWARD.items()
        }

    if query.vector is None:
        none = np.zeros(0, np.int64)
        return {**lexical(), "dense": (none, none)}
    nearest = partial(snapshot.nearest, query.vector, SENTENCES, allowed)
    if not snapshot.coded:
        return {**lexical(), "dense": nearest()}
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as beside:  # FAISS scans the codes without Python's lock
        found = beside.submit(nearest)
        return {**lexical(), "dense": found.result()}


def _candidates(snapshot: Snapshot, legs: Legs) -> Ints:
    """The passages that any leg puts forward."""
    of_articles = snapshot.passages_of(legs["article"][0])
    of_sentences = [snapshot.sentence(legs[leg][0])[:, 0] for leg in ("sentence", "dense")]
    return distinct(np.concatenate([of_articles, legs["passage"][0], *of_sentences]))


def _largest(values: Floats, begins: Ints) -> Floats:
    """The largest value of each passage's sentences (each passage has at least one)."""
    found: Floats = np.maximum.reduceat(values, begins) if len(begins) else np.zeros(0)
    return found
