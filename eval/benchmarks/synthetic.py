"""Synthetic articles whose words follow Zipf's law, and an encoder of random unit vectors: the same each time, of any number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np

import pullquote
from pullquote.index.encoders.protocol import Progress
from pullquote.index.types import Vectors

VOCABULARY = 500_000
PASSAGES = 10  # in an article, of four sentences each
WORDS = 30  # in a sentence: four of them are just below the 130 of a passage
_SHIFT, _EXPONENT = 2.7, 1.07  # p(rank) ~ 1 / (rank + 2.7) ** 1.07, Zipf and Mandelbrot's law as it is found in English
_OUTLETS = 7


class RandomEncoder:
    """A unit vector that depends on the text alone."""

    name, dimension, max_tokens = "random", 384, 256

    @property
    def fingerprint(self) -> dict[str, Any]:
        return {"name": self.name, "sha256": "random", "dimension": self.dimension, "max_tokens": self.max_tokens}

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.array([self.encode_question(s) for s in sentences], np.float32).reshape(-1, self.dimension)

    def encode_question(self, question: str) -> Vectors:
        seed = int.from_bytes(sha256(question.encode()).digest()[:8], "big")
        vector = np.random.Generator(np.random.SFC64(seed)).standard_normal(self.dimension, np.float32)
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return self.encode(questions)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]


@cache
def _words() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    weights = 1 / (np.arange(VOCABULARY) + 1 + _SHIFT) ** _EXPONENT
    letters = np.array(list("bcdfghjklmnpqrtv"))
    names = ["".join(letters[int(digit, 16)] for digit in f"{n:x}") for n in range(VOCABULARY)]
    return np.array([f"{name}o" for name in names]), np.cumsum(weights) / weights.sum()


def articles(first: int, count: int, each: int = 4) -> Iterator[pullquote.Article]:
    """Articles of 10 passages of `each` sentences, some 120 words long, the same for the same numbers."""
    words, reach = _words()
    for number in range(first, first + count):
        chance = np.random.default_rng(number)
        chosen = words[np.searchsorted(reach, chance.random(PASSAGES * 4 * WORDS))].reshape(PASSAGES * each, -1)
        lines = [f"{' '.join(line).capitalize()}." for line in chosen]
        text = "\n\n".join(" ".join(lines[i : i + each]) for i in range(0, len(lines), each))
        yield pullquote.Article(id=f"a{number:07}", text=text, title=lines[0][:40], source=f"outlet {number % _OUTLETS}")


def questions(count: int, articles_in_all: int) -> list[str]:
    """Questions of six words out of one sentence each, which are as frequent as words are."""
    chance = np.random.default_rng(7)
    found = []
    for number in chance.integers(0, articles_in_all, count).tolist():
        [article] = articles(number, 1)
        sentence = article.text.replace("\n\n", " ").split(". ")[int(chance.integers(0, PASSAGES * 4))]
        found.append(" ".join(chance.choice(sentence.rstrip(".").split(), 6, replace=False).tolist()))
    return found
