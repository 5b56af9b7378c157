"""Passages: neighbouring whole sentences of one article, about 130 words, none longer than the encoder reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from .article import Article, Mark, Passage, Sentence
from .boilerplate import marks
from .paragraphs import paragraphs
from .sentences import fitting, sentences

PASSAGE_WORDS = 130
CUTTING = {"version": 3, "words": PASSAGE_WORDS, "sentencex": version("sentencex")}  # what decides where an article is cut

_BEGINNING = 8  # characters for each token that the encoder reads
_LAST_WORD = 100  # tokens more, at most, that a word cut off may have than the whole

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Chunks:
    """An article cut up: its passages, what is no part of the story, and how many sentences were too long to read whole."""

    passages: tuple[Passage, ...]
    marks: tuple[Mark, ...]
    cut: int


def chunk(article: Article, count_tokens: CountTokens, max_tokens: int, repeated: frozenset[str] = frozenset()) -> Chunks:
    """Cut an article into passages of whole sentences.

    `count_tokens` gives the length of each of several texts as the encoder counts it, `max_tokens` the most it reads. A
    passage never reaches over a marked line. `repeated`: see `boilerplate.marks`.
    """
    text = article.text
    marked = marks(article.title, text, repeated)
    outside = {mark.start for mark in marked}
    passages: list[Passage] = []
    cut = 0
    run: list[Sentence] = []

    def close() -> None:
        if run:
            sizes = count_tokens([text[s.start : s.end] for s in run])
            passages.extend(_packed(text, run, sizes, max_tokens))
            run.clear()

    def fits(piece: str) -> bool:
        if len(piece) <= max_tokens:
            return True
        beginning = piece[: _BEGINNING * max_tokens]  # counting all of a long text again and again would take time with its square
        if len(beginning) < len(piece) and count_tokens([beginning])[0] > max_tokens + _LAST_WORD:
            return False
        return count_tokens([piece])[0] <= max_tokens

    for start, end in paragraphs(text):
        if start in outside:
            close()
            continue
        for sentence in sentences(text, start, end, article.language[:2].lower() or "en"):
            parts = fitting(text, sentence, fits)
            cut += len(parts) > 1
            run.extend(parts)
    close()
    return Chunks(tuple(passages), marked, cut)


def _packed(text: str, run: list[Sentence], sizes: list[int], max_tokens: int) -> list[Passage]:
    """Sentences gathered in order until the next one would make the passage too long."""
    groups: list[list[Sentence]] = []
    words = tokens = 0
    for sentence, size in zip(run, sizes, strict=True):
        length = len(text[sentence.start : sentence.end].split())
        if not groups or words + length > PASSAGE_WORDS or tokens + size > max_tokens:
            groups.append([])
            words = tokens = 0
        groups[-1].append(sentence)
        words, tokens = words + length, tokens + size
    return [Passage(group[0].start, group[-1].end, tuple(group)) for group in groups]
