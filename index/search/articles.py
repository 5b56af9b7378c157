"""The articles of a snapshot: as they were read, the copies that tell the same story, and where their sentences stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from ...corpus.article import Article
from ...corpus.decode import tidy
from ...corpus.paragraphs import paragraphs
from ...corpus.same_words import words
from ...errors import ArticleMissing
from ..filters import Filter
from .versions import SERIES, latest

NAMED = 100  # copies of a story that are named beside an article, of its outlet and of others
LONGEST = 1000  # characters of a sentence that is quoted whole
Span = tuple[int, int]  # start and end in an article's text, in code points
Words = tuple[str, ...]  # of a sentence, typography aside

_ENDS = re.compile(r"[.!?…。！？｡](?:[\"'”’»)\]」』]|\s)*$")
_STORIES, _SPANS, _ARTICLES = 100, 10_000, 5000  # kept at hand


class Shelf(Protocol):
    """Where `Articles` reads from, of one commit. `place`: of the index, for messages."""

    @property
    def place(self) -> Path | str:
        """Where the index is."""

    @property
    def is_far(self) -> bool:
        """Whether much is better read at once."""

    def expect(self, ids: Collection[str], *, stories: bool) -> None:
        """These articles will be asked for, and what tells their `stories`: a shelf that is far away reads them at once."""

    def article(self, article_id: str) -> Article | None:
        """One article, as it was read; None for an unknown id. Raises IndexDamaged if it is not as it was stored."""

    def holds(self, article_id: str) -> bool:
        """Whether there is an article of that id."""

    def ids(self, where: Filter | None) -> list[str]:
        """The ids of the articles that a filter admits, in order."""

    def sentences(self, article_id: str) -> list[Span]:
        """The start and end of every sentence of an article's story, in order."""

    def passages(self, article_id: str) -> list[Span]:
        """The start and end of every passage of an article, in order."""

    def story(self, article_id: str) -> tuple[int, int]:
        """The number of the story that an article tells, and how many articles tell it."""

    def tellers(self, story: int, told: int) -> list[Article]:
        """The articles that tell a story, in the order of their ids."""

    def some_tellers(self, story: int, told: int, most: int) -> list[Article]:
        """The first `most` of them."""

    def tellers_of_outlet(self, story: int, source: str, most: int) -> list[Article]:
        """The first `most` of those of one outlet."""

    def texts_with(self, quote: str) -> Iterator[tuple[str, str]]:
        """The id and text of each article that has every word of a quote, and perhaps of others, in the order of the ids."""


class Articles:
    """What is known of the articles of an opened index; what is asked for often is read once."""

    def __init__(self, shelf: Shelf) -> None:
        self.place, self.is_far, self._shelf = shelf.place, shelf.is_far, shelf
        self._known = lru_cache(_ARTICLES)(self._article)
        self.sentences = lru_cache(_SPANS)(shelf.sentences)
        self._story = lru_cache(_SPANS)(shelf.story)
        self._tellers = lru_cache(_STORIES)(shelf.tellers)
        self._near = lru_cache(_STORIES)(self._near_of)
        self._siblings = lru_cache(_SPANS)(self._siblings_of)
        self._said = lru_cache(_SPANS)(self._said_in)
        self.latest = lru_cache(_SPANS)(self._latest)
        self.said = lru_cache(_SPANS)(self._said_by)

    def article(self, article_id: str) -> Article:
        """One article, as it was read. Raises ArticleMissing for an unknown id, IndexDamaged if it is not as it was stored."""
        return self._known(tidy(article_id))

    def _article(self, article_id: str) -> Article:
        """One article, as it was read. Raises ArticleMissing for an unknown id, IndexDamaged if it is not as it was stored."""
        found = self._shelf.article(article_id)
        if found is None:
            raise ArticleMissing(f"no article {article_id!r} in the index (`list` shows ids)")
        return found

    def expect(self, ids: Collection[str], *, stories: bool = True) -> None:
        """Say that these articles will be asked for, and what tells their `stories`."""
        self._shelf.expect(ids, stories=stories)

    def holds(self, article_id: str) -> bool:
        """Whether there is an article of that id."""
        return self._shelf.holds(tidy(article_id))

    def ids(self, where: Filter | None) -> list[str]:
        """The ids of the articles that a filter admits, in order."""
        return self._shelf.ids(where)

    def whole_sentence(self, article: Article, start: int, end: int) -> Span:
        """The start and end of the sentence that an indexed piece of it belongs to: long sentences are indexed in pieces.

        At most LONGEST characters; what is longer stays cut.
        """
        spans = self.sentences(article.id)
        first = last = next((place for place, span in enumerate(spans) if span == (start, end)), -1)
        if first < 0:
            return start, end
        text = article.text
        while first > 0 and _goes_on(text, spans[first - 1], spans[first]) and spans[last][1] - spans[first - 1][0] <= LONGEST:
            first -= 1
        while (
            last + 1 < len(spans)
            and _goes_on(text, spans[last], spans[last + 1])
            and spans[last + 1][1] - spans[first][0] <= LONGEST
        ):
            last += 1
        return spans[first][0], spans[last][1]

    def is_cut(self, article: Article, start: int, end: int) -> tuple[bool, bool]:
        """Whether a sentence goes on before and after a stretch of an article."""
        spans = self.sentences(article.id)
        before = max((span for span in spans if span[1] <= start), default=None)
        after = min((span for span in spans if span[0] >= end), default=None)
        here = (start, end)
        return before is not None and _goes_on(article.text, before, here), after is not None and _goes_on(
            article.text, here, after
        )

    def passages(self, article_id: str) -> list[Span]:
        """The start and end of every passage of an article, in order."""
        return self._shelf.passages(article_id)

    def _near_of(self, story: int, told: int) -> list[Article]:
        return self._shelf.some_tellers(story, told, NAMED)

    def _siblings_of(self, story: int, source: str) -> list[Article]:
        return self._shelf.tellers_of_outlet(story, source, SERIES + 2)

    def near_copies(self, article: Article) -> list[Article]:
        """The copies of an article that are named beside it, in the order of their ids.

        All where the story is told at most NAMED times, else the first NAMED, and some of its own outlet, enough to tell a series.
        """
        story, told = self._story(article.id)
        if told == 1:
            return []
        near = {other.id: other for other in self._near(story, told)}
        if told > NAMED and article.source:
            near.update((other.id, other) for other in self._siblings(story, article.source))
        return [near[name] for name in sorted(near) if name != article.id]

    def _said_by(self, article_id: str, start: int, end: int) -> tuple[Article, str, Words]:
        """An article, what it says in a stretch of it, and the words of that."""
        article = self.article(article_id)
        said = article.text[start:end]
        return article, said, tuple(words(said))

    def _said_in(self, article_id: str) -> dict[Words, Span]:
        """Where the sentences of an article stand, by their words."""
        text = self.article(article_id).text
        return {tuple(words(text[a:b])): (a, b) for a, b in reversed(self.sentences(article_id))}

    def where_said(self, article_id: str, sentence: Words) -> Span | None:
        """Where a sentence, given by its words, first stands in an article, typography aside; None where it does not."""
        return self._said(article_id).get(sentence)

    def story(self, article_id: str) -> int:
        """The number of the story that an article tells: its copies have the same number."""
        return self._story(article_id)[0]

    def copies(self, article_id: str) -> list[Article]:
        """The other articles that tell the same story, nearly word for word, in the order of their ids."""
        story, told = self._story(article_id)
        return [] if told == 1 else [other for other in self._tellers(story, told) if other.id != article_id]

    def _latest(self, article_id: str) -> Article | None:
        """The latest version, by the same outlet, of an article; None if it is the latest itself."""
        article = self.article(article_id)
        return latest(article, self.near_copies(article))

    def texts_with(self, quote: str) -> Iterator[tuple[str, str]]:
        """The id and text of each article that has every word of a quote, see `Index.texts_with`."""
        yield from self._shelf.texts_with(quote)


def _goes_on(text: str, one: Span, other: Span) -> bool:
    """Whether two neighbouring pieces are of one sentence: in one paragraph, and the first does not end as a sentence does."""
    if _ENDS.search(text, max(one[0], one[1] - 8), one[1]) is not None:
        return False
    gap = text[one[1] : other[0]]
    return "\n" not in gap or (not gap.strip() and any(a <= one[0] and other[1] <= b for a, b in paragraphs(text)))
