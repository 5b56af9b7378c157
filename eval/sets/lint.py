"""What is wrong with a question set, beside the index that it is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...corpus.same_words import words
from ...index.index import Index
from ..questions import Gold, Question


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: of which question ("" for the set), what kind of thing, and what."""

    question: str
    kind: str
    what: str


def lint(index: Index, questions: Sequence[Question]) -> list[Finding]:
    """Gold that stands nowhere or in several places, questions that are there twice, answers visible in the question, questions
    nobody has judged, and articles of which no question is.
    """
    found = [finding for question in questions for finding in _of_question(index, question)]
    asked: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for question in questions:
        asked[tuple(words(question.text))].append(question.id)
    found += [Finding(ids[1], "duplicate", f"the same question as {ids[0]}") for ids in asked.values() if len(ids) > 1]
    judged = {gold.article_id for question in questions for gold in question.gold or ()}
    left = sum(article.id not in judged for article in index)
    if left:
        found.append(
            Finding("", "unjudged articles", f"{left} of {index.manifest.counts.articles} articles are no question's gold")
        )
    return found


def _of_question(index: Index, question: Question) -> Iterator[Finding]:
    if question.gold is None:
        yield Finding(question.id, "unjudged", "no gold yet")
    for gold in question.gold or ():
        yield from _of_gold(index, question, gold)
    asked = f" {' '.join(words(question.text))} "
    for answer in question.answers:
        said = " ".join(words(answer))
        if said and f" {said} " in asked and said not in ("yes", "no"):
            yield Finding(question.id, "visible answer", f"{answer!r} stands in the question")


def _of_gold(index: Index, question: Question, gold: Gold) -> Iterator[Finding]:
    try:
        text = index.article(gold.article_id).text
    except KeyError:
        yield Finding(question.id, "missing article", f"{gold.article_id!r} is not in the index")
        return
    times = len(re.findall(re.escape(gold.quote), text)) if gold.quote else 1
    if not times:
        yield Finding(question.id, "missing quote", f"not in {gold.article_id!r}: {gold.quote[:60]!r}")
    elif times > 1:
        yield Finding(question.id, "ambiguous quote", f"{times} times in {gold.article_id!r}: {gold.quote[:60]!r}")
