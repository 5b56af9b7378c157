"""Run a question set: every question asked, every measure with its count, nothing dropped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ..corpus.errors import InputError
from ..index.index import Index
from ..qa.answer import Answer, Quote
from ..qa.ask import ask
from .measures import hit_at, ndcg_at, recall_at, reciprocal_rank
from .questions import Gold, Question

DEPTH = 10

Spans = dict[Gold, list[tuple[int, int]]]  # everywhere that the gold quote stands in its article


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one question. Ranking measures and `answer` are None for a question without an answer."""

    id: str
    type: str
    question: str
    answered: bool
    hit_1: float | None
    recall_5: float | None
    reciprocal_rank_10: float | None
    ndcg_10: float | None
    answer_1: float | None
    answer_3: float | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean, and over how many questions."""

    name: str
    value: float
    count: int


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of a run, its measures, and answer@1 per type of question."""

    rows: tuple[Row, ...]
    measures: tuple[Measure, ...]
    by_type: tuple[Measure, ...]

    def record(self) -> dict[str, Any]:
        return {"schema": "pullquote.evaluation/1", **asdict(self)}

    def text(self) -> str:
        lines = [f"{m.name:<28} {m.value:.4f}  ({m.count})" for m in self.measures]
        lines += ["", *(f"  {m.name:<26} {m.value:.4f}  ({m.count})" for m in self.by_type)]
        return "\n".join(lines) + "\n"


def evaluate(index: Index, questions: Iterable[Question]) -> Result:
    """Ask every question of a set. Raises InputError where gold is not in the index: it could only count as a miss."""
    rows: list[Row] = []
    located: list[bool] = []
    questions = list(questions)
    spans = {gold: _spans(index, question, gold) for question in questions for gold in question.gold}
    for question in questions:
        answer = ask(index, question.text, n=3)
        located.extend(_is_located(index, quote) for quote in answer.quotes)
        rows.append(_row(index, question, answer, spans))
    return Result(tuple(rows), tuple(_measures(rows, located)), tuple(_by_type(rows)))


def ranked_articles(index: Index, question: str, depth: int = DEPTH) -> list[str]:
    """The first articles of the ranking, each once, at the place of its best passage."""
    found: dict[str, None] = {}
    for passage in index.rank(index.query(question)).passages:
        found[index.article_id(int(passage))] = None
        if len(found) == depth:
            break
    return list(found)


def _row(index: Index, question: Question, answer: Answer, spans: Spans) -> Row:
    about = (question.id, question.type, question.text, bool(answer.quotes))
    if not question.gold:
        return Row(*about, None, None, None, None, None, None)
    ranking, relevant = ranked_articles(index, question.text), question.relevant
    right = [any(_holds(quote, gold, spans[gold]) for gold in question.gold) for quote in answer.quotes]
    return Row(
        *about,
        hit_1=hit_at(ranking, relevant, 1),
        recall_5=recall_at(ranking, relevant, 5),
        reciprocal_rank_10=reciprocal_rank(ranking, relevant, 10),
        ndcg_10=ndcg_at(ranking, relevant, 10),
        answer_1=float(any(right[:1])),
        answer_3=float(any(right[:3])),
    )


def _measures(rows: list[Row], located: list[bool]) -> Iterator[Measure]:
    yield _mean("hit@1", (r.hit_1 for r in rows))
    yield _mean("R@5", (r.recall_5 for r in rows))
    yield _mean("RR@10", (r.reciprocal_rank_10 for r in rows))
    yield _mean("nDCG@10", (r.ndcg_10 for r in rows))
    yield _mean("answer@1", (r.answer_1 for r in rows))
    yield _mean("answer@3", (r.answer_3 for r in rows))
    yield _mean("answered, with an answer", (float(r.answered) for r in rows if r.hit_1 is not None))
    yield _mean("refused, without an answer", (float(not r.answered) for r in rows if r.hit_1 is None))
    yield _mean("quotes located", (float(found) for found in located))


def _by_type(rows: list[Row]) -> Iterator[Measure]:
    types: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        types[row.type or "untyped"].append(row)
    score: Callable[[Row], float] = lambda r: float(not r.answered) if r.answer_1 is None else r.answer_1  # noqa: E731
    for name, some in types.items():
        what = "refused" if all(r.answer_1 is None for r in some) else "answer@1"
        yield _mean(f"{name}, {what}", map(score, some))


def _mean(name: str, values: Iterable[float | None]) -> Measure:
    found = [value for value in values if value is not None]
    return Measure(name, sum(found) / len(found) if found else 0.0, len(found))


def _spans(index: Index, question: Question, gold: Gold) -> list[tuple[int, int]]:
    try:
        text = index.article(gold.article_id).text
    except KeyError:
        raise InputError(f"question {question.id}: gold article {gold.article_id!r} is not in the index") from None
    found = [m.span() for m in re.finditer(re.escape(gold.quote), text)]
    if not found:
        raise InputError(f"question {question.id}: the gold quote is not in article {gold.article_id!r}: {gold.quote[:60]!r}")
    return found


def _holds(quote: Quote, gold: Gold, spans: list[tuple[int, int]]) -> bool:
    return quote.article_id == gold.article_id and any(quote.start <= start and end <= quote.end for start, end in spans)


def _is_located(index: Index, quote: Quote) -> bool:
    return index.article(quote.article_id).text[quote.start : quote.end] == quote.text
