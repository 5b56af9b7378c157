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
from .reading import json_of, naming, nearest, records_of, sentence_at, unique

_Paragraph = tuple[Article, list[dict[str, Any]]]


@dataclass(frozen=True)
class Squad:
    """A file; the article of a paragraph is called by title and number, as in "Normans#3", or by its document_id."""

    path: Path
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """The paragraphs, each as an article."""
        return (article for article, _ in self._paragraphs)

    def questions(self) -> list[Question]:
        """The questions, each with the sentences that hold an accepted answer as gold."""
        with naming(self.path, "SQuAD's JSON"):
            found = [self._question(article, item) for article, items in self._paragraphs for item in items]
        return [question for question in found if question is not None]

    @cached_property
    def _paragraphs(self) -> list[_Paragraph]:
        """The paragraphs with text, numbered within their title; those of one title that say the same as one."""
        made: dict[str, _Paragraph] = {}
        names: dict[tuple[str, str], str] = {}
        numbers: Counter[str] = Counter()
        with naming(self.path, "SQuAD's JSON"):
            for title, document, paragraph in self._read():
                text, of = tidy(paragraph["context"]), document or title or "article"
                if not text.strip():
                    for item in paragraph["qas"]:
                        self.account.lost("a question to a paragraph without text", str(item["id"]))
                elif (of, text) not in names:
                    called = unique(document or f"{of}#{numbers[of]}", made)
                    if document and called != document:
                        self.account.mended("another text with the document_id of an article, which gets a number", called)
                    names[of, text] = called
                    made[called] = Article(called, text, title.replace("_", " ")), list(paragraph["qas"])
                else:
                    made[names[of, text]][1].extend(paragraph["qas"])
                numbers[of] += 1
        return list(made.values())

    def _read(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """The title, the document_id and the record of each paragraph."""
        if self.path.suffix.lower() in (".jsonl", ".ndjson"):
            for record in records_of(self.path):
                given = record["answers"]
                if isinstance(given, dict):
                    pairs = zip(given["text"], given["answer_start"], strict=True)
                    given = [{"text": text, "answer_start": start} for text, start in pairs]
                paragraph = {"context": record["context"], "qas": [{**record, "answers": given}]}
                yield str(record.get("title") or ""), "", paragraph
            return
        for item in json_of(self.path)["data"]:
            for paragraph in item["paragraphs"]:
                document = paragraph.get("document_id", item.get("document_id"))
                yield str(item.get("title") or ""), "" if document is None else str(document), paragraph

    def _question(self, article: Article, item: dict[str, Any]) -> Question | None:
        name, given = str(item["id"]), item["answers"]
        if item.get("is_impossible"):
            return Question(name, item["question"], "unanswerable")
        if not given:
            if item.get("is_impossible") is False:
                self.account.lost("a question without answers that is not said to be impossible", name)
                return None
            return Question(name, item["question"], "unanswerable")
        places: list[tuple[int, str]] = []
        for answer in given:
            said, start = tidy(answer["text"]), answer["answer_start"]
            place = nearest(article.text, said, start)
            if place is None:
                self.account.lost("an answer that is not in its paragraph" if said.strip() else "an answer without words", name)
                continue
            if place != start:
                self.account.mended("an answer that stands elsewhere than the file says", name)
            places.append((place, said))
        if not places:
            return None
        quotes = dict.fromkeys(sentence_at(article.text, place, place + len(said)) for place, said in places)
        gold = tuple(Gold(article.id, quote) for quote in quotes)
        return Question(name, item["question"], "extractive", gold, tuple(dict.fromkeys(said for _, said in places)))
