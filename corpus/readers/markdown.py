"""Markdown, with or without YAML front matter; the text stays as written, marks and all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import ReadError
from .draft import Draft, from_fields
from .text import first_line_title, text_of

_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t#]*(?:\n|$)")


def read(data: bytes, where: str) -> Iterator[Draft]:
    fields, text = _split(text_of(data, where), where)
    if "title" not in fields:
        heading = _HEADING.match(text)
        fields["title"] = heading[1] if heading else first_line_title(text)
    yield from_fields(fields, text, where)


def _split(text: str, where: str) -> tuple[dict[str, object], str]:
    if not text.startswith("---\n"):
        return {}, text
    import frontmatter
    import yaml

    try:
        fields, body = frontmatter.parse(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise ReadError(f"{where}{line}", f"broken front matter: {getattr(error, 'problem', error)}") from None
    except ValueError as error:
        raise ReadError(where, f"broken front matter: {error}") from None
    return {str(name).lower(): value for name, value in fields.items()}, body
