"""JSON Lines and JSON: records with fields, under the names that systems give them (see `fields`), JSON Feed among them."""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from ...errors import ReadError
from ..decode import tidy
from .draft import Draft
from .fields import SHORTER, candidates, found, from_fields, is_known, plain, text_in, unescaped
from .fragment import is_html, text_of_html
from .front_matter import loosened
from .text import text_of

Names = Mapping[str, str]
_PIECE = 1 << 24  # bytes of a file of lines that are read at a time
_LISTS = ("articles", "items", "docs", "results", "data", "records", "stories", "entries", "posts", "hits")
_INNER = {"_source": 1, "attributes": 1, "fields": 1, "article": 2, "story": 2, "post": 2, "doc": 2}  # objects of a record with
# its fields in them, and how many known ones make sure of it
_LEVELS, _SEARCHED, _SAMPLE = 5, 2000, 50  # how deep, in how many parts, and in how many records of a list a text is looked for
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\]]')
_SHORT = ("title", "source")  # fields that may be written in HTML


def read_lines(file: IO[bytes] | bytes, where: str, names: Names | None = None) -> Iterator[Draft | ReadError]:
    """The articles of JSON Lines, one a line; for a line that cannot be read a ReadError with its number.

    A record may be written over several lines; comments, and the brackets and commas of an array, are passed over.
    """
    for number, written in _written(io.BytesIO(file) if isinstance(file, bytes) else file, where):
        place = f"{where}:{number}"
        try:
            whole = _parsed(written, place, number)
            if isinstance(whole, list) and not any(isinstance(record, dict) for record in whole):
                raise ReadError(place, "a record must be an object, not list")
            yield from _drafts(whole, place, names)
        except ReadError as error:
            yield error


def read_array(data: bytes, where: str, names: Names | None = None) -> Iterator[Draft | ReadError]:
    """The articles of a JSON array, of one object, or of an object that holds a list of them. Raises ReadError."""
    whole = _parsed(text_of(data, where), where)
    if not isinstance(whole, list | dict):
        raise ReadError(where, "must be a JSON array of records, or one record")
    yield from _drafts(whole, where, names)


def _drafts(whole: Any, where: str, names: Names | None) -> Iterator[Draft | ReadError]:
    """The articles of one value. Raises ReadError for one that is a record, or none."""
    if (records := _records(whole, names)) is None:
        yield draft(whole, where, names)
        return
    more: dict[str, Any] = {}
    if isinstance(whole, dict) and str(whole.get("version", "")).startswith("https://jsonfeed.org/"):
        more = {"feed": whole.get("title"), "language": whole.get("language")}
    for number, record in enumerate(records, start=1):
        try:
            yield draft({**more, **record} if isinstance(record, dict) else record, f"{where}#{number}", names)
        except ReadError as error:
            yield error


def _written(file: IO[bytes], where: str) -> Iterator[tuple[int, str]]:
    """The records of a file of lines as they are written, each with the number of its first line."""
    held: list[str] = []  # the lines of a record that is not closed yet, its first line, and the brackets that are open
    begun = depth = 0
    for number, line in _lines(file, where):
        if held and line.startswith("{"):  # which begins another: what is held was broken off
            yield begun, "\n".join(held)
            held, depth = [], 0
        said = line.strip()
        if not held and (not said or said in ("[", "]", "],") or said.startswith(("//", "#"))):
            continue
        if not held:
            begun = number
        depth += _opened(said) if held or _is_begun(said) else 0
        held.append(line)
        if depth <= 0:
            yield begun, "\n".join(held)
            held, depth = [], 0
    if held:
        yield begun, "\n".join(held)


def _is_begun(said: str) -> bool:
    """Whether a line is the first of a record over several lines: valid JSON that ends too early."""
    if not said.startswith("{") or said.endswith("}"):
        return False
    try:
        json.loads(said)
    except json.JSONDecodeError as error:
        return error.pos >= len(said)
    except (RecursionError, ValueError):
        pass
    return False


def _opened(line: str) -> int:
    """How many brackets a line opens more than it closes."""
    marks = [part[0] for part in _BRACKETS.finditer(line)]
    return sum(mark in "{[" for mark in marks) - sum(mark in "}]" for mark in marks)


def _lines(file: IO[bytes], where: str) -> Iterator[tuple[int, str]]:
    number = told = 0
    for piece in _pieces(file):
        if not piece.strip():
            number += piece.count(b"\n")
            continue
        told += 1
        for line in text_of(piece, where).removesuffix("\n").split("\n"):
            number += 1
            yield number, line
    if not told:
        raise ReadError(where, "an empty file")


def _records(whole: Any, names: Names | None) -> list[Any] | None:
    """The records in a value that is none itself: the first list with a text in one of them. None for what is one record."""
    if isinstance(whole, dict) and (rows := _rows(whole)):
        return rows
    if not isinstance(whole, list | dict) or _holds_text(whole, names):
        return None
    lists = _lists(whole)
    for shorter in (False, True):
        for some in lists:
            if any(_holds_text(record, names, shorter=shorter) for record in some[:_SAMPLE]):
                return some
    if isinstance(whole, list):
        return whole
    if _holds_text(whole, names, shorter=True):
        return None
    values = [*(whole.get(name) for name in _LISTS), *whole.values()]
    return next((some for some in values if isinstance(some, list) and some and all(isinstance(r, dict) for r in some)), None)


def _lists(whole: Any) -> list[list[Any]]:
    """The lists of objects in a value, those of the fewest levels first; an object by itself is a list of one."""
    lists: list[list[Any]] = []
    level = [whole]
    searched = 0
    for _ in range(_LEVELS):
        below: list[Any] = []
        for some in level:
            if isinstance(some, dict):
                values = [*(some[name] for name in _LISTS if name in some), *(v for n, v in some.items() if n not in _LISTS)]
                if len(values) > 1 and all(isinstance(value, dict) for value in values):
                    lists.append([{"id": name, **value} for name, value in some.items()])
                lists += [[some]] if some is not whole else []
            else:
                values = some[:_SAMPLE]
                if any(isinstance(value, dict) for value in some):
                    lists.append(some)
            below += [value for value in values[:_SEARCHED] if isinstance(value, dict | list)]
        searched += len(below)
        level = below if searched <= _SEARCHED else []
    return lists


def _rows(whole: dict[str, Any]) -> list[Any]:
    """The rows of a table that is written by its columns, as pandas does."""
    columns, cells = whole.get("columns"), whole.get("data")
    if isinstance(columns, list) and isinstance(cells, list) and all(isinstance(row, list) for row in cells):
        return [dict(zip(map(str, columns), row, strict=False)) for row in cells]
    values = list(whole.values())
    if not any(is_known(name) for name in whole) or len({len(value) for value in values if isinstance(value, dict | list)}) != 1:
        return []
    if all(isinstance(value, dict) and value.keys() == values[0].keys() for value in values):
        if all(str(key).isdecimal() for key in values[0]):
            return [{name: column[key] for name, column in whole.items()} for key in values[0]]
    elif all(isinstance(value, list) for value in values) and any(found(whole, kind)[0] for kind in ("id", "title", "url")):
        return [dict(zip(whole, row, strict=True)) for row in zip(*values, strict=True)]
    return []


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces of whole lines; at once where it is not in UTF-8, so that its encoding is recognised by all of it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
    except UnicodeDecodeError:
        file.seek(0)
        yield file.read()
        return
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece + file.readline()


def _parsed(text: str, where: str, first: int = 0) -> Any:
    """JSON, with comments and a last comma where there are such; NaN and Infinity, which are none, as nothing.

    `first`: the number of its first line, with which `where` ends. Raises ReadError.
    """
    try:
        return json.loads(text, parse_constant=lambda name: None)
    except json.JSONDecodeError as error:
        try:
            return json.loads(loosened(text).strip().removesuffix(","), parse_constant=lambda name: None)
        except (RecursionError, ValueError):
            pass
        place = f"{where.removesuffix(f':{first}')}:{first + error.lineno - 1}" if first else f"{where}:{error.lineno}"
        place = where if error.lineno == 1 else place
        raise ReadError(place, f"broken JSON at column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise ReadError(where, f"broken JSON: {error}") from None


def draft(record: Any, where: str, names: Names | None = None) -> Draft:
    """The draft of a record: an object with a text, which may be HTML. Raises ReadError."""
    if not isinstance(record, dict):
        raise ReadError(where, f"a record must be an object, not {type(record).__name__}")
    fields = _fields(record)
    if not (text := _text(fields, names, shorter=False) or _text(fields, names, shorter=True)):
        held = ", ".join(str(name) for name in list(record)[:8])
        raise ReadError(where, f"a record without text (it has {held or 'nothing'}; name the field with --map text=NAME)")
    chosen = {name for kind in _SHORT for name, _ in candidates(fields, kind, names)}
    fields = {name: _short(value) if name in chosen else value for name, value in fields.items()}
    return from_fields(fields, tidy(text), where, renamed=names)


def _holds_text(record: Any, names: Names | None, *, shorter: bool = False) -> bool:
    return isinstance(record, dict) and bool(_text(_fields(record), names, shorter=shorter))


def _fields(record: dict[str, Any]) -> dict[str, Any]:
    """The fields of a record, and those of the object in it that holds the others."""
    fields = {name: _rendered(value) for name, value in record.items()}
    for holder, least in _INNER.items():
        if isinstance(inner := fields.get(holder), dict) and sum(map(is_known, inner)) >= least:
            del fields[holder]
            fields |= {name: _rendered(value) for name, value in inner.items() if name not in fields}
    return fields


def _text(fields: Mapping[str, Any], names: Names | None, *, shorter: bool) -> str:
    """The text of a record, "" where it has none: `shorter`, what stands for it in a record of an article without one."""
    if shorter:
        if (names and "text" in names) or not any(found(fields, kind, names)[0] for kind in ("title", "published", "url")):
            return ""
        by_name = {plain(name): value for name, value in fields.items()}
        return next((said for name in SHORTER if (said := text_in(by_name.get(name))).strip()), "")
    for _, value in candidates(fields, "text", names):
        if (said := text_in(value)).strip():
            return said
    pages = (value for _, value in candidates(fields, "html", names) if isinstance(value, str))
    return next((said for page in pages if (said := text_of_html(page)).strip()), "")


def _short(value: Any) -> Any:
    """A title or name that may be written in HTML."""
    if isinstance(value, str):
        return text_of_html(value) if is_html(value) else unescaped(value)
    return (
        {name: _short(part) if isinstance(part, str) else part for name, part in value.items()}
        if isinstance(value, dict)
        else value
    )


def _rendered(value: Any) -> Any:
    """What WordPress puts into {"rendered": ...}."""
    return value["rendered"] if isinstance(value, dict) and isinstance(value.get("rendered"), str) else value
