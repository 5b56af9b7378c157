"""Paragraphs: lines, with the lines of hard-wrapped text joined."""

from __future__ import annotations

import re
from itertools import pairwise

_LINE = re.compile(r"[^\n]+")
_WIDEST_WRAP = 100  # characters; wider lines are paragraphs of their own
_NEW_ITEM = re.compile(r"[-*•‣▪#>]|\d{1,3}[.)]\s")
_SENTENCE_END = re.compile(r"""[.!?:…]["'”’)\]]*$""")


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each paragraph, without the white space around it.

    A line is a paragraph, except in hard-wrapped text: there a line break is only a fold where the next line's first
    word would not have fitted on the line before it. A text counts as wrapped if its sentences do run on over such breaks:
    at least a third of the lines after them begin with a small letter.
    """
    lines = [_stripped(text, m.start(), m.end()) for m in _LINE.finditer(text)]
    lines = [(start, end) for start, end in lines if start < end]
    width = max((end - start for start, end in lines), default=0)
    folds = {start for (a, b), (start, end) in pairwise(lines) if _may_fold(text, a, b, start, end, width)}
    if 3 * sum(text[start].islower() for start in folds) < len(folds):
        folds = set()
    joined: list[tuple[int, int]] = []
    for start, end in lines:
        if start in folds:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _may_fold(text: str, start: int, end: int, following: int, following_end: int, width: int) -> bool:
    """Whether the break after the line `text[start:end]` may only fold a sentence that goes on in the following line."""
    if width > _WIDEST_WRAP or end - start < max(20, width // 2) or text.count("\n", end, following) != 1:
        return False
    if _NEW_ITEM.match(text, following) or _SENTENCE_END.search(text[start:end]):
        return False
    first_word = text[following:following_end].split(maxsplit=1)[0]
    return end - start + 1 + len(first_word) > width


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
