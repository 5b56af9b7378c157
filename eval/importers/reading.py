"""What the formats share: files that are read, and the sentence that holds an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any

from ...corpus.article import Article
from ...corpus.decode import decode, tidy
from ...corpus.sentences import sentences
from ...errors import InputError
from .account import Account


def text_of(path: Path) -> str:
    """The text of a file, in whatever encoding it is. Raises InputError."""
    try:
        return decode(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def raw_text_of(path: Path) -> str:
    """The text of a file as offsets in it count: in UTF-8 as it stands, else as `text_of`. Raises InputError."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return text_of(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def json_of(path: Path) -> Any:
    """The JSON of a file. Raises InputError."""
    try:
        return json.loads(raw_text_of(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}:{error.lineno}: broken JSON at column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise InputError(f"{path}: JSON that cannot be read: {str(error)[:80]}") from None


def records_of(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON Lines. Raises InputError, naming the line."""
    for number, line in enumerate(raw_text_of(path).split("\n"), start=1):
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


@dataclass(frozen=True, slots=True)
class Apart:
    """A file of questions whose articles come apart."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """None: they come apart."""
        return iter(())


@contextmanager
def sparing(account: Account, name: str) -> Iterator[None]:
    """Notes a record that is not as its format has it as lost, and goes on with the next."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, IndexError) as error:
        account.lost("a record that is not as the format has it", f"{name} ({type(error).__name__} {str(error)[:60]})")


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


def nearest(text: str, said: str, start: int) -> int | None:
    """Where some words stand in a text, nearest to a place, as whole words where they do anywhere; None where they do not stand."""
    if not said.strip():
        return None
    if text.startswith(said, max(0, start)) and start >= 0:
        return start
    whole = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(said)}(?!\w)", text)]
    found = whole or [match.start() for match in re.finditer(re.escape(said), text)]
    return min(found, key=lambda place: abs(place - start)) if found else None


def placed(raw: str, said: str, start: object) -> tuple[str, int | None, bool]:
    """Words as they stand in the tidied text of `raw`, where, and whether that is where the file says. `start` counts in code
    points of the raw text, or in UTF-16 units; where it is neither, the words are looked for near it. None where they do not stand.
    """
    text, wanted = tidy(raw), tidy(said)
    given = int(start) if isinstance(start, (int, float, str)) and str(start).strip().lstrip("-").isdigit() else -1
    if given >= 0 and said.strip():
        if raw[given : given + len(said)] == said:
            at = len(tidy(raw[:given]))
            return wanted, at if text.startswith(wanted, at) else nearest(text, wanted, at), True
        before = raw.encode("utf-16-le", "surrogatepass")[: 2 * given].decode("utf-16-le", "ignore")
        if len(before) < given and raw[len(before) : len(before) + len(said)] == said:
            return wanted, nearest(text, wanted, len(tidy(before))), False
    return wanted, nearest(text, wanted, given), False


def listed(given: object) -> tuple[str, ...]:
    """Accepted answers, each once. Raises ValueError where they are no list of texts."""
    if isinstance(given, str) or not isinstance(given, (list, tuple)) or not all(isinstance(answer, str) for answer in given):
        raise ValueError("answers must be a list of texts")
    return tuple(dict.fromkeys(answer for answer in given if answer.strip()))


def unique(name: str, taken: Container[str]) -> str:
    """A name, or where it is taken the first of "name (2)", "name (3)" ... that is not."""
    return next(one for one in chain([name], (f"{name} ({n})" for n in count(2))) if one not in taken)


def grade_of(text: str) -> float:
    """A grade as it is written, a whole number where it is one. Raises ValueError for what is no grade."""
    grade = float(text)
    if not -1000 <= grade <= 1000:
        raise ValueError(text)
    return int(grade) if grade == int(grade) else grade


def keep(grades: dict[str, dict[str, float]], question: str, article: str, grade: float, account: Account) -> None:
    """Add a judgement; of several of one article the highest counts."""
    of = grades.setdefault(question, {})
    if article in of:
        how = "alike" if of[article] == grade else "with another grade, of which the higher counts"
        account.mended(f"a judgement that is there twice, {how}", f"{question} {article}")
    of[article] = max(grade, of.get(article, grade))
