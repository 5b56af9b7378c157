"""Markdown, with or without front matter, as its readers see it: CommonMark with tables, footnotes and deleted words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from ...errors import ReadError
from . import front_matter
from .draft import Draft
from .fields import found, from_fields
from .fragment import text_of_html
from .text import first_line_title, text_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The article of a Markdown file, its front matter read as fields. Raises ReadError for front matter that cannot be read."""
    fields, written, warnings = front_matter.split(text_of(data, where), where)
    text = text_of_html(_parser().render(written), structure=True)
    if not text.strip():
        raise ReadError(where, "no text in it")
    if not found(fields, "title")[0]:
        first, _, rest = text.partition("\n")
        headed = first.startswith("# ") and rest.strip()
        fields["title"] = first[2:] if headed else first_line_title(text)
    yield from_fields(fields, text, where, warnings=warnings)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(footnote_plugin)
