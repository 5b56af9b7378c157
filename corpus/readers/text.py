"""Plain text: the first line is the title where it clearly is one; a date is nowhere held, so it stays unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..decode import decode
from ..errors import ReadError
from .draft import Draft

_LONGEST_TITLE = 120  # characters
_ENDS_LIKE_TEXT = re.compile(r"""[.!?:;,…][\"'”’)\]]*$|\)$""")


def read(data: bytes, where: str) -> Iterator[Draft]:
    text = text_of(data, where)
    yield Draft(where=where, text=text, title=first_line_title(text))


def text_of(data: bytes, where: str, *, declared: bool = False) -> str:
    """Decoded text; raises ReadError for an empty file and for bytes that are no text."""
    if not data.strip():
        raise ReadError(where, "an empty file")
    try:
        return decode(data, declared=declared)
    except ValueError as error:
        raise ReadError(where, str(error)) from None


def first_line_title(text: str) -> str:
    """The first line if it clearly is a title: short, no full stop, not quoted speech, and a longer line follows it."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return ""
    first, rest = lines[0], lines[1:]
    words = first.split()
    clearly = (
        2 <= len(words) <= 20
        and len(first) <= _LONGEST_TITLE
        and not _ENDS_LIKE_TEXT.search(first)
        and first[0] not in "-*•#\"'“‘("
        and (first[0].isupper() or first[0].isdigit())
        and max(len(line) for line in rest) > len(first)
        and _stands_apart(text, first)
    )
    return " ".join(words) if clearly else ""


def _stands_apart(text: str, first: str) -> bool:
    """A blank line follows, or the next line is a sentence of its own (so the first is no half of a wrapped one)."""
    following = text.lstrip().split("\n", 2)[1].strip()
    return not following or (following[0].isupper() and len(following) > 2 * len(first))
