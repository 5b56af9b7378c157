"""BEIR-like folders: corpus.jsonl, queries.jsonl, qrels.tsv (or qrels/test.tsv)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..corpus.article import Article
from ..corpus.errors import InputError
from ..corpus.readers.records import read_lines


@dataclass(frozen=True, slots=True)
class BeirQuestion:
    """A question, the grade of each relevant article, and the answer strings accepted (none where the set has no answers)."""

    id: str
    text: str
    relevant: dict[str, float]
    answers: tuple[str, ...]
    unanswerable: bool


@dataclass(frozen=True, slots=True)
class BeirFolder:
    """A set on disk."""

    folder: Path

    def articles(self) -> Iterator[Article]:
        """The documents that have text; such sets hold some without, which nothing could find."""
        path = self.folder / "corpus.jsonl"
        kept = [json.dumps(record) for record in self._records(path.name) if str(record.get("text") or "").strip()]
        for draft in read_lines("\n".join(kept).encode(), str(path)):
            yield draft.article(draft.where)

    def questions(self) -> list[BeirQuestion]:
        """The questions with at least one relevant article or marked unanswerable, in the order of the file."""
        grades = self._grades()
        found = []
        for record in self._records("queries.jsonl"):
            name = str(record.get("id", record.get("_id")))
            relevant = {article: grade for article, grade in grades.get(name, {}).items() if grade > 0}
            if relevant or record.get("unanswerable"):
                answers = tuple(dict.fromkeys(record.get("answers") or ()))
                found.append(BeirQuestion(name, record["text"], relevant, answers, bool(record.get("unanswerable"))))
        return found

    def _grades(self) -> dict[str, dict[str, float]]:
        path = next((p for p in (self.folder / "qrels.tsv", self.folder / "qrels" / "test.tsv") if p.is_file()), None)
        if path is None:
            raise InputError(f"{self.folder}: no qrels.tsv or qrels/test.tsv")
        grades: dict[str, dict[str, float]] = {}
        for line in path.read_text("utf-8").splitlines():
            question, article, grade = line.split("\t")
            if grade != "score":
                grades.setdefault(question, {})[article] = float(grade)
        return grades

    def _records(self, name: str) -> list[dict[str, Any]]:
        try:
            return [json.loads(line) for line in (self.folder / name).read_text("utf-8").splitlines() if line.strip()]
        except OSError as error:
            raise InputError(f"{self.folder / name}: cannot be read: {error.strerror}") from None
