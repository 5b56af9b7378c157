"""Plain text, with or without front matter; the first line is the title where it clearly is one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import ReadError
from ..boilerplate import is_byline
from ..decode import decode
from ..paragraphs import paragraphs
from . import front_matter
from .draft import Draft
from .fields import found, from_fields

_LONGEST_TITLE = 120  # characters
_ENDS_LIKE_TEXT = re.compile(r"""[.!?:;,…][\"'”’)\]]*$|\)$""")


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The article of a plain text file; its first line is the title where it stands like one. Raises ReadError if it is empty."""
    written = text_of(data, where)
    fields, text, warnings = front_matter.split(written, where)
    if not any(found(fields, kind)[0] for kind in ("title", "published", "source", "url")):
        fields, text, warnings = {}, written, ()
    if not found(fields, "title")[0]:
        fields["title"] = first_line_title(text)
    yield from_fields(fields, text, where, warnings=warnings)


def text_of(data: bytes, where: str, *, declared: bool = False) -> str:
    """Decoded text; raises ReadError for an empty file and for bytes that are no text."""
    if not data.strip():
        raise ReadError(where, "an empty file")
    try:
        return decode(data, declared=declared)
    except ValueError as error:
        raise ReadError(where, str(error)) from None


def first_line_title(text: str) -> str:
    """The first paragraph if it clearly is a title: short, no full stop, not quoted speech, and a longer one follows it."""
    found = paragraphs(text)
    if len(found) < 2:
        return ""
    (start, end), (second, second_end) = found[:2]
    first = text[start:end]
    words = first.split()
    under = [text[a:b] for a, b in found[1:3]]  # a byline, or when and by whom
    headed = any(is_byline(line) for line in under)
    apart = "\n\n" in text[end:second].replace(" ", "")
    clearly = (
        2 <= len(words) <= 20
        and len(first) <= _LONGEST_TITLE
        and not _ENDS_LIKE_TEXT.search(first)
        and first[0] not in "-*•#\"'“‘("
        and (first[0].isupper() or first[0].isdigit())
        and max(b - a for a, b in found[1:]) > len(first)
        and (apart or headed or (text[second].isupper() and second_end - second > 2 * len(first)))
    )
    return " ".join(words) if clearly else ""
