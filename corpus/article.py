"""The nouns of the corpus. All offsets are code points into `Article.text`, end exclusive."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read: UTF-8 decoded, line ends LF, Unicode NFC, nothing deleted.

    `id` is the article's own, else its path below the folder given. `published` is an ISO 8601 date as far as it is
    known ("2004", "2004-02" or "2004-02-12"); an unknown title, source, url or language is "", an unknown date None.
    """

    id: str
    text: str
    title: str = ""
    source: str = ""
    url: str = ""
    published: str | None = None
    language: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of every field, so that a change of any of them is seen."""
        fields = [self.id, self.text, self.title, self.source, self.url, self.published, self.language]
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
