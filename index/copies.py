"""Copies of one story in the results: shown once, with where else it stands, and the later version before the earlier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..corpus.alike import plain, same
from ..corpus.article import Article
from ..corpus.dates import date_range

Relation = Literal["copy", "earlier", "later"]


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article that tells the same story. An "earlier" or "later" one is a version of the same outlet.

    `start` and `end` say where the quote stands in it word for word; None where the copy is of a passage.
    """

    article_id: str
    title: str
    source: str
    url: str
    published: str | None
    relation: Relation
    start: int | None = None
    end: int | None = None


def relation(article: Article, other: Article) -> Relation:
    """What `other` is to `article`, of which it is a copy."""
    if article.source and article.source.casefold() == other.source.casefold() and article.published and other.published:
        ours, theirs = date_range(article.published), date_range(other.published)
        if theirs[1] < ours[0]:
            return "earlier"
        if ours[1] < theirs[0]:
            return "later"
    return "copy"


def latest(article: Article, copies: Iterable[Article]) -> Article | None:
    """The latest of the later versions of an article; None if it is the latest itself."""
    later = [other for other in copies if relation(article, other) == "later"]
    return max(later, key=lambda other: (other.published or "", other.id), default=None)


def copy(article: Article, other: Article, start: int | None = None, end: int | None = None) -> Copy:
    """`other` as a copy of `article`."""
    return Copy(other.id, other.title, other.source, other.url, other.published, relation(article, other), start, end)


def with_quote(article: Article, copies: Iterable[Article], text: str) -> tuple[Copy, ...]:
    """The copies in which a quote stands word for word, and where."""
    found = ((other, other.text.find(text)) for other in copies)
    return tuple(copy(article, other, at, at + len(text)) for other, at in found if at >= 0)


def adds_nothing(said: Iterable[str], shown: Article, its: Sequence[str]) -> bool:
    """Whether every sentence `said` stands in an article shown already, or nearly: with the same numbers, denials and names.

    `its`: the sentences of that article.
    """
    text = plain(shown.text)
    return all(plain(one) in text or any(same(one, other) for other in its) for one in said)
