"""Text without its typography: what a word processor or a web page changes of a quote without changing a word of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SPECIAL = re.compile(
    f"(?P<dash>[\\s{_UNSEEN}]*[-‐-―−⸺⸻﹘]+(?:[\\s{_UNSEEN}]*[-‐-―−⸺⸻﹘]+)*[\\s{_UNSEEN}]*)"
    "|(?P<dots>\\.(?:[ \u00a0\u202f]?\\.){2}|…)"
    "|(?P<double>[“”„‟«»″〝〞＂])"
    "|(?P<single>[‘’‚‛ʼ′`´＇])"
    f"|(?P<space>[\\s{_UNSEEN}]*\\s[\\s{_UNSEEN}]*)"
    f"|(?P<unseen>[{_UNSEEN}]+)"
    f"|(?P<ligature>[{''.join(_LIGATURES)}])"
)
_PLAIN = {"dash": "-", "dots": "...", "double": '"', "single": "'", "space": " ", "unseen": ""}
ODD = re.compile(f"[{_UNSEEN}{''.join(_LIGATURES)}]")  # what may stand inside a word


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` without the typography of another one; `_places` and `_shifts` say where each stretch of it stood there."""

    text: str
    _places: list[int]
    _sources: list[int]

    def source(self, place: int) -> int:
        """The place in the original of a place in `text`."""
        at = bisect_right(self._places, place) - 1
        found = self._sources[at] + place - self._places[at]
        return found if at + 1 == len(self._sources) else min(found, self._sources[at + 1])


def fold(text: str) -> Folded:
    """One kind of quotation mark, apostrophe, dash, ellipsis and space each; no soft hyphens or zero-width characters, no
    ligatures.

    A dash has no space around it. Letter case, words, numbers and all other punctuation stay.
    """
    pieces: list[str] = []
    places, sources = [0], [0]
    last = length = 0
    for match in _SPECIAL.finditer(text):
        kind = match.lastgroup or ""
        plain = _LIGATURES[match[0]] if kind == "ligature" else _PLAIN[kind]
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
