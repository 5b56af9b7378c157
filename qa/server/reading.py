"""An article as it is read on a page: paragraphs, with quotes marked and what is no part of the story dimmed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...corpus.article import Mark

_PARAGRAPH = re.compile(r"\S(?:.|\n(?![^\S\n]*\n))*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a paragraph. `quote`: the number, from 1, of the quote that they are of, 0 for none; `begins`: whether it
    begins here; `kind`: of what kind the line is where it is no part of the story, else "".
    """

    text: str
    quote: int = 0
    begins: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph. `at`: where it begins, in percent of the article; `quotes`: the numbers of those that begin in it."""

    pieces: tuple[Piece, ...]
    at: float
    quotes: tuple[int, ...]


def shown(text: str, spans: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> Iterator[Shown]:
    """The paragraphs of a text. `spans`: the (start, end) of quotes, in order, without overlaps, as `marks` are."""
    quotes, lines = _Stretches(spans), _Stretches([(mark.start, mark.end) for mark in marks])
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        pieces = []
        for a, b in pairwise(sorted({start, end, *quotes.edges(start, end), *lines.edges(start, end)})):
            number, mark = quotes.at(a), lines.at(a)
            begins = number >= 0 and spans[number][0] == a
            pieces.append(Piece(text[a:b], number + 1, begins, marks[mark].kind if mark >= 0 else ""))
        numbers = tuple(piece.quote for piece in pieces if piece.begins)
        yield Shown(tuple(pieces), 100 * start / len(text), numbers)


class _Stretches:
    """Stretches of a text, in order, without overlaps."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]

    def edges(self, start: int, end: int) -> Iterator[int]:
        """Where one of them begins or ends between `start` and `end`."""
        for places in (self._starts, self._ends):
            yield from places[bisect_right(places, start) : bisect_left(places, end)]

    def at(self, place: int) -> int:
        """The number of the one that a place lies in, from 0; -1 for none."""
        number = bisect_right(self._starts, place) - 1
        return number if number >= 0 and place < self._ends[number] else -1
