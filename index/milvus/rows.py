"""An article as rows of the collections, and back.

A stored weight of a term is its part in BM25 (see `lexical.bm25`) with a mean length that stays as it was when the index was
begun: good for finding candidates, and nothing has to be written anew where the mean changes. What scores is counted from the terms
themselves.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

from ...corpus.article import Article, Locator, Passage, Sentence
from ...corpus.boilerplate import story_paragraphs
from ...corpus.dates import date_range
from ...corpus.minhash import bands
from ...errors import IndexDamaged
from ..lexical.analyzer import Analyzer
from ..lexical.bm25 import LEVELS, norm, part
from ..lexical.word_set import word_set
from ..segments.builder import TITLE
from ..segments.reader import ordinal
from ..types import Ints, Level, Vectors
from .connection import Row
from .layout import ARTICLE, CAPACITY, LONGEST, NO_VECTOR, PART, PASSAGE, SENTENCE

_PASSAGES, _SENTENCES = 20, 22  # bits of a row's number after those of its article
_PART = LONGEST // 4  # characters, of four bytes at most
_NO_TERM = {2**32 - 2: 1e-6}  # a sparse vector has to have something
_COUNTED = np.dtype([("term", "<i8"), ("count", "<u4")])


@dataclass(frozen=True, slots=True)
class Cut:
    """An article cut up, and what is counted of it.

    words       the hashes of the terms of each sentence, in order
    title       those of its title, which counts as text of the article and of each of its passages
    texts       of the levels, the terms of each document, each once
    lengths     of the levels, the lengths of all documents together
    paragraphs  the (fingerprint, words) of the story's paragraphs
    """

    article: Article
    origin: str
    passages: tuple[Passage, ...]
    words: tuple[tuple[str, ...], ...]
    title: tuple[str, ...]
    paragraphs: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, article: Article, origin: str, passages: Sequence[Passage], analyzer: Analyzer) -> Cut:
        """What the analyzer makes of an article."""
        words = tuple(tuple(analyzer.terms(article.text[s.start : s.end])) for p in passages for s in p.sentences)
        title = tuple(analyzer.terms(article.title)[:TITLE])
        return cls(article, origin, tuple(passages), words, title, tuple(story_paragraphs(article.title, article.text)))

    def documents(self) -> Iterator[tuple[Level, list[str]]]:
        """Each document of each level as its terms."""
        yield "article", [*(term for words in self.words for term in words), *self.title]
        at = 0
        for passage in self.passages:
            words = self.words[at : at + len(passage.sentences)]
            at += len(passage.sentences)
            yield "passage", [*(term for some in words for term in some), *self.title]
        yield from (("sentence", list(words)) for words in self.words)

    @property
    def days(self) -> tuple[int, int]:
        """The first and last day that it may be from, 0 where unknown."""
        published = self.article.published
        first, last = (0, 0) if published is None else (ordinal(day) for day in date_range(published))
        return first, last


@lru_cache(1 << 18)
def hashed(term: str) -> int:
    """The number by which a term, a word or a fingerprint is looked up: 63 bits."""
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def dimension(number: int) -> int:
    """The place of a term in a sparse vector, from its hash."""
    return number % (2**32 - 2)


def is_first(sentence: int) -> bool:
    """Whether the sentence of that number is the first of its article."""
    return not sentence & ((1 << _SENTENCES) - 1)


def weighed(terms: Sequence[str], level: Level, mean: float) -> dict[int, float]:
    """A document as a sparse vector."""
    found: dict[int, float] = {}
    norms = norm(len(terms), max(mean, 1e-9), LEVELS[level])
    for term, count in Counter(terms).items():
        place = dimension(hashed(term))
        found[place] = found.get(place, 0.0) + part(count, norms)
    return found or _NO_TERM


def rows(cut: Cut, number: int, born: int, reference: Mapping[Level, float], vectors: Vectors) -> dict[str, list[Row]]:
    """The rows of an article, by collection. `vectors`: (sentences, dimension)."""
    article = cut.article
    first, last = cut.days
    about = {"article": number, "born": born}
    found: dict[str, list[Row]] = {ARTICLE: [], PART: [], PASSAGE: [], SENTENCE: []}
    dated = {"outlet": article.source.casefold(), "first_day": first, "last_day": last}
    documents = list(cut.documents())
    whole = documents[0][1]
    words = {hashed(word) for word in word_set(article.text)}
    prints = {hashed(fingerprint) for fingerprint, _ in cut.paragraphs}
    is_long = len(words) > CAPACITY or len(prints) > CAPACITY
    counts = packed(whole)
    found[ARTICLE].append(
        {
            **about,
            **dated,
            "number": number,
            "id": article.id,
            "digest": article.digest,
            "origin": cut.origin,
            "length": len(whole),
            "title": [hashed(term) for term in cut.title],
            "counts": counts if len(counts) <= LONGEST else "",
            "bands": bands(article),
            "paragraphs": [] if is_long else sorted(prints),
            "words": [] if is_long else sorted(words),
            "long": is_long,
            "terms": weighed(whole, "article", reference["article"]),
        }
    )
    spans = [[[s.start, s.end] for s in p.sentences] for p in cut.passages]
    record = json.dumps({**asdict(article), "passages": spans, "origin": cut.origin}, ensure_ascii=False, separators=(",", ":"))
    for place, begin in enumerate(range(0, len(record), _PART)):
        piece = {"key": f"{number}:{place}", "place": place, "body": record[begin : begin + _PART], "none": NO_VECTOR}
        found[PART].append({**about, **piece})
    at = 0
    for n, passage in enumerate(cut.passages):
        key = number << _PASSAGES | n
        spot = {**about, **dated, "begin": passage.start, "finish": passage.end}
        terms = documents[1 + n][1]
        found[PASSAGE].append({**spot, "number": key, "terms": weighed(terms, "passage", reference["passage"])})
        for sentence in passage.sentences:
            mine = cut.words[at]
            spot = {**about, **dated, "begin": sentence.start, "finish": sentence.end, "passage": key, "vector": vectors[at]}
            terms_of = {
                "words": [hashed(term) for term in mine[:CAPACITY]],
                "terms": weighed(mine, "sentence", reference["sentence"]),
            }
            found[SENTENCE].append({**spot, **terms_of, "number": number << _SENTENCES | at})
            at += 1
    return found


def record(parts: Sequence[Row]) -> dict[str, Any]:
    """The JSON of an article, from the rows of its parts. Raises IndexDamaged."""
    try:
        text = "".join(piece["body"] for piece in sorted(parts, key=lambda piece: int(piece["place"])))
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        raise IndexDamaged("the record of an article is not as it was stored", "add it again") from None
    return found


def article(of: Mapping[str, Any]) -> Article:
    """The article in a record. Raises IndexDamaged."""
    try:
        locators = tuple(Locator(**locator) for locator in of["locators"])
        return Article(**{name: of[name] for name in _FIELDS}, locators=locators)
    except (LookupError, TypeError):
        raise IndexDamaged("the record of an article is not as it was stored", "add it again") from None


def passages(of: Mapping[str, Any]) -> list[Passage]:
    """The passages in a record."""
    cut = [tuple(Sentence(start, end) for start, end in spans) for spans in of["passages"]]
    return [Passage(sentences[0].start, sentences[-1].end, sentences) for sentences in cut]


def packed(terms: Sequence[str]) -> str:
    """How often each term is there, as text."""
    counts = sorted(Counter(map(hashed, terms)).items())
    return b64encode(np.array(counts, _COUNTED).tobytes()).decode() if counts else ""


def unpacked(text: str) -> tuple[Ints, Ints]:
    """The hashes of the terms, ascending, and how often each is there."""
    found = np.frombuffer(b64decode(text), _COUNTED)
    return found["term"].astype(np.int64), found["count"].astype(np.int64)


_FIELDS = tuple(name for name in Article.__dataclass_fields__ if name != "locators")
