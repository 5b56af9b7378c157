"""Whether two texts say the same. One word can turn a meaning, so nothing but typography and articles may differ."""

from __future__ import annotations

from collections import Counter

_PLAIN = str.maketrans({**dict.fromkeys("‘’ʼ", "'"), **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-")})
_AROUND = ".,;:!?\"'()[]…"


def same(one: str, other: str) -> bool:
    """Whether two sentences have the same words in the same order, articles aside."""
    return words(one) == words(other)


def kept(earlier: str, later: str) -> float:
    """How many of the words of a text, counted as often as they occur, are in a later one too, from 0 to 1."""
    ours, theirs = Counter(words(earlier)), Counter(words(later))
    return (ours & theirs).total() / max(1, ours.total())


def words(text: str) -> list[str]:
    """The words and numbers of a text in order, without case, the punctuation around them, and articles (an "A" may be a name)."""
    if not text.isascii():
        text = text.translate(_PLAIN)
    found = [word for part in text.split() if (word := part.strip(_AROUND))]
    if found and found[0].casefold() in ("a", "an", "the"):
        del found[0]
    return [word.casefold() for word in found if word not in ("a", "an", "the")]
