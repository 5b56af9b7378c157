"""What quotes claim: the short form of an answer, and where quotes from different places agree or disagree on it.

Two quotes disagree where they answer one question with different numbers, dates or names, or where they are the same sentence but
for such a word. Nothing is merged, averaged or judged: each side is shown with its quotes.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ...corpus.same_words import words
from ...index.lexical.analyzer import STOP_WORDS, Analyzer
from ..mentions import mentions
from ..question.wording import ANSWERS, Wording
from ..selection.candidate import Candidate
from ..values import Amount, amount, day, same_day
from .short_form import TYPED, eligible, is_some, read_short_form

PRESENT, COVERED = 0.4, 0.6  # of the question's information must be in a sentence that is a side
SHORT = 5  # words: in shorter sentences nothing is parallel
PARALLEL = 0.6  # of the words of two sentences are the same, in the same order: they say the same of something, but for the rest
DIFFERENT = 4  # words at most, in a place where parallel sentences differ
STRONG = 4.0  # how much lower than the best quote's the score of one may be that is a side of its own
_DECADE = re.compile(r"(?<!\d)((?:1\d|20)\d0)s\b")
_TITLES = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "sir", "lord", "lady", "president", "prime", "minister", "gen", "sen", "rep", "the")
)
_TOKEN = re.compile(r"\w[\w’'.,&-]*\w|\w")
_CENTURY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")

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
        return amount(said, before)
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
    return not {_bare(str(word)) for word in one}.isdisjoint(_bare(str(word)) for word in other)


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


def _bare(word: str) -> str:
    """A word without its accents."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def sides(
    question: Wording, found: Sequence[Candidate], analyzer: Analyzer, story: Callable[[Candidate], object]
) -> list[ClaimGroup]:
    """What the candidates, best first, claim: one side for each claim, in the order of the first that makes it; more than one is a
    disagreement. Of copies of one story, known by `story`, the first counts.
    """
    strong = [
        c
        for c in found
        if c.score >= found[0].score - STRONG and c.evidence["present"] >= PRESENT and c.evidence["covered"] >= COVERED
    ]
    made: list[ClaimGroup] = []
    for candidate in strong:
        side = _side(question, candidate, analyzer, made)
        if side is not None and story(candidate) not in {story(c) for c in side.candidates}:
            side.candidates.append(candidate)
            if side not in made:
                made.append(side)
    return made if len(made) > 1 else (_parallel(question, strong) or made)


def _side(question: Wording, candidate: Candidate, analyzer: Analyzer, made: list[ClaimGroup]) -> ClaimGroup | None:
    """The side that a candidate takes: one already made, if it makes its claim, else a new one, if its claim is plain. What
    the reader points at is the claim; where nothing was read, any value that may answer is one of a side already made.
    """
    if question.wanted not in TYPED:
        return None
    pointed = read_short_form(candidate)
    may = eligible(question, candidate.text, analyzer) if candidate.pointed is None else [pointed] if pointed else []
    text = candidate.text
    claims = {m: c for m in may if (c := claim(question, text[m.start : m.end], text[: m.start])) is not None}
    for side in made:
        if any(agree(side.claim, said) for said in claims.values()):
            return side
    if len(claims) != 1:
        return None
    [(mention, said)] = claims.items()
    if is_some(question, candidate.text, mention):
        return None
    if isinstance(said, Amount) and said.low != said.high:  # which agrees with several
        return None
    return ClaimGroup(mention.start, mention.end, said)


def _parallel(question: Wording, found: Sequence[Candidate]) -> list[ClaimGroup]:
    """The first two candidates of different articles that are one sentence but for what is asked."""
    for n, one in enumerate(found):
        for other in found[n + 1 :]:
            if one.article.id != other.article.id and (places := differing(question, one.text, other.text)) is not None:
                return [ClaimGroup(a, b, tuple(words(c.text[a:b])), [c]) for c, (a, b) in zip((one, other), places, strict=True)]
    return []


def differing(question: Wording, one: str, other: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where two sentences that are the same for the most part differ, each in words of the kind that is asked for and that are not
    the question's; None where they do not.
    """
    ours, theirs = _tokens(one), _tokens(other)
    if min(len(ours), len(theirs)) < SHORT:
        return None
    matcher = difflib.SequenceMatcher(None, [t for t, _, _ in ours], [t for t, _, _ in theirs], autojunk=False)
    if matcher.real_quick_ratio() < PARALLEL or matcher.quick_ratio() < PARALLEL or matcher.ratio() < PARALLEL:
        return None
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "replace" and b - a <= DIFFERENT and d - c <= DIFFERENT:
            places = (ours[a][1], ours[b - 1][2]), (theirs[c][1], theirs[d - 1][2])
            there = list(zip((one, other), places, strict=True))
            said, said_too = (claim(question, text[start:end], text[:start]) for text, (start, end) in there)
            if said is not None and said_too is not None and agree(said, said_too):
                continue
            if all(_tells(question, text, *place) for text, place in there):
                return places
    return None


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, without case and the punctuation around them, and where they stand."""
    return [(m[0].casefold(), *m.span()) for m in _TOKEN.finditer(text)]


def _tells(question: Wording, text: str, start: int, end: int) -> bool:
    """Whether some words of a sentence may be an answer: such as are not the question's, of the kind that is asked for."""
    kind = ANSWERS.get(question.wanted)
    if question.wanted in TYPED and kind is not None:
        found = [m for m in mentions(text, kind) if start < m.end and m.start < end]
        return any(not is_some(question, text, m) for m in found)
    asked = set(words(question.text))
    return any(word not in asked and word not in STOP_WORDS and len(word) > 2 for word in words(text[start:end]))
