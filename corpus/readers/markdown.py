"""Markdown, with or without YAML front matter; the text stays as written, marks and all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import ReadError
from .draft import Draft, from_fields
from .text import first_line_title, text_of

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"[\w-]+[ \t]*:")
_NOTHING = ("null", "~")
_HEADING = re.compile(r"\s*#[ \t]+(\S.*)")


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The article of a Markdown file, its front matter read as fields. Raises ReadError for front matter that cannot be read."""
    fields, text = _split(text_of(data, where), where)
    if "title" not in fields:
        heading = _HEADING.match(text)
        fields["title"] = heading[1].rstrip(" \t#") if heading else first_line_title(text)
    yield from_fields(fields, text, where)


def _split(text: str, where: str) -> tuple[dict[str, str], str]:
    """The fields of the front matter, as written, and the text after it; all is text where there is none."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    import yaml

    try:
        fields = yaml.load(found[1], Loader=yaml.BaseLoader)  # noqa: S506 - it knows only strings, lists and mappings
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:  # the last two: an escape of no character
        if not _FIELD.match(found[1]):  # a rule, not front matter
            return {}, text
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 2}" if mark else ""
        raise ReadError(f"{where}{line}", f"broken front matter: {getattr(error, 'problem', None) or error}") from None
    if not isinstance(fields, dict):
        return {}, text
    return {str(name).lower(): "" if value in _NOTHING else value for name, value in fields.items()}, text[found.end() :]
