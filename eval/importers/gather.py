"""Question sets of others, brought into ours: what reads a file, and the gold in it that stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Protocol

from ...corpus.article import Article
from ...corpus.decode import tidy
from ...errors import InputError
from ...index.lexical.typography import fold
from ..questions import Gold, Question
from .account import Account
from .formats import FORMATS
from .reading import unique


class Importer(Protocol):
    """What reads a format. `articles`: those that come with it; none for formats that have none. `account`: of what was read so
    far, what was not taken as it stands.
    """

    @property
    def account(self) -> Account:
        """What was mended, left out and lost."""

    def questions(self) -> list[Question]:
        """The questions, with their gold. Raises InputError for what cannot be read."""

    def articles(self) -> Iterator[Article]:
        """The articles that come with the questions. Raises InputError for what cannot be read."""


def importer(path: Path, form: str | None = None, qrels: Path | None = None) -> Importer:
    """What reads a file or folder, in one of FORMATS, or the one that it looks like. Raises InputError."""
    if form is not None and form not in FORMATS:
        raise InputError(f"--from {form}: must be one of {', '.join(FORMATS)}")
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    if not (form := form or _looks_like(path, qrels)):
        raise InputError(f"{path}: its format cannot be told: say --from {'|'.join(FORMATS)}")
    reads = getattr(import_module(f".{FORMATS[form].module}", __package__), FORMATS[form].name)
    made: Importer = reads(path, qrels) if FORMATS[form].module == "trec" else reads(path)
    return made


def gather(found: Importer) -> list[Question]:
    """The questions with the gold that stands in the articles that come with them; ids are unique. What was put right, left out or
    lost is in the importer's account. Raises InputError for what cannot be read.
    """
    account = found.account
    questions: dict[str, Question] = {}
    for question in found.questions():
        name = question.id
        if not isinstance(question.text, str) or not any(c.isalnum() for c in question.text):
            account.lost("a question without words", name)
            continue
        if name in questions:
            if replace(question, id=name) == questions[name]:
                account.mended("a question that is there twice", name)
                continue
            name = unique(name, questions)
            account.mended("another question with an id that is taken, which gets a number", name)
        questions[name] = replace(question, id=name)
    wanted = {gold.article_id for question in questions.values() for gold in question.gold or ()}
    texts: dict[str, str] = {}
    comes = False
    for article in articles(found, account):
        comes = True
        if article.id in wanted:
            texts[article.id] = article.text
    if not comes:
        return list(questions.values())
    return [kept for question in questions.values() if (kept := _standing(question, texts, account)) is not None]


def articles(found: Importer, account: Account | None = None) -> Iterator[Article]:
    """The articles that come with the questions, their texts tidied, each id once. `account`: notes other texts of an id."""
    known: dict[str, int] = {}
    for article in found.articles():
        text = tidy(article.text)
        if article.id not in known:
            known[article.id] = hash(text)
            yield article if text == article.text else replace(article, text=text)
        elif known[article.id] != hash(text) and account is not None:
            account.lost("another article with an id that is taken", article.id)


def _standing(question: Question, texts: dict[str, str], account: Account) -> Question | None:
    """A question with the gold that stands in its article; None where it had some and none does."""
    kept: list[Gold] = []
    for gold in question.gold or ():
        text = texts.get(gold.article_id)
        if text is None:
            account.lost("gold of an article that is not there, or has no text", f"{question.id} ({gold.article_id})")
        elif not gold.quote or tidy(gold.quote) in text:
            kept.append(gold)
        elif (at := (whole := fold(text)).text.find(said := fold(tidy(gold.quote)).text)) >= 0 and said:
            kept.append(replace(gold, quote=text[whole.source(at) : whole.source(at + len(said))]))
            account.mended("a gold quote in other typography than its article", question.id)
        else:
            account.lost("a gold quote that is not in its article", f"{question.id} ({gold.article_id})")
    if question.gold and not kept:
        return None
    return question if question.gold is None else replace(question, gold=tuple(kept))


def _looks_like(path: Path, qrels: Path | None) -> str:
    if path.is_dir():
        if (path / "queries.jsonl").is_file():
            return "beir"
        return "msmarco" if any(path.glob("queries*.tsv")) else ""
    if qrels is not None:
        return "trec"
    try:
        with path.open("rb") as file:
            start = file.read(20_000).decode("utf-8", "replace")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    if path.suffix.lower() in (".csv", ".tsv"):
        return "newsqa" if "answer_char_ranges" in start.split("\n", 1)[0] else "csv"
    signs = {
        "squad": ('"paragraphs"', '"qas"', '"answer_start"'),
        "hotpotqa": ('"supporting_facts"',),
        "dpr": ('"positive_ctxs"',),
        "kilt": ('"provenance"',),
        "newsroom": ('"docs"',),
        "multihop": ('"evidence_list"', '"question_type"'),
    }
    return next((form for form, some in signs.items() if any(sign in start for sign in some)), "")
