"""JSON Lines and JSON: records with fields, under the names that systems give them (see `fields`), JSON Feed among them."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from ...errors import ReadError
from ..decode import tidy
from .draft import Draft
from .fields import found, from_fields
from .fragment import is_html, text_of_html
from .text import text_of

Names = Mapping[str, str]
_PIECE = 1 << 24  # bytes of a file of lines that are read at a time
_LISTS = ("articles", "items", "docs", "results", "data", "records", "stories", "entries", "posts", "hits")


def read_lines(file: IO[bytes] | bytes, where: str, names: Names | None = None) -> Iterator[Draft | ReadError]:
    """The articles of JSON Lines, one a line; for a line that cannot be read a ReadError with its number."""
    number = told = 0
    for piece in _pieces(io.BytesIO(file) if isinstance(file, bytes) else file):
        if not piece.strip():
            number += piece.count(b"\n")
            continue
        told += 1
        for line in text_of(piece, where).removesuffix("\n").split("\n"):
            number += 1
            if line.strip():
                yield _read(line, f"{where}:{number}", names)
    if not told:
        raise ReadError(where, "an empty file")


def _read(line: str, where: str, names: Names | None) -> Draft | ReadError:
    try:
        return draft(_parsed(line, where), where, names)
    except ReadError as error:
        return error


def read_array(data: bytes, where: str, names: Names | None = None) -> Iterator[Draft | ReadError]:
    """The articles of a JSON array, of one object, or of an object that holds a list of them. Raises ReadError."""
    whole = _parsed(text_of(data, where), where)
    more: dict[str, Any] = {}
    if isinstance(whole, dict):
        if (inner := _list_in(whole, names)) is None:
            yield draft(whole, where, names)
            return
        if str(whole.get("version", "")).startswith("https://jsonfeed.org/"):
            more = {"feed": whole.get("title"), "language": whole.get("language")}
        whole = inner
    if not isinstance(whole, list):
        raise ReadError(where, "must be a JSON array of records, or one record")
    for number, record in enumerate(whole, start=1):
        try:
            yield draft({**more, **record} if isinstance(record, dict) else record, f"{where}#{number}", names)
        except ReadError as error:
            yield error


def _list_in(whole: dict[str, Any], names: Names | None) -> list[Any] | None:
    """The list of records in an object that is none itself."""
    if isinstance(found(whole, "text", names)[1], str):
        return None
    lists = [whole[name] for name in _LISTS if isinstance(whole.get(name), list)]
    lists += [value for value in whole.values() if isinstance(value, list)]
    return next((some for some in lists if some and all(isinstance(record, dict) for record in some)), None)


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


def _parsed(text: str, where: str) -> Any:
    """JSON; NaN and Infinity, which are none, as nothing. Raises ReadError."""
    try:
        return json.loads(text, parse_constant=lambda name: None)
    except json.JSONDecodeError as error:
        place = where if error.lineno == 1 else f"{where}:{error.lineno}"
        raise ReadError(place, f"broken JSON at column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise ReadError(where, f"broken JSON: {error}") from None


def draft(record: Any, where: str, names: Names | None = None) -> Draft:
    """The draft of a record: an object with a text, which may be HTML. Raises ReadError."""
    if not isinstance(record, dict):
        raise ReadError(where, f"a record must be an object, not {type(record).__name__}")
    fields = {name: _rendered(value) for name, value in record.items()}
    _, text = found(fields, "text", names)
    if isinstance(text, list) and all(isinstance(part, str) for part in text):
        text = "\n\n".join(text)
    _, page = found(fields, "html", names)
    if not isinstance(text, str) and isinstance(page, str):
        text = text_of_html(page)
    elif isinstance(text, str) and is_html(text):
        text = text_of_html(text)
    if not isinstance(text, str) or not text.strip():
        held = ", ".join(str(name) for name in list(record)[:8])
        raise ReadError(where, f"a record without text (it has {held or 'nothing'}; name the field with --map text=NAME)")
    return from_fields(fields, tidy(text), where, renamed=names)


def _rendered(value: Any) -> Any:
    """What WordPress puts into {"rendered": ...}."""
    return value["rendered"] if isinstance(value, dict) and isinstance(value.get("rendered"), str) else value
