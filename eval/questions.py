"""Question sets: JSON Lines, one question a line.

    {"id": "q001", "question": "Who ...?", "type": "who", "gold": [{"article_id": "talks.md", "quote": "verbatim words"}, ...]}

Gold is an article and words that stand in it, not a passage or an offset, so it survives cutting the articles anew. Several
gold quotes are alternatives or belong together; an empty list means that the articles hold no answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..corpus.decode import tidy
from ..corpus.errors import InputError

SAMPLE_SET = Path(__file__).resolve().parent / "sets" / "sample.jsonl"


@dataclass(frozen=True, slots=True)
class Gold:
    """Words of an article that answer a question."""

    article_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and where its answers stand; without gold, the right answer is none."""

    id: str
    text: str
    type: str
    gold: tuple[Gold, ...]

    @property
    def relevant(self) -> dict[str, float]:
        """The articles that hold an answer, each of grade 1."""
        return {gold.article_id: 1.0 for gold in self.gold}


def load(path: Path) -> list[Question]:
    """The questions of a set. Raises InputError, naming the line, for whatever is not as described above."""
    try:
        lines = tidy(path.read_text("utf-8-sig")).split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a question set: {getattr(error, 'strerror', None) or error}") from None
    found: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line), number)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{number}: broken JSON at column {error.colno}: {error.msg}") from None
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise InputError(f"{path}:{number}: not a question with gold quotes: {error}") from None
        if question.id in found:
            raise InputError(f"{path}:{number}: question id {question.id!r} is here twice")
        found[question.id] = question
    if not found:
        raise InputError(f"{path}: no questions in it")
    return list(found.values())


def _question(record: dict[str, Any], number: int) -> Question:
    text = record["question"]
    if not isinstance(text, str) or not any(c.isalnum() for c in text):
        raise ValueError("a question must be text with a word in it")
    gold = tuple(Gold(tidy(str(item["article_id"])), tidy(str(item["quote"]))) for item in record["gold"])
    if not all(item.quote.strip() for item in gold):
        raise ValueError("an empty gold quote")
    return Question(str(record.get("id", number)), text, str(record.get("type", "")), gold)
