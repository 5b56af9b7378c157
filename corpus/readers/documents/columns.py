"""The words of a printed page as lines of its columns, in reading order."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ...decode import tidy

# In ems: how far words, columns and cells of a table stand apart at least, and how far baselines of one line differ at most.
APART, _GUTTER, _CELL, _ROW = 0.2, 0.7, 1.5, 0.45
_RAISED_ROW = 0.55  # and how far where one is of raised figures
ALWAYS, NEVER = -99.0, 99.0  # for `Word.apart`
_TALL = 8  # lines, beside which a single one is a column too
_WIDER = 1.3  # times as wide as the spaces beside it is a gutter at least
_RAGGED = 4  # ems that most lines of a column fall short of it at most
_FEWEST, _FEW = 12, 9  # letters of a line of a column on average at least, and of a tall or known column
_MOST_TRIED, _DEEPEST, _MOST_CAPS = 40, 10, 20  # places for a gutter, columns in columns, drop caps of a page
_CAP = 1.7  # times as large as the text, at least
_ALIKE = 1.06  # times as large at most is the same size
_ENDED = re.compile(r"""[.!?:;…]["'”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹*†]*$""")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:Mrs?|Ms|Dr|Prof|St|Sens?|Reps?|Govs?|Gen|Lt|Col|Sgt|Capt|Nos?|[A-Z])\.$")
_BULLET = re.compile(r"[•‣▪●○◦■□►➢✓∙·]")
_ITEM = re.compile(r"(?:[-–—*]|\(?(?:\d{1,3}|[a-z]|[ivx]+)[.)])\s+\S")
_FIRST = re.compile(r"""["'“‘„«(\[]*([^\W\d_])""")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARKS = "".join(map(chr, range(0x300, 0x370)))  # which would join with what they are put after


class Word(NamedTuple):
    """A word, where its baseline runs, and how wide a gap before it is a space, in ems."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    apart: float = APART


class Line(NamedTuple):
    """A line of a column, or a row of a table. `lead`: how wide its first word is.

    Of the `near` lines around it that are of its size: `left` and `right`, how far they reach, and whether it is `flush` with them.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    page: int
    lead: float
    row: bool
    left: float = 0.0
    right: float = 0.0
    near: int = 1
    flush: bool = False

    def full(self, following: Line, more: float = 0.3) -> bool:
        """Whether the first word of the following line would not have fitted, with some ems more."""
        return self.right - self.x1 < following.lead + more * self.size

    def like(self, other: Line) -> bool:
        """Whether another line is of the same size, and neither is a row of a table."""
        return not (self.row or other.row) and max(self.size, other.size) <= _ALIKE * min(self.size, other.size)

    @property
    def ended(self) -> bool:
        """Whether a sentence ends with the line."""
        return _ENDED.search(self.text) is not None and _ABBREVIATION.search(self.text) is None

    @property
    def small(self) -> bool:
        """Whether it begins with a small letter: in the middle of a sentence."""
        first = _FIRST.match(self.text)
        return first is not None and first[1].islower()

    @property
    def bullet(self) -> bool:
        """Whether it begins with a bullet."""
        return _BULLET.match(self.text) is not None

    @property
    def item(self) -> bool:
        """Whether it begins with a bullet, or as items of lists do and other lines may: with a number, a letter or a dash."""
        return self.bullet or _ITEM.match(self.text) is not None


Lines = list[Line]


def without_drop_caps(words: list[Word]) -> list[Word]:
    """Words with large initials, which hang beside several lines, put before the first of them."""
    usual = median([word.size for word in words]) if words else 1.0
    large = [word for word in words if word.size > _CAP * usual and len(word.text) <= 2 and word.text[-1].isupper()]
    for cap in large[:_MOST_CAPS]:
        beside = [
            word
            for word in words
            if _CAP * word.size < cap.size and -1 < (word.x0 - cap.x1) / usual < 1.5 and -0.1 < (word.y - cap.y) / cap.size < 1
        ]
        if len(rows := rows_of(beside)) > 1:
            first, *others = (row[0] for row in rows)
            texts = Counter(word.text.casefold().strip(".,;:!?") for word in words)
            follows = first.text.casefold().strip(".,;:!?")
            alone = cap.text in "AI" and texts[follows] > 1 and not texts[cap.text.casefold() + follows]
            words[words.index(cap)] = cap._replace(x1=first.x0, y=first.y, size=first.size)
            words[words.index(first)] = first._replace(apart=ALWAYS if alone else NEVER)
            for other in others:  # as if they began where the initial does
                words[words.index(other)] = other._replace(x0=cap.x0)
    return words


def rows_of(words: list[Word]) -> list[list[Word]]:
    """Words on one height, from above; each row from left to right."""
    rows: list[list[Word]] = []
    em = median([word.size for word in words]) if words else 1.0
    for word in sorted(words, key=lambda word: -word.y):
        if rows and rows[-1][0].y - word.y < (_ROW if word.size == rows[-1][0].size else _RAISED_ROW) * em:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.x0) for row in rows]


def columns_of(words: list[Word], known: set[int], depth: int = 0) -> list[list[Word]]:
    """Words by column, in reading order: what stands above columns, the columns from the left, what stands below them.

    `known`: where columns began on this page and those before it, which grows.
    """
    rows = rows_of(words)
    if depth >= _DEEPEST or (cut := _gutter(rows, known)) is None:
        return [words] if words else []
    first, last, x = cut
    band = [word for row in rows[first:last] for word in row]
    parts = (
        [word for row in rows[:first] for word in row],
        [word for word in band if word.x0 < x],
        [word for word in band if word.x0 >= x],
        [word for row in rows[last:] for word in row],
    )
    return [column for part in parts for column in columns_of(part, known, depth + 1)]


def _gutter(rows: list[list[Word]], known: set[int]) -> tuple[int, int, float] | None:
    """The rows that the tallest gutter runs through, and where the column to the right of it begins; None where there is none."""
    if len(rows) < 2:
        return None
    em = median([word.size for row in rows for word in row])
    left = min(row[0].x0 for row in rows)
    starts = Counter(round(row[0].x0) for row in rows if row[0].x0 > left + 8 * em)
    for row in rows:
        least = max(_GUTTER * em, _WIDER * _space(row))
        starts.update(round(b.x0) for a, b in pairwise(row) if b.x0 - a.x1 > least)
    taken = [[(word.x0, _reach(word, em)) for word in row] for row in rows]
    best: tuple[int, int, int, float] | None = None
    for start, _ in starts.most_common(_MOST_TRIED):
        x = start - 1.0
        need = 1 if known & {start - 1, start, start + 1} else 3
        begin = 0
        for at in range(len(rows) + 1):
            if at < len(rows) and not any(a < x < b for a, b in taken[at]):
                continue
            while begin + 1 < at and rows[begin][0].x0 >= x and rows[begin][0].y - rows[begin + 1][0].y > 1.6 * em:
                begin += 1  # what stands alone above the right column is none of it
            if at > begin and (score := _parted(rows[begin:at], x, em, need)) and (best is None or score > best[0]):
                best = (score, begin, at, x)
            begin = at + 1
    if best is None:
        return None
    if best[0] >= _TALL:
        known.add(round(best[3] + 1.0))
    return best[1:]


def _reach(word: Word, em: float) -> float:
    """Up to where no column can begin to the right of a word. Long addresses run out of their column: they do not count."""
    if word.x1 - word.x0 > 12 * em and ("/" in word.text or "@" in word.text):
        return word.x0
    return word.x1 - 1.5 + _GUTTER * max(em, 0.7 * word.size)


def _parted(rows: list[list[Word]], x: float, em: float, need: int) -> int:
    """How many rows of text stand on both sides of a gutter; 0 where one side is no column of text."""
    sides = [[[word for word in row if (word.x0 < x) is left] for row in rows] for left in (True, False)]
    left, right = ([part for part in side if part] for side in sides)
    reaching = sum(part[-1].x1 > x - _RAGGED * em for part in left)
    tall = len(right) >= _TALL or 2 * reaching > len(left) >= _TALL
    if min(len(left), len(right)) < (1 if tall or 2 * reaching > len(left) >= need else need):
        return 0
    if 2 * sum(part[0].x0 < x + 1.0 + 0.3 * em for part in right) < len(right):  # they do not begin at one place
        return 0
    if min(left[0][0].y, right[0][0].y) < max(left[-1][0].y, right[-1][0].y):  # one stands below the other
        return 0
    fewest = _FEW if need == 1 or min(len(left), len(right)) >= _TALL else _FEWEST
    for side in (left,) if tall and len(right) < 3 else (left, right):
        text = "".join(word.text for part in side for word in part)
        if len(text) < fewest * len(side) or sum(map(str.isalpha, text)) < 0.6 * len(text):
            return 0
    wider = [(b[0].x0 - a[-1].x1) / (_space(a + b) or em) for a, b in zip(*sides, strict=True) if a and b]
    return 0 if wider and median(wider) < _WIDER and not tall else min(len(left), len(right))


def _space(row: list[Word]) -> float:
    """How far the words of a row stand apart, as a rule; 0 where it cannot be told."""
    gaps = [gap for a, b in pairwise(row) if (gap := b.x0 - a.x1) > 0]
    return median(gaps) if len(gaps) > 1 else 0.0


def lines_of(words: list[Word], page: int) -> Lines:
    """The lines of a column, from above. Rows of a table are those with a wide gap where a neighbour has one too."""
    rows = rows_of(words)
    edges = Counter((round(row[0].x0), round(row[-1].x1)) for row in rows)
    left, right = edges.most_common(1)[0][0] if edges else (0, 0)
    filled = [abs(row[0].x0 - left) < 1.5 and abs(right - row[-1].x1) < 1.5 for row in rows]
    spread = any(full and len(row) > 2 and _even(row) for full, row in zip(filled, rows, strict=True))
    text = [full and len(row) == 2 and (spread or row[1].text[0].isalpha()) for full, row in zip(filled, rows, strict=True)]
    wide = [[] if no_row else _gaps(row) for no_row, row in zip(text, rows, strict=True)]
    aligned = [any(max(a, c) < min(b, d) for a, b in here for c, d in there) for here, there in pairwise(wide)]
    return [line_of(row, page, any(aligned[max(0, at - 1) : at + 1])) for at, row in enumerate(rows)]


def _even(row: list[Word]) -> bool:
    """Whether the words of a row stand equally far apart, as those that were spread to fill a line."""
    gaps = [b.x0 - a.x1 for a, b in pairwise(row)]
    return max(gaps) - min(gaps) < 0.3 * row[0].size


def _gaps(row: list[Word]) -> list[tuple[float, float]]:
    """The wide gaps in a row that was not spread, but for that after a bullet or number."""
    if len(row) > 2 and _even(row):
        return []
    some = row[1:] if _BULLET.match(row[0].text) or _ITEM.match(f"{row[0].text} x") else row
    return [(a.x1, b.x0) for a, b in pairwise(some) if b.x0 - a.x1 > _CELL * row[0].size]


def line_of(row: list[Word], page: int, of_table: bool = False) -> Line:
    """Words as a line; a row of a table with " | " between its cells."""
    sizes: Counter[float] = Counter()
    for word in row:
        sizes[word.size] += len(word.text)
    size = sizes.most_common(1)[0][0]
    y = next(word.y for word in row if word.size == size)
    text, before = "", None
    for word in row:
        gap = word.x0 - before.x1 if before else 0.0
        if before and word.text == before.text and abs(word.x0 - before.x0) < APART * size:
            continue  # printed twice, to look bold
        if before:
            text += " | " if of_table and gap > _CELL * size else " " if gap > word.apart * size else ""
        raised = word.size < 0.85 * size and word.y > y + 0.15 * size and word.text.isdigit()
        text += word.text.translate(_RAISED) if raised else word.text
        before = word
    text = tidy(text[:-1].replace("\u00ad", "") + text[-1:]).lstrip(_MARKS)
    return Line(text, row[0].x0, max(word.x1 for word in row), y, size, page, row[0].x1 - row[0].x0, of_table)
