"""Text to terms, the same way for articles and questions: the settings are stored with the index and checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar

import Stemmer

from ...errors import IndexDamaged
from .characters import INVISIBLE, MARKS, UNSPACED, WITHOUT_MARKS

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
_PRONOUNS = frozenset(["us"])  # no terms either, but for readers of answers words like others: "US" is one
_LETTER = rf"(?:(?![{UNSPACED}])[^\W_])[{MARKS}{INVISIBLE}]*"
_CAPITALISED, _CAPITALS = (
    "|".join(sorted(spelt(word) for word in STOP_WORDS if len(word) > 1)) for spelt in (str.capitalize, str.upper)
)


def _row(words: str) -> str:
    """Of a name made of stop words only: two and more in a row, some perhaps in brackets; no capitalised word follows."""
    word = rf"(?:{words})\b"
    return rf"\b{word}(?: {word}| \({word}(?: {word}){{0,3}}\)){{1,5}}(?:(?<=\))|(?! [A-Z]))(?:['’]s\b)?"


_TOKEN = re.compile(
    rf"[{UNSPACED}][{UNSPACED}{MARKS}{INVISIBLE}]*"
    r"|(?:[^\W\d_]\.){2,}(?![^\W_])"  # U.S., D.P.R.K.
    r"|\d+(?:[.,]\d+)+"  # 3.5, 1,216
    rf"|{_row(_CAPITALISED)}|{_row(_CAPITALS)}"  # Was (Not Was)
    rf"|\b(?:The (?:{_CAPITALISED})|THE (?:{_CAPITALS}))\b(?:['’]s\b)?"  # The Who
    rf"|(?:{_LETTER})+(?:['’](?:{_LETTER})+)?"
)
_UNSPACED = re.compile(rf"[{UNSPACED}]")
_INVISIBLE = re.compile(rf"[{INVISIBLE}]")
# Accents, the vowel signs of Hebrew and Arabic, and the dot below a letter of an Indian script.
_MARK = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc]")
_POSSESSIVE = re.compile(r"['’]s$|['’]$")


class Analyzer:
    """NFKC, case folding, words and numbers, possessives, English stop words, Snowball English stems.

    A word with accents has two terms, as it is and without them, so that either spelling finds it; so has one with a nukta, a
    chandrabindu, or the Arabic forms of kaf and yeh. An acronym in capitals ("WHO", "US") and a name such as "The Who" are terms
    though they are made of stop words. What nobody sees is part of no term. Scripts that
    write no spaces between words become bigrams.
    """

    SETTINGS: ClassVar[dict[str, Any]] = {"name": "english", "version": 3}

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

    def matches(self, text: str, terms: Iterable[str]) -> tuple[tuple[int, int], ...]:
        """The (start, end) of each word of `text` that has one of some terms."""
        sought = frozenset(terms)
        return tuple((start, end) for start, end, found in self.spans(text) if not sought.isdisjoint(found))

    def _terms_of_word(self, word: str) -> tuple[str, ...]:
        bare = _POSSESSIVE.sub("", word)
        if " " in word:
            return _names(bare)
        acronym = len(bare) > 1 and bare.isupper()
        plain = ""
        if not word.isascii():
            folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", word).casefold())
            if _UNSPACED.match(folded):
                return _bigrams(folded)
            if _TOKEN.fullmatch(folded) is None:  # NFKC can take a character apart into several words
                return tuple(t for m in _TOKEN.finditer(folded) for t in self._terms(m.group()))
            word = folded.replace("’", "'")  # O’Brien is O'Brien
            plain = _MARK.sub("", unicodedata.normalize("NFD", word)).translate(WITHOUT_MARKS)
        word = _POSSESSIVE.sub("", word.casefold())
        if word[:1].isdigit():
            return (word.replace(",", ""),)
        if "." in word:
            return (word.replace(".", ""),)
        if word in STOP_WORDS or word in _PRONOUNS:
            return (word,) if acronym else ()
        stem = self._stem(word)
        if plain and (other := self._stem(_POSSESSIVE.sub("", plain))) != stem:
            return (stem, other)
        return (stem,)


def _names(row: str) -> tuple[str, ...]:
    """The terms of a name made of stop words: all of them, all but the first ("In Was (Not Was)"), and each two that begin with
    "the". Where all are in capitals they may be acronyms ("THE WHO"), and are terms too.
    """
    words = row.casefold().replace("(", "").replace(")", "").split(" ")
    found = [" ".join(words), *([" ".join(words[1:])] if len(words) > 2 else [])]
    found += [f"the {after}" for one, after in pairwise(words) if one == "the"]
    return tuple(dict.fromkeys([*found, *(words if row.isupper() else [])]))


def _bigrams(run: str) -> tuple[str, ...]:
    return tuple(run[i : i + 2] for i in range(len(run) - 1)) or (run,)
