"""What became of a quote: where it stands, or how it was altered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .. import shown
from .kinds import Kind
from .speakers import Attribution

Status = Literal["exact", "typographic", "abridged", "ambiguous", "altered", "absent", "joined"]


FOUND: tuple[Status, ...] = ("exact", "typographic", "abridged")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: `article.text[start:end] == text`.

    `locator`: see `Quote`. `mark`: of what kind the line is, such as "caption", where it is no part of the story; else "".
    """

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
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words: "same" in both, or what the quote has (`quote`) where the article has `article`; either may be "".

    `what`: the kinds of a change, such as "negation" and "figure"; none where the words are the same.
    """

    kind: Literal["same", "changed"]
    quote: str
    article: str
    what: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """What became of a quote.

    exact        it stands in one place, or in copies of one story, as it is given
    typographic  the same but for quotation marks, dashes, spaces and the like; `places` have the true form
    ambiguous    it stands in several places, all of which are given
    altered      a sentence is close to it: `changes` says how it differs from that of the first place
    abridged     its parts, which an ellipsis joins, all stand in one article in their order: `places` has the whole stretch
    joined       its parts, which an ellipsis joins, do not: see `parts`
    absent       it stands nowhere

    `places` are in the order of their dates, those without a date last: of copies the first is the earliest. `attribution`: whether
    the article says that the quote is from whom it was attributed to; None where it was attributed to nobody, or stands nowhere.
    `changed`: the article of the first place is not the one that the quote was taken from, or is no longer as it was then; None
    where no record of that was given.
    """

    quote: str
    status: Status
    places: tuple[Place, ...] = ()
    changes: tuple[Change, ...] = ()
    parts: tuple[Verdict, ...] = ()
    changed: bool | None = None
    attribution: Attribution | None = None

    def __repr__(self) -> str:
        first = f", {self.places[0].article_id}:{self.places[0].start}-{self.places[0].end}" if self.places else ""
        return f"<Verdict {self.status}: {shown.line(self.quote)}{first}>"

    @property
    def holds(self) -> bool:
        """Whether the quote stands in one place, typography aside, and is not from somebody else than whom it was attributed to."""
        return self.status in FOUND and (self.attribution is None or self.attribution.named != "other")

    @property
    def what(self) -> tuple[Kind, ...]:
        """The kinds of what was altered, each once, in the order of the quote."""
        return tuple(dict.fromkeys(kind for change in self.changes for kind in change.what))
