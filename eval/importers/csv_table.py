"""A table of questions and quotes: columns question, quote, article_id, and where known id, type, answer, as_of.

Lines of the same question are its gold quotes; one without a quote and an article says that there is no answer.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ...corpus.article import Article
from ...corpus.dates import parse_date
from ...errors import InputError
from ..questions import Gold, Question
from .account import Account
from .reading import text_of

_SEPARATOR = re.compile(r"sep=(.)[ \t]*\n", re.IGNORECASE)
_QUOTED_CELL = re.compile(r'(?:^|\t)"(?:[^"]|"")*"(?=\t|$)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Table:
    """A file with commas, semicolons or tabs between the columns."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """None: they come apart."""
        return iter(())

    def questions(self) -> list[Question]:
        """The questions, one a row. Raises InputError with the number of the row."""
        try:
            return self._questions()
        except csv.Error as error:
            raise InputError(f"{self.path}: {error}") from None

    def _questions(self) -> list[Question]:
        text = text_of(self.path)
        skipped = 0
        if said := _SEPARATOR.match(text):  # as spreadsheets write it
            text, skipped = text[said.end() :], 1
        head = text.split("\n", 1)[0]
        between: str = said[1] if said else max(",;\t", key=head.count)
        quoting: Literal[0, 3] = csv.QUOTE_NONE if between == "\t" and not _QUOTED_CELL.search(text) else csv.QUOTE_MINIMAL
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=between, quoting=quoting, skipinitialspace=True)
        rows.fieldnames = [re.sub(r"[\s-]+", "_", name.strip().casefold()) for name in rows.fieldnames or ()]
        if "question" not in rows.fieldnames:
            raise InputError(
                f"{self.path}:1: no column `question`; those of use are id, type, question, article_id, quote, answer, as_of"
            )
        found: dict[str, Question] = {}
        for row in rows:
            cells = {
                name: (value or "").strip() for name, value in row.items() if isinstance(name, str) and not isinstance(value, list)
            }
            asked = cells["question"]
            if not any(cells.values()):
                continue
            if not asked:
                raise InputError(f"{self.path}:{rows.line_num + skipped}: a line without a question")
            name, quote, article = cells.get("id") or asked, cells.get("quote", ""), cells.get("article_id", "")
            if quote and not article:
                raise InputError(f"{self.path}:{rows.line_num + skipped}: a quote without the article_id of its article")
            try:
                as_of = parse_date(cells.get("as_of"))
            except ValueError as error:
                raise InputError(f"{self.path}:{rows.line_num + skipped}: as_of: {error}") from None
            before = found.get(name)
            if before is not None and before.text != asked:
                raise InputError(f"{self.path}:{rows.line_num + skipped}: id {name!r} has another question above")
            gold = (*((before.gold or ()) if before else ()), *([Gold(article, quote)] if article else []))
            answer = cells.get("answer", "")
            answers = (*(before.answers if before else ()), *([answer] if answer else []))
            kind = cells.get("type") or (before.type if before else "")
            day = as_of or (before.as_of if before else None)
            found[name] = Question(name, asked, kind, tuple(dict.fromkeys(gold)), tuple(dict.fromkeys(answers)), day)
        return list(found.values())
