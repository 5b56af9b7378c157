"""TREC topics and qrels: topics as <top> blocks, as XML, or a question id and a question in a line, with a tab, a colon or a space
between; articles are named by docno. MS MARCO's queries and qrels are such, with its collection beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path

from ...corpus.article import Article
from ...errors import InputError
from ..questions import Gold, Question
from .account import Account
from .reading import grade_of, keep, text_of

_TOP = re.compile(r"<top\b[^>]*>(.*?)(?=</top>|<top\b|\Z)", re.DOTALL | re.IGNORECASE)
_TOPIC = re.compile(r"<topic\b([^>]*)>(.*?)(?=</topic>|<topic\b|\Z)", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<(?:num|number|id|qid)\b[^>]*>\s*(?:(?:Number|Topic):)?\s*([^\s<]+)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(?:number|id|num|qid)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_FIELDS = ("title", "query", "question", "desc", "description", "narr", "narrative")
_NEXT = rf"(?=</?(?:\w+-)?(?:{'|'.join(_FIELDS)}|num|number|id|qid|dom|smry|con|fac|def|top|topic)\b|\Z)"
_LABEL = re.compile(r"^\s*(?:Topic|Description|Narrative|Question|Query):", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_HIDDEN = re.compile(r"<!--.*?-->", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_COLON = re.compile(r"([^\s:]+)\s*:(?:\d+:)?\s*(\S.*)")  # the Million Query track has a priority between two colons
_SPACE = re.compile(r"(\S+)\s+(\S.*)")
COLLECTION = "collection.tsv"


@dataclass(frozen=True, slots=True)
class Trec:
    """Topics and their judgements."""

    path: Path
    qrels: Path | None
    account: Account = field(default_factory=Account)

    def articles(self) -> Iterator[Article]:
        """Those of a collection.tsv beside the topics: an id and a text in each line, and maybe a title; else none."""
        collection = self.path.with_name(COLLECTION)
        if not collection.is_file():
            return
        for number, line in enumerate(text_of(collection).split("\n"), start=1):
            if not line.strip():
                continue
            cells = line.split("\t")
            if len(cells) not in (2, 3):
                self.account.lost("a line of the collection that is not an id and a text", f"{collection.name}:{number}")
            elif cells[1].strip():
                yield Article(cells[0].strip(), cells[1].strip(), cells[2].strip() if len(cells) == 3 else "")

    def questions(self) -> list[Question]:
        """The topics that have a relevant article."""
        grades = self._grades()
        topics = list(self._topics(text_of(self.path)))
        if not topics:
            raise InputError(f"{self.path}: no topics in it: neither <top> blocks, <topic>s nor lines of id, tab, question")
        bare = {_bare(name): name for name in grades}
        found: dict[str, Question] = {}
        seen: dict[str, str] = {}
        for number, title in topics:
            if number in seen:
                if seen[number] != title:
                    self.account.lost("another topic with a number that is there already", number)
                continue
            seen[number] = title
            judged = number if number in grades else bare.get(_bare(number))
            if judged is not None and judged not in grades:
                judged = None  # another topic has it
            if judged is None:
                self.account.left_out("a topic that nobody judged", number)
                continue
            some = grades.pop(judged)
            of = {article: grade for article, grade in some.items() if grade > 0}
            if judged != number:
                self.account.mended("a topic judged under a number with other zeros", number)
            if not title:
                self.account.lost("a topic without words", number)
            elif not of:
                self.account.left_out("a topic for which nothing was judged relevant", number)
            else:
                gold = tuple(Gold(article, grade=grade) for article, grade in of.items())
                found[number] = Question(number, title, "", gold, rejected=tuple(article for article in some if article not in of))
        for name, some in grades.items():
            if any(grade > 0 for grade in some.values()):
                self.account.lost("judgements of a topic that is not there", name)
        return list(found.values())

    def _topics(self, text: str) -> Iterator[tuple[str, str]]:
        """The numbers and the words of the topics."""
        text = _CDATA.sub(lambda m: escape(m[1]), _HIDDEN.sub("", text))
        if tops := _TOP.findall(text):
            for place, top in enumerate(tops, start=1):
                number = _NUMBER.search(top)
                if number is None:
                    self.account.lost("a topic without a number", f"the {place}. <top>")
                else:
                    yield number[1], _words(top)
        elif topics := _TOPIC.findall(text):
            for place, (attributes, inside) in enumerate(topics, start=1):
                number = _ATTRIBUTE.search(attributes) or _NUMBER.search(inside)
                if number is None:
                    self.account.lost("a topic without a number", f"the {place}. <topic>")
                else:
                    yield number[1], _words(inside) or _plain(inside)
        else:
            for place, line in enumerate(text.split("\n"), start=1):
                first, tab, words = line.strip().partition("\t")
                parted = None if tab else _COLON.fullmatch(line.strip()) or _SPACE.fullmatch(line.strip())
                if tab and first.strip() and words.strip():
                    yield first.strip(), words.strip()
                elif parted:
                    yield parted[1], parted[2].strip()
                elif line.strip():
                    self.account.lost("a line that is no topic", f"{self.path.name}:{place}")

    def _grades(self) -> dict[str, dict[str, float]]:
        if self.qrels is None:
            raise InputError("TREC topics come with judgements: give them with --qrels FILE")
        grades: dict[str, dict[str, float]] = {}
        for number, line in enumerate(text_of(self.qrels).split("\n"), start=1):
            if not line.strip():
                continue
            try:
                topic, _, article, given = line.split()
                grade = grade_of(given)
            except ValueError:
                self.account.lost("a line that is not a topic, an iteration, an article and a grade", f"{self.qrels.name}:{number}")
                continue
            keep(grades, topic, article, grade, self.account)
        if not grades:
            raise InputError(f"{self.qrels}:1: not a topic, an iteration, an article and a grade, in this line and all others")
        return grades


class MsMarco(Trec):
    """A folder with one file of queries, one of judgements and the collection."""

    def __init__(self, path: Path, qrels: Path | None = None) -> None:
        if path.is_dir():
            queries, judged = (sorted(path.glob(f"{name}*.tsv")) for name in ("queries", "qrels"))
            if len(queries) != 1 or (qrels is None and len(judged) != 1):
                raise InputError(f"{path}: one queries*.tsv and one qrels*.tsv are needed; or name them: FILE --qrels FILE")
            path, qrels = queries[0], qrels or judged[0]
        super().__init__(path, qrels)


def _words(topic: str) -> str:
    """What a topic asks: its title, or else what describes it."""
    for name in _FIELDS:
        found = re.search(rf"<(?:\w+-)?{name}\b[^>]*>(.*?)(?:</(?:\w+-)?{name}>|{_NEXT})", topic, re.DOTALL | re.IGNORECASE)
        if found and (words := " ".join(_LABEL.sub("", unescape(_TAG.sub("", found[1]))).split())):
            return words
    return ""


def _plain(topic: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", topic)).split())


def _bare(number: str) -> str:
    """A topic's number without the zeros before it."""
    return number.lstrip("0") or "0"
