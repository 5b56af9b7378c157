"""The words of a text, for looking up which articles can hold a quote: each word of a quote is one of the article that it stands
in, however both are set.

Kept with the index as they are made here: a change needs a new format of the index, see `storage.layout`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from zlib import crc32

from .characters import UNSPACED
from .typography import fold, folds_words

_RUN = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")


def word_set(text: str) -> set[str]:
    """The words of a text in lower case, typography aside, each as letters and digits of ASCII; pairs of neighbouring characters of
    scripts that write no spaces between words. Of a word that a hyphen folds over two lines, the parts and the whole.
    """
    found = _words(fold(text).text)
    return found | _words(fold(text, joined=True).text) if folds_words(text) else found


def _words(folded: str) -> set[str]:
    found = set(_RUN.findall(folded.casefold()))
    unspaced = {run for run in found if _IS_UNSPACED.match(run)}
    pairs = {a + b for run in unspaced for a, b in pairwise(run)}
    return {word if word.isascii() else f"0x{crc32(word.encode('utf-8', 'replace')):08x}" for word in (found - unspaced) | pairs}
