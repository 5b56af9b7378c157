"""Links that open a page at a quote: text fragments (https://wicg.github.io/scroll-to-text-fragment/).

    page#:~:text=prefix-,start,end,-suffix

A browser goes to the first place in the page where `start` stands (after `prefix`, up to `end`, before `suffix`), letter case
aside. Each of them must lie within one block of the page; from one to the next there may be blocks. How a browser looks is done
here on the article's text, so that a link is no longer than it takes to be led to the quote and to nowhere before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote as percent

_ENDS = (5, 10, 20, 40)  # words at each end of a long quote
_LONG = 12  # words: a longer quote is given by its first and last ones
_MOST = 200  # characters of one part: in Chinese or Japanese there is no space to count words by
_AROUND = (0, 3, 6, 12, 25)  # words beside a quote that tell it from others
_MARKED = re.compile(
    r"\[([^\[\]]*)\]\([^()\s]*\)|\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)"
)  # markup that a page does not show


@dataclass(frozen=True, slots=True)
class _Fragment:
    prefix: str
    start: str
    end: str
    suffix: str

    def __str__(self) -> str:
        parts = (f"{_escaped(self.prefix)}-" * bool(self.prefix), _escaped(self.start), _escaped(self.end))
        return ",".join(part for part in (*parts, f"-{_escaped(self.suffix)}" * bool(self.suffix)) if part)


def link(url: str, text: str, start: int, end: int) -> str:
    """The address of `text[start:end]` in the page at `url`; "" without an address that a browser may follow."""
    if not url.strip().lower().startswith(("http://", "https://")):
        return ""
    page, _, anchor = url.strip().partition("#")
    return f"{page}#{anchor.partition(':~:')[0]}:~:text={_fragment(text, start, end)}"


def _fragment(text: str, start: int, end: int) -> _Fragment:
    """The shortest fragment by which a browser is led to `text[start:end]`; one with most around it where none leads there."""
    while start > 0 and not _bounded(text, start, start):  # a browser finds whole words only
        start -= 1
    while end < len(text) and not _bounded(text, end, end):
        end += 1
    before, quote, after = (_shown(piece) for piece in (text[:start], text[start:end], text[end:]))
    before, after = before + _between(text[:start], text[start:]), _between(text[:end], text[end:]) + after
    page, wanted = (before + quote + after).casefold(), len(before.casefold())
    above, below = before.rstrip().rsplit("\n", 1)[-1], after.lstrip().split("\n", 1)[0]
    beside = dict.fromkeys((_last(above, around), _first(below, around)) for around in _AROUND)
    for first, last in dict.fromkeys(_ends(quote, words) for words in _ENDS):
        for prefix, following in beside:
            for suffix in dict.fromkeys(("", following)):
                fragment = _Fragment(prefix, first, last, suffix)
                if _found(page, fragment) == wanted:
                    return fragment
    return fragment


def _ends(quote: str, count: int) -> tuple[str, str]:
    """A quote as a fragment gives it: whole and "", or so many words at each end where it is long or lies in several blocks."""
    blocks = [block for block in quote.split("\n") if block.strip()]
    if len(blocks) > 1 or len(quote) > 2 * _MOST or len(quote.split()) > max(_LONG, 2 * count):
        return _first(blocks[0], count), _last(blocks[-1], count)
    return " ".join(quote.split()), ""


def _first(block: str, count: int) -> str:
    """So many of the first words of a block, but of a text without spaces what stands before the last mark within `_MOST`."""
    words = " ".join(block.split()[:count])
    at = min(len(words), _MOST)
    while 0 < at < len(words) and not _bounded(words, at, at):
        at -= 1
    return words[: at or _MOST]


def _last(block: str, count: int) -> str:
    """So many of the last words of a block, but of a text without spaces what stands after the first mark within `_MOST`."""
    words = " ".join(block.split()[-count:]) if count else ""
    at = least = max(0, len(words) - _MOST)
    while 0 < at < len(words) and not _bounded(words, at, at):
        at += 1
    return words[at if at < len(words) else least :]


def _between(before: str, after: str) -> str:
    """What a page has between two pieces of text: the end of a block, a space, or nothing."""
    space = before[len(before.rstrip()) :] + after[: len(after) - len(after.lstrip())]
    return "" if not (space and before.strip() and after.strip()) else "\n" if "\n" in space else " "


def _shown(piece: str) -> str:
    """A stretch of text as a page shows it: without markup, with one space between words and one line end between blocks."""
    plain = _MARKED.sub(lambda m: m[1] or "", piece) if any(c in piece for c in "*_`[") else piece
    return "\n".join(line for raw in plain.split("\n") if (line := " ".join(raw.split())))


def _found(page: str, fragment: _Fragment) -> int:
    """Where a browser goes in a page in one case, as `_shown`: -1 for nowhere."""
    prefix, start, end, suffix = (part.casefold() for part in (fragment.prefix, fragment.start, fragment.end, fragment.suffix))
    at = -1
    while True:
        at = page.find(prefix or start, at + 1)
        if at < 0:
            return -1
        place = at
        if prefix:
            place = _next(page, at + len(prefix))
            if not page.startswith(start, place):
                continue
        if not _bounded(page, place, place + len(start)):
            continue
        stop = place + len(start)
        while end:
            stop = page.find(end, stop)
            if stop < 0:
                return -1
            stop += len(end)
            if _bounded(page, stop - len(end), stop) and (not suffix or page.startswith(suffix, _next(page, stop))):
                return place
        if not end and (not suffix or page.startswith(suffix, _next(page, stop))):
            return place


def _next(page: str, at: int) -> int:
    """The next place that is no white space."""
    while at < len(page) and page[at].isspace():
        at += 1
    return at


def _bounded(page: str, start: int, stop: int) -> bool:
    """Whether no word is cut at either end."""
    return not any(page[at - 1 : at].isalnum() and page[at : at + 1].isalnum() for at in (start, stop) if 0 < at < len(page))


def _escaped(words: str) -> str:
    """Words for a fragment: in it, "-", "," and "&" have a meaning of their own."""
    return percent(words, safe="").replace("-", "%2D")
