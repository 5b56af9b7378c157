"""Paragraphs: lines, with the lines of hard-wrapped text joined."""

from __future__ import annotations

import re

_LINE = re.compile(r"[^\n]*[^\s][^\n]*")
_WIDEST_WRAP = 100  # characters; wider lines are paragraphs of their own
_NEW_ITEM = re.compile(r"\s*(?:[-*•‣▪#>]|\d{1,3}[.)]\s)")


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each paragraph, without the white space around it.

    A line is a paragraph, except in hard-wrapped text: there a line break is only a fold where the next line's first
    word would not have fitted on the line before it.
    """
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text)]
    width = max((end - start for start, end in lines), default=0)
    joined: list[tuple[int, int]] = []
    for start, end in lines:
        if joined and width <= _WIDEST_WRAP and _is_fold(text, joined[-1][1], start, width):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [_stripped(text, start, end) for start, end in joined]


def _is_fold(text: str, end: int, start: int, width: int) -> bool:
    """Whether the break between the line that ends at `end` and the one that begins at `start` only folds a sentence."""
    if start != end + 1 or _NEW_ITEM.match(text, start):
        return False
    line = text[text.rfind("\n", 0, end) + 1 : end].rstrip()
    first_word = text[start : start + width].split(maxsplit=1)[0]
    return len(line) >= width // 2 >= 20 and len(line) + 1 + len(first_word) > width


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
