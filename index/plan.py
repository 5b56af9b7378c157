"""What indexing some articles will take, from a look at all of them and a trial on a few."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass

from ..corpus.article import Article
from ..corpus.duplicates import bands
from ..corpus.passages import chunk
from . import merging
from .analyzer import Analyzer
from .dense import EXACT
from .encoder import Encoder

_SAMPLE = 100  # articles that are cut and analyzed
_TRIAL = 256  # sentences that are embedded
_REST = 2.0  # the whole of the work without the embedding, to the part of it that is tried
_STEADY = 250e6  # bytes: the program, the encoder, SQLite's cache


@dataclass(frozen=True, slots=True)
class Plan:
    """An estimate for a new index. `disk_bytes` when it is done; while it is written up to twice as much is needed."""

    articles: int
    sentences: int
    words: int
    text_bytes: int
    seconds: float
    embedding_seconds: float  # of these
    disk_bytes: int
    memory_bytes: int


def plan(articles: Iterable[Article], encoder: Encoder) -> Plan:
    """Read all articles, try a few of them, and estimate the rest."""
    chance = random.Random(0)  # noqa: S311 - which articles are tried
    tried: list[Article] = []
    count = words = text_bytes = 0
    begun = time.perf_counter()
    for article in articles:
        count += 1
        words += len(article.text.split())
        text_bytes += len(article.text.encode("utf-8", "replace"))
        if len(tried) < _SAMPLE:
            tried.append(article)
        elif (place := chance.randrange(count)) < _SAMPLE:
            tried[place] = article
    reading = time.perf_counter() - begun
    sentences: list[str] = []
    begun = time.perf_counter()
    analyzer = Analyzer()
    for article in tried:
        bands(article)
        for passage in chunk(article, encoder.count_tokens, encoder.max_tokens).passages:
            sentences += [article.text[s.start : s.end] for s in passage.sentences]
    for sentence in sentences:
        analyzer.terms(sentence)
    share = sum(len(article.text.split()) for article in tried) / max(1, words)  # of the words that were tried
    indexing = _REST * (time.perf_counter() - begun) / max(share, 1e-9) if count else 0.0
    trial = chance.sample(sentences, min(_TRIAL, len(sentences)))
    encoder.encode(trial[:8])  # loads what is loaded once
    begun = time.perf_counter()
    encoder.encode(trial)
    total = round(len(sentences) / share) if sentences else 0
    embedding = (time.perf_counter() - begun) / max(1, len(trial)) * total
    return Plan(
        articles=count,
        sentences=total,
        words=words,
        text_bytes=text_bytes,
        seconds=reading + indexing + embedding,
        embedding_seconds=embedding,
        disk_bytes=disk_bytes(total, words, text_bytes, encoder.dimension),
        memory_bytes=memory_bytes(total, words),
    )


def disk_bytes(sentences: int, words: int, text_bytes: int, dimension: int) -> int:
    """What an index takes: each vector twice, in the tables and in the arrays, its code of half a byte per dimension/2, its key and
    place; the text; and for each word a posting of 8 bytes at each of the three levels, where it occurs again a little less.
    """
    codes = dimension / 4 if sentences > EXACT else 0
    return round(sentences * (8 * dimension + codes + 140) + 1.15 * text_bytes + 24 * words)


def memory_bytes(sentences: int, words: int) -> int:
    """What a build takes at most: one segment is in memory, at most so large as the largest may be."""
    share = min(1.0, merging.LARGEST / max(1, sentences))
    return round(_STEADY + 76 * words * share)
