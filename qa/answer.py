"""The nouns of an answer, and the JSON that scripts read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from ..index.copies import Copy
from ..index.hits import Hit

ANSWERED: Literal["answered"] = "answered"
NO_ANSWER: Literal["no_answer"] = "no_answer"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that answers, verbatim: `article.text[start:end] == text`, in code points.

    `confidence` is the estimated probability, 0 to 1, that the quote holds the answer. `matches` are the (start, end) of the
    words in `text` that are also in the question. `also`: the copies of the article in which it stands too, and where, and other
    versions of the article; `superseded_by`: the id of the latest later version of the article, "" if there is none.
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


@dataclass(frozen=True, slots=True)
class Answer:
    """The quotes that answer a question, best first; or none, and the reason why."""

    question: str
    status: Literal["answered", "no_answer"]
    reason: str
    quotes: tuple[Quote, ...]
    index: dict[str, Any]


def answer_record(answer: Answer) -> dict[str, Any]:
    """An answer as JSON, schema pullquote.answer/1."""
    quotes = []
    for quote in answer.quotes:
        fields = asdict(quote)
        del fields["matches"]
        quotes.append(fields)
    return {
        "schema": "pullquote.answer/1",
        "question": answer.question,
        "status": answer.status,
        "reason": answer.reason,
        "quotes": quotes,
        "index": answer.index,
    }


def hits_record(query: str, hits: list[Hit]) -> dict[str, Any]:
    """The hits of a search as JSON, schema pullquote.hits/1."""
    return {"schema": "pullquote.hits/1", "query": query, "hits": [asdict(hit) for hit in hits]}
