"""What a short form claims, so that claims can be compared: an amount, a date, or names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from ...corpus.same_words import words
from ..mentions import VALUES
from ..question.wording import Wording
from ..selection.candidate import Candidate
from ..values import LIMITS, MAGNITUDES, Amount, amount, day, same_day

PART = re.compile(
    rf"\s+(?:others?|more|further|additional)\b|"
    rf"\s+(?:out )?of (?:(?:the|its|his|her|their|an?|{LIMITS}) )*"
    rf"(?:\d|(?:whom|which|them|these|those|{'|'.join((*VALUES, *MAGNITUDES))})\b)",
    re.IGNORECASE,
)  # after a number that is a part of another: "five of the 13", "two others"
_PART_OF = re.compile(rf"\w(?:{PART.pattern})", re.IGNORECASE)
_DECADE = re.compile(r"(?<!\d)((?:1\d|20)\d0)s\b")
_CENTURY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_TITLES = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "sir", "lord", "lady", "president", "prime", "minister", "gen", "sen", "rep", "the")
)

Claim = tuple[str | int | None, ...] | Amount


@dataclass
class ClaimGroup:
    """Candidates that claim the same. `value`: the words of the first that say it, `start` to `end` in its text."""

    start: int
    end: int
    claim: Claim
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The words of the first candidate that make the claim."""
        return self.candidates[0].text[self.start : self.end]


def claim(question: Wording, said: str, before: str = "") -> Claim | None:
    """What a short form says, so that equal claims are equal; None where it is unclear. `before`: what stands before it."""
    if question.wanted == "number":
        return None if _PART_OF.search(said) else amount(said, before)
    if question.wanted == "date":
        return _dated(said)
    found = tuple(word for word in words(said) if len(word) > 1 and word.strip(".") not in _TITLES)
    return found or None


def _dated(said: str) -> Claim | None:
    """What a date says: a decade, a century, or a day as far as it is known."""
    if decade := _DECADE.search(said):
        return ("decade", decade[1])
    if (found := day(said)) is not None:
        return found
    century = _CENTURY.search(said)
    return ("century", century[1]) if century else None


def agree(one: Claim, other: Claim) -> bool:
    """Whether two claims can both be right as the same answer: amounts that are not apart, names that share a word, dates that
    differ in nothing both say.
    """
    if isinstance(one, Amount) or isinstance(other, Amount):
        return isinstance(one, Amount) and isinstance(other, Amount) and one.agrees(other)
    if _is_day(one) and _is_day(other):
        return same_day(one, other)  # type: ignore[arg-type]
    if _is_day(one) or _is_day(other):
        return _within(one, other)
    if one[0] in ("decade", "century") or other[0] in ("decade", "century"):
        return one == other or one[0] != other[0]  # a century and a decade are not compared
    return not {bare(str(word)) for word in one}.isdisjoint(bare(str(word)) for word in other)


def _is_day(some: Claim) -> bool:
    return not isinstance(some, Amount) and len(some) == 3 and all(part is None or isinstance(part, int) for part in some)


def _within(one: Claim, other: Claim) -> bool:
    """Whether a decade or century holds a day, or cannot be compared with it."""
    if isinstance(one, Amount) or isinstance(other, Amount):
        return False
    day_, span = (one, other) if _is_day(one) else (other, one)
    if span[0] != "decade" or day_[0] is None:
        return True
    return str(day_[0])[:3] == str(span[1])[:3]


def bare(word: str) -> str:
    """A word without its accents and the ending of what belongs to it."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return plain.removesuffix("'s").removesuffix("’s")
