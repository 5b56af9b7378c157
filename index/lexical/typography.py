"""Text without its typography: what a word processor or a web page changes of a quote without changing a word of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from .characters import INVISIBLE

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_WIDE = {chr(0xFF01 + n): chr(0x21 + n) for n in range(94) if chr(0x21 + n) not in "\"'`"} | {
    "￥": "¥",
    "￡": "£",
    "￠": "¢",
    "￦": "₩",
}
_PRINTED = {**_LIGATURES, **_WIDE}
_SPECIAL = re.compile(
    f"(?P<dash>[\\s{INVISIBLE}]*[-‐-―−⸺⸻﹘]+(?:[\\s{INVISIBLE}]*[-‐-―−⸺⸻﹘]+)*[\\s{INVISIBLE}]*)"
    "|(?P<dots>\\.(?:[ \u00a0\u202f]?\\.){2}|…)"
    f'|(?P<double>[\\s{INVISIBLE}]*["«»“”„‟″〝〞＂「」『』｢｣][\\s{INVISIBLE}]*)'
    "|(?P<single>[‹]\\s?|\\s?[›]|[‘’‚‛ʼʻ′`´＇])"
    f"|(?P<space>[\\s{INVISIBLE}]*\\s[\\s{INVISIBLE}]*)"
    f"|(?P<unseen>[{INVISIBLE}]+)"
    f"|(?P<printed>[{''.join(re.escape(c) for c in _PRINTED)}])"
)
_PLAIN = {"dash": "-", "dots": "...", "double": '"', "single": "'", "space": " ", "unseen": ""}
_FOLDED_WORD = re.compile(r"(?<=[^\W\d_])[-‐][ \t]*\n\s*(?=[^\W\d_])")  # a word that goes on in the next line


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` without the typography of another one; stretch i of it begins at `_places[i]`, and there at `_sources[i]`."""

    text: str
    _places: list[int]
    _sources: list[int]

    def source(self, place: int) -> int:
        """The place in the original of a place in `text`."""
        at = bisect_right(self._places, place) - 1
        found = self._sources[at] + place - self._places[at]
        return found if at + 1 == len(self._sources) else min(found, self._sources[at + 1])


def folds_words(text: str) -> bool:
    """Whether a hyphen stands at the end of a line of a text, in a word that goes on in the next."""
    return ("-\n" in text or "- \n" in text or "‐" in text) and _FOLDED_WORD.search(text) is not None


def fold(text: str, *, joined: bool = False) -> Folded:
    """One kind of quotation mark, apostrophe, dash, ellipsis and space each; no characters that nobody sees, no ligatures, no
    letters and figures of full width.

    A dash has no space around it, nor has a double quotation mark; single French ones have none within. Letter case, words, numbers
    and all other punctuation stay. `joined`: a word that a hyphen folds over two lines is one.
    """
    pieces: list[str] = []
    places, sources = [0], [0]
    last = length = 0
    for match in _SPECIAL.finditer(text):
        kind = match.lastgroup or ""
        plain = _PRINTED[match[0]] if kind == "printed" else _PLAIN[kind]
        if joined and kind == "dash" and _FOLDED_WORD.match(text, match.start()):
            plain = ""
        if plain == match[0]:
            continue
        start, end = match.span()
        pieces += (text[last:start], plain)
        length += start - last
        places.append(length)
        sources.append(start)
        length += len(plain)
        places.append(length)
        sources.append(end)
        last = end
    pieces.append(text[last:])
    return Folded("".join(pieces), places, sources)
