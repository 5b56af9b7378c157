"""What the formats share: files that are read, and the sentence that holds an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...corpus.decode import tidy
from ...corpus.sentences import sentences
from ...errors import InputError


def text_of(path: Path) -> str:
    """The text of a file. Raises InputError."""
    try:
        return tidy(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def json_of(path: Path) -> Any:
    """The JSON of a file. Raises InputError."""
    try:
        return json.loads(text_of(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}:{error.lineno}: broken JSON at column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise InputError(f"{path}: JSON that cannot be read: {str(error)[:80]}") from None


def records_of(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON Lines. Raises InputError, naming the line."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise InputError(f"{path}:{number}: broken JSON at column {error.colno}: {error.msg}") from None
            except (RecursionError, ValueError) as error:
                raise InputError(f"{path}:{number}: JSON that cannot be read: {str(error)[:80]}") from None
            if not isinstance(record, dict):
                raise InputError(f"{path}:{number}: not a JSON object")
            yield record


@contextmanager
def naming(path: Path, what: str) -> Iterator[None]:
    """Turns whatever is not as it should be into an InputError that names the file."""
    try:
        yield
    except InputError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, IndexError) as error:
        raise InputError(f"{path}: not {what}: {type(error).__name__} {error}") from None


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence of a text in which a stretch of it lies; more than one, or a part of a line, where it crosses sentences."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = (first, len(text) if last < 0 else last)
    found = [s for s in sentences(text, *line) if s.start < end and start < s.end]
    return text[min(found[0].start, start) : max(found[-1].end, end)] if found else text[start:end]
