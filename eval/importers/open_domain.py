"""Questions to an encyclopedia: KILT's JSON Lines, and DPR's JSON or table of questions and answers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...corpus.article import Article
from ...errors import InputError
from ..questions import Gold, Question
from .account import Account
from .reading import json_of, listed, naming, records_of, text_of


@dataclass(frozen=True, slots=True)
class Kilt:
    """A file; articles are called by their wikipedia_id, and come apart."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """None: they come apart."""
        return iter(())

    def questions(self) -> list[Question]:
        """The questions that have an article for their answer."""
        found = []
        with naming(self.path, "KILT's JSON Lines"):
            for record in records_of(self.path):
                name, outputs = str(record["id"]), record.get("output") or ()
                places = [place for output in outputs for place in output.get("provenance") or ()]
                gold = tuple(dict.fromkeys(Gold(str(place["wikipedia_id"])) for place in places))
                answers = listed([output["answer"] for output in outputs if output.get("answer")])
                if gold:
                    found.append(Question(name, record["input"], "", gold, answers))
                elif answers:
                    self.account.lost("an answer of which no article is said", name)
                else:
                    self.account.left_out("a question that nobody judged", name)
        return found


@dataclass(frozen=True, slots=True)
class Dpr:
    """Questions with answers and passages as JSON; or with their answers alone, as a table, to be judged with `eval suggest`."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """The passages that come with the questions."""
        known: set[str] = set()
        with naming(self.path, "DPR's JSON"):
            for item in json_of(self.path) if self._is_json() else ():
                for kind in ("positive_ctxs", "negative_ctxs", "hard_negative_ctxs"):
                    for passage in item.get(kind) or ():
                        name = _name(passage)
                        if name not in known and passage["text"].strip():
                            known.add(name)
                            yield Article(name, passage["text"], str(passage.get("title") or ""))

    def questions(self) -> list[Question]:
        """The questions; those of a table are not judged."""
        if not self._is_json():
            return list(self._table())
        found = []
        with naming(self.path, "DPR's JSON"):
            for number, item in enumerate(json_of(self.path), start=1):
                gold = tuple(dict.fromkeys(Gold(_name(passage)) for passage in item["positive_ctxs"]))
                if gold:
                    found.append(Question(str(item.get("id", number)), item["question"], "", gold, listed(item["answers"])))
                else:
                    self.account.left_out("a question without a passage that answers it", str(item.get("id", number)))
        return found

    def _is_json(self) -> bool:
        return self.path.suffix.lower() == ".json"

    def _table(self) -> Iterator[Question]:
        for number, line in enumerate(text_of(self.path).split("\n"), start=1):
            if line.strip():
                try:
                    question, answers = line.split("\t")
                    yield Question(str(number), question, "", None, listed(ast.literal_eval(answers.strip())))
                except (ValueError, SyntaxError, RecursionError, MemoryError):
                    raise InputError(f"{self.path}:{number}: not a question and a list of answers, with a tab between") from None


def _name(passage: dict[str, Any]) -> str:
    return str(passage.get("passage_id") or passage.get("psg_id") or passage["title"])
