"""Which sentences to quote: the best candidates by a small learned model, no two that say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...corpus.same_words import kept, same
from ...index.search.versions import COUNTERPART
from .candidates import Candidate, Candidates

SAME_ARTICLE = 0.2  # what a further quote from an article already quoted must be better by


def select(found: Candidates, n: int) -> Iterator[Candidate]:
    """At most `n` candidates to quote, best first. What a later version of an article says in its place comes before what the
    earlier one said.
    """
    chosen: list[Candidate] = []
    rest = list(found.weighed)
    others = found.others()
    while len(chosen) < n:
        if rest:
            quoted = {candidate.article.id for candidate in chosen}
            best = max(range(len(rest)), key=lambda i: (rest[i].score - SAME_ARTICLE * (rest[i].article.id in quoted), -i))
            candidate = rest.pop(best)
        elif (candidate := next(others, None)) is None:  # type: ignore[assignment]
            return
        later = _in_later_version(found, candidate)
        if later is not None and all(later.sentence != other.sentence for other in chosen):
            rest = [candidate, *(other for other in rest if other.sentence != later.sentence)]  # it may come after
            candidate = later
        if not any(same(candidate.text, other.text) for other in chosen):
            chosen.append(candidate)
            yield candidate


def _in_later_version(found: Candidates, candidate: Candidate) -> Candidate | None:
    """The counterpart of a sentence in the latest version of its article."""
    latest = found.index.latest(candidate.article.id)
    if latest is None:
        return None
    for other in found.of_article(latest):
        if kept(candidate.text, other.text) >= COUNTERPART:
            return replace(other, odds=candidate.odds, evidence={**candidate.evidence, **other.evidence})
    return None
