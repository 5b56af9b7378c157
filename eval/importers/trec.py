"""TREC topics and qrels: topics as <top> blocks, or a question id and a question with a tab between; articles are
named by docno.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...corpus.article import Article
from ...errors import InputError
from ..questions import Gold, Question
from .reading import text_of

_TOP = re.compile(r"<top>(.*?)</top>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*(\S+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*([^<]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trec:
    """Topics and their judgements."""

    path: Path
    qrels: Path | None

    def articles(self) -> Iterator[Article]:
        """None: they come apart."""
        return iter(())

    def questions(self) -> list[Question]:
        """The topics that have a relevant article; those without are left out, since nothing is said of them."""
        grades = self._grades()
        text = text_of(self.path)
        if tops := _TOP.findall(text):
            pairs = [(_NUMBER.search(top), _TITLE.search(top)) for top in tops]
            topics = [(number[1], " ".join(title[1].split())) for number, title in pairs if number and title]
        else:
            rows = [line.split("\t", 1) for line in text.split("\n") if line.strip()]
            topics = [(row[0], row[1].strip()) for row in rows if len(row) == 2]
        if not topics:
            raise InputError(f"{self.path}: no topics in it: neither <top> blocks nor lines of id, tab, question")
        return [Question(number, title, "", grades[number]) for number, title in topics if number in grades]

    def _grades(self) -> dict[str, tuple[Gold, ...]]:
        if self.qrels is None:
            raise InputError("TREC topics come with judgements: give them with --qrels FILE")
        grades: dict[str, tuple[Gold, ...]] = {}
        for number, line in enumerate(text_of(self.qrels).split("\n"), start=1):
            if not line.strip():
                continue
            try:
                topic, _, article, grade = line.split()
                if int(grade) > 0:
                    grades[topic] = (*grades.get(topic, ()), Gold(article, grade=int(grade)))
            except ValueError:
                raise InputError(f"{self.qrels}:{number}: not a topic, an iteration, an article and a grade") from None
        return grades
