"""An article as it is read on a page: paragraphs, with quotes marked and what is no part of the story dimmed."""

from __future__ import annotations

import re
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
    """The paragraphs of a text. `spans`: the (start, end) of quotes, in order, without overlaps."""
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        pieces = tuple(_pieces(text, start, end, spans, marks))
        numbers = tuple(piece.quote for piece in pieces if piece.begins)
        yield Shown(pieces, 100 * start / len(text), numbers)


def _pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> Iterator[Piece]:
    """The pieces of text[start:end]: cut where a quote or a mark begins or ends."""
    edges = {start, end}
    for a, b in (*spans, *((mark.start, mark.end) for mark in marks)):
        edges |= {edge for edge in (a, b) if start < edge < end}
    cuts = sorted(edges)
    for a, b in pairwise(cuts):
        number = next((n for n, span in enumerate(spans, start=1) if span[0] <= a < span[1]), 0)
        kind = next((mark.kind for mark in marks if mark.start <= a < mark.end), "")
        yield Piece(text[a:b], number, bool(number) and spans[number - 1][0] == a, kind)
