"""The nouns of an answer, and the JSON that scripts read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from ..corpus.article import DatedBy
from ..index.search.versions import Copy
from . import shown

ANSWERED: Literal["answered"] = "answered"
NO_ANSWER: Literal["no_answer"] = "no_answer"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of an article: `article.text[start:end] == text`, in code points."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Quote:
    """A sentence that answers, verbatim: `article.text[start:end] == text`, in code points.

    `confidence` is the estimated probability, 0 to 1, that the quote holds the answer. `span` is the answer's short form in it,
    where there is one, and `context` what it is not understood without: the question that it replies to, the head of the table that
    it is a row of, or, where that was asked for, the sentence before one that opens with a word that points back. `matches` are the
    (start, end) of the words in `text` that are also in the question. `link` opens the article's page at the quote. `also`: the
    copies of the article in which it stands too, and where, and other versions of the article; `superseded_by`: the id of the
    latest later version of the article, "" if there is none. `digest` is the article's, by which `verify` tells whether it has
    changed since. `cut_before`, `cut_after`: whether the sentence is so long that it goes on there. `line`: of the article's text,
    in which the quote begins, from 1. `locator`: the part of the file in which it begins ("page 3", "00:01:23"), "" where the file
    has none; `dated_by`: how the date is known.
    """

    rank: int
    text: str
    article_id: str
    passage_id: str
    title: str
    source: str
    url: str
    published: str | None
    start: int
    end: int
    confidence: float
    matches: tuple[tuple[int, int], ...] = ()
    also: tuple[Copy, ...] = ()
    superseded_by: str = ""
    span: Span | None = None
    context: Span | None = None
    link: str = ""
    digest: str = ""
    cut_before: bool = False
    cut_after: bool = False
    line: int = 1
    locator: str = ""
    dated_by: DatedBy = "stated"

    def __repr__(self) -> str:
        return f"<Quote {self.rank}: {shown.line(self.text)} ({self.article_id}:{self.start}-{self.end}, {self.confidence:.2f})>"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        found = asdict(self)
        del found["matches"]
        return found

    def row(self) -> dict[str, Any]:
        """As one row of a table, such as pandas takes: no field holds others."""
        nested = ("matches", "also", "span", "context")
        flat = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in nested}
        return {**flat, "short": self.span.text if self.span else None, "also": len(self.also)}

    def _repr_html_(self) -> str:
        short = (self.span.start - self.start, self.span.end - self.start) if self.span else (0, 0)
        said = shown.about(self.source, self.published, self.title, self.article_id, f"{self.confidence:.2f}")
        return shown.passage(self.text, *short) + said


@dataclass(frozen=True, slots=True, repr=False)
class Side:
    """What quotes of different stories say alike: `value`, as the first of them puts it. `outlets` are the known ones, each once.
    `earlier`: whether all of the quotes are of earlier dates than those of the first side.
    """

    value: str
    quotes: tuple[Quote, ...]
    outlets: tuple[str, ...]
    earlier: bool = False

    def __repr__(self) -> str:
        return f"<Side {shown.line(self.value)}: {len(self.quotes)} quotes>"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        about = {"value": self.value, "earlier": self.earlier, "outlets": self.outlets}
        return {**about, "quotes": [quote.to_dict() for quote in self.quotes]}


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The quotes that answer a question, best first; or none, the reason why, and the `nearest` there is.

    `disagreements`: where quotes give different answers, the sides, two or more; `corroboration`: where different outlets give the
    same, and none another, what they say. `read_as`: what the question's wording was taken to mean ("published 2004"); () for
    nothing.
    """

    question: str
    status: Literal["answered", "no_answer"]
    reason: str
    quotes: tuple[Quote, ...]
    index: dict[str, Any]
    nearest: tuple[Quote, ...] = ()
    disagreements: tuple[Side, ...] = ()
    corroboration: Side | None = None
    read_as: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.status == ANSWERED

    def __repr__(self) -> str:
        said = shown.line(self.quotes[0].text) if self.quotes else shown.line(self.reason)
        return f"<Answer to {shown.line(self.question, 40)}: {self.status}: {said}>"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON, schema pullquote.answer/1."""
        return {
            "schema": "pullquote.answer/1",
            "question": self.question,
            "status": self.status,
            "reason": self.reason,
            "read_as": self.read_as,
            "quotes": [quote.to_dict() for quote in self.quotes],
            "nearest": [quote.to_dict() for quote in self.nearest],
            "disagreements": [side.to_dict() for side in self.disagreements],
            "corroboration": self.corroboration.to_dict() if self.corroboration else None,
            "index": self.index,
        }

    def rows(self) -> list[dict[str, Any]]:
        """A row for each quote, such as pandas takes; one without a quote where there is no answer."""
        about = {"question": self.question, "status": self.status, "reason": self.reason}
        return [{**about, **quote.row()} for quote in self.quotes] or [about]

    def _repr_html_(self) -> str:
        parts = [shown.heading(self.question), *(quote._repr_html_() for quote in self.quotes)]
        if not self.quotes:
            parts.append(shown.note(f"No answer: {self.reason}"))
        if self.disagreements:
            parts.append(shown.note(f"{self.disagreeing.capitalize()}: {' | '.join(side.value for side in self.disagreements)}"))
        return "".join(parts)

    @property
    def disagreeing(self) -> str:
        """Who gives the different answers, in words: "the articles disagree", or "the article says both"; "" where there is one."""
        if not self.disagreements:
            return ""
        if len({quote.article_id for side in self.disagreements for quote in side.quotes}) > 1:
            return "the articles disagree"
        return "the article says both" if len(self.disagreements) == 2 else "the article says all of these"


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when quotes of a timeline give one value: dates of publication, ISO 8601 as far as they are known. `outlets` are
    the known ones, each once.
    """

    value: str
    first: str
    last: str
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Timeline:
    """The best quote of each date, oldest first; `undated`: how many articles could answer but have no date. `periods`: where the
    question asks for a number, a date, a person or a place, what was given when; () for another question.
    """

    question: str
    quotes: tuple[Quote, ...]
    undated: int
    periods: tuple[Period, ...] = ()

    def __repr__(self) -> str:
        return f"<Timeline of {shown.line(self.question)}: {len(self.quotes)} dates, {self.undated} undated>"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON, schema pullquote.timeline/1."""
        about = {"question": self.question, "undated": self.undated}
        periods, quotes = [asdict(period) for period in self.periods], [quote.to_dict() for quote in self.quotes]
        return {"schema": "pullquote.timeline/1", **about, "periods": periods, "quotes": quotes}

    def rows(self) -> list[dict[str, Any]]:
        """A row for each quote, such as pandas takes."""
        return [{"question": self.question, **quote.row()} for quote in self.quotes]

    def _repr_html_(self) -> str:
        return "".join((shown.heading(self.question), *(quote._repr_html_() for quote in self.quotes)))
