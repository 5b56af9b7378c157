"""SQuAD 1.1 and 2.0 JSON, and JSON Lines with a context in each: each paragraph is an article, the sentence that holds an answer
the gold quote. Haystack's and COVID-QA's files are such, with a document_id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ...corpus.article import Article
from ...corpus.decode import tidy
from ..questions import Gold, Question
from .account import Account
from .reading import json_of, naming, placed, records_of, sentence_at, sparing, unique

_Paragraph = tuple[Article, str, list[dict[str, Any]]]  # with the text as the file has it


@dataclass(frozen=True)
class Squad:
    """A file; the article of a paragraph is called by title and number, as in "Normans#3", or by its document_id."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """The paragraphs, each as an article."""
        return (article for article, _, _ in self._paragraphs)

    def questions(self) -> list[Question]:
        """The questions, each with the sentences that hold an accepted answer as gold."""
        found: list[Question | None] = []
        for article, raw, items in self._paragraphs:
            for item in items:
                with sparing(self.account, str(item.get("id") if isinstance(item, dict) else item)[:60]):
                    found.append(self._question(article, raw, item))
        return [question for question in found if question is not None]

    @cached_property
    def _paragraphs(self) -> list[_Paragraph]:
        """The paragraphs with text, numbered within their title; those of one title that say the same as one."""
        made: dict[str, _Paragraph] = {}
        names: dict[tuple[str, str], str] = {}
        numbers: Counter[str] = Counter()
        with naming(self.path, "SQuAD's JSON"):
            for title, document, paragraph in self._read():
                of = document or title or "article"
                if not isinstance(paragraph.get("context"), str) or not isinstance(paragraph.setdefault("qas", []), list):
                    self.account.lost("a paragraph without text, or whose questions are no list", of)
                    continue
                text = tidy(paragraph["context"])
                if not text.strip():
                    for item in paragraph["qas"]:
                        self.account.lost("a question to a paragraph without text", str(item["id"]))
                elif (of, text) not in names:
                    called = unique(document or f"{of}#{numbers[of]}", made)
                    if document and called != document:
                        self.account.mended("another text with the document_id of an article, which gets a number", called)
                    names[of, text] = called
                    made[called] = Article(called, text, title.replace("_", " ")), paragraph["context"], list(paragraph["qas"])
                else:
                    made[names[of, text]][2].extend(paragraph["qas"])
                numbers[of] += 1
        return list(made.values())

    def _read(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """The title, the document_id and the record of each paragraph."""
        if self.path.suffix.lower() in (".jsonl", ".ndjson"):
            yield from map(self._alone, records_of(self.path))
            return
        whole = json_of(self.path)
        items = whole["data"] if isinstance(whole, dict) else whole
        if items and isinstance(items[0], dict) and "context" in items[0]:
            yield from map(self._alone, items)
            return
        for item in items:
            for paragraph in item["paragraphs"]:
                document = paragraph.get("document_id", item.get("document_id"))
                yield str(item.get("title") or ""), "" if document is None else str(document), paragraph

    def _alone(self, record: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
        """A question with its context in one record, as they are shared."""
        return str(record.get("title") or ""), "", {"context": record.get("context"), "qas": [record]}

    def _question(self, article: Article, raw: str, item: dict[str, Any]) -> Question | None:
        name, given, impossible = str(item["id"]), item.get("answers"), item.get("is_impossible")
        if isinstance(given, dict):
            starts = given.get("answer_start") or [None] * len(given["text"])
            given = [{"text": text, "answer_start": start} for text, start in zip(given["text"], starts, strict=True)]
        if impossible and given:
            self.account.lost("a question that has answers, but is said to be impossible", name)
            return None
        if not given:
            if impossible is False or given is None:
                self.account.lost("a question without answers that is not said to be impossible", name)
                return None
            if not impossible:
                self.account.mended("a question without answers, taken to have none", name)
            return Question(name, item["question"], "unanswerable")
        places: list[tuple[int, str]] = []
        for answer in given:
            answer = {"text": answer} if isinstance(answer, str) else answer
            said, place, as_said = placed(raw, answer["text"], answer.get("answer_start"))
            if place is None:
                self.account.lost("an answer that is not in its paragraph" if said.strip() else "an answer without words", name)
                continue
            if not as_said:
                self.account.mended("an answer that stands elsewhere than the file says", name)
            places.append((place, said))
        if not places:
            return None
        quotes = dict.fromkeys(sentence_at(article.text, place, place + len(said)) for place, said in places)
        gold = tuple(Gold(article.id, quote) for quote in quotes)
        return Question(name, item["question"], "extractive", gold, tuple(dict.fromkeys(said for _, said in places)))
