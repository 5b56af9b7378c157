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

_OPENERS = frozenset(
    [
        "a",
        "about",
        "after",
        "also",
        "although",
        "an",
        "and",
        "any",
        "as",
        "at",
        "before",
        "both",
        "but",
        "by",
        "during",
        "each",
        "for",
        "from",
        "he",
        "her",
        "here",
        "his",
        "how",
        "however",
        "if",
        "in",
        "into",
        "it",
        "its",
        "last",
        "many",
        "more",
        "most",
        "now",
        "of",
        "on",
        "one",
        "only",
        "or",
        "other",
        "our",
        "over",
        "she",
        "since",
        "so",
        "some",
        "such",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "under",
        "until",
        "we",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "why",
        "with",
        "you",
        "your",
    ]
)


def overlap(one: str, other: str) -> float:
    """How many of the distinct words of both texts are in both, from 0 to 1, numbers and denials aside (Jaccard)."""
    ours, theirs = words(one) - telling(one), words(other) - telling(other)
    return len(ours & theirs) / max(1, len(ours | theirs))


def same(one: str, other: str) -> bool:
    """Whether two sentences have nearly the same words, and do not differ in what tells."""
    return not differ(one, other) and overlap(one, other) >= SAME_WORDS


def differ(one: str, other: str) -> bool:
    """Whether one of two sentences has a number, a denial or a name that the other has not."""
    return telling(one) != telling(other) or not (names(one) <= words(other) and names(other) <= words(one))


def names(text: str) -> frozenset[str]:
    """The words written with a capital letter: names, as far as that shows them. Words that often open a sentence are left out."""
    found = (word.casefold() for word in re.findall(r"[^\W\d_]+", text) if word[0].isupper())
    return frozenset(word for word in found if len(word) > 1 and word not in _OPENERS)


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
