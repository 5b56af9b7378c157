"""What indexing some articles will take, from a look at all of them and a trial on a few."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass

from ...corpus.article import Article
from ...corpus.minhash import bands
from ...corpus.passages import chunk
from ..dense.codes import EXACT
from ..encoders.protocol import Encoder
from ..lexical.analyzer import Analyzer
from ..segments import merge_policy
from ..segments.builder import PART

_SAMPLE = 100  # articles that are cut and analyzed
_TRIAL = 256  # sentences that are embedded
_REST = 2.0  # the whole of the work without the embedding, to the part of it that is tried
_TEMPORARY = 2.3  # of the text: the staged articles, and the sentences to embed
_STEADY = 250e6  # bytes: the program, the encoder, SQLite's cache


@dataclass(frozen=True, slots=True)
class Plan:
    """An estimate for a new index, without a GPU. `disk_bytes` when it is done; while it is written up to twice as much is needed,
    and `temporary_bytes` in the system's folder for temporary files.
    """

    articles: int
    sentences: int
    words: int
    text_bytes: int
    seconds: float
    embedding_seconds: float  # of these
    disk_bytes: int
    temporary_bytes: int
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
        text_bytes += _size(article)
        if len(tried) < _SAMPLE:
            tried.append(article)
        elif (place := chance.randrange(count)) < _SAMPLE:
            tried[place] = article
    reading = time.perf_counter() - begun
    sentences: list[str] = []
    analyzer = Analyzer()
    for article in tried[:1]:  # loads what is loaded once
        bands(article)
        chunk(article, encoder.count_tokens, encoder.max_tokens)
    begun = time.perf_counter()
    for article in tried:
        bands(article)
        for passage in chunk(article, encoder.count_tokens, encoder.max_tokens).passages:
            sentences += [article.text[s.start : s.end] for s in passage.sentences]
    terms = sum(len(analyzer.terms(sentence)) for sentence in sentences)
    all_to_tried = text_bytes / max(1, sum(_size(article) for article in tried))
    indexing = _REST * (time.perf_counter() - begun) * all_to_tried
    trial = chance.sample(sentences, min(_TRIAL, len(sentences)))
    encoder.encode(trial[:8])  # loads what is loaded once
    begun = time.perf_counter()
    encoder.encode(trial)
    total = round(len(sentences) * all_to_tried)
    embedding = (time.perf_counter() - begun) / max(1, len(trial)) * total
    return Plan(
        articles=count,
        sentences=total,
        words=words,
        text_bytes=text_bytes,
        seconds=reading + indexing + embedding,
        embedding_seconds=embedding,
        disk_bytes=disk_bytes(total, round(terms * all_to_tried), text_bytes, encoder.dimension),
        temporary_bytes=round(_TEMPORARY * text_bytes),
        memory_bytes=memory_bytes(total, round(terms * all_to_tried), encoder.dimension),
    )


def _size(article: Article) -> int:
    return len(article.text.encode("utf-8", "replace"))


def disk_bytes(sentences: int, terms: int, text_bytes: int, dimension: int) -> int:
    """What an index takes: each vector twice, in the tables and in the arrays, its code of half a byte per dimension/2, its key and
    place; the text and the lists of its words; and for each term a posting of 8 bytes at each of the three levels, a little less
    where it occurs again.
    """
    codes = dimension / 4 if sentences > EXACT else 0
    return round(sentences * (8 * dimension + codes + 140) + 1.4 * text_bytes + 24 * terms)


def memory_bytes(sentences: int, terms: int, dimension: int) -> int:
    """What a build takes at most: the postings of the words that are gathered at a time, or the codes of a segment's vectors while
    they grow, and the places and keys of its sentences.
    """
    largest = min(sentences, merge_policy.LARGEST)
    codes = dimension / 2 * largest if sentences > EXACT else 0
    return round(_STEADY + max(80 * min(terms, PART), codes) + 40 * largest)
