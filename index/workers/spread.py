"""An encoder whose work is done by workers: each sentence has the vector that it has anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from ...corpus.article import Article
from ...corpus.passages import Chunks, chunk
from ..encoders import registry
from ..encoders.onnx import OnnxEncoder
from ..encoders.protocol import Encoder, Fingerprint, Progress, check_encoder
from ..types import Vectors
from .pool import Workers

_SENTENCES, _ARTICLES = 128, 16  # of a part
_FEW, _MANY = 512, 8192  # sentences given at once to an encoder, and to one that has workers


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a worker takes the encoder from: by its name on its own machine, where it must be the same one; else as it is sent."""

    name: str
    fingerprint: Fingerprint
    sent: Encoder | None

    def __hash__(self) -> int:
        return hash((self.name, self.fingerprint.identity))


class SpreadEncoder:
    """See `Encoder`: as the one that is given, with the sentences of many articles encoded by workers."""

    def __init__(self, encoder: Encoder, workers: Workers) -> None:
        self._encoder, self._workers = encoder, workers
        self.name, self.dimension, self.max_tokens = encoder.name, encoder.dimension, encoder.max_tokens
        by_name = isinstance(encoder, OnnxEncoder)
        self._source = _Source(encoder.name, Fingerprint.of(encoder.fingerprint), None if by_name else encoder)

    @property
    def fingerprint(self) -> dict[str, Any]:
        """See `Encoder`."""
        return self._encoder.fingerprint

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See `Encoder`."""
        parts = [(self._source, list(sentences[first : first + _SENTENCES])) for first in range(0, len(sentences), _SENTENCES)]
        found = [np.zeros((0, self.dimension), np.float32)]
        for vectors in self._workers.map(encoded, parts):
            found.append(vectors)
            if progress is not None:
                progress(min(_SENTENCES * (len(found) - 1), len(sentences)), len(sentences))
        return np.concatenate(found)

    def chunks(self, articles: Iterable[Article], repeated: frozenset[str]) -> Iterator[Chunks]:
        """Articles cut up, in their order, see `passages.chunk`."""
        rest = iter(articles)
        parts = ((self._source, some, repeated) for some in iter(lambda: list(islice(rest, _ARTICLES)), []))
        for found in self._workers.map(cut, parts):
            yield from found

    def encode_question(self, question: str) -> Vectors:
        """See `Encoder`."""
        return self._encoder.encode_question(question)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self._encoder.encode_questions(questions)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Encoder`."""
        return self._encoder.count_tokens(texts)


def together(encoder: Encoder) -> int:
    """How many sentences to give to an encoder at once."""
    return _MANY if isinstance(encoder, SpreadEncoder) else _FEW


def chunks(encoder: Encoder, articles: Iterable[Article], repeated: frozenset[str]) -> Iterator[Chunks]:
    """Articles cut up, in their order, as far as an encoder reads; by its workers where it has some."""
    if isinstance(encoder, SpreadEncoder):
        yield from encoder.chunks(articles, repeated)
    else:
        for article in articles:
            yield chunk(article, encoder.count_tokens, encoder.max_tokens, repeated)


def encoded(part: tuple[_Source, list[str]]) -> Vectors:
    """What a worker does: the vectors of some sentences."""
    source, sentences = part
    return _encoder(source).encode(sentences)


def cut(part: tuple[_Source, list[Article], frozenset[str]]) -> list[Chunks]:
    """What a worker does: some articles cut up."""
    source, articles, repeated = part
    encoder = _encoder(source)
    return [chunk(article, encoder.count_tokens, encoder.max_tokens, repeated) for article in articles]


@lru_cache(2)
def _encoder(source: _Source) -> Encoder:
    """The encoder, on a worker. Raises EncoderError where its machine has another one of that name, or none."""
    if source.sent is not None:
        return source.sent
    encoder = registry.load(source.name)
    check_encoder(encoder, source.fingerprint)
    return encoder
