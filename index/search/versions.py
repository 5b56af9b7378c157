"""Copies of one story in the results: shown once, with where else it stands, and the later version before the earlier."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ...corpus.article import Article
from ...corpus.dates import date_range
from ...corpus.same_words import kept, words

COUNTERPART = 0.8  # of the words of a sentence are in what a later version says in its place
SERIES = 3  # versions of an article by its outlet at most: more that are nearly alike are a series, written day by day by a pattern
_VERSION, _LONG = 0.95, 40  # of the words of an article are in a later version of it; words it must have to tell

_HEAD = 100  # characters with which a text begins
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = re.compile(rf"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})\b")

Span = tuple[int, int]
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

    Reports that are written by a pattern, day by day, differ in more of their words than a correction does, or are headed by
    different days.
    """
    if not later.source or later.source.casefold() != earlier.source.casefold() or not later.published or not earlier.published:
        return False
    if date_range(later.published)[0] <= date_range(earlier.published)[1]:
        return False
    ours, theirs = _days(earlier), _days(later)
    if ours and theirs and ours.isdisjoint(theirs):
        return False
    return len(words(earlier.text)) >= _LONG and kept(earlier.text, later.text) >= _VERSION


def _days(article: Article) -> set[str]:
    """The days that an article is headed by: weekdays, and days of a month, in its title and where its text begins."""
    return {" ".join(match.split()).casefold() for match in _DAY.findall(f"{article.title} {article.text[:_HEAD]}")}


def versions(article: Article, copies: Iterable[Article]) -> list[tuple[Relation, Article]]:
    """The earlier and later versions of an article among its copies; none where the outlet has a whole series of such articles."""
    ours = [other for other in copies if article.source and other.source.casefold() == article.source.casefold()]
    if len(ours) > SERIES:
        return []
    return [(kind, other) for other in ours if (kind := relation(article, other)) != "copy"]


def latest(article: Article, copies: Iterable[Article]) -> Article | None:
    """The latest of the later versions of an article; None if it is the latest itself."""
    later = [other for kind, other in versions(article, copies) if kind == "later"]
    return max(later, key=lambda other: (other.published or "", other.id), default=None)


def also(article: Article, copies: Sequence[Article], where: Callable[[Article], Span | None]) -> tuple[Copy, ...]:
    """The copies that have the same sentence as an article, and where; and all versions of the article.

    `where`: gives the start and end of that sentence in a copy, None where it does not stand there.
    """
    by_outlet = defaultdict(list)  # only articles of one outlet can be versions of each other
    for one in (article, *copies):
        by_outlet[one.source.casefold()].append(one)
    kinds: dict[str, Relation] = {other.id: kind for kind, other in versions(article, copies)}
    found = []
    for other in copies:
        start, end = where(other) or (None, None)
        kind = kinds.get(other.id, "copy")
        if kind != "copy" or (start is not None and not _is_old(other, by_outlet[other.source.casefold()])):
            found.append(Copy(other.id, other.title, other.source, other.url, other.published, kind, start, end))
    return tuple(found)


def _is_old(article: Article, of_outlet: Sequence[Article]) -> bool:
    """Whether there is a later version of an article among those of its outlet."""
    return len(of_outlet) <= SERIES + 1 and latest(article, [other for other in of_outlet if other is not article]) is not None
