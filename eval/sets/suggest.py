"""Gold proposed from the index, for a person to accept: in the terminal, question after question, kept after each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...index.index import Index
from ...qa.selection.candidate import Candidate
from ...qa.selection.candidates import Candidates
from ..questions import Gold, Question, dump

POOL = 4  # sentences of each leg

HELP = "numbers of the sentences that answer, as in 1 3; n: none does; s: skip; q: quit"


@dataclass(frozen=True, slots=True)
class Done:
    """What was decided: how many questions got gold, how many have no answer, how many wait."""

    judged: int
    none: int
    left: int


def proposals(index: Index, question: Question) -> list[Candidate]:
    """The best sentences of each leg and of all together, each once, in turn: so that no leg judges itself."""
    query = index.query(question.text)
    ranking = index.rank(query)
    found = Candidates(index, query, ranking)
    by = (np.argsort(-ranking.lexical, kind="stable"), np.argsort(-ranking.cosines, kind="stable"))
    lists = [[found.at(int(i)) for i in order[:POOL]] for order in by]
    pooled: dict[int, Candidate] = {}
    for place in range(POOL):
        for some in (found.pool, *lists):
            if place < len(some):
                pooled.setdefault(some[place].sentence, some[place])
    return list(pooled.values())


def suggest(index: Index, questions: Sequence[Question], out: Path, say: Callable[[str], None], ask: Callable[[], str]) -> Done:
    """Go through the questions that nobody has judged. `say` shows a text, `ask` gives what is typed, "q" at the end of input.

    The set is written to `out` after each, so that it can be gone on with later. Raises InputError where it cannot be written.
    """
    decided = list(questions)
    judged = none = 0
    waiting = [place for place, question in enumerate(decided) if question.gold is None]
    for number, place in enumerate(waiting, start=1):
        question = decided[place]
        found = proposals(index, question)
        say(f"\n[{number}/{len(waiting)}] {question.text}\n")
        for n, candidate in enumerate(found, start=1):
            article = candidate.article
            about = " · ".join(part for part in (article.source, article.title, article.published or "", article.id) if part)
            say(f"{n:3}  {' '.join(candidate.text.split())}\n     {about}\n")
        gold = _chosen(found, say, ask)
        if gold is None:
            break
        if isinstance(gold, str):
            continue
        decided[place] = replace(question, gold=gold)
        judged, none = judged + bool(gold), none + (not gold)
        dump(decided, out)
    return Done(judged, none, sum(question.gold is None for question in decided))


def _chosen(found: list[Candidate], say: Callable[[str], None], ask: Callable[[], str]) -> tuple[Gold, ...] | str | None:
    """The gold that is chosen, "skip", or None to quit."""
    while True:
        typed = ask().strip().lower()
        if typed == "q":
            return None
        if typed in ("", "s"):
            return "skip"
        if typed == "n":
            return ()
        parts = typed.replace(",", " ").split()
        if all(part.isdecimal() and 1 <= int(part) <= len(found) for part in parts):
            chosen = [found[int(part) - 1] for part in dict.fromkeys(parts)]
            return tuple(Gold(candidate.article.id, candidate.text) for candidate in chosen)
        say(f"{HELP}\n")
