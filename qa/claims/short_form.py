"""The short form of an answer in a sentence: the number, date or name that is asked for, where that is plain."""

from __future__ import annotations

import re

from ...index.lexical.analyzer import Analyzer
from ..mentions import Mention
from ..question.wording import Wording, answers

TYPED = ("number", "date", "person", "place")


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
