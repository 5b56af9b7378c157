"""Quotes that hold an accepted answer in an article that nobody judged, for a person to judge: in the terminal, a key each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..judging import is_unjudged
from ..questions import Gold, Question, dump
from ..row import Row

HELP = "y: it answers the question; n: it does not; s: skip; q: quit"


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided: how many quotes became gold, how many articles were rejected, how many quotes wait."""

    accepted: int
    rejected: int
    left: int


@dataclass(frozen=True, slots=True)
class _Unjudged:
    place: int  # of the question
    article: str
    text: str


def unjudged(questions: Sequence[Question], rows: Sequence[Row]) -> Iterator[_Unjudged]:
    """The quotes of a run that hold an accepted answer in an article that nobody has judged, each article once a question."""
    of = {row.id: row for row in rows}
    for place, question in enumerate(questions):
        seen: set[str] = set()
        for quote in of[question.id].quotes if question.id in of else ():
            article, text = str(quote["article_id"]), str(quote["text"])
            if article not in seen and is_unjudged(article, text, question):
                seen.add(article)
                yield _Unjudged(place, article, text)


def judge(
    questions: Sequence[Question], rows: Sequence[Row], out: Path, say: Callable[[str], None], ask: Callable[[], str]
) -> Judged:
    """Go through the quotes of a run that nobody judged. `say` shows a text, `ask` gives the key that is pressed, "q" at the end of
    input. The set is written to `out` after each, so that it can be gone on with later. Raises InputError where it cannot be.
    """
    decided = list(questions)
    waiting = list(unjudged(questions, rows))
    counts = {"y": 0, "n": 0}
    for number, one in enumerate(waiting, start=1):
        question = decided[one.place]
        shown = [f"[{number}/{len(waiting)}] {question.text}", f"     accepted: {'; '.join(question.answers)}"]
        shown += [f"  {' '.join(one.text.split())}", f"     {one.article}"]
        say("\n" + "\n".join(shown) + "\n")
        key = _key(say, ask)
        if key == "q":
            break
        if key == "y":
            decided[one.place] = replace(question, gold=(*(question.gold or ()), Gold(one.article, one.text)))
        elif key == "n":
            decided[one.place] = replace(question, rejected=(*question.rejected, one.article))
        if key in counts:
            counts[key] += 1
            dump(decided, out)
    return Judged(counts["y"], counts["n"], len(waiting) - sum(counts.values()))


def _key(say: Callable[[str], None], ask: Callable[[], str]) -> str:
    while (key := ask().strip().lower()[:1] or "s") not in "ynsq":
        say(f"{HELP}\n")
    return key
