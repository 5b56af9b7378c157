"""BEIR folders: corpus.jsonl, queries.jsonl, qrels.tsv (or qrels/test.tsv); answers and unanswerable questions where
there are some.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...corpus.article import Article
from ...corpus.readers.records import read_lines
from ...errors import InputError, ReadError
from ..questions import Gold, Question
from .account import Account
from .reading import grade_of, keep, listed, naming, records_of, text_of


@dataclass(frozen=True, slots=True)
class Beir:
    """A set on disk."""

    folder: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """The documents that have text; such sets hold some without, which nothing could find. None without a corpus."""
        path = self.folder / "corpus.jsonl"
        if not path.is_file():
            return
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
            judged = grades.pop(name, None)
            if not isinstance(record.get("text"), str):
                self.account.lost("a question without text", name)
                continue
            gold = tuple(Gold(article, grade=grade) for article, grade in (judged or {}).items() if grade > 0)
            none = bool(record.get("unanswerable"))
            if gold and none:
                self.account.mended("an unanswerable question with articles on its topic, which are no gold", name)
            if gold or none:
                answers = listed(record.get("answers") or ())
                kind = "unanswerable" if none else str(record.get("type") or "")
                rejected = tuple(article for article, grade in (judged or {}).items() if grade <= 0)
                yield Question(name, str(record["text"]), kind, () if none else gold, () if none else answers, rejected=rejected)
            elif judged is None:
                self.account.left_out("a question that nobody judged", name)
            else:
                self.account.left_out("a question for which nothing was judged relevant", name)
        for name, some in grades.items():
            if any(grade > 0 for grade in some.values()):
                self.account.lost("judgements of a question that is not there", name)

    def _grades(self) -> dict[str, dict[str, float]]:
        places = (self.folder / "qrels.tsv", *(self.folder / "qrels" / f"{split}.tsv" for split in ("test", "dev", "train")))
        path = next((p for p in places if p.is_file()), None)
        if path is None:
            raise InputError(f"{self.folder}: no qrels.tsv or qrels/test.tsv")
        grades: dict[str, dict[str, float]] = {}
        for number, line in enumerate(text_of(path).split("\n"), start=1):
            if not line.strip():
                continue
            try:
                cells = [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()
                question, article, grade = cells if len(cells) == 3 else (cells[0], *cells[2:])
                if number == 1 and grade.strip().isalpha() and grade.lower() not in ("nan", "inf", "infinity"):
                    continue  # the head
                value = grade_of(grade)
            except ValueError:
                self.account.lost("a line that is not a question id, an article id and a grade", f"{path.name}:{number}")
                continue
            keep(grades, question, article, value, self.account)
        if not grades:
            raise InputError(f"{path}:1: not a question id, an article id and a grade, with tabs between; nor is any other line")
        return grades
