"""NewsQA's table (combined-newsqa-data-v1.csv): a question of a story in each row, with where its answers stand."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ...corpus.article import Article
from ...corpus.decode import tidy
from ...errors import InputError
from ..questions import Gold, Question
from .account import Account
from .reading import naming, placed, raw_text_of, sentence_at, sparing

_RANGE = re.compile(r"(\d+):(\d+)")
_BAD = 0.5  # of those who judged say that a question is none, or that the story has no answer


@dataclass(frozen=True)
class NewsQa:
    """A file with the stories in it (`story_text`); answers are those that were validated, else those of which most said so."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """The stories."""
        return (Article(name, text) for name, text in self._stories.items())

    def questions(self) -> list[Question]:
        """The questions that were found to be such."""
        with naming(self.path, "NewsQA's table"):
            rows = self._rows
        found: list[Question | None] = []
        for number, row in enumerate(rows):
            with sparing(self.account, f"{row.get('story_id')}#{number}"):
                found.append(self._question(number, row))
        return [question for question in found if question is not None]

    @cached_property
    def _rows(self) -> list[dict[str, str]]:
        csv.field_size_limit(2**30)
        rows = csv.DictReader(io.StringIO(raw_text_of(self.path), newline=""))
        for name in ("story_id", "question", "answer_char_ranges", "story_text"):
            if name not in (rows.fieldnames or ()):
                raise InputError(f"{self.path}:1: no column `{name}`: NewsQA's table with the stories in it is needed")
        return list(rows)

    @cached_property
    def _stories(self) -> dict[str, str]:
        return {story: tidy(text) for story, text in self._raw.items()}

    @cached_property
    def _raw(self) -> dict[str, str]:
        """The stories as the file has them, in which offsets count: some tables have each in its first row alone."""
        return {row["story_id"]: row["story_text"] for row in reversed(self._rows) if (row["story_text"] or "").strip()}

    def _question(self, number: int, row: dict[str, str]) -> Question | None:
        name, story = f"{row['story_id']}#{number}", row["story_id"]
        if _share(row.get("is_question_bad")) >= _BAD:
            self.account.left_out("a question that was judged to be none", name)
            return None
        if story not in self._stories:
            self.account.lost("a question to a story without text", name)
            return None
        places = _places(row)
        if not places:
            if _share(row.get("is_answer_absent")) >= _BAD:
                return Question(name, row["question"], "unanswerable")
            self.account.left_out("a question for which no answer was agreed on", name)
            return None
        raw, text = self._raw[story], self._stories[story]
        given = [(start, raw[start:end]) for start, end in places if start < end]
        found = [placed(raw, said.strip(" \r\n.,"), start + _blank(said)) for start, said in given]
        spans = [(place, said) for said, place, _ in found if place is not None]
        if not spans:
            self.account.lost("an answer that is not in its story", name)
            return None
        gold = dict.fromkeys(Gold(story, sentence_at(text, place, place + len(said))) for place, said in spans)
        return Question(name, row["question"], "extractive", tuple(gold), tuple(dict.fromkeys(said for _, said in spans)))


def _blank(text: str) -> int:
    """How much stands before the words of an answer."""
    return len(text) - len(text.lstrip(" \r\n.,"))


def _places(row: dict[str, str]) -> list[tuple[int, int]]:
    """Where the answers stand: those validated by most, else those that most gave."""
    votes: Counter[str] = Counter()
    if (row.get("validated_answers") or "").strip():
        votes.update({places: int(count) for places, count in json.loads(row["validated_answers"]).items()})
    else:
        votes.update(row["answer_char_ranges"].split("|"))
    best = max(votes.values(), default=0)
    chosen = [places for places, count in votes.items() if count == best]
    return [(int(m[1]), int(m[2])) for places in chosen for m in _RANGE.finditer(places)]


def _share(said: str | None) -> float:
    """A share that is written as one, or as a list of votes."""
    try:
        return float(said or 0)
    except ValueError:
        return 0.0
