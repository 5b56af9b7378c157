"""A table of questions and quotes: columns question, quote, article_id, and where known id, type, answer, grade, as_of.

Rows of the same question are its gold quotes; one with nothing but the question says that there is no answer, one with an answer
alone waits to be judged.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from typing import Literal

from ...corpus.dates import parse_date
from ...errors import InputError
from ..questions import Gold, Question
from .reading import Apart, grade_of, sparing, text_of, unique

_SEPARATOR = re.compile(r'"?sep=(.)"?[ \t]*\n', re.IGNORECASE)
_COLUMNS = ("id", "type", "question", "article_id", "quote", "answer", "grade", "as_of")
_MORE = "\0more"


@dataclass(frozen=True, slots=True)
class Table(Apart):
    """A file with commas, semicolons or tabs between the columns."""

    def questions(self) -> list[Question]:
        """The questions, those of several rows as one. Raises InputError for a table that cannot be read."""
        text = text_of(self.path).lstrip("\n")
        if said := _SEPARATOR.match(text):  # as spreadsheets write it
            text = text[said.end() :].lstrip("\n")
        head = text.split("\n", 1)[0]
        between = said[1] if said else max(",;\t", key=head.count)
        try:
            return self._questions(text, between, csv.QUOTE_MINIMAL)
        except csv.Error as error:
            if between != "\t":  # in a table with tabs, quotation marks may be text
                raise InputError(f"{self.path}: {error}") from None
            self.account.found.clear()
            return self._questions(text, between, csv.QUOTE_NONE)

    def _questions(self, text: str, between: str, quoting: Literal[0, 3]) -> list[Question]:
        rows = csv.DictReader(
            io.StringIO(text, newline=""), delimiter=between, quoting=quoting, skipinitialspace=True, strict=True, restkey=_MORE
        )
        rows.fieldnames = [re.sub(r"[\s-]+", "_", name.strip().casefold()) for name in rows.fieldnames or ()]
        if "question" not in rows.fieldnames:
            raise InputError(f"{self.path}:1: no column `question`; those of use are {', '.join(_COLUMNS)}")
        for name in dict.fromkeys(rows.fieldnames):
            if name in _COLUMNS and rows.fieldnames.count(name) > 1:
                raise InputError(f"{self.path}:1: column `{name}` is there twice")
            if name and name not in _COLUMNS:
                self.account.left_out("a column of no use", name)
        found: dict[str, Question] = {}
        for number, row in enumerate(rows, start=2):
            where = f"row {number}"
            if _MORE in row:
                self.account.lost("a row with more cells than columns: put text with separators in quotation marks", where)
                continue
            cells = {name: (value or "").strip() for name, value in row.items()}
            if any(cells.values()):
                with sparing(self.account, where):
                    self._row(found, cells, where)
        return [q if q.gold or not q.answers else replace(q, gold=None) for q in found.values()]

    def _row(self, found: dict[str, Question], cells: dict[str, str], where: str) -> None:
        """Add a row to the questions so far."""
        asked, quote, article = cells["question"], cells.get("quote", ""), cells.get("article_id", "")
        name = cells.get("id") or asked
        if not asked or (quote and not article):
            self.account.lost("a quote without its article_id" if asked else "a row without a question", where)
            return
        before = found.get(name, Question(name, asked))
        if before.text != asked:
            name = unique(name, found)
            self.account.mended("another question with an id that is taken, which gets a number", name)
            before = Question(name, asked)
        day, kind = parse_date(cells.get("as_of")), cells.get("type", "")
        for said, known in ((day, before.as_of), (kind, before.type)):
            if said and known and said != known:
                self.account.lost(f"another as_of or type than in a row above ({known})", where)
        grade = grade_of(cells["grade"]) if cells.get("grade") else 1
        if grade <= 0:
            rejected = (*before.rejected, *([article] if article else []))
            found[name] = replace(before, rejected=tuple(dict.fromkeys(rejected)))
            return
        gold = (*(before.gold or ()), *([Gold(article, quote, grade)] if article else []))
        answers = (*before.answers, *([cells["answer"]] if cells.get("answer") else []))
        found[name] = replace(
            before,
            type=before.type or kind,
            as_of=before.as_of or day,
            gold=tuple(dict.fromkeys(gold)),
            answers=tuple(dict.fromkeys(answers)),
        )
