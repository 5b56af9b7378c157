"""What a text says was wrong, and what it says is right instead.

Nine people, not seven, were hurt.                              nine instead of seven
The toll was revised from seven to nine.                        nine instead of seven
An earlier version said seven were hurt. It was nine.           nine, in the next sentence, instead of seven
The article misstated how many were hurt. It was nine.          nine instead of whatever was said
The bill rises to 5.6 million pounds.                           that instead of what an earlier article gives in pounds
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from ...corpus.article import Article
from ...corpus.dates import date_range
from ...corpus.same_words import words
from ...index.index import Index
from ...index.lexical.analyzer import STOP_WORDS
from ..mentions import Kind, Mention, mentions
from ..question.wording import ANSWERS, Wording
from ..values import LIMITS, amount, day
from .candidate import POINTS_AT, Candidate
from .reader import Pointed

_OVERTAKEN = re.compile(
    r"\b(?:an?|the|our|this|that) (?:earlier |previous |original |first )?(?:version|article|report|story|edition|headline|caption)"
    r"s?\b(?: (?:on|of|in|published|about|with)\b.{0,80}?)?,? (?:incorrectly |wrongly |mistakenly )?"
    r"(?:said|gave|stated|put|misstated|misidentified|wrote|referred)\b|"
    r"\b(?:incorrectly|wrongly|mistakenly|erroneously) "
    r"(?:said|gave|stated|put|wrote|reported|identified|referred|described|named)\b|"
    r"\bmisstated\b|\bmisidentified\b",
    re.IGNORECASE,
)
_RIGHT = re.compile(r"\b(?:should have|correct (?:figure|number|name|date|spelling)|in fact|actually)\b", re.IGNORECASE)
_INSTEAD_OF = re.compile(r"[^.;!?]{0,60}?[ (](?:not|rather than|instead of)\s(?:(?:the|on|in|by)\s)?", re.IGNORECASE)
_BUT = re.compile(r"[^.;!?]{0,60}?\bbut\s(?:(?:the|on|in|by)\s)?", re.IGNORECASE)
_CHANGED = re.compile(r"\b(?:revis|correct|amend|updat|rais|lower|cut|increas|reduc|rose|risen|chang)\w*", re.IGNORECASE)
SAME_MATTER = 0.3  # of the distinct terms of the shorter of two articles are in the other
CORRECTED = 0.5  # how much less the score of a sentence is than that of what corrects it
SURELY = 6.0  # the evidence, as the reader's, for what a correction says is right
_MOVES = re.compile(
    r"\b(?P<what>[\w’'-]+)\s(?:(?:has|have|had|is|was|now|now set to|will)\s){0,2}"
    r"(?:rises?|rose|risen|climbs?|climbed|increased?s?|grows?|grew|grown|falls?|fell|fallen|drops?|dropped|raised|lowered|reduced|"
    r"cut|stands?|stood|put)(?: (?:again|now|further|sharply|yet again|once more))?\s(?:to|at)\s"
    rf"(?:(?:{LIMITS})\s)?$",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(r"\b(\w+) of\b(?:\s[\w’'-]+){1,8}\s$")
_WHATS = frozenset(
    """
    bill cost costs price budget estimate sum total figure figures toll number numbers count tally dead death
    """.split()  # noqa: SIM905 - as a list it would fill a page
)
_FEW, _OF_ALL = 3, 50  # articles, or one of so many, in which a name stands that tells of what they are
_LOOKED_AT = 100  # sentences, for what a later article gives instead
_UNIT = 12  # characters after a figure, in which its unit stands
_AFTER = 2  # sentences, in which what is right may follow


class Ranked(Protocol):
    """What is asked of the candidates of a question: see `candidates.Candidates`."""

    index: Index
    wording: Wording

    def following(self, candidate: Candidate, count: int) -> list[Candidate]:
        """The sentences, at most so many, that follow a candidate in its passage."""

    def first(self, most: int) -> Iterator[tuple[int, Article, str]]:
        """The place, article and text of each of the first sentences of the ranking."""

    def alike(self, i: int) -> Candidate:
        """The i-th sentence of the ranking, with the odds it would have among the others."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right: `start` to `end` in the sentence that is `offset` after the one that was looked at. `wrong`: the values, as
    `values` gives them, that it takes the place of; none where it takes that of whatever was said.
    """

    offset: int
    start: int
    end: int
    wrong: frozenset[Hashable]


def is_overtaken(text: str) -> bool:
    """Whether a sentence tells what was said wrongly before, and not what is right."""
    return _OVERTAKEN.search(text) is not None and _RIGHT.search(text) is None and _instead(text, "number") is None


def correction(sentence: str, following: Sequence[str], kind: Kind) -> Correction | None:
    """The correction that begins in a sentence, of a value of the kind "number", "date" or "name"; None where there is none."""
    if (found := _instead(sentence, kind)) is not None:
        return found
    if _OVERTAKEN.search(sentence) is None:
        return None
    wrong = values(sentence, kind)
    for offset, after in enumerate(following[:_AFTER], start=1):
        if (found := _instead(after, kind)) is not None:
            return Correction(offset, found.start, found.end, found.wrong)
        right = [mention for mention in mentions(after, kind) if value_of(after[mention.start : mention.end], kind) not in wrong]
        if right:
            return Correction(offset, right[0].start, right[0].end, wrong)
    return None


def values(text: str, kind: Kind) -> frozenset[Hashable]:
    """The values that a text mentions, so that equal ones are equal."""
    return frozenset(value_of(text[m.start : m.end], kind) for m in mentions(text, kind))


def value_of(said: str, kind: Kind) -> Hashable:
    """What some words say: an amount, a day, or the words of a name."""
    if kind == "number":
        found = amount(said)
        return None if found is None else (found.low, found.high)
    return day(said) if kind == "date" else tuple(words(said))


def _instead(text: str, kind: Kind) -> Correction | None:
    """The correction within one sentence."""
    found = mentions(text, kind)
    for one, other in pairwise(found):
        before, between = text[: one.start], text[one.end : other.start]
        right: Mention | None = None
        if _INSTEAD_OF.fullmatch(between):
            right, wrong = one, other
        elif (before.rstrip().endswith(" not") and _BUT.fullmatch(between)) or (
            before.endswith("from ") and between.strip() == "to" and _CHANGED.search(text)
        ):
            right, wrong = other, one
        if right is not None:
            return Correction(0, right.start, right.end, frozenset([value_of(text[wrong.start : wrong.end], kind)]))
    return None


def righted(found: Ranked, weighed: list[Candidate]) -> list[Candidate]:
    """Candidates, best first, with what a correction says is right in the place of what it corrects, and that after it."""
    kind = ANSWERS.get(found.wording.wanted)
    if kind not in ("number", "date", "name"):
        return weighed
    for candidate in list(weighed):
        after = found.following(candidate, _AFTER)
        if (made := correction(candidate.text, [other.text for other in after], kind)) is None:
            continue
        row = (candidate, *after)[made.offset].sentence
        if (right := next((c for c in weighed if c.sentence == row), None)) is not None:
            wrong = [c for c in weighed if c.sentence != row and _corrects(found.index, right, made, c, kind)]
            weighed = _put_right(weighed, right, made, wrong)
    return _brought_up_to_date(found, weighed) if kind == "number" and weighed else weighed


def moved(text: str, about: Collection[str], unit: str) -> Mention | None:
    """The figure that something has risen or fallen to, in a sentence; None where there is none in that unit, or it is neither of
    a bill, a toll or the like nor of one of the words `about`.
    """
    for mention in mentions(text, "number"):
        found = _MOVES.search(text[: mention.start])
        if found is None:
            continue
        of = _OF_WHAT.search(text[: found.start()])  # "the number of dead in the accident", not the accident
        what = {said.casefold() for said in (found["what"], of[1] if of else "")}
        if what.isdisjoint(_WHATS) and what.isdisjoint(about):
            continue
        said = amount(text[mention.start : mention.end] + text[mention.end : mention.end + _UNIT].partition(".")[0])
        if said is not None and said.unit == unit:
            return mention
    return None


def _brought_up_to_date(found: Ranked, weighed: list[Candidate]) -> list[Candidate]:
    """Candidates with the figure that the latest article on the matter says the first one's has risen or fallen to before it."""
    best = weighed[0]
    said = _pointed_at(best)
    was = amount(said) if said else None
    if was is None or best.article.published is None:
        return weighed
    last, asked = date_range(best.article.published)[1], frozenset(words(f"{found.wording.text} {best.text}"))
    newest: tuple[str, int, Mention] | None = None
    for i, article, text in found.first(_LOOKED_AT):
        if article.published is None or date_range(article.published)[0] <= last or (newest and article.published <= newest[0]):
            continue
        mention = moved(text, asked - STOP_WORDS, was.unit)
        if mention is not None and _tells_on(found.index, best, article):
            newest = article.published, i, mention
    if newest is None:
        return weighed
    _, i, mention = newest
    right = found.alike(i)
    made = Correction(0, mention.start, mention.end, frozenset())
    rest = [c for c in weighed if c.sentence != right.sentence]
    return _put_right([right, *rest], right, made, [best]) if right.sentence != best.sentence else weighed


def _tells_on(index: Index, earlier: Candidate, later: Article) -> bool:
    """Whether an article goes on with what a sentence of an earlier one tells: much of it is the same, or it has a name of
    several words that the sentence has and few articles do.
    """
    if same_matter(index, earlier.article, later):
        return True
    names = {name for m in mentions(earlier.text, "name") if " " in (name := earlier.text[m.start : m.end])}
    few = max(_FEW, len(index) // _OF_ALL)
    return any(name in later.text and sum(1 for _ in index.texts_with(name)) <= few for name in names)


def _corrects(index: Index, right: Candidate, made: Correction, wrong: Candidate, kind: Kind) -> bool:
    """Whether a correction, of which `right` tells what is right, is of what a candidate says: no later, and of one matter."""
    if not not_later(wrong.article, right.article):
        return False
    pointed = _pointed_at(wrong)
    said = values(wrong.text, kind) if pointed is None else frozenset([value_of(pointed, kind)] if pointed else [])
    known = said & made.wrong if made.wrong else said - {value_of(right.text[made.start : made.end], kind)}
    return bool(known) and (right.article.id == wrong.article.id or same_matter(index, right.article, wrong.article))


def _pointed_at(candidate: Candidate) -> str | None:
    """What the reader points at in a candidate, "" where at nothing; None where it was not read."""
    if candidate.pointed is None:
        return None
    begin, pointed = candidate.passage[0], candidate.pointed
    return candidate.article.text[begin + pointed.start : begin + pointed.end] if pointed.best >= POINTS_AT else ""


def _put_right(weighed: list[Candidate], right: Candidate, made: Correction, wrong: list[Candidate]) -> list[Candidate]:
    """Candidates with the right one before the wrong ones, as sure as the surest of all."""
    if not wrong:
        return weighed
    best = max((right, *wrong), key=lambda c: c.score)
    odds = max(c.odds for c in (right, *wrong))
    begin = right.start - right.passage[0]
    mass = SURELY if best.pointed is None else best.pointed.mass
    pointed = Pointed(mass, SURELY, begin + made.start, begin + made.end)
    first = replace(right, evidence=best.evidence, score=best.score, odds=odds, pointed=pointed)
    rows = {c.sentence for c in wrong}
    rest = [
        replace(c, score=min(c.score, best.score - CORRECTED), odds=min(c.odds, right.odds)) if c.sentence in rows else c
        for c in weighed
        if c.sentence != right.sentence
    ]
    return sorted((first, *rest), key=lambda c: -c.score)


def not_later(one: Article, other: Article) -> bool:
    """Whether an article was published no later than another, as far as that is known."""
    if one.published is None or other.published is None:
        return True
    return date_range(one.published)[0] <= date_range(other.published)[1]


def same_matter(index: Index, one: Article, other: Article) -> bool:
    """Whether two articles tell of one matter: many of the terms of the shorter are in the longer."""
    terms, theirs = set(index.terms(one.text)), set(index.terms(other.text))
    return len(terms & theirs) >= SAME_MATTER * min(len(terms), len(theirs))
