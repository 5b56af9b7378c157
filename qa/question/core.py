"""The question in a long one: what is asked, without what is told before it of who asks, and why."""

from __future__ import annotations

import re

from ..mentions import mentions

_LONG = 12  # words of a text that is long for a question
_SHORTEST = 3  # words of what is asked
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?=\S)[^.!?]*)*[.!?]*")
_ASKS = (
    r"(?:who|whom|whose|what|when|where|why|how|which|whether|if|did|does|do|is|are|was|were|has|have|had|can|could|will|would|"
    r"should)"
)
_ASKING = re.compile(
    rf"[\"'“‘¿]?(?:(?:and|but|so|or|in|at|on|for|to|by|from|with) )?"
    rf"(?!(?:can|could|will|would) you\b){_ASKS}\b",
    re.IGNORECASE,
)
# A question begins after a colon or dash, or after words that say that one follows.
_BEGINS = re.compile(
    rf"(?:[:;–—]\s+|\s-\s+|\b(?:know|tell (?:me|us|you)|wonder(?:ing)?|find out|ask(?:ed|ing|s)?|check|learn|explain|"
    rf"understand|see|say|clarify|confirm|"
    rf"establish|curious(?: about)?|interested in|question is|sure)\s+(?:about\s+|of\s+)?(?=\b{_ASKS}\b))(?=\S)",
    re.IGNORECASE,
)


def core(text: str) -> str:
    """What a long question asks, with the names that only what stands before it has; "" for a text that is not long, or has no part
    that asks.
    """
    if len(text.split()) < _LONG:
        return ""
    sentences = [match[0].strip() for match in _SENTENCE.finditer(text) if match[0].strip()]
    asking = [sentence for sentence in sentences if sentence.rstrip("\"'”’)").endswith("?")]
    last = asking[-1] if asking else sentences[-1]
    if _ASKING.match(last):
        return "" if last == text.strip() else _named(last, text)
    cuts = [found.end() for found in _BEGINS.finditer(last) if len(last[found.end() :].split()) >= _SHORTEST]
    asked = last[cuts[-1] :] if cuts else last
    if not cuts and last == text.strip():
        return ""
    return _named(asked, text)


def _named(asked: str, text: str) -> str:
    """What is asked, with the names that only what stands before it in a text has."""
    before = text[: text.rfind(asked)]
    names = []
    for mention in mentions(before, "name"):
        name = before[mention.start : mention.end]
        opens = " " not in name and before[: mention.start].rstrip()[-1:] in (
            "",
            ".",
            "!",
            "?",
            ":",
        )  # a capital for its place alone
        if name not in asked and len(name) > 2 and not opens:
            names.append(name)
    return " ".join([asked, *dict.fromkeys(names)])


def bare(text: str) -> str:
    """What a long question asks, and nothing of what stands before it; "" as for `core`."""
    whole = core(text)
    at = whole.rfind("?")
    return whole[: at + 1] if at > 0 else whole
