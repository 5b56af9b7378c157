"""The short form of an answer in a sentence: the number, date or name that is asked for, where that is plain."""

from __future__ import annotations

import re

from ...index.lexical.analyzer import Analyzer
from ..mentions import VALUES, Kind, Mention, mentions
from ..question.wording import ANSWERS, Wording, answers
from ..selection.candidate import Candidate
from ..values import LIMITS

POINTS = 4.0  # the evidence for the reader's best span, from which it is given as the short form
TYPED = ("number", "date", "person", "place")


Span = tuple[int, int]
_LONGEST = 12  # words of a short form
_KINDS: tuple[Kind, ...] = ("number", "date", "name")  # that are never cut through
# What limits a figure and stands before it, and the unit that follows one: both belong to it.
_LIMIT = re.compile(rf"(?:\b(?:{LIMITS}|only|EUR|USD|GBP|US)|[$€£¥])\s?$", re.IGNORECASE)
_UNIT = re.compile(
    r"\s?(?:%|(?:per ?cent|million|billion|trillion|thousand|hundred|dozen|bn|m|seconds?|minutes?|hours?|days?|weeks?|months?|"
    r"years?|km|kilomet(?:re|er)s?|met(?:re|er)s?|miles?|feet|inches|kg|tonnes?|tons?|lit(?:re|er)s?|degrees?|euros?|dollars?|pounds?|"
    r"crowns?|yen|knots|hectares?|acres?|points?|votes?|old)\b)"
)
_FIGURE = re.compile(rf"[\d$€£¥]|\b(?:{'|'.join(VALUES)}|hundred|half)\b", re.IGNORECASE)
_AFTER = 4  # words after a number, among which what is counted stands


# A number after such words does not say how many there are: "the five" are some of them, and so are "the families of five" ...
_SOME = re.compile(
    r"(?i)(?:\b(?:the|these|those|his|her|its|their|other|another|remaining|all)"
    r"|(?<!total)(?<!number)(?<!population)(?<!list)\sof)\s$"
)


def plain(question: Wording, text: str, analyzer: Analyzer) -> Mention | None:
    """The short form of the answer in a sentence, where it is plain: the only thing of the kind that is asked for, or the only
    number of what is counted.
    """
    if question.wanted not in TYPED:
        return None
    found = eligible(question, text, analyzer)
    return found[0] if len(found) == 1 and not is_some(question, text, found[0]) else None


def is_some(question: Wording, text: str, mention: Mention) -> bool:
    """Whether a number is only of some of those that are meant."""
    return question.wanted == "number" and _SOME.search(text[: mention.start]) is not None


def eligible(question: Wording, text: str, analyzer: Analyzer) -> list[Mention]:
    """What in a sentence may be the answer's short form, in the order of where it stands; only numbers of what is counted, if there
    are such.
    """
    found = answers(question, text)
    if question.wanted == "number" and len(found) > 1 and question.head:
        tokens = list(analyzer.spans(text))
        counted = []
        for mention, end in zip(found, [*(m.start for m in found[1:]), len(text)], strict=True):
            after = [terms for a, _, terms in tokens if mention.end <= a < end][:_AFTER]
            if not question.head.isdisjoint(term for terms in after for term in terms):
                counted.append(mention)
        return counted or found
    return found


def read_short_form(candidate: Candidate) -> Mention | None:
    """What the reader points at in a candidate, as a short form in its text; None where it points at none, or not surely enough."""
    return read_in(candidate, candidate.text, candidate.start)


def read_in(candidate: Candidate, text: str, start: int) -> Mention | None:
    """What the reader points at, as a short form in a `text` that holds the candidate and begins at `start` of its article; None
    where it points at none, or not surely enough.
    """
    found, before = candidate.pointed, candidate.passage[0] - start
    if found is None or found.best < POINTS:
        return None
    return pointed(candidate.wording, text, before + found.start, before + found.end)


def pointed(question: Wording, text: str, start: int, end: int) -> Mention | None:
    """What stands from `start` to `end`, grown to whole figures, dates and names, and to what belongs to a figure; None where it is
    not of the kind that is asked for, or no short form.
    """
    if not 0 <= start < end <= len(text):
        return None
    first, last = _grown(text, start, end)
    kind = ANSWERS.get(question.wanted)
    inside = [m for m in mentions(text, kind) if first <= m.start and m.end <= last] if kind is not None else []
    said = text[first:last]
    if (kind in _KINDS and not inside) or len(said.split()) > _LONGEST or said.count('"') % 2 or said.count("“") != said.count("”"):
        return None
    return Mention(kind or "name", first, last)


def _grown(text: str, start: int, end: int) -> Span:
    """A stretch of a text, grown by what it cuts through: mentions, words, quotation marks, a figure's unit and what limits it."""
    grew = True
    while grew:
        before = start, end
        for kind in _KINDS:
            for mention in mentions(text, kind):
                if mention.start < end and start < mention.end:
                    start, end = min(start, mention.start), max(end, mention.end)
        while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
        if (limit := _LIMIT.search(text[:start])) and _FIGURE.match(text[start:end]):
            start = limit.start()
        if (unit := _UNIT.match(text[end:])) and _FIGURE.search(text[start:end]):
            end += unit.end()
        grew = (start, end) != before
    stripped = text[start:end]
    start += len(stripped) - len(stripped.lstrip(" \"“‘'(,;:"))
    end -= len(stripped) - len(stripped.rstrip(" \"”’'),;:."))
    return start, end
