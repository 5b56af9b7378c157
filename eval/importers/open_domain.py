"""Questions to an encyclopedia: KILT's JSON Lines, and DPR's JSON or table of questions and answers."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ...corpus.article import Article
from ...corpus.decode import tidy
from ...errors import InputError
from ..questions import Gold, Question
from .account import Account
from .reading import Apart, json_of, listed, naming, records_of, sparing, text_of, unique


@dataclass(frozen=True, slots=True)
class Kilt(Apart):
    """A file; articles are called by their wikipedia_id, and come apart."""

    def questions(self) -> list[Question]:
        """The questions that have an article for their answer."""
        found = []
        with naming(self.path, "KILT's JSON Lines"):
            for record in records_of(self.path):
                name, outputs = str(record["id"]), record.get("output") or ()
                if not all(isinstance(output.get("answer", ""), str) for output in outputs):
                    self.account.lost("an answer that is no text", name)
                    continue
                places = [place for output in outputs for place in output.get("provenance") or ()]
                gold = tuple(dict.fromkeys(Gold(str(p["wikipedia_id"])) for p in places if p.get("wikipedia_id") is not None))
                answers = listed([output["answer"] for output in outputs if output.get("answer")])
                if gold:
                    found.append(Question(name, record["input"], "", gold, answers))
                elif answers:
                    self.account.lost("an answer of which no article is said", name)
                else:
                    self.account.left_out("a question that nobody judged", name)
        return found


@dataclass(frozen=True)
class Dpr:
    """Questions with answers and passages as JSON; or with their answers alone, as a table, to be judged with `eval suggest`."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """The passages that come with the questions, each text once."""
        return iter(self._read[1].values())

    def questions(self) -> list[Question]:
        """The questions; those of a table are not judged."""
        return self._read[0] if self._is_json() else list(self._table())

    @cached_property
    def _read(self) -> tuple[list[Question], dict[str, Article]]:
        made: dict[str, Article] = {}
        names: dict[tuple[str, str], str] = {}
        questions: list[Question] = []
        if not self._is_json():
            return questions, made
        with naming(self.path, "DPR's JSON"):
            items = records_of(self.path) if self.path.suffix.lower() == ".jsonl" else json_of(self.path)
            for number, item in enumerate(items, start=1):
                name = str(item.get("id", number))
                with sparing(self.account, name):
                    good = [self._called(passage, made, names) for passage in item.get("positive_ctxs") or ()]
                    for kind in ("negative_ctxs", "hard_negative_ctxs"):
                        for passage in item.get(kind) or ():
                            self._called(passage, made, names)
                    gold = tuple(dict.fromkeys(Gold(article) for article in good))
                    if gold:
                        questions.append(Question(name, item["question"], "", gold, listed(item["answers"])))
                    else:
                        self.account.left_out("a question without a passage that answers it", name)
        return questions, made

    def _called(self, passage: dict[str, Any], made: dict[str, Article], names: dict[tuple[str, str], str]) -> str:
        """The name of a passage, which is made an article where it is not yet."""
        known = next((passage[key] for key in ("passage_id", "psg_id") if passage.get(key) not in (None, "")), None)
        of, text = str(passage["title"] if known is None else known), tidy(passage["text"])
        if (of, text) not in names:
            called = names[of, text] = unique(of, made)
            if called != of:
                self.account.mended("another text with the id or title of a passage, which gets a number", called)
            made[called] = Article(called, text, str(passage.get("title") or ""))
        return names[of, text]

    def _is_json(self) -> bool:
        return self.path.suffix.lower() in (".json", ".jsonl")

    def _table(self) -> Iterator[Question]:
        for number, line in enumerate(text_of(self.path).split("\n"), start=1):
            if line.strip():
                try:
                    question, answers = next(csv.reader([line], delimiter="\t"))
                    yield Question(str(number), question, "", None, listed(ast.literal_eval(answers.strip())))
                except (ValueError, SyntaxError, RecursionError, MemoryError):
                    raise InputError(f"{self.path}:{number}: not a question and a list of answers, with a tab between") from None
