"""Every mention of some words: exhaustive and counted, where a search ranks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .. import arguments
from ..corpus.decode import tidy
from ..errors import QuestionError
from ..index.at import IndexOrFolder, at
from ..index.filters import Filter
from ..index.index import Index

_PIECE = re.compile(r'(-?)(?:["“]([^"“”]+)["”]|(\S+))')
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that holds what was looked for: `article.text[start:end] == text`. `also`: the ids of other articles of its story
    that hold it word for word. `locator`: see `Quote`.
    """

    text: str
    article_id: str
    title: str
    source: str
    url: str
    published: str | None
    start: int
    end: int
    line: int
    locator: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words of which any form will do, phrases as they are, and those of either that must not be there."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    without_words: tuple[str, ...]
    without_phrases: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Wanted:
        """From words as typed: `Koizumi "joint declaration" -trade`. Raises QuestionError where nothing is to be there."""
        parts: dict[tuple[bool, bool], list[str]] = defaultdict(list)
        for minus, phrase, word in _PIECE.findall(tidy(text)):
            if _WORD.search(phrase or word):
                parts[bool(minus), bool(phrase)].append(phrase or word)
        wanted = cls(*(tuple(parts[key]) for key in ((False, False), (False, True), (True, False), (True, True))))
        if not wanted.words and not wanted.phrases:
            raise QuestionError("nothing to find: give words, or a phrase in quotation marks")
        return wanted


def find(index: IndexOrFolder, words: str, where: Filter | None = None) -> list[Found]:
    """Every sentence of the articles' stories that holds some words, oldest article first, articles without a date last.

    words  all of them, in any form; a phrase in quotation marks as it is, letter case and typography aside; what begins with "-"
           must not be there
    where  which articles

    Sentences that say the same in articles of one story are given once. Raises QuestionError where no word is to be there.

    >>> [found.text for found in pullquote.find(index, '"old ferry" -captain')]
    ['The old ferry made its last trip on Friday.']
    """
    wanted = Wanted.of(arguments.text("the words", words))
    with at(index) as opened:
        return _found(opened, wanted, where)


def _found(index: Index, wanted: Wanted, where: Filter | None) -> list[Found]:
    same: dict[tuple[int, tuple[str, ...], int], Found] = {}
    times: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for found in _mentions(index, wanted, where):
        said = index.said(found.article_id, found.start, found.end)
        times[found.article_id, said] += 1
        key = index.story(found.article_id), said, times[found.article_id, said]
        known = same.get(key)
        same[key] = found if known is None else replace(known, also=(*known.also, found.article_id))
    return sorted(same.values(), key=lambda f: (f.published or "9999", f.article_id, f.start))


def _mentions(index: Index, wanted: Wanted, where: Filter | None) -> Iterator[Found]:
    terms = index.analyzer.terms
    needed = [found[-1] for text in (*wanted.words, *wanted.phrases) for word in _WORD.findall(text) if (found := terms(word))]
    without = {found[-1] for word in wanted.without_words if (found := terms(word))}
    exact = [_pattern(text) for text in (*wanted.phrases, *(word for word in wanted.words if not terms(word)))]
    unwanted = [_pattern(text) for text in (*wanted.without_phrases, *(word for word in wanted.without_words if not terms(word)))]
    for article_id, start, end in index.sentences_with(sorted(set(needed)), where):
        article = index.article(article_id)
        text = article.text[start:end]
        if not all(pattern.search(text) for pattern in exact) or any(pattern.search(text) for pattern in unwanted):
            continue
        if without and not without.isdisjoint(index.terms(text)):
            continue
        line = article.text.count("\n", 0, start) + 1
        about = (article_id, article.title, article.source, article.url, article.published)
        yield Found(text, *about, start, end, line, article.locator(start))


def _pattern(text: str) -> re.Pattern[str]:
    """A phrase as it may stand in a text: letter case, and what stands between its words, aside."""
    words = r"[\W_]+".join(re.escape(word) for word in _WORD.findall(text))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
