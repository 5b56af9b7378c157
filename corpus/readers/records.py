"""JSON Lines and JSON arrays of records: id, title, text, and where present source, url, published, language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from ...errors import ReadError
from ..decode import tidy
from .draft import Draft, from_fields
from .text import text_of


def read_lines(data: bytes, where: str) -> Iterator[Draft]:
    """The articles of JSON Lines, one a line. Raises ReadError with the number of the line."""
    return read_pieces([data], where)


def read_pieces(pieces: Iterable[bytes], where: str) -> Iterator[Draft]:
    """The articles of JSON Lines given piece by piece, each piece of whole lines: the file need not be in memory."""
    number = found = 0
    for piece in pieces:
        if not piece.strip():
            number += piece.count(b"\n")
            continue
        found += 1
        for line in text_of(piece, where).removesuffix("\n").split("\n"):
            number += 1
            if line.strip():
                yield _draft(_parsed(line, where, number), f"{where}:{number}")
    if not found:
        raise ReadError(where, "an empty file")


def read_array(data: bytes, where: str) -> Iterator[Draft]:
    """The articles of a JSON array, or of one object. Raises ReadError."""
    whole = _parsed(text_of(data, where), where, 1)
    if isinstance(whole, dict):
        yield _draft(whole, where)
    elif isinstance(whole, list):
        for number, record in enumerate(whole, start=1):
            yield _draft(record, f"{where}#{number}")
    else:
        raise ReadError(where, "must be a JSON array of records, or one record")


def _parsed(text: str, where: str, first_line: int) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise ReadError(f"{where}:{line}", f"broken JSON at column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise ReadError(f"{where}:{first_line}", f"broken JSON: {error}") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _draft(record: Any, where: str) -> Draft:
    if not isinstance(record, dict):
        raise ReadError(where, f"a record must be an object, not {type(record).__name__}")
    text = record.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ReadError(where, "a record without text")
    return from_fields(record, tidy(text), where)
