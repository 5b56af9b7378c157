"""The nouns of the corpus. All offsets are code points into `Article.text`, end exclusive."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

DatedBy = Literal["stated", "dateline", "byline", "given"]


@dataclass(frozen=True, slots=True)
class Locator:
    """Which part of its file a stretch of the text is of, from `start` to the next locator: "page 3", "00:01:23"."""

    start: int
    label: str


@dataclass(frozen=True, slots=True, repr=False)
class Article:
    """One article as read: UTF-8 decoded, line ends LF, Unicode NFC, nothing deleted.

    `id` is the article's own, else its path below the folder given. `published` is an ISO 8601 date as far as it is
    known ("2004", "2004-02" or "2004-02-12"); an unknown title, source, url or language is "", an unknown date None.
    `dated_by` is how the date is known: the article's own fields state it, the first line of the story or the block of its author
    does, or whoever added the article gave it. `locators` stand in the order of their starts; () where the file has no parts.
    """

    id: str
    text: str
    title: str = ""
    source: str = ""
    url: str = ""
    published: str | None = None
    language: str = ""
    dated_by: DatedBy = "stated"
    locators: tuple[Locator, ...] = ()

    def __repr__(self) -> str:
        about = ", ".join(part for part in (self.source, str(self.published or ""), f"{len(self.text)} characters") if part)
        return f"<Article {self.id!r}: {about}>"

    def locator(self, start: int) -> str:
        """The label of the part of the file in which an offset stands; "" where it has none."""
        at = bisect_right(self.locators, start, key=lambda locator: locator.start)
        return self.locators[at - 1].label if at else ""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of every field, so that a change of any of them is seen."""
        fields: list[object] = [self.id, self.text, self.title, self.source, self.url, self.published, self.language]
        if self.dated_by != "stated" or self.locators:  # which articles of older formats have not
            fields += [self.dated_by, [[locator.start, locator.label] for locator in self.locators]]
        return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text that is no part of the story: kept and shown dimmed, never indexed, never quoted."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the story, without the white space around it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring whole sentences of one article: what is ranked."""

    start: int
    end: int
    sentences: tuple[Sentence, ...]


def passage_id(article_id: str, start: int, end: int) -> str:
    """The name of a passage: its article and where it stands there, as in "talks.md:120-834"."""
    return f"{article_id}:{start}-{end}"
