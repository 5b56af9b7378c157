"""The lines of a document's columns as paragraphs, each one line of text, joined over columns and pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from .columns import Line, Lines

HEADING = 1.15  # times as large as the body, at least
_INDENT = 0.6  # ems
_SPREAD = 1.2  # times as far apart as lines are as a rule, at least: two paragraphs
_NEAR = 3  # lines above and below
_BACK = 6  # paragraphs, such as captions and notes, over which one may go on
_LONGEST_WORD = 60  # characters
_WORD, _LAST_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*"), re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*$")
_HYPHEN, _GLUED = re.compile(r"\S[-‐]$"), re.compile(r"\S[-‐—–/]$")
_WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")  # Chinese and Japanese, without spaces
_ALONE = frozenset({"and", "or", "nor", "to"})  # "short- and long-term"
_COMPOUND = frozenset("self well twenty thirty forty fifty sixty seventy eighty ninety".split())  # noqa: SIM905
_SOLID = frozenset("any can every for her here him his how its more not our out over some super them there under when with".split())  # noqa: SIM905


class Vocabulary(NamedTuple):
    """The words that stand whole in a line. `parts`: how many parts of one must be such to keep a hyphen at the end of a line."""

    words: set[str]
    parts: int


def measured(lines: Lines) -> Lines:
    """The lines of a column, each with how far those near it reach."""
    found: Lines = []
    for at, line in enumerate(lines):
        near = [other for other in lines[max(0, at - _NEAR) : at + _NEAR + 1] if other is line or other.like(line)]
        left, right = min(other.x0 for other in near), max(other.x1 for other in near)
        flush = line.x1 > right - 0.5 and sum(other.x1 > right - 0.5 for other in near) >= 3
        found.append(line._replace(left=left, right=right, near=len(near), flush=flush))
    return found


def in_paragraphs(columns: list[Lines], body: float) -> list[Lines]:
    """Lines by paragraph; one that goes on in the next column or page is one. `body`: the size of most of the text."""
    drops: defaultdict[float, Counter[int]] = defaultdict(Counter)
    pairs = [(a, b) for column in columns for a, b in pairwise(column) if a.size == b.size]
    for a, b in pairs:
        drops[a.size][round(a.y - b.y)] += 1
    usual: dict[float, float] = {}
    for size, some in drops.items():
        most = max(some.values())
        usual[size] = min(min(drop for drop, count in some.items() if count == most), size * (1.5 if most < 3 else 3))
    outdents = [a.x0 - b.x0 > _INDENT * body for a, b in pairs if a.size == body]
    indents = 20 * sum(outdents) > len(outdents)
    done: list[Lines] = []
    for column in columns:
        paragraphs: list[Lines] = []
        for at, line in enumerate(column):
            if paragraphs and not _begins(paragraphs[-1], line, column[at + 1 : at + 2], usual, body):
                paragraphs[-1].append(line)
            else:
                paragraphs.append([line])
        for number, paragraph in enumerate(paragraphs):
            first = number == 0 and paragraph[0].size <= HEADING * body
            if (before := _interrupted(done, paragraph, first, indents)) is not None:
                before += paragraph
            else:
                done.append(paragraph)
    return done


def _begins(paragraph: Lines, line: Line, following: Lines, usual: Mapping[float, float], body: float) -> bool:
    """Whether a line of a column begins a new paragraph. `usual`: by size, how far apart lines stand as a rule."""
    before, em = paragraph[-1], line.size
    leading = max(usual.get(em, 0), em)
    if em > HEADING * body:
        return not before.like(line) or before.y - line.y > _SPREAD * min(leading, 1.35 * em) + 0.5
    if not before.like(line) or before.y - line.y > _SPREAD * leading + 0.5:
        return True
    if line.bullet or (line.item and (before.ended or not before.full(line))):
        return True
    if line.small and not before.ended:
        return False
    shift = line.x0 - before.x0
    if abs(shift) > _INDENT * em and abs(before.x0 + before.x1 - line.x0 - line.x1) < 0.2 * em and not before.ended:
        return False  # centred
    if shift > _INDENT * em:
        return not (len(paragraph) == 1 and before.item)
    if len(paragraph) == 1 and line.x0 - line.left > _INDENT * em and following:
        return before.ended or line.x0 - following[0].x0 > _INDENT * em
    if shift < -_INDENT * em and len(paragraph) > 1:
        return before.ended
    return not before.full(line, 0.5 if before.ended else 3.0)


def _interrupted(done: list[Lines], paragraph: Lines, first: bool, indents: bool) -> Lines | None:
    """The earlier paragraph that goes on in this one; None where there is none.

    `first`: whether it is the first of its column; `indents`: whether paragraphs begin with an indent here.
    """
    line = paragraph[0]
    if line.bullet:
        return None
    indented = line.x0 - (paragraph[1].x0 if len(paragraph) > 1 else line.left) > _INDENT * line.size
    for back, earlier in enumerate(reversed(done[-_BACK:])):
        before = earlier[-1]
        if line.page - before.page > 2 or (before.size > HEADING * line.size and not line.small):
            return None
        if not before.like(line):
            continue
        if not (before.full(line) or _HYPHEN.search(before.text)) or (line.item and before.ended):
            return None
        if line.small:
            return None if before.ended else earlier
        if not first or indented or before.near == 1 or before.x1 - before.x0 < 0.6 * (line.x1 - line.x0):
            return None
        clear = not back and (indents or before.flush)  # were it over, this would be indented or that short
        return earlier if clear or not before.ended else None
    return None


def vocabulary_of(paragraphs: list[Lines]) -> Vocabulary:
    """The vocabulary of a document. Hyphens at the ends of many lines part words; those at the ends of few are the words' own."""
    words: set[str] = set()
    lines = parted = 0
    for paragraph in paragraphs:
        after = False
        for line in paragraph:
            found = _WORD.findall(line.text.casefold())
            hyphen = _HYPHEN.search(line.text) is not None
            words.update(found[after : len(found) - hyphen])
            lines += 1
            parted += hyphen
            after = hyphen
    return Vocabulary(words, 3 if parted > 1 + 0.03 * lines else 1 if lines > 100 else 2)


def joined(paragraph: Lines, known: Vocabulary) -> Iterator[str]:
    """The lines of a paragraph as they are put after each other: each with the space after it, or without its hyphen."""
    for line, following in pairwise(paragraph):
        text, after = line.text, following.text
        if text.endswith("\u00ad"):
            yield text[:-1]
        elif _HYPHEN.search(text) and (head := _LAST_WORD.search(text[-_LONGEST_WORD:-1])) and (tail := _WORD.match(after)):
            alone = tail[0] in _ALONE and (head[0] + tail[0]).casefold() not in known.words
            yield text + " " if alone else text if _of_word(head[0], tail[0], known) else text[:-1]
        elif _GLUED.search(text) or (_WIDE.match(text[-1:]) and _WIDE.match(after)):
            yield text
        else:
            yield text + " "
    yield paragraph[-1].text


def _of_word(head: str, tail: str, known: Vocabulary) -> bool:
    """Whether the hyphen between two parts of a word is the word's own, and does not only part it at the end of a line."""
    if not tail[0].islower() or "-" in head or head[0].isdigit():
        return True
    head, tail = head.casefold(), tail.casefold()
    if head + tail in known.words:
        return False
    if f"{head}-{tail}" in known.words or head in _COMPOUND:
        return True
    parts = 1 + (head in known.words) if tail in known.words else 0
    return parts >= known.parts and head not in _SOLID and min(len(head), len(tail)) > 2
