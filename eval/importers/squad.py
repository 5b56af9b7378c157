"""SQuAD 1.1 and 2.0 JSON: each paragraph is an article, the sentence that holds an answer the gold quote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...corpus.article import Article
from ..questions import Gold, Question
from .reading import json_of, naming, sentence_at


@dataclass(frozen=True, slots=True)
class Squad:
    """A file; the article of a paragraph is called by the title and the paragraph's number, as in "Normans#3"."""

    path: Path

    def articles(self) -> Iterator[Article]:
        """The paragraphs, each as an article."""
        for article_id, title, paragraph in self._paragraphs():
            yield Article(article_id, paragraph["context"], title.replace("_", " "))

    def questions(self) -> list[Question]:
        """The questions, each with the sentences that hold an accepted answer as gold."""
        with naming(self.path, "SQuAD's JSON"):
            return [
                _question(name, paragraph["context"], item)
                for name, _, paragraph in self._paragraphs()
                for item in paragraph["qas"]
            ]

    def _paragraphs(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        with naming(self.path, "SQuAD's JSON"):
            found = [
                (str(item.get("title") or "article"), number, paragraph)
                for item in json_of(self.path)["data"]
                for number, paragraph in enumerate(item["paragraphs"])
                if isinstance(paragraph["context"], str)
            ]
        yield from ((f"{title}#{number}", title, paragraph) for title, number, paragraph in found)


def _question(article_id: str, text: str, item: dict[str, Any]) -> Question:
    answers = [] if item.get("is_impossible") else item["answers"]
    spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers]
    quotes = dict.fromkeys(sentence_at(text, *span) for span in spans)
    gold = tuple(Gold(article_id, quote) for quote in quotes)
    kind = "extractive" if gold else "unanswerable"
    return Question(str(item["id"]), item["question"], kind, gold, tuple(dict.fromkeys(a["text"] for a in answers)))
