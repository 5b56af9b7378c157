"""Which sentences to quote: the best candidates by a small learned model, no two that say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...corpus.dates import date_range
from ...corpus.same_words import kept, same
from ...index.search.versions import COUNTERPART
from .candidate import Candidate
from .candidates import Candidates
from .corrections import same_matter

LATER = 2.5  # how much lower the score of what a later article answers may be
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
        later = _in_later_version(found, candidate) or (_of_later_article(found, candidate) if not chosen else None)
        if later is not None and all(later.sentence != other.sentence for other in chosen):
            rest = [candidate, *(other for other in rest if other.sentence != later.sentence)]  # it may come after
            candidate = later
        if not any(same(candidate.text, other.text) for other in chosen):
            chosen.append(candidate)
            yield candidate


def _of_later_article(found: Candidates, candidate: Candidate) -> Candidate | None:
    """What a later article on the same matter answers instead: another value of the same kind, pointed at about as surely."""
    if not candidate.said or candidate.wording.wanted not in ("number", "date") or candidate.article.published is None:
        return None
    last = date_range(candidate.article.published)[1]
    newer = []
    for other in found.weighed:
        article = other.article
        if not other.said or other.said == candidate.said or article.published is None or date_range(article.published)[0] <= last:
            continue
        if other.score < candidate.score - LATER:
            continue
        if same_matter(found.index, candidate.article, article):
            newer.append(other)
    return max(newer, key=lambda other: (other.article.published or "", other.score), default=None)


def _in_later_version(found: Candidates, candidate: Candidate) -> Candidate | None:
    """The counterpart of a sentence in the latest version of its article."""
    latest = found.index.latest(candidate.article.id)
    if latest is None:
        return None
    for other in found.of_article(latest):
        if kept(candidate.text, other.text) >= COUNTERPART:
            return replace(other, odds=candidate.odds, evidence={**candidate.evidence, **other.evidence})
    return None
