"""A text folded to the width of a terminal, some of its words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .escaping import visible

_WORD = re.compile(r"\S+")


def wrapped(text: str, matches: Sequence[tuple[int, int]], width: int, marks: tuple[str, str] = ("", "")) -> Iterator[str]:
    """The lines of a text, each of at most `width` columns where its words allow; one line for a width of 0.

    matches  the (start, end) of the words that are put between `marks`, which take no columns
    """
    from rich.cells import cell_len

    line, columns = "", 0
    for word in _WORD.finditer(text):
        for start, end in _parts(text, *word.span(), width):
            size, joined = cell_len(visible(text[start:end])), start > word.start()
            if line and width and columns + (not joined) + size > width:
                yield line
                line, columns = "", 0
            between = "" if joined or not line else " "
            line += between + _marked(text, start, end, matches, marks)
            columns += len(between) + size
    if line:
        yield line


def _parts(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """A word; where it is wider than a line, as Japanese has no spaces, its characters one by one."""
    from rich.cells import cell_len

    if not width or cell_len(visible(text[start:end])) <= width:
        yield start, end
    else:
        yield from ((at, at + 1) for at in range(start, end))


def _marked(text: str, start: int, end: int, matches: Sequence[tuple[int, int]], marks: tuple[str, str]) -> str:
    """text[start:end], what of it lies in a match between the marks."""
    shown, last = "", start
    for a, b in matches:
        a, b = max(a, last), min(b, end)
        if a < b:
            shown += visible(text[last:a]) + marks[0] + visible(text[a:b]) + marks[1]
            last = b
    return shown + visible(text[last:end])
