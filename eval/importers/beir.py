"""BEIR folders: corpus.jsonl, queries.jsonl, qrels.tsv (or qrels/test.tsv); answers and unanswerable questions where
there are some.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...corpus.article import Article
from ...corpus.readers.records import read_lines
from ...errors import InputError, ReadError
from ..questions import Gold, Question
from .reading import naming, records_of, text_of


@dataclass(frozen=True, slots=True)
class Beir:
    """A set on disk."""

    folder: Path

    def articles(self) -> Iterator[Article]:
        """The documents that have text; such sets hold some without, which nothing could find."""
        path = self.folder / "corpus.jsonl"
        kept = [json.dumps(record) for record in records_of(path) if str(record.get("text") or "").strip()]
        for draft in read_lines("\n".join(kept).encode(), str(path)):
            if isinstance(draft, ReadError):
                raise draft
            yield draft.article(draft.where)

    def questions(self) -> list[Question]:
        """The questions with at least one relevant article or marked unanswerable, in the order of the file."""
        with naming(self.folder / "queries.jsonl", "the queries of a BEIR folder"):
            return list(self._questions())

    def _questions(self) -> Iterator[Question]:
        grades = self._grades()
        for record in records_of(self.folder / "queries.jsonl"):
            name = str(record.get("id", record.get("_id")))
            gold = tuple(Gold(article, grade=grade) for article, grade in grades.get(name, {}).items() if grade > 0)
            none = bool(record.get("unanswerable"))
            if gold or none:
                answers = _answers(record.get("answers") or ())
                kind = "unanswerable" if none else str(record.get("type") or "")
                yield Question(name, str(record["text"]), kind, () if none else gold, () if none else answers)

    def _grades(self) -> dict[str, dict[str, int]]:
        path = next((p for p in (self.folder / "qrels.tsv", self.folder / "qrels" / "test.tsv") if p.is_file()), None)
        if path is None:
            raise InputError(f"{self.folder}: no qrels.tsv or qrels/test.tsv")
        grades: dict[str, dict[str, int]] = {}
        for number, line in enumerate(text_of(path).split("\n"), start=1):
            if not line.strip():
                continue
            try:
                question, article, grade = line.split("\t")
                if grade != "score":
                    grades.setdefault(question, {})[article] = math.ceil(float(grade))
            except (ValueError, OverflowError):
                raise InputError(f"{path}:{number}: not a question id, an article id and a grade, with tabs between") from None
        return grades


def _answers(given: object) -> tuple[str, ...]:
    """Accepted answers, each once. Raises ValueError where they are no list of texts."""
    if isinstance(given, str) or not isinstance(given, (list, tuple)) or not all(isinstance(answer, str) for answer in given):
        raise ValueError("answers must be a list of texts")
    return tuple(dict.fromkeys(given))
