"""Search: candidates from every leg, then every candidate scored exactly on all four terms of the formula."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import formula
from .dense import Vectors
from .formula import Floats, Ints, Weights
from .generation import Generation
from .lexical import Share, share, top

LONGEST_QUESTION = 10_000  # characters

# How many the legs put forward. Every passage of the best articles, and the passages of the best of the other legs.
ARTICLES, PASSAGES, SENTENCES = 30, 200, 300


@dataclass(frozen=True, slots=True)
class Query:
    """A question, analyzed and encoded."""

    text: str
    terms: tuple[str, ...]
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates, best first. Passages and sentences are rows of the generation's arrays.

    `values` and `shares` hold one array per leg, (passages,): what the leg found and what it adds to the score. The sentences
    of all candidates, passage by passage, are in `sentences`, with `begins[i]` the place of the first of passage i, and
    `lexical` and `cosines` their own BM25 share and cosine.
    """

    passages: Ints
    scores: Floats
    values: dict[str, Floats]
    shares: dict[str, Floats]
    sentences: Ints
    begins: Ints
    lexical: Floats
    cosines: Floats
    levels: dict[str, Share]
    searched: int  # how many sentences could have been found
    legs: dict[str, Ints]  # the rows that each leg put forward, best first (articles, passages, sentences, sentences)

    def sentence_places(self, place: int) -> slice:
        """Where the sentences of the passage at `place` stand in `sentences`, `lexical` and `cosines`."""
        last = self.begins[place + 1] if place + 1 < len(self.begins) else len(self.sentences)
        return slice(int(self.begins[place]), int(last))


def rank(generation: Generation, query: Query, weights: Weights, allowed: npt.NDArray[np.bool_] | None = None) -> Ranking:
    """Rank the passages for a query. `allowed`: (articles,) bool, the only articles that may appear; None for all."""
    question = [(term, generation.terms.find(term)) for term in query.terms]
    levels = {name: share(level, question) for name, level in generation.levels.items()}
    legs = _legs(generation, query, levels, allowed)
    passages = _candidates(generation, legs)
    sentences, begins = generation.sentences_of(passages)
    cosines = generation.dense.cosines(query.vector, sentences)
    lexical = levels["sentence"].total[sentences]
    values = {
        "article": levels["article"].total[generation.passages[passages, 0]],
        "passage": levels["passage"].total[passages],
        "sentence": _largest(lexical, begins),
        "dense": _largest(cosines, begins),
    }
    parts = formula.shares(weights, values)
    score = formula.scores(parts)
    best = formula.order(score)
    sizes = np.diff(np.append(begins, len(sentences)))[best]
    moved = np.concatenate(([0], np.cumsum(sizes)[:-1])) if len(best) else begins
    places = np.repeat(begins[best] - moved, sizes) + np.arange(int(sizes.sum()))
    return Ranking(
        passages=passages[best],
        scores=score[best],
        values={leg: found[best] for leg, found in values.items()},
        shares={leg: found[best] for leg, found in parts.items()},
        sentences=sentences[places],
        begins=moved,
        lexical=lexical[places],
        cosines=cosines[places],
        levels=levels,
        searched=len(generation.sentences) if allowed is None else int(_allowed_sentences(generation, allowed).sum()),
        legs=legs,
    )


def _allowed_sentences(generation: Generation, allowed: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = allowed[generation.passages[:, 0]][generation.sentences[:, 0]]
    return found


def _legs(generation: Generation, query: Query, levels: dict[str, Share], allowed: npt.NDArray[np.bool_] | None) -> dict[str, Ints]:
    """The rows that each leg puts forward, best first; a lexical score of 0 is no hit."""
    totals = {name: found.total for name, found in levels.items()}
    sentences: npt.NDArray[np.bool_] | None = None
    if allowed is not None:
        sentences = _allowed_sentences(generation, allowed)
        masks = {"article": allowed, "passage": allowed[generation.passages[:, 0]], "sentence": sentences}
        totals = {name: np.where(masks[name], total, 0.0) for name, total in totals.items()}
    return {
        "article": top(totals["article"], ARTICLES),
        "passage": top(totals["passage"], PASSAGES),
        "sentence": top(totals["sentence"], SENTENCES),
        "dense": generation.dense.nearest(query.vector, SENTENCES, sentences),
    }


def _candidates(generation: Generation, legs: dict[str, Ints]) -> Ints:
    """The passages that any leg puts forward, in the order of their rows."""
    of_articles = [np.arange(r.start, r.stop) for r in map(generation.passages_of, legs["article"].tolist())]
    of_sentences = [generation.sentences[legs[leg], 0].astype(np.int64) for leg in ("sentence", "dense")]
    return np.unique(np.concatenate([*of_articles, legs["passage"], *of_sentences]).astype(np.int64))


def _largest(values: Floats, begins: Ints) -> Floats:
    """The largest value of each passage's sentences (each passage has at least one)."""
    found: Floats = np.maximum.reduceat(values, begins) if len(begins) else np.zeros(0)
    return found
