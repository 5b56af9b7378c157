"""Questions that take several articles to answer: MultiHop-RAG's JSON, and HotpotQA's and 2WikiMultihopQA's.

MultiHop-RAG's articles come in a file of their own; they are known by their `url`, which is taken for the id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ...corpus.article import Article
from ...corpus.dates import parse_date
from ...corpus.decode import tidy
from ...errors import InputError
from ..questions import Gold, Question
from .account import Account
from .reading import json_of, naming, sparing, unique

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
                published = None
                with sparing(self.account, str(item.get("url") or item["title"])):
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
                facts, answer = item["evidence_list"], str(item["answer"]).strip()
                gold = tuple(dict.fromkeys(Gold(str(f.get("url") or f["title"]), str(f.get("fact") or "").strip()) for f in facts))
                none = answer.casefold() == _NONE or not answer
                if bool(gold) == none:
                    why = "a question with evidence that is said to have no answer" if none else "an answer without evidence"
                    if gold or not none:
                        self.account.lost(why, str(number))
                        continue
                kind = str(item.get("question_type") or "")
                found.append(Question(str(number), item["query"], kind, () if none else gold, () if none else (answer,)))
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{self.path}: not the queries of MultiHop-RAG: {error}") from None
        return found


@dataclass(frozen=True)
class HotpotQa:
    """A file; the article of a paragraph is called by its title."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """The paragraphs, each text once."""
        return iter(self._read[1].values())

    def questions(self) -> list[Question]:
        """The questions, with the supporting sentences as gold."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[list[Question], dict[str, Article]]:
        made: dict[str, Article] = {}
        names: dict[tuple[str, str], str] = {}
        questions = []
        with naming(self.path, "HotpotQA's JSON"):
            for item in json_of(self.path):
                sentences: dict[str, tuple[str, list[str]]] = {}
                context = item["context"]
                if isinstance(context, dict):  # as they are shared: lists beside each other
                    context = zip(context["title"], context["sentences"], strict=True)
                for title, found in context:
                    text = tidy("".join(found).strip())
                    if (title, text) not in names:
                        called = names[title, text] = unique(title, made)
                        if called != title:
                            self.account.mended("another text under the title of an article, which gets a number", called)
                        made[called] = Article(called, text, title)
                    sentences.setdefault(title, (names[title, text], found))
                if question := self._question(item, sentences):
                    questions.append(question)
        return questions, made

    def _question(self, item: dict[str, Any], sentences: dict[str, tuple[str, list[str]]]) -> Question | None:
        name = str(item.get("_id", item.get("id")))
        gold: dict[Gold, None] = {}
        facts = item["supporting_facts"]
        if isinstance(facts, dict):
            facts = zip(facts["title"], facts["sent_id"], strict=True)
        for title, number in facts:
            article, found = sentences.get(title, ("", []))
            if number < len(found) and found[number].strip():
                gold[Gold(article, tidy(found[number].strip()))] = None
            else:
                self.account.lost("a supporting sentence that is not in its paragraph", name)
        if not gold:
            return None
        answer = str(item["answer"]).strip()
        return Question(name, item["question"], str(item.get("type") or ""), tuple(gold), (answer,) if answer else ())
