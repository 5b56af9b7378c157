"""The sentences of a ranking as candidates to quote, each with the evidence for it.

The ranking puts forward the sentences (see PRESELECTION); the first few are weighed anew by a conditional logistic model (McFadden
1974: the odds that a sentence is the one that answers, among those of its question), whose coefficients stand in selection.json.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from functools import cache, cached_property
from importlib.resources import files

import numpy as np

from ...corpus.article import Article
from ...index.index import Index
from ...index.search.located import Located
from ...index.search.ranking import Query, Ranking
from ..question.measures import is_measured
from ..question.wording import Wording
from .candidate import Candidate
from .corrections import is_overtaken, righted
from .features import WORDING, wording
from .reader import Pointed, Reader

# Before they are weighed, sentences count by their cosine, BM25 share and the score of the passage they stand in.
PRESELECTION = {"cosine": 1.0, "sentence": 1.3, "score": 0.6}
POOL = 20  # distinct sentences are weighed
CONSIDERED = 400  # the best sentences, among which the quotes are chosen
NEWEST = 1.0  # what the newest article's sentences gain in score where newer ones are preferred; one a year older, half of it
_AHEAD = 24  # looked up at once


# What the ranking says of a sentence: its cosine and BM25 share; the BM25 shares of its passage and article, and the passage's
# score; whether it is the best of its passage; half of what its neighbours there have; whether nothing stands before it; and the
# share of the question's information, and of its names and figures alone, that its article holds anywhere.
RETRIEVAL = ("cosine", "sentence", "passage", "article", "score", "best", "before", "after", "lead", "told", "named")
FEATURES = (*RETRIEVAL, *WORDING)


# What the reader says of a sentence: the evidence for an answer in it over that for none in its passage (see `reader.Pointed`),
# between DOUBT and SURE; the logarithm of its share among all that was read, "nowhere" included, each softened, FAINT at least; and
# whether its passage was not read. A sentence that only asks does not answer; one left open is a headline, a caption or the head
# of a list; one that is unmeasured states nothing of what the question measures (see `measures`);
# one that is overtaken tells what was said wrongly before.
READING = ("mass", "points", "unread", "asks", "open", "unmeasured", "overtaken")
READ = 4  # passages, of the best of the pool
DOUBT, SURE, FAINT = -8.0, 15.0, -6.0
SOFTENED = 3.0  # the reader is surer than it is right
ASKS = re.compile(r"[?？][\"'”’»)\]*_]*$")
_ENDS = re.compile(r"(?:[.!?…;。！？][\"'”’»)\]*_]*|\|)$")
MOST = ("cosine", "covered", "told", "joined")


@cache
def coefficients(*, reading: bool = False) -> dict[str, float]:
    """The coefficients of the model that ships, by the name of the evidence: without the reader's evidence, or with it."""
    found = json.loads(files("pullquote.qa.selection").joinpath("selection.json").read_text("utf-8"))
    of: dict[str, float] = found["reading" if reading else "coefficients"]
    return of


class Candidates:
    """The sentences of a ranking, as candidates to quote for its question."""

    def __init__(self, index: Index, query: Query, ranking: Ranking, *, newest: bool = False, reader: Reader | None = None) -> None:
        """`newest`: newer articles are preferred, see NEWEST. `reader`: reads the passages of the first sentences, see READ."""
        self.index, self.ranking, self._newest, self._reader = index, ranking, newest, reader
        self._question = query.text
        sizes = np.diff(np.append(ranking.begins, len(ranking.sentences)))
        self._places = np.repeat(np.arange(len(sizes)), sizes)
        by = {"cosine": ranking.cosines, "sentence": ranking.lexical, "score": ranking.scores[self._places]}
        total = sum((weight * by[name] for name, weight in PRESELECTION.items()), np.zeros(len(self._places)))
        self._order = np.lexsort((ranking.order, -total))[:CONSIDERED].tolist()
        self._size = math.log10(max(1, ranking.searched))
        self.wording = Wording.of(query.text, index.analyzer, ranking.levels["sentence"].weights)
        self._known: dict[int, Candidate] = {}
        self._places_of: dict[int, int] = {}  # in the ranking, by the sentence's row
        self._located: dict[int, Located] = {}
        self._waiting, self._seen = iter(self._order), set[tuple[str, ...]]()  # see `_distinct`
        self._firsts: list[int] = []

    def _distinct(self, first: int, last: int | None) -> Iterator[int]:
        """The sentences put forward, best first, from the `first` to before the `last`: those left out that say the same as one
        before. Each is looked at once.
        """
        for place in range(first, len(self._order) if last is None else last):
            while len(self._firsts) <= place:
                if (i := next(self._waiting, None)) is None:
                    return
                if (key := self._said(i)) not in self._seen:
                    self._seen.add(key)
                    self._firsts.append(i)
            yield self._firsts[place]

    @cached_property
    def pool(self) -> list[Candidate]:
        """The distinct sentences put forward first, best first by the model."""
        first = list(self._distinct(0, POOL))
        righted = [i + 1 for i in first if is_overtaken(self.at(i).text) and self._follows(i + 1)]
        found = sorted((self.at(i) for i in dict.fromkeys((*first, *righted))), key=lambda c: -c.score)
        if self._reader is None:
            return found
        return sorted(self.read(self._reader, found, READ), key=lambda c: -c.score)  # stable: ties stay in the order of the ranking

    def _follows(self, i: int) -> bool:
        """Whether the i-th sentence of the ranking follows the one before it in one passage."""
        return i < len(self._places) and bool(self._places[i] == self._places[i - 1])

    def following(self, candidate: Candidate, count: int) -> list[Candidate]:
        """The sentences, at most so many, that follow a candidate in its passage."""
        i = self._places_of[candidate.sentence]
        return [self.at(j) for j in range(i + 1, i + 1 + count) if all(self._follows(k) for k in range(i + 1, j + 1))]

    @cached_property
    def _of_answers(self) -> dict[tuple[object, ...], float]:
        """The share of each answer that is pointed at: sentences that answer alike have theirs together."""
        shares: dict[tuple[object, ...], float] = {}
        for candidate in self.pool:
            if said := candidate.said:
                shares[said] = shares.get(said, 0.0) + self._share(candidate)
        return shares

    def _share(self, candidate: Candidate) -> float:
        return math.exp(min(0.0, candidate.score - self._total))

    @cached_property
    def weighed(self) -> list[Candidate]:
        """The pool, each sentence with its odds; what is corrected after what corrects it."""
        return righted(self, self.alone)

    @cached_property
    def alone(self) -> list[Candidate]:
        """The pool, each sentence with its odds, whatever corrects it."""
        return [self._weighed(candidate) for candidate in self.pool]

    def others(self, *, repeated: bool = False) -> Iterator[Candidate]:
        """The sentences after the pool, best first as they were put forward, each with the odds it would have in the pool.

        `repeated`: with the sentences that say the same as one before, in another article.
        """
        taken = {candidate.sentence for candidate in self.pool}
        for i in self._order if repeated else self._distinct(POOL, None):
            if (candidate := self.at(i)).sentence not in taken:
                yield self._weighed(candidate if self._reader is None else self._as_read(candidate, None))

    def read(self, reader: Reader, candidates: Sequence[Candidate], most: int | None = None) -> Iterator[Candidate]:
        """The candidates, with what the reader says of those in the passages of the first ones: in at most so many."""
        found = self._pointed(reader, candidates, most)
        total = np.logaddexp.reduce([0.0, *(pointed.mass / SOFTENED for pointed in found.values())])
        for candidate in candidates:
            yield self._as_read(candidate, found.get(candidate.sentence), float(total))

    def pointed_at(self, candidates: Sequence[Candidate], most: int) -> dict[int, Pointed]:
        """What the reader says of candidates in passages that were not read, at most so many of them, by the sentence."""
        if self._reader is None:
            return {}
        return self._pointed(self._reader, [candidate for candidate in candidates if candidate.pointed is None], most)

    def _pointed(self, reader: Reader, candidates: Sequence[Candidate], most: int | None) -> dict[int, Pointed]:
        """What the reader says of candidates, in at most so many passages, by the sentence."""
        texts = {(c.article.id, c.passage): c.article.text[slice(*c.passage)] for c in candidates}
        places = list(texts)[:most]
        readings = dict(zip(places, reader.read_all(self._question, [texts[place] for place in places]), strict=True))
        return {
            c.sentence: readings[place].pointed(c.start - c.passage[0], c.end - c.passage[0])
            for c in candidates
            if (place := (c.article.id, c.passage)) in readings
        }

    def _as_read(self, candidate: Candidate, pointed: Pointed | None, total: float = 0.0) -> Candidate:
        """A candidate weighed anew with what the reader says of it; None where its passage was not read."""
        evidence = {**candidate.evidence, "mass": DOUBT, "points": FAINT, "unread": 1.0}
        if pointed is not None:
            mass = max(DOUBT, min(pointed.mass, SURE))
            evidence |= {"mass": mass, "points": max(FAINT, pointed.mass / SOFTENED - total), "unread": 0.0}
        text = candidate.text
        evidence |= {
            "asks": float(ASKS.search(text) is not None),
            "open": float(_ENDS.search(text) is None),
            "overtaken": float(is_overtaken(text)),
            "unmeasured": float(not is_measured(self._question, text)),
        }
        score = sum(coefficient * evidence[name] for name, coefficient in coefficients(reading=True).items())
        return replace(candidate, evidence=evidence, score=score + candidate.newness, pointed=pointed)

    @cached_property
    def _total(self) -> float:
        """The logarithm of the sum of exp(score) over the pool."""
        best = self.pool[0].score
        return best + math.log(sum(math.exp(candidate.score - best) for candidate in self.pool))

    @cached_property
    def _of_question(self) -> dict[str, float]:
        names = MOST if self._reader is None else (*MOST, "mass")
        return {f"most_{name}": max(candidate.evidence[name] for candidate in self.pool) for name in names}

    def _weighed(self, candidate: Candidate) -> Candidate:
        share = min(self._of_answers.get(candidate.said) or self._share(candidate), 1 - 1e-9)
        odds = math.log(max(share, 1e-12) / (1 - share))
        return replace(candidate, odds=odds, evidence={**candidate.evidence, **self._of_question})

    def first(self, most: int) -> Iterator[tuple[int, Article, str]]:
        """The first sentences of the ranking, as they were put forward, at most so many: the place, article and text of each."""
        for i in self._order[:most]:
            found = self._where(i)
            article = self.index.article(found.article_id)
            yield i, article, article.text[found.start : found.end]

    def alike(self, i: int) -> Candidate:
        """The i-th sentence of the ranking, with the odds it would have in the pool."""
        candidate = self.at(i)
        return self._weighed(candidate if self._reader is None else self._as_read(candidate, None))

    def of_article(self, article: Article) -> Iterator[Candidate]:
        """The candidates that stand in one article, best first as they were put forward."""
        places = set(self.index.places_in(self.ranking, article.id))
        for i in self._order:
            if int(self._places[i]) in places:
                yield self.at(i)

    def at(self, i: int) -> Candidate:
        """The i-th sentence of the ranking."""
        if i not in self._known:
            made = self._known[i] = self._candidate(i, self._where(i))
            self._places_of[made.sentence] = i
        return self._known[i]

    def _said(self, i: int) -> tuple[str, ...]:
        """The words of the i-th sentence of the ranking."""
        found = self._where(i)
        return self.index.said(found.article_id, found.start, found.end)

    def _where(self, i: int) -> Located:
        """Where the i-th sentence of the ranking stands; looked up with those that follow it."""
        if i not in self._located:
            first = self._order.index(i) if i in self._order else None
            ahead = max(_AHEAD, len(self._located))  # where there are many copies, ever more at once
            wanted = [i] if first is None else self._order[first : first + ahead]
            self._located.update(zip(wanted, self.index.located(self.ranking, wanted), strict=True))
        return self._located[i]

    def _candidate(self, i: int, found: Located) -> Candidate:
        article, terms = self.index.article(found.article_id), self.index.terms
        led = article.text[slice(*found.before)] if found.before else ""
        around = (terms(led), terms(article.title))
        evidence = self._evidence(i, article.text[found.start : found.end], led, around, found.held.keys())
        score = sum(coefficient * evidence[name] for name, coefficient in coefficients().items())
        newness = NEWEST * found.recency if self._newest else 0.0
        where = (found.row, found.passage, self.wording, article, found.start, found.end)
        return Candidate(*where, evidence, score + newness, self._size, newness=newness)

    def _evidence(self, i: int, text: str, led: str, around: Sequence[Sequence[str]], of_article: Set[str]) -> dict[str, float]:
        ranking, place = self.ranking, int(self._places[i])
        of_passage = ranking.sentence_places(place)
        near = (ranking.cosines[of_passage] + ranking.lexical[of_passage]).tolist()
        at = i - of_passage.start
        terms, of_sentence = self.index.terms(text), [i]
        if at and is_overtaken(led) and not is_overtaken(text):  # what is right, of what the sentence before tells
            terms, of_sentence = [*around[0], *terms], [i - 1, i]
        found = (
            float(ranking.cosines[of_sentence].max()),
            float(ranking.lexical[of_sentence].max()),
            float(ranking.values["passage"][place]),
            float(ranking.values["article"][place]),
            float(ranking.scores[place]),
            float(near[at] >= max(near)),
            near[at - 1] / 2 if at else 0.0,
            near[at + 1] / 2 if at + 1 < len(near) else 0.0,
            float(not led),
            self.wording.share(of_article),
            self.wording.named(of_article),
            *wording(self.wording, text, terms, around),
        )
        return dict(zip(FEATURES, found, strict=True))
