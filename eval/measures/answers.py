"""Measures of an answer's words, as SQuAD's evaluation compares them (Rajpurkar et al. 2016)."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence


def normalised(text: str) -> list[str]:
    """The words of an answer as SQuAD's evaluation compares them: without case, punctuation and articles."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def exact_match(said: str, answers: Sequence[str]) -> float:
    """1 where it is one of the accepted answers."""
    return float(any(normalised(said) == normalised(answer) for answer in answers))


def f1(said: str, answers: Sequence[str]) -> float:
    """The best F1 over words with an accepted answer."""
    return max((_f1(normalised(said), normalised(answer)) for answer in answers), default=0.0)


def _f1(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return float(ours == theirs)
    same = (Counter(ours) & Counter(theirs)).total()
    return 2 * same / (len(ours) + len(theirs))
