"""What public calls are given: each mistake is an InputError that says what was given and what is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from .errors import InputError, QuestionError


def text(name: str, given: object) -> str:
    """A text. Raises QuestionError for anything else."""
    if not isinstance(given, str):
        raise QuestionError(f"{name} is {shown(given)}: it must be a text")
    return given


def texts(name: str, given: object) -> list[str]:
    """Several texts. Raises QuestionError for one text, whose letters would be meant, and for what holds anything else."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise QuestionError(f"{name} is {shown(given)}: it must be a list of texts; put a single one in brackets")
    return [text(f"{name}[{place}]", one) for place, one in enumerate(given)]


def ids(name: str, given: object) -> list[str]:
    """Several names. Raises InputError for one text, whose letters would be meant, and for what holds anything else."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise InputError(f"{name} is {shown(given)}: it must be a list of names; put a single one in brackets")
    found = []
    for place, one in enumerate(given):
        if not isinstance(one, str):
            raise InputError(f"{name}[{place}] is {shown(one)}: a name is a text")
        found.append(one)
    return found


def count(name: str, given: object, of: str) -> int:
    """A whole number of at least 1. Raises InputError for anything else."""
    if isinstance(given, bool) or not isinstance(given, int):
        raise InputError(f"{name} is {shown(given)}: it must be a whole number")
    if given < 1:
        raise InputError(f"{name} is {given}: at least 1 {of} must be asked for")
    return given


def day(given: object) -> object:
    """A date as ISO 8601 has it, where it is a `date`; anything else as it is."""
    return given.date().isoformat() if isinstance(given, datetime) else given.isoformat() if isinstance(given, date) else given


def shown(given: object) -> str:
    """What was given, in at most some forty characters, with its type."""
    said = repr(given)
    return f"{said if len(said) <= 40 else said[:37] + '...'} ({type(given).__name__})"
