"""A newsroom's questions: JSON Lines of a question, strings of which a right quote holds one, and the files of the right articles;
with what a reader expects beside (see `questions.Expected`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...corpus.dates import parse_date
from ..questions import Expected, Gold, Question
from .reading import Apart, listed, naming, records_of


@dataclass(frozen=True, slots=True)
class Newsroom(Apart):
    """A file; articles are called by their file names, and come apart."""

    def questions(self) -> list[Question]:
        """The questions, with whole articles as gold and the strings as accepted answers."""
        found = []
        with naming(self.path, "a newsroom's questions"):
            for number, record in enumerate(records_of(self.path), start=1):
                name, none = str(record.get("id", number)), str(record.get("none") or "")
                docs, answers = listed(record.get("docs") or ()), listed(record.get("a") or ())
                if not none and not (docs and answers):
                    self.account.lost("a question without an answer or its article that is not said to have none", name)
                    continue
                if none and (docs or answers):
                    self.account.lost("a question with an answer that is said to have none", name)
                    continue
                if none not in ("", "offtopic", "notstated"):
                    raise ValueError(f"question {name}: none must be offtopic or notstated")
                gold = () if none else tuple(Gold(doc) for doc in docs)
                found.append(_question(name, record, gold, () if none else answers, none))
        return found


def _question(name: str, record: dict[str, Any], gold: tuple[Gold, ...], answers: tuple[str, ...], none: str) -> Question:
    sides = tuple(listed(side) for side in record.get("sides") or ())
    short, stale, wrong = (listed(record.get(key) or ()) for key in ("short", "stale", "not_sides"))
    expected = Expected(short, stale, sides, wrong, none)
    as_of = parse_date(record.get("as_of"))
    return Question(name, record["q"], str(record.get("kind") or ""), gold, answers, as_of, expected=expected)
