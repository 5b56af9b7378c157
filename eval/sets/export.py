"""A question set in a form that other tools read, with the articles of an index: BEIR's folder, or SQuAD's JSON."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ...corpus.article import Article
from ...errors import InputError
from ...index.index import Index
from ..questions import Gold, Question


def to_beir(index: Index, questions: Sequence[Question], folder: Path) -> int:
    """Write corpus.jsonl, queries.jsonl (with `answers` and `unanswerable`, where there are some) and qrels/test.tsv; how many
    questions. A gold quote becomes a judgement of its article. Raises InputError where the folder is there already.
    """
    judged = [question for question in questions if question.gold is not None]
    if folder.exists():
        raise InputError(f"{folder}: is there already; give the export another name")

    def write(draft: Path) -> None:
        (draft / "qrels").mkdir(parents=True)
        articles = ({"_id": a.id, "title": a.title, "text": a.text, "metadata": {}, **_about(a)} for a in index)
        _lines(draft / "corpus.jsonl", (json.dumps(record, ensure_ascii=False) for record in articles))
        _lines(draft / "queries.jsonl", (json.dumps(_query(question), ensure_ascii=False) for question in judged))
        grades = (f"{_cell(q.id)}\t{_cell(name)}\t{grade}" for q in judged for name, grade in q.relevant.items())
        _lines(draft / "qrels" / "test.tsv", ("query-id\tcorpus-id\tscore", *grades))

    _whole(folder, write)
    return len(judged)


def to_squad(index: Index, questions: Sequence[Question], path: Path) -> int:
    """Write SQuAD 2.0 JSON, an article a paragraph; how many questions. An answer is an accepted one within a gold quote, or the
    quote itself; of gold in several articles that in the first counts, and a question without an answer is one of the first
    paragraph. Questions that nobody judged are left out, and so are those whose gold is whole articles: SQuAD has no form for
    them. Raises InputError where the file is there already, or gold is not in the index.
    """
    if path.exists():
        raise InputError(f"{path}: is there already; give the export another name")
    asked: dict[str, list[dict[str, Any]]] = {}
    none: list[dict[str, Any]] = []
    for question in questions:
        record = {"id": question.id, "question": question.text, "is_impossible": question.unanswerable}
        if question.unanswerable:
            none.append({**record, "answers": []})
            continue
        for article, gold in _by_article(question).items():
            text = _text(index, question, article)
            answers = [answer for one in gold for answer in _answers(question, one, text)]
            asked.setdefault(article, []).append({**record, "answers": answers})
            break  # SQuAD's questions are of one paragraph
    paragraphs: list[dict[str, Any]] = [
        {"context": index.article(name).text, "qas": some, "document_id": name} for name, some in asked.items()
    ]
    data = [{"title": index.article(p["document_id"]).title, "paragraphs": [p]} for p in paragraphs]
    if none and paragraphs:
        paragraphs[0]["qas"] += none
    if not data:
        raise InputError("no question of the set has a gold quote, which SQuAD's form needs")
    text = json.dumps({"version": "v2.0", "data": data}, ensure_ascii=False)
    _whole(path, lambda draft: draft.write_text(text, "utf-8"))
    return sum(len(paragraph["qas"]) for paragraph in paragraphs)


def _by_article(question: Question) -> dict[str, list[Gold]]:
    """The gold quotes, by their article."""
    found: dict[str, list[Gold]] = {}
    for gold in question.gold or ():
        if gold.quote:
            found.setdefault(gold.article_id, []).append(gold)
    return found


def _answers(question: Question, gold: Gold, text: str) -> Iterator[dict[str, Any]]:
    start = text.find(gold.quote)
    if start < 0:
        raise InputError(f"question {question.id}: the gold quote is not in article {gold.article_id!r}: {gold.quote[:60]!r}")
    found = ((answer, re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", gold.quote)) for answer in question.answers)
    within = [(answer, place.start()) for answer, place in found if place is not None]
    for answer, place in within or [(gold.quote, 0)]:
        yield {"text": answer, "answer_start": start + place}


def _text(index: Index, question: Question, article: str) -> str:
    try:
        return index.article(article).text
    except KeyError:
        raise InputError(f"question {question.id}: gold article {article!r} is not in the index") from None


def _query(question: Question) -> dict[str, Any]:
    record: dict[str, Any] = {"_id": question.id, "text": question.text}
    if question.type:
        record["type"] = question.type
    if question.answers:
        record["answers"] = list(question.answers)
    if question.unanswerable:
        record["unanswerable"] = True
    return record


def _about(article: Article) -> dict[str, str]:
    said = {"source": article.source, "url": article.url, "published": article.published}
    return {name: value for name, value in said.items() if value}


def _cell(name: str) -> str:
    """An id as a cell. Raises InputError for one that would be two."""
    if re.search(r"[\t\n\r]", name):
        raise InputError(f"{name!r}: an id with a tab or a line end, which BEIR's tables cannot hold")
    return name


def _lines(path: Path, lines: Iterator[str] | Sequence[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _whole(place: Path, write: Callable[[Path], object]) -> None:
    """Write a file or folder, whole or not at all. Raises InputError where it cannot be written."""
    draft = place.with_name(f".{place.name}.draft")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.unlink(missing_ok=True)
        write(draft)
        os.replace(draft, place)
    except OSError as error:
        raise InputError(f"{place}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if draft.is_file():
            draft.unlink()
