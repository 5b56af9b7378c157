"""What became of a quote: where it stands, or how it was altered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["exact", "typographic", "ambiguous", "altered", "absent", "joined"]


FOUND: tuple[Status, ...] = ("exact", "typographic")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: `article.text[start:end] == text`. `locator`: see `Quote`."""

    article_id: str
    title: str
    source: str
    url: str
    published: str | None
    start: int
    end: int
    text: str
    link: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words: "same" in both, or what the quote has (`quote`) where the article has `article`; either may be ""."""

    kind: Literal["same", "changed"]
    quote: str
    article: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a quote.

    exact        it stands in one place, or in copies of one story, as it is given
    typographic  the same but for quotation marks, dashes, spaces and the like; `places` have the true form
    ambiguous    it stands in several places, all of which are given
    altered      a sentence is close to it: `changes` says how it differs from that of the first place
    joined       parts of it are joined by an ellipsis, which is no one quote: see `parts`
    absent       it stands nowhere

    `changed`: the article of the first place is not the one that the quote was taken from, or is no longer as it was then; None
    where no record of that was given.
    """

    quote: str
    status: Status
    places: tuple[Place, ...] = ()
    changes: tuple[Change, ...] = ()
    parts: tuple[Verdict, ...] = ()
    changed: bool | None = None
