"""Copies of one story under several mastheads: found by MinHash over the words of the story.

Two texts whose sets of three-word runs have the Jaccard similarity s share at least one of 16 bands of 8 values each with the
probability 1 - (1 - s^8)^16: 0.06 at 0.5, 0.61 at 0.7, 0.95 at 0.8, 1.00 at 0.9 (Broder 1997; Leskovec, Rajaraman and Ullman,
Mining of Massive Datasets, chapter 3). Stories that share a band are copies, and copies of copies are copies.
"""

from __future__ import annotations

import re
from hashlib import sha256

import numpy as np

from .article import Article
from .boilerplate import marks

BANDS, ROWS = 16, 8
SHINGLE = 3  # words
_SHORTEST = 20  # words: shorter texts are copies only where they say the same, word for word


def bands(article: Article) -> list[int]:
    """The 64-bit keys, signed, of an article's bands; none for one without a story."""
    words = _words(article)
    if not words:
        return []
    if len(words) < _SHORTEST:
        return [_key(b"whole", " ".join(words).encode())]
    from datasketch import MinHash

    signature = MinHash(num_perm=BANDS * ROWS, seed=1, scheme="affine32")
    runs = {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
    signature.update_batch([run.encode() for run in sorted(runs)])
    values = np.asarray(signature.hashvalues, "<u4").reshape(BANDS, ROWS)
    return [_key(str(number).encode(), band.tobytes()) for number, band in enumerate(values)]


def _words(article: Article) -> list[str]:
    """The words of the story, without the lines that are no part of it."""
    pieces, last = [], 0
    for mark in marks(article.title, article.text):
        pieces.append(article.text[last : mark.start])
        last = mark.end
    return re.findall(r"\w+", " ".join([*pieces, article.text[last:]]).casefold())


def _key(kind: bytes, value: bytes) -> int:
    return int.from_bytes(sha256(kind + b"\0" + value).digest()[:8], "big", signed=True)
