"""Whether quotes are right by what a set expects, and the measures of single questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from ..qa.answer import Quote
from .measures.answers import exact_match, f1
from .measures.measure import Measure
from .questions import Gold, Question
from .row import Row

Place = tuple[int, int]
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_unjudged(article: str, text: str, question: Question) -> bool:
    """Whether words of an article hold an accepted answer of a question, of which nobody has judged the article."""
    if not question.gold or article in question.relevant or article in question.rejected:
        return False
    return any(re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE) for answer in question.answers)


def is_right(quote: Quote, question: Question, places: Mapping[Gold, Sequence[Place]]) -> bool:
    """Whether a quote is of a relevant article and holds an accepted answer or a gold quote, or is a part of one that is longer."""
    for gold in question.gold or ():
        if gold.article_id == quote.article_id and (
            any(_flat(answer) in _flat(quote.text) for answer in question.answers)
            or any(
                (quote.start <= start and end <= quote.end) or (start <= quote.start and quote.end <= end)
                for start, end in places[gold]
            )
        ):
            return True
    return False


def holds(text: str, form: str) -> bool:
    """Whether a form stands in a text as whole words, or as characters where its script has no spaces; case aside."""
    text, form = _flat(text).casefold(), _flat(form).casefold()
    if _UNSPACED.search(form):
        return form in text
    return re.search(rf"(?<![\w.,]){re.escape(form)}(?!\w|[.,]\d)", text) is not None


def value_of(measure: Measure, row: Row, question: Question) -> float | None:
    """A measure of a single question; None where it is not about the question."""
    found = (_OF_ALL_QUESTIONS if measure.name in _OF_ALL_QUESTIONS else _OF_ANSWERS)[measure.name]
    if measure.name not in _OF_ALL_QUESTIONS and row.unanswerable:
        return None
    return found(measure, row, question)


def _located(measure: Measure, row: Row, question: Question) -> float | None:
    return row.located / len(row.quotes) if row.quotes else None


def _refused(measure: Measure, row: Row, question: Question) -> float | None:
    return float(not row.answered and not row.error) if row.unanswerable else None


def _none(why: str) -> _Value:
    def value(measure: Measure, row: Row, question: Question) -> float | None:
        return _refused(measure, row, question) if question.expected.none == why else None

    return value


def _answer(measure: Measure, row: Row, question: Question) -> float | None:
    right = row.right
    if measure.level == "condensed":
        right = tuple(r for r, unjudged in zip(right, row.unjudged, strict=True) if not unjudged)
    return float(row.answered and any(right[: measure.cutoff]))


def _unjudged(measure: Measure, row: Row, question: Question) -> float | None:
    return float(row.answered and not any(row.right[: measure.cutoff]) and any(row.unjudged[: measure.cutoff]))


def _answered(measure: Measure, row: Row, question: Question) -> float | None:
    return float(row.answered)


def _cited(measure: Measure, row: Row, question: Question) -> float | None:
    return float(row.answered and bool(row.quotes) and row.quotes[0]["article_id"] in question.relevant)


def _said(row: Row) -> str:
    """The short form of the first quote, or the whole quote; "" where there is none."""
    return str(row.quotes[0]["span"] or row.quotes[0]["text"]) if row.answered and row.quotes else ""


def _em(measure: Measure, row: Row, question: Question) -> float | None:
    return exact_match(_said(row), question.answers) if question.answers else None


def _f1(measure: Measure, row: Row, question: Question) -> float | None:
    return f1(_said(row), question.answers) if question.answers else None


def _stale(measure: Measure, row: Row, question: Question) -> float | None:
    stale = question.expected.stale
    if not stale:
        return None
    text = _flat(row.quotes[0]["text"]) if row.answered and row.quotes else ""
    return float(any(_flat(s) in text for s in stale) and not any(_flat(a) in text for a in question.answers))


def _short(measure: Measure, row: Row, question: Question) -> float | None:
    span = row.quotes[0]["span"] if row.answered and row.quotes else None
    if not question.expected.short or span is None:
        return None
    of = row.quotes[0]["article_id"] in question.relevant
    return float(of and any(holds(span, form) for form in question.expected.short))


def _shortless(measure: Measure, row: Row, question: Question) -> float | None:
    return float(row.quotes[0]["span"] is None) if question.expected.short and row.answered and row.quotes else None


def _sides(measure: Measure, row: Row, question: Question) -> float | None:
    sides = question.expected.sides
    if not sides:
        return None
    return float(all(sum(any(holds(value, form) for form in side) for value in row.sides) == 1 for side in sides))


def _falsesides(measure: Measure, row: Row, question: Question) -> float | None:
    wrong = question.expected.not_sides
    return float(any(holds(value, form) for value in row.sides for form in wrong)) if wrong else None


_Value = Callable[[Measure, Row, Question], float | None]
_OF_ALL_QUESTIONS: dict[str, _Value] = {
    "located": _located,
    "refused": _refused,
    "offtopic": _none("offtopic"),
    "notstated": _none("notstated"),
}
_OF_ANSWERS: dict[str, _Value] = {
    "answer": _answer,
    "unjudged": _unjudged,
    "answered": _answered,
    "cited": _cited,
    "EM": _em,
    "F1": _f1,
    "stale": _stale,
    "short": _short,
    "shortless": _shortless,
    "sides": _sides,
    "falsesides": _falsesides,
}


def _flat(text: str) -> str:
    return " ".join(text.split())
