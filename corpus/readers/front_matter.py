"""Front matter: fields before the text, YAML between lines of ---, TOML between lines of +++, a JSON object, or bare lines."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from ...errors import ReadError
from .fields import NAMES, is_known, plain

Split = tuple[dict[str, Any], str, tuple[str, ...]]
_YAML = re.compile(r"\s*---(?:[ \t]*ya?ml)?[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL | re.IGNORECASE)
_TOML = re.compile(
    r"\s*(?P<fence>\+\+\+|---(?=[ \t]*toml))(?:[ \t]*toml)?[ \t]*\n(.*?\n)?(?P=fence)[ \t]*(?:\n|$)", re.DOTALL | re.IGNORECASE
)
_JSON = re.compile(
    r"\s*(?P<fence>;;;|---(?=[ \t]*json))(?:[ \t]*json)?[ \t]*\n(.*?\n)?(?P=fence)[ \t]*(?:\n|$)", re.DOTALL | re.IGNORECASE
)
_FIELD = re.compile(r"[ \t]*[\w-]+[ \t]*:")
_LINE = re.compile(r"[ \t]*(\w[\w -]{0,60}?)[ \t]*:[ \t]+(\S.{0,500})")
_OF_FIELDS = re.compile(r"""[ \t]|[\w"'-][\w "'-]{0,60}:(?:[ \t]|$)|[-#\]}"']""")  # how a line of YAML begins
_NOTHING = ("null", "~")
_MOST = 100_000  # characters: longer, and it is no front matter
_SIGNED = re.compile(r"#\w")  # no comment: "#5 is alive"
_KEY = re.compile(r"""[ \t]{0,20}([\w"'][\w."'-]{0,60})[ \t]{0,20}=""")
_TABLE = re.compile(r"""[ \t]{0,20}\[{1,2}[\w."' -]{1,80}\]{1,2}[ \t]{0,20}(?:#.*)?""")
_HEADS = frozenset(("title", "date", "author"))  # that the lines of a head without marks begin with
_BESIDE = frozenset(
    ("author", "authors", "byline", "tags", "category", "categories", "keywords", "slug", "summary", "modified", "status")
)
_HEAD_LINE = re.compile(r"(\w[\w -]{0,60}?)[ \t]{0,20}:(?:[ \t]+(.{0,1000}))?")
_PANDOC = re.compile(r"\s*%[ \t]+(\S.{0,500}\n(?:[ \t]+\S.{0,500}\n){0,5})%(.{0,500})\n(?:%(.{0,500})\n)?(?=\s)")
_LOOSE = re.compile(r'"(?:[^"\\]|\\.)*+"?|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?', re.DOTALL)
_LAST_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*+[}\]])', re.DOTALL)
_OUTSIDE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}]', re.DOTALL)


def split(text: str, where: str) -> Split:
    """The fields of the front matter, the text after it, and what could not be read of it; all is text where there is none.

    Raises ReadError for front matter that cannot be read at all.
    """
    head = text[:_MOST]
    if found := _YAML.match(head):
        return _yaml(found, text, where)
    if found := _TOML.match(head):
        return _toml(found[2] or "", text, text[found.end() :], where)
    if found := _JSON.match(head):
        written = (found[2] or "").strip()
        fields, _ = _object(written if written.startswith("{") else f"{{{written}}}", 0)
        return ({}, text, ()) if fields is None else (fields, text[found.end() :], ())
    if head.lstrip().startswith("{"):
        fields, end = _object(text, len(text) - len(text.lstrip()))
        return ({}, text, ()) if fields is None or text[end : end + 1] not in ("\n", "") else (fields, text[end:].lstrip("\n"), ())
    if (pandoc := _PANDOC.match(head)) and pandoc[1].strip():
        fields = {"title": " ".join(pandoc[1].split()), "author": pandoc[2].strip(), "date": (pandoc[3] or "").strip()}
        return fields, text[pandoc.end() :].lstrip("\n"), ()
    return _head(head, text)


def loosened(written: str) -> str:
    """JSON as people write it, as JSON: without comments, and without a comma after what is last."""
    written = _LOOSE.sub(lambda part: part[0] if part[0].startswith('"') else " ", written)
    return _LAST_COMMA.sub(lambda part: part[0] if part[0].startswith('"') else "", written)


def _object(text: str, start: int) -> tuple[dict[str, Any] | None, int]:
    """The JSON object that begins at `start`, and where it ends; None where there is none."""
    try:
        fields, end = json.JSONDecoder().raw_decode(text, start)
    except RecursionError:
        return None, start
    except ValueError:
        depth, end = 0, 0
        for part in _OUTSIDE.finditer(text, start, start + _MOST):
            depth += {"{": 1, "}": -1}.get(part[0], 0)
            if not depth:
                end = part.end()
                break
        try:
            fields = json.loads(loosened(text[start:end]))
        except (ValueError, RecursionError):
            return None, start
    return (fields if isinstance(fields, dict) else None), end


def _toml(written: str, text: str, after: str, where: str) -> Split:
    """Front matter in TOML; where some of it cannot be read, each field that stands before the first table by itself."""
    try:
        return tomllib.loads(written), after, ()
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if _FIELD.match(written):
            raise ReadError(where, f"broken front matter: {error}") from None
        fields: dict[str, Any] = {}
        warnings: list[str] = []
    for name, statement in _statements(written):
        try:
            fields |= tomllib.loads(statement)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            warnings.append(f"broken front matter: {name} is left out: {error}")
    return (fields, after, tuple(warnings)) if fields or warnings else ({}, text, ())


def _statements(written: str) -> Iterator[tuple[str, str]]:
    """The fields of some TOML before its first table, each with its name."""
    name, lines = "", list[str]()
    for line in written.split("\n"):
        if table := _TABLE.fullmatch(line):
            break
        if (key := _KEY.match(line)) or table:
            if name:
                yield name, "\n".join(lines)
            name, lines = key[1] if key else "", []
        lines.append(line)
    if name:
        yield name, "\n".join(lines)


def _head(head: str, text: str) -> Split:
    """Lines of fields without marks around them, as MultiMarkdown and Pelican have them, up to an empty line."""
    lines = head.lstrip("\n").split("\n", 60)
    first = _HEAD_LINE.fullmatch(lines[0])
    if first is None or plain(first[1]) not in _HEADS:
        return {}, text, ()
    fields: dict[str, Any] = {}
    name, known = "", 0
    for number, line in enumerate(lines):
        if not line.strip():
            after = "\n".join(lines[number:]) + text[len(head) :]
            return (fields, after.lstrip("\n"), ()) if known > 1 and after.strip() else ({}, text, ())
        if pair := _HEAD_LINE.fullmatch(line):
            name = pair[1]
            known += name not in fields and (is_known(name) or plain(name) in _BESIDE)
            fields.setdefault(name, (pair[2] or "").strip())
        elif line[0] in " \t":
            fields[name] = f"{fields[name]} {line.strip()}".strip()
        else:
            break
    return {}, text, ()


def _yaml(found: re.Match[str], text: str, where: str) -> Split:
    import yaml

    written, after = found[1] or "", text[found.end() :]
    try:
        fields = yaml.load(written, Loader=yaml.BaseLoader)  # noqa: S506 - it knows only strings, lists and mappings
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:  # the last two: an escape of no character
        if not _FIELD.match(written) or _goes_on(written):  # a rule, not front matter; or its end is a rule in the text
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
    fields = {str(name): "" if value in _NOTHING else value for name, value in fields.items()}
    for row in written.split("\n"):  # "#5 is alive" is a comment in YAML, and meant as a title
        pair = _LINE.fullmatch(row)
        if pair and plain(pair[1]) in NAMES["title"] and pair[2][0] not in "\"'|>[{&*!" and _SIGNED.search(pair[2]):
            value = fields.get(pair[1])
            said = pair[2].strip()
            if isinstance(value, str) and said.startswith(value) and _SIGNED.match(said[len(value) :].lstrip()):
                fields[pair[1]] = said
    return fields, after, ()


def _goes_on(written: str) -> bool:
    """Whether plain text stands after an empty line, so that the front matter is never closed."""
    _, _, after = written.partition("\n\n")
    return any(line.strip() and not _OF_FIELDS.match(line) for line in after.split("\n"))


def _unquoted(value: str) -> str:
    """A value without the quotation marks around it; those of a quote in it stay."""
    value = value.strip()
    mark = value[:1]
    if mark not in ('"', "'"):
        return value if len(value) - len(value.rstrip("\"'")) == 0 or value.count(value[-1]) % 2 == 0 else value[:-1]
    inside = value[1:-1] if len(value) > 1 and value[-1] == mark else None
    if inside is not None and mark not in inside:
        return inside
    return value[1:] if inside is None and value.count(mark) == 1 else value
