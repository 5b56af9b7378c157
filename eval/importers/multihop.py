"""MultiHop-RAG JSON: a list of queries, each with the facts that answer it and the title or address of each fact's article.

Articles come in a file of their own there; they are known by their `url`, which is taken for the id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...corpus.article import Article
from ...corpus.dates import parse_date
from ...errors import InputError
from ..questions import Gold, Question
from .account import Account
from .reading import json_of

_NONE = "insufficient information."


@dataclass(frozen=True, slots=True)
class MultiHop:
    """A file of queries; beside it may lie corpus.json, with the articles."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """The articles of the corpus file. Raises InputError."""
        corpus = self.path.with_name("corpus.json")
        if not corpus.is_file():
            return
        try:
            for item in json_of(corpus):
                published = parse_date(item.get("published_at"))
                name = str(item.get("url") or item["title"])
                yield Article(
                    name, item["body"], item["title"], str(item.get("source") or ""), str(item.get("url") or ""), published
                )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{corpus}: not the articles of MultiHop-RAG: {error}") from None

    def questions(self) -> list[Question]:
        """The questions, with their pieces of evidence as gold. Raises InputError."""
        found = []
        try:
            for number, item in enumerate(json_of(self.path), start=1):
                facts = item["evidence_list"]
                gold = tuple(dict.fromkeys(Gold(str(f.get("url") or f["title"]), str(f.get("fact") or "").strip()) for f in facts))
                none = not gold or str(item["answer"]).strip().casefold() == _NONE
                answers = () if none else (str(item["answer"]),)
                found.append(
                    Question(str(number), item["query"], str(item.get("question_type") or ""), () if none else gold, answers)
                )
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{self.path}: not the queries of MultiHop-RAG: {error}") from None
        return found
