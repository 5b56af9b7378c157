"""Whether two texts say the same: by their words, with an eye on those that turn the meaning."""

from __future__ import annotations

import re

SAME_WORDS = 0.8  # of the words of both

# Two texts that differ in one of these do not say the same, however alike they are.
_TELLING = frozenset(
    [
        "no",
        "not",
        "never",
        "none",
        "neither",
        "nor",
        "without",
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "million",
        "billion",
        "first",
        "second",
        "third",
    ]
)


def overlap(one: str, other: str) -> float:
    """How many of the distinct words of both texts are in both, from 0 to 1, numbers and denials aside (Jaccard)."""
    ours, theirs = words(one) - telling(one), words(other) - telling(other)
    return len(ours & theirs) / max(1, len(ours | theirs))


def same(one: str, other: str) -> bool:
    """Whether two sentences have nearly the same words, and the same numbers and denials."""
    return telling(one) == telling(other) and overlap(one, other) >= SAME_WORDS


def telling(text: str) -> frozenset[str]:
    """The numbers and denials in a text."""
    return frozenset(word for word in words(text) if word in _TELLING or any(c.isdigit() for c in word))


def words(text: str) -> frozenset[str]:
    """The distinct words of a text."""
    plain = text.casefold().replace("’", "'").replace("n't", " not").replace("cannot", "can not")
    return frozenset("".join(c if c.isalnum() else " " for c in plain).split())


def plain(text: str) -> str:
    """A text without what is only typography: case, spacing, the form of quotation marks and dashes."""
    text = re.sub(r"[‘’ʼ]", "'", re.sub(r"[“”„«»]", '"', re.sub(r"[‐-―]", "-", text.casefold())))
    return " ".join(text.split())
