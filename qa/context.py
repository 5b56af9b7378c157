"""What a quote is not understood without: the question that it replies to, what it corrects, the head of its table, what it points
back to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..corpus.article import Article
from .answer import Span
from .selection.candidates import ASKS
from .selection.corrections import is_overtaken

# A quote that opens so points back, and is given with the sentence before it where that is asked for.
_POINTS_BACK = re.compile(
    r"[\"“'‘(]?(?:he|she|it|they|his|her|its|their|this|these|that|those|such|both|the (?:two|latter|former|ministry|government|"
    r"company|official|minister|president|statement|report|group|agency|spokes\w+|meeting|talks|decision|move|country)s?)\b",
    re.IGNORECASE,
)
CELLS = " | "  # stands between the cells of a row
_FAR = 50_000  # characters before a row in which its table's head is looked for


def of(article: Article, start: int, sentences: Sequence[tuple[int, int]], *, pointing_back: bool) -> Span | None:
    """The context of the sentence of an article that begins at `start`; None where it needs none.

    sentences      the (start, end) of those of the article
    pointing_back  whether a sentence that points back is to have one
    """
    text = article.text
    if (head := _head(text, start)) is not None:
        return Span(*head, text[slice(*head)])
    before = [(a, b) for a, b in sentences if b <= start]
    if not before:
        return None
    said = text[slice(*before[-1])]
    if ASKS.search(said) or is_overtaken(said) or (pointing_back and _POINTS_BACK.match(text, start)):
        return Span(*before[-1], said)
    return None


def _head(text: str, start: int) -> tuple[int, int] | None:
    """Where the first row of the table stands of which a row begins at `start`; None for no row, and for the first."""
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    if CELLS not in text[begin : end if end >= 0 else len(text)]:
        return None
    head, at = None, begin
    for line in reversed(text[max(0, begin - _FAR) : begin].split("\n")[:-1]):
        at -= len(line) + 1
        if CELLS in line:
            head = at, at + len(line.rstrip())
        elif line.strip():
            break
    return head
