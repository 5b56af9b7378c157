"""Run a question set: every question asked, every measure over all the questions that it is about, nothing dropped."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..corpus.article import passage_id
from ..errors import InputError, PullquoteError
from ..index.filters import Filter
from ..index.index import Index
from ..index.types import Floats, Mask
from ..qa.answer import Quote
from ..qa.ask import Answerer
from .judging import Place, is_right, is_unjudged, value_of
from .measures.confidence import of_all, percentile
from .measures.measure import DEFAULT, OF_ALL, RETRIEVAL, Measure
from .measures.ranking import by_rank, retrieval
from .questions import Gold, Question, clusters
from .row import Row

DEPTH = 100  # articles and passages of a ranking that are kept
QUOTES = 3
_TOGETHER = 500  # questions whose rankings are measured in one go: their scores are not kept

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Mean:
    """The value of a measure over some questions; None where it is about none of them."""

    measure: str
    value: float | None
    count: int


def evaluate(
    index: Index,
    questions: Sequence[Question],
    wanted: Sequence[Measure] = DEFAULT,
    progress: Progress | None = None,
    *,
    reader: bool = True,
    lexical: bool = False,
    known: Mapping[str, Row] | None = None,
    keep: Callable[[Row], None] | None = None,
) -> list[Row]:
    """Ask every question of a set, with the reader or without, see `ask`; `lexical`: by words alone. Raises InputError where gold
    is not in the index: it could only count as a miss.

    A question that cannot be asked counts as nothing found, and says why. `known`: what became of questions that were asked before,
    which are not asked again; `keep` is called with each other one, before its measures.
    """
    places = {gold: _places(index, question, gold) for question in questions for gold in question.gold or ()}
    rows: list[Row] = []
    judged = _Judged(index, questions, places)
    asking = Answerer(index, QUOTES, reader=reader)
    for number, question in enumerate(questions, start=1):
        row = None if known is None else known.get(question.id)
        if row is None:
            row = _row(index, asking, question, places, lexical=lexical)
            if keep is not None and not row.error:
                keep(row)
        rows.append(row)
        if progress is not None:
            progress(number, len(questions))
    found = judged.values(rows, wanted)
    of = clusters(questions)
    return [
        replace(row, cluster=of[row.id], values=_values(row, question, found.get(row.id, {}), wanted))
        for row, question in zip(rows, questions, strict=True)
    ]


def means(rows: Sequence[Row], wanted: Sequence[Measure] = DEFAULT) -> list[Mean]:
    """The measures over all rows that each is about."""
    return [mean(rows, measure) for measure in wanted]


def mean(rows: Sequence[Row], measure: Measure) -> Mean:
    """A measure over the rows that it is about; an error counts as 0."""
    name = str(measure)
    if measure.name not in OF_ALL:
        values = [row.values[name] for row in rows if name in row.values]
        return Mean(name, sum(values) / len(values) if values else None, len(values))
    if measure.name == "ms":
        return Mean(name, percentile([row.ms for row in rows], measure.cutoff or 50), len(rows))
    if measure.name == "AUROC":
        return Mean(name, of_all(measure, *arrays(rows)), len(rows))
    return Mean(name, of_all(measure, *arrays(rows)), sum(not row.unanswerable for row in rows))


def arrays(rows: Sequence[Row]) -> tuple[Floats, Mask, Floats]:
    """What `of_all` needs of the rows: confidence, whether there is an answer, whether the first quote holds it."""
    return (
        np.array([row.confidence for row in rows]),
        np.array([not row.unanswerable for row in rows], bool),
        np.array([float(row.is_right) for row in rows]),
    )


def _row(index: Index, asking: Answerer, question: Question, places: dict[Gold, list[Place]], *, lexical: bool) -> Row:
    about = (question.id, question.type, question.text, question.unanswerable)
    where = None if question.as_of is None else Filter.of(as_of=question.as_of)
    begun = time.perf_counter()
    try:
        query = index.query(question.text, lexical=lexical)
        found, read_as = asking.found(query, where)
        answer = asking.answer(query, where, (found, read_as))
    except PullquoteError as error:
        return Row(*about, False, 0.0, (), 0, (), (), (), 0.0, error=str(error))
    took = 1000 * (time.perf_counter() - begun)
    shown = answer.quotes or answer.nearest
    return Row(
        *about,
        answered=bool(answer.quotes),
        confidence=shown[0].confidence if shown else 0.0,
        right=tuple(is_right(quote, question, places) for quote in shown),
        unjudged=tuple(is_unjudged(quote.article_id, quote.text, question) for quote in shown),
        sides=tuple(side.value for side in answer.disagreements),
        located=sum(_is_located(index, quote) for quote in shown),
        quotes=tuple(_said(quote) for quote in shown),
        articles=tuple(map(sys.intern, index.ranked_articles(found.ranking, DEPTH))),  # the same in many rows
        passages=tuple(sys.intern(passage_id(*passage)) for passage in index.ranked_passages(found.ranking, DEPTH)),
        ms=round(took, 3),
    )


def _said(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "article_id": quote.article_id,
        "start": quote.start,
        "end": quote.end,
        "confidence": quote.confidence,
        "span": quote.span.text if quote.span else None,
    }


def _values(row: Row, question: Question, found: dict[Measure, float], wanted: Iterable[Measure]) -> dict[str, float]:
    """The measures of a question by name: those of its ranking are given."""
    values: dict[str, float] = {}
    for measure in wanted:
        if measure.name not in OF_ALL:
            value = found.get(measure) if measure.name in RETRIEVAL else value_of(measure, row, question)
            if value is not None:
                values[str(measure)] = value
    return values


class _Judged:
    """The judgements of a set: of articles, and of the passages that hold a gold quote."""

    def __init__(self, index: Index, questions: Sequence[Question], places: dict[Gold, list[Place]]) -> None:
        self.articles = {q.id: q.relevant for q in questions if q.gold}
        self.rejected = {q.id: {**dict.fromkeys(q.rejected, 0), **q.relevant} for q in questions if q.gold and q.rejected}
        self.passages: dict[str, dict[str, float]] = {}
        spans: dict[str, list[Place]] = {}
        for question in questions:
            relevant: dict[str, float] = {}
            for gold in question.gold or ():
                if gold.quote:
                    if gold.article_id not in spans:
                        spans[gold.article_id] = index.passages(gold.article_id)
                    for start, end in spans[gold.article_id]:
                        if any(a < end and start < b for a, b in places[gold]):
                            name = passage_id(gold.article_id, start, end)
                            relevant[name] = max(gold.grade, relevant.get(name, 0))
            if relevant:
                self.passages[question.id] = relevant

    def values(self, rows: Sequence[Row], wanted: Iterable[Measure]) -> dict[str, dict[Measure, float]]:
        wanted = [measure for measure in wanted if measure.name in RETRIEVAL]
        found: dict[str, dict[Measure, float]] = {row.id: {} for row in rows}
        ranked = {row.id: row.articles for row in rows}
        judged = {row.id: [name for name in row.articles if name in self.rejected.get(row.id, ())] for row in rows}
        passages = {row.id: row.passages for row in rows}
        bpref = [measure for measure in wanted if measure.name == "bpref"]
        for some, qrels, run in (
            ([m for m in wanted if m.level == "article" and m not in bpref], self.articles, ranked),
            (bpref, self.rejected, ranked),
            ([m for m in wanted if m.level == "condensed"], self.rejected, judged),
            ([m for m in wanted if m.level == "passage"], self.passages, passages),
        ):
            names = list(qrels) if some else []
            for block in (names[first : first + _TOGETHER] for first in range(0, len(names), _TOGETHER)):
                judged_here = {name: qrels[name] for name in block}
                for question, values in retrieval(some, judged_here, {name: by_rank(run[name]) for name in block}).items():
                    found[question].update(values)
        return found


def _places(index: Index, question: Question, gold: Gold) -> list[Place]:
    """Everywhere that a gold quote stands in its article; nowhere in particular where it has none."""
    try:
        text = index.article(gold.article_id).text
    except KeyError:
        raise InputError(f"question {question.id}: gold article {gold.article_id!r} is not in the index") from None
    if not gold.quote:
        return []
    found = [m.span() for m in re.finditer(re.escape(gold.quote), text)]
    if not found:
        raise InputError(f"question {question.id}: the gold quote is not in article {gold.article_id!r}: {gold.quote[:60]!r}")
    return found


def _is_located(index: Index, quote: Quote) -> bool:
    return index.article(quote.article_id).text[quote.start : quote.end] == quote.text
