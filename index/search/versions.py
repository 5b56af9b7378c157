"""Copies of one story in the results: shown once, with where else it stands, and the later version before the earlier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ...corpus.article import Article
from ...corpus.dates import date_range
from ...corpus.same_words import kept, same, words

COUNTERPART = 0.8  # of the words of a sentence are in what a later version says in its place
_VERSION, _LONG = 0.95, 40  # of the words of an article are in a later version of it; words it must have to tell

Spans = list[tuple[int, int]]
Relation = Literal["copy", "earlier", "later"]


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article that tells the same story. An "earlier" or "later" one is a version of the same outlet.

    `start` and `end` say where the quote, or the best sentence of the hit, stands in it, typography and articles aside; None
    where a version says otherwise.
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
    if _supersedes(other, article):
        return "later"
    return "earlier" if _supersedes(article, other) else "copy"


def _supersedes(later: Article, earlier: Article) -> bool:
    """Whether one is a later version: of the same outlet and a later day, and with nearly all words of a text that has many.

    Reports that are written by a pattern, day by day, differ in more of their words than a correction does.
    """
    if not later.source or later.source.casefold() != earlier.source.casefold() or not later.published or not earlier.published:
        return False
    if date_range(later.published)[0] <= date_range(earlier.published)[1]:
        return False
    return len(words(earlier.text)) >= _LONG and kept(earlier.text, later.text) >= _VERSION


def latest(article: Article, copies: Iterable[Article]) -> Article | None:
    """The latest of the later versions of an article; None if it is the latest itself."""
    later = [other for other in copies if relation(article, other) == "later"]
    return max(later, key=lambda other: (other.published or "", other.id), default=None)


def also(article: Article, copies: Sequence[Article], said: str, spans: Callable[[Article], Spans]) -> tuple[Copy, ...]:
    """The copies that have the same sentence as an article, and where; and all versions of the article.

    `spans`: gives the start and end of each sentence of a copy.
    """
    by_outlet = defaultdict(list)  # only articles of one outlet can be versions of each other
    for one in (article, *copies):
        by_outlet[one.source.casefold()].append(one)
    found = []
    for other in copies:
        start, end = next(((a, b) for a, b in spans(other) if same(said, other.text[a:b])), (None, None))
        kind = relation(article, other)
        if kind != "copy" or (start is not None and latest(other, by_outlet[other.source.casefold()]) is None):
            found.append(Copy(other.id, other.title, other.source, other.url, other.published, kind, start, end))
    return tuple(found)
