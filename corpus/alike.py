"""Whether two texts say the same. One word can turn a meaning, so nothing but typography and articles may differ."""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W_]+(?:'[^\W_]+)*")
_EMPTY = frozenset(["a", "an", "the"])


def same(one: str, other: str) -> bool:
    """Whether two sentences have the same words in the same order, articles aside."""
    return words(one) == words(other)


def kept(earlier: str, later: str) -> float:
    """How many of the words of a text, counted as often as they occur, are in a later one too, from 0 to 1."""
    ours, theirs = Counter(words(earlier)), Counter(words(later))
    return (ours & theirs).total() / max(1, ours.total())


def words(text: str) -> list[str]:
    """The words and numbers of a text in order, without case, typography and articles."""
    return [word for word in _WORD.findall(plain(text)) if word not in _EMPTY]


def plain(text: str) -> str:
    """A text without what is only typography: case, spacing, the form of quotation marks and dashes."""
    text = re.sub(r"[‘’ʼ]", "'", re.sub(r"[“”„«»]", '"', re.sub(r"[‐-―]", "-", text.casefold())))
    return " ".join(text.split())
