"""Front matter: fields before the text, as YAML between lines of ---, as TOML between lines of +++, or as a JSON object."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from ...errors import ReadError

_YAML = re.compile(r"\s*---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"[ \t]*[\w-]+[ \t]*:")
_LINE = re.compile(r"[ \t]*(\w[\w -]{0,60}?)[ \t]*:[ \t]+(\S.{0,500})")
_NOTHING = ("null", "~")
_MOST = 100_000  # characters: longer, and it is no front matter


def split(text: str, where: str) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    """The fields of the front matter, the text after it, and what could not be read of it; all is text where there is none.

    Raises ReadError for front matter that cannot be read at all.
    """
    head = text[:_MOST]
    if found := _YAML.match(head):
        return _yaml(found, text, where)
    if found := _TOML.match(head):
        try:
            return tomllib.loads(found[1] or ""), text[found.end() :], ()
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ReadError(where, f"broken front matter: {error}") from None
    if head.lstrip().startswith("{"):
        start = len(text) - len(text.lstrip())
        try:
            fields, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            return {}, text, ()
        if isinstance(fields, dict) and text[end : end + 1] in ("\n", ""):
            return fields, text[end:].lstrip("\n"), ()
    return {}, text, ()


def _yaml(found: re.Match[str], text: str, where: str) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    import yaml

    written, after = found[1] or "", text[found.end() :]
    try:
        fields = yaml.load(written, Loader=yaml.BaseLoader)  # noqa: S506 - it knows only strings, lists and mappings
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:  # the last two: an escape of no character
        if not _FIELD.match(written):  # a rule, not front matter
            return {}, text, ()
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 2}" if mark else ""
        said = f"broken front matter{line}: {getattr(error, 'problem', None) or error}"
        lines: dict[str, str] = {pair[1]: pair[2] for row in written.splitlines() if (pair := _LINE.fullmatch(row))}
        if not lines:
            raise ReadError(where, said) from None
        # What stands on lines of its own is told all the same, but for the line that is broken.
        return {name: _unquoted(value) for name, value in lines.items()}, after, (said,)
    if not isinstance(fields, dict):
        return {}, text, ()
    return {str(name): "" if value in _NOTHING else value for name, value in fields.items()}, after, ()


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value.strip("\"'")
