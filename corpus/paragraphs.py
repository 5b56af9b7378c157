"""Paragraphs: lines, with the lines of hard-wrapped text joined."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise

_LINE = re.compile(r"[^\n]+")
_NARROWEST_WRAP, _WIDEST_WRAP = 30, 132  # characters of a line of hard-wrapped text
_SHORTEST_FOLD = 20  # characters before a fold, and half of the width
_LEAST_FOLDS = 0.5  # of the lines that another follows at once: fewer end where a fold would be, and the text is not wrapped
_NEW_ITEM = re.compile(r"[-*•‣▪#>|]|\d{1,3}[.)]\s")
_SENTENCE_END = re.compile(r"""[.!?:…。！？]["'”’)\]」』）]*$""")

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")  # Japanese and Chinese
Line = tuple[int, int]


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each paragraph, without the white space around it.

    A line is a paragraph, except in hard-wrapped text: there a line break is only a fold where the next line's first word would
    not have fitted on the line before it. A text is wrapped at the width at which most of its lines that another follows at once
    would be folded so, if sentences do run on there: at least a third of the lines after such folds begin with a small letter. A
    line that is wider (an address, a table) or narrower is a fold where the next goes on with a small letter.
    """
    lines = [_stripped(text, m.start(), m.end()) for m in _LINE.finditer(text)]
    lines = [(start, end) for start, end in lines if start < end]
    folds = _folds(text, lines)
    joined: list[tuple[int, int]] = []
    for start, end in lines:
        if start in folds:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _folds(text: str, lines: list[Line]) -> set[int]:
    """The starts of the lines that go on with the line before them."""
    near = [(one, other) for one, other in pairwise(lines) if text.count("\n", one[1], other[0]) == 1]
    needed = [(end - start, end - start + 1 + _first_word(text, *other)) for (start, end), other in near]
    width = _width(needed, [end - start for start, end in lines])
    if width is None:
        return _running_on(text, near)
    certain: set[int] = set()
    likely: set[int] = set()
    for ((start, end), other), (length, with_word) in zip(near, needed, strict=True):
        if _NEW_ITEM.match(text, other[0]) or _SENTENCE_END.search(text, max(start, end - 4), end):
            continue
        if max(_SHORTEST_FOLD, width // 2) <= length <= width < with_word:
            certain.add(other[0])
        elif text[other[0]].islower() and length >= width // 3:
            likely.add(other[0])
    small = sum(text[start].islower() or _UNSPACED.match(text, start) is not None for start in certain)
    return certain | likely if 3 * small >= len(certain) else set()


def _running_on(text: str, near: list[tuple[Line, Line]]) -> set[int]:
    """The starts of lines that go on with a small letter where the line before is no short one and ends no sentence, if most lines
    that follow another at once do.
    """
    found = {
        other[0]
        for (start, end), other in near
        if end - start >= _NARROWEST_WRAP and text[other[0]].islower() and not _SENTENCE_END.search(text, max(start, end - 4), end)
    }
    return found if 2 * len(found) >= len(near) else set()


def _width(needed: list[Line], lengths: list[int]) -> int | None:
    """The width at which most lines would be folded where they end, less those that are wider; None where too few would be.

    needed   of each line that another follows at once, its length, and the length it would have with the first word of that
    lengths  of all lines; those beyond _WIDEST_WRAP are paragraphs of their own, and say nothing
    """
    folds, narrower = [0] * (_WIDEST_WRAP + 2), [0] * (_WIDEST_WRAP + 2)
    for length, with_word in needed:
        if _SHORTEST_FOLD <= length <= _WIDEST_WRAP:
            folds[length] += 1
            folds[min(with_word, 2 * length + 2, _WIDEST_WRAP + 1)] -= 1
    for length in lengths:
        if length <= _WIDEST_WRAP:
            narrower[length] += 1
    counts, within = list(accumulate(folds)), list(accumulate(narrower))
    width = max(range(_NARROWEST_WRAP, _WIDEST_WRAP + 1), key=lambda n: (counts[n] + within[n], within[n], -n))
    most = sum(length <= _WIDEST_WRAP for length, _ in needed)
    longer = sum(width < length <= _WIDEST_WRAP for length in lengths)
    return width if counts[width] > longer and counts[width] >= _LEAST_FOLDS * most else None


def _first_word(text: str, start: int, end: int) -> int:
    """The length of the first word of a line; one character where no spaces stand between words."""
    if _UNSPACED.match(text, start):
        return 1
    return next((at - start for at in range(start, end) if text[at].isspace()), end - start)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
