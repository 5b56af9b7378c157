"""Text to terms, the same way for articles and questions: the settings are stored with the index and checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar

import Stemmer

from ...errors import IndexDamaged

# Words that say how a sentence is built, not what it is about. Negations are among them: "not" is in half of all texts.
STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "if",
        "in",
        "into",
        "is",
        "it",
        "no",
        "not",
        "of",
        "on",
        "or",
        "such",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "will",
        "with",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "why",
        "how",
        "did",
        "does",
        "do",
        "has",
        "have",
        "had",
        "were",
        "been",
        "being",
        "from",
        "its",
    ]
)
# Chinese, Japanese and Korean write no spaces between words, or glue particles to them: their runs become bigrams.
_CJK = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
_TOKEN = re.compile(
    rf"[{_CJK}]+"
    r"|(?:[^\W\d_]\.){2,}(?![^\W_])"  # U.S., D.P.R.K.
    r"|\d+(?:[.,]\d+)+"  # 3.5, 1,216
    rf"|(?:(?![{_CJK}])[^\W_])+(?:['’](?:(?![{_CJK}])[^\W_])+)?"
)
_IS_CJK = re.compile(rf"[{_CJK}]")
_POSSESSIVE = re.compile(r"['’]s$|['’]$")


class Analyzer:
    """NFKC, case folding, words and numbers, possessives, English stop words, Snowball English stems, CJK bigrams."""

    SETTINGS: ClassVar[dict[str, Any]] = {"name": "english", "version": 2}

    def __init__(self) -> None:
        self._stem = Stemmer.Stemmer("english").stemWord
        self._terms = lru_cache(maxsize=100_000)(self._terms_of_word)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Analyzer:
        """The analyzer an index was built with. Raises IndexDamaged for one that this version does not know."""
        if settings != cls.SETTINGS:
            raise IndexDamaged(f"the index was analyzed by {settings}, this version has {cls.SETTINGS}", "run `pullquote compact`")
        return cls()

    @classmethod
    def is_older(cls, settings: Mapping[str, Any]) -> bool:
        """Whether settings are those of an earlier version of this analyzer: terms are then made anew, out of the articles."""
        version = settings.get("version")
        return settings.get("name") == cls.SETTINGS["name"] and isinstance(version, int) and version < cls.SETTINGS["version"]

    def terms(self, text: str) -> list[str]:
        """The terms of a text in order, repeated as often as they occur."""
        return [term for match in _TOKEN.finditer(text) for term in self._terms(match.group())]

    def spans(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """The (start, end, terms) of each word of `text`; stop words have no terms. Offsets are code points."""
        for match in _TOKEN.finditer(text):
            yield match.start(), match.end(), self._terms(match.group())

    def _terms_of_word(self, word: str) -> tuple[str, ...]:
        if not word.isascii():
            folded = unicodedata.normalize("NFKC", word).casefold()
            if _IS_CJK.match(folded):
                return _bigrams(folded)
            if _TOKEN.fullmatch(folded) is None:  # NFKC can take a character apart into several words
                return tuple(t for m in _TOKEN.finditer(folded) for t in self._terms(m.group()))
            word = folded.replace("’", "'")  # O’Brien is O'Brien
        word = _POSSESSIVE.sub("", word.casefold())
        if word[:1].isdigit():
            return (word.replace(",", ""),)
        if "." in word:
            return (word.replace(".", ""),)
        return () if word in STOP_WORDS else (self._stem(word),)


def _bigrams(run: str) -> tuple[str, ...]:
    return tuple(run[i : i + 2] for i in range(len(run) - 1)) or (run,)
