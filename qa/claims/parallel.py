"""Sentences that are one but for what is asked: sides of a question of any kind."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from ...corpus.same_words import words
from ...index.lexical.analyzer import STOP_WORDS
from ..mentions import mentions
from ..question.wording import ANSWERS, Wording
from ..selection.candidate import Candidate
from .claim import ClaimGroup, agree, claim
from .short_form import TYPED, is_some

SHORT = 5  # words: in shorter sentences nothing is parallel
PARALLEL = 0.6  # of the words of two sentences are the same, in the same order: they say the same of something, but for the rest
DIFFERENT = 4  # words at most, in a place where parallel sentences differ
_TOKEN = re.compile(r"\w[\w’'.,&-]*\w|\w")
_SPLIT = re.compile(r"[\s-]+")


def parallel(question: Wording, found: Sequence[Candidate]) -> list[ClaimGroup]:
    """The first two candidates of different articles that are one sentence but for what is asked."""
    for n, one in enumerate(found):
        for other in found[n + 1 :]:
            if one.article.id == other.article.id or (places := differing(question, one.text, other.text)) is None:
                continue
            there = list(zip((one, other), places, strict=True))
            if all(_may_point_at(candidate, *place) for candidate, place in there):
                return [ClaimGroup(a, b, tuple(words(c.text[a:b])), [c]) for c, (a, b) in there]
    return []


def _may_point_at(candidate: Candidate, start: int, end: int) -> bool:
    """Whether the reader points at a stretch of a candidate, if it points at anything."""
    pointed, before = candidate.pointed, candidate.passage[0] - candidate.start
    return not candidate.said or pointed is None or (pointed.start + before < end and start < pointed.end + before)


def differing(question: Wording, one: str, other: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where two sentences that are the same for the most part differ, each in words of the kind that is asked for and that are not
    the question's; None where they do not.
    """
    ours, theirs = _tokens(one), _tokens(other)
    if min(len(ours), len(theirs)) < SHORT:
        return None
    matcher = difflib.SequenceMatcher(None, [t for t, _, _ in ours], [t for t, _, _ in theirs], autojunk=False)
    if matcher.real_quick_ratio() < PARALLEL or matcher.quick_ratio() < PARALLEL or matcher.ratio() < PARALLEL:
        return None
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "replace" and b - a <= DIFFERENT and d - c <= DIFFERENT:
            places = (ours[a][1], ours[b - 1][2]), (theirs[c][1], theirs[d - 1][2])
            there = list(zip((one, other), places, strict=True))
            if _SPLIT.split(one[slice(*places[0])].casefold()) == _SPLIT.split(other[slice(*places[1])].casefold()):
                continue
            said, said_too = (claim(question, text[start:end], text[:start]) for text, (start, end) in there)
            if said is not None and said_too is not None and agree(said, said_too):
                continue
            if all(_tells(question, text, *place) for text, place in there):
                return places
    return None


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, without case and the punctuation around them, and where they stand."""
    return [(m[0].casefold(), *m.span()) for m in _TOKEN.finditer(text)]


def _tells(question: Wording, text: str, start: int, end: int) -> bool:
    """Whether some words of a sentence may be an answer: such as are not the question's, of the kind that is asked for."""
    kind = ANSWERS.get(question.wanted)
    if question.wanted in TYPED and kind is not None:
        found = [m for m in mentions(text, kind) if start < m.end and m.start < end]
        return any(not is_some(question, text, m) for m in found)
    asked = set(words(question.text))
    return any(word not in asked and word not in STOP_WORDS and len(word) > 2 for word in words(text[start:end]))
