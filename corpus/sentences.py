"""Sentences with exact offsets: sentencex per paragraph, mended where news text trips it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

import sentencex

from .article import Sentence
from .sentence_rules import (
    AFTER_NUMBER,
    CLOSING,
    FIRST_OF_LIST,
    GOES_ON,
    GOES_ON_IN,
    JOINED,
    MISSED,
    NUMBER_ALONE,
    ORDINAL,
    SECOND_OF_LIST,
    SIGN,
    SMALL,
    WITH_ORDINALS,
)

_BULLET = re.compile(r"(?:[-*•‣▪–—]|\d{1,2}[.)])\s+(?=\S)")
_HAS_WORD = re.compile(r"\w")
_IN_NUMBER = re.compile(r"[\d.,][\d.,]")
# Where a sentence longer than the encoder reads is cut, best first: after a clause, after a comma, at a space.
_CUTS = (
    re.compile(r"(?<=[;:；：])(?!\S)\s+|(?<=[；：])|\s+(?=[—–]\s)|(?<=\S)\s+--\s+"),
    re.compile(r"(?<=,)\s+|(?<=[、，])(?!\d)\s*"),
    re.compile(r"\s+"),
)
# What stands before and after a place where no sentence is cut: in the middle of a figure with its unit, of a date, or of a name.
_HELD = (
    (re.compile(r"\d[.,]?\s+$"), re.compile(r"\w")),
    (re.compile(r"(?:\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?|[$€£¥#])\s+$"), re.compile(r"\d")),
    (re.compile(r"(?:^|[^\w.!?]|\s)[A-Z][\w.’'-]*,?\s+$"), re.compile(r"[A-Z\d]")),
    (re.compile(r"\b[A-Z][\w’'-]*\s+(?:of|de|van|von|bin|al|the)\s+$"), re.compile(r"[A-Z]")),
)
_QUOTED = re.compile(r"[“„«][^“”„«»]*$")  # a quotation that was opened and not closed
_SPACES = re.compile(r"\s{0,80}")
_AT_ONCE = 10_000  # characters of a paragraph that are split at once
_TAIL = 16  # characters before an end that are looked at for what it ends with
_FEW = 2  # ends before small letters that a paragraph which knows capitals may have, even if it has no others
_ROW, _ITEM = 400, 2_000  # characters of a table's row that is left whole, and of an item of a list
_NEAR = 80  # characters before a place that are looked at for what it stands in the middle of


def sentences(text: str, start: int, end: int, language: str = "en") -> list[Sentence]:
    """The sentences of the paragraph `text[start:end]`, offsets into `text`, white space and list bullets left out."""
    paragraph = text[start:end]
    pieces: list[tuple[int, int]] = []
    last = 0
    found = list(_breaks(paragraph, language))
    small = _small(paragraph, found)
    rows = _rows(paragraph)
    for at in [*found, len(paragraph)]:
        stop = _end(paragraph, at)
        if stop <= last or at in small or _within(rows, stop) or _runs_on(paragraph, last, stop, language):
            continue
        stop = _before_list(paragraph, last, stop)
        inner = [m.end() for m in MISSED.finditer(paragraph, last, stop) if not _within(rows, m.end())]
        for cut in [*inner, stop]:
            pieces.append((last, cut))
            last = cut
    return [s for a, b in _whole(paragraph, pieces) if (s := _trimmed(text, start + a, start + b)) is not None]


def fitting(text: str, sentence: Sentence, fits: Callable[[str], bool]) -> list[Sentence]:
    """The sentence, or where it is longer than the encoder reads its halves, quarters ..., each cut at a clause."""
    piece = text[sentence.start : sentence.end]
    if fits(piece) or len(piece) < 2:
        return [sentence]
    at = sentence.start + _middle(piece)
    halves = (_trimmed(text, sentence.start, at), _trimmed(text, at, sentence.end))
    return [part for half in halves if half is not None for part in fitting(text, half, fits)]


def _breaks(paragraph: str, language: str) -> Iterator[int]:
    """Where sentencex ends a sentence. The time it takes grows with the square of a run of quotation marks, so it is given a long
    paragraph in parts, each from the last end that was found on.
    """
    at = 0
    while at < len(paragraph):
        part = paragraph[at : at + _AT_ONCE]
        ends = [b["end_index"] for b in sentencex.get_sentence_boundaries(language, part)]
        if at + len(part) < len(paragraph):
            ends = [end for end in ends if end < len(part)]  # the part ends there, not a sentence
        yield from (at + end for end in ends)
        at += ends[-1] if ends and ends[-1] > 0 else len(part)


def _small(paragraph: str, found: list[int]) -> set[int]:
    """The ends after which small letters stand, so that they are none; not where a text knows no capitals."""
    small = {at for at in found if SMALL.match(paragraph, at)}
    if 2 * len(small) <= len(found) - (len(paragraph) in found):
        return small
    first = next((c for c in paragraph[:_NEAR] if c.isalpha()), "")
    return small if first.isupper() and len(small) <= _FEW else set()


def _rows(paragraph: str) -> list[tuple[int, int]]:
    """Where the rows of tables begin and end."""
    rows, at = [], 0
    for line in paragraph.splitlines(keepends=True) if " | " in paragraph else ():
        if " | " in line and len(line) <= _ROW:
            rows.append((at, at + len(line)))
        at += len(line)
    return rows


def _within(rows: list[tuple[int, int]], at: int) -> bool:
    """Whether a place is in a row of a table, and not at its end."""
    nearest = bisect_right(rows, (at, 0)) - 1
    return nearest >= 0 and rows[nearest][0] < at < rows[nearest][1]


def _end(paragraph: str, at: int) -> int:
    """The end of a sentence with what belongs to it: closing marks, and the signs of notes."""
    for pattern in (CLOSING, SIGN):
        if (found := pattern.match(paragraph, at)) is not None:
            at = found.end()
    return at


def _before_list(paragraph: str, start: int, stop: int) -> int:
    """The end of a sentence before the number of a list's first item: "The treaty has three parts: 1. Ships may pass. 2. ..."."""
    begin = max(start, stop - _NEAR)
    found = FIRST_OF_LIST.search(paragraph[begin:stop])
    if found is None or SECOND_OF_LIST.search(paragraph, stop, stop + _ITEM) is None:
        return stop
    return begin + found.start(1)


def _runs_on(paragraph: str, start: int, stop: int, language: str) -> bool:
    """Whether sentencex broke `paragraph` at `stop` although the sentence goes on."""
    if stop >= len(paragraph):
        return False
    if stop - start < 8 and NUMBER_ALONE.fullmatch(paragraph, start, stop):
        return True
    tail = paragraph[max(start, stop - _TAIL) : stop]
    at = _SPACES.match(paragraph, stop).end()  # type: ignore[union-attr]
    if language in WITH_ORDINALS and ORDINAL.search(tail):
        own = AFTER_NUMBER.get(language)
        return own is None or own.match(paragraph, at) is None
    if any(before.search(tail) and after.match(paragraph, stop) for before, after in JOINED):
        return True
    rules = (*GOES_ON, *GOES_ON_IN.get(language, ()))
    return any(before.search(tail) and after.match(paragraph, at) for before, after in rules)


def _whole(paragraph: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces without a word of their own (a stray quotation mark) belong to the piece before them."""
    whole: list[tuple[int, int]] = []
    for start, end in pieces:
        if whole and not _HAS_WORD.search(paragraph, start, end):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    if bullet := _BULLET.match(text, start, end):
        start = bullet.end()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Sentence(start, end) if _HAS_WORD.search(text, start, end) else None


def _middle(piece: str) -> int:
    """The best place to cut: of the kind that is best, within the middle half, the one nearest the middle."""
    half, last = len(piece) / 2, 0
    for cut in _CUTS:
        places = [m.end() for m in cut.finditer(piece) if 0.25 * len(piece) <= m.end() <= 0.75 * len(piece)]
        places.sort(key=lambda at: (abs(at - half), at))
        if (free := next((at for at in places if not _holds(piece, at)), None)) is not None:
            return free
        last = last or (places[0] if places else 0)
    return last or _between(piece)


def _holds(piece: str, at: int) -> bool:
    """Whether a place is in the middle of a figure, a date, a name or a quotation."""
    before = piece[max(0, at - _NEAR) : at]
    return _QUOTED.search(before) is not None or any(a.search(before) and b.match(piece, at) for a, b in _HELD)


def _between(piece: str) -> int:
    """The middle of what has no place to cut, moved out of a number, unless that is a run without end."""
    middle = max(1, len(piece) // 2)
    before = range(middle, max(0, middle - _NEAR), -1)
    return next((at for at in before if not _IN_NUMBER.match(piece, at - 1)), middle)
