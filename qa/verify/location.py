"""Everywhere that a quote stands, typography aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ...index.index import Index
from ...index.lexical.characters import UNSPACED
from ...index.lexical.typography import fold, folds_words
from ..text_fragments import link
from .verdict import Place

_UNSPACED = re.compile(f"[{UNSPACED}]")  # of a script that writes no spaces between words


def places_of(index: Index, quote: str) -> Iterator[Place]:
    """Everywhere that a quote stands, typography aside, in the order of (article id, start)."""
    wanted = fold(quote).text.strip()
    for article_id, text in index.texts_with(wanted):
        wraps = folds_words(text)
        found = dict.fromkeys(_found(text, wanted, joined=False))
        if wraps:
            found |= dict.fromkeys(_found(text, wanted, joined=True))
        for start, end in sorted(found):
            yield place_of(index, article_id, start, end)


def _found(text: str, wanted: str, *, joined: bool) -> Iterator[tuple[int, int]]:
    """Where a folded quote stands in a text, in whole words."""
    folded = fold(text, joined=joined)
    at = folded.text.find(wanted)
    while at >= 0:
        start, end = _trimmed(text, folded.source(at), folded.source(at + len(wanted)))
        if whole_words(text, start, end):
            yield start, end
        at = folded.text.find(wanted, at + 1)


def whole_words(text: str, start: int, end: int) -> bool:
    """Whether no word and no number is cut at either end."""
    return not (_goes_on(text, start) or _goes_on(text, end))


def _goes_on(text: str, at: int) -> bool:
    """Whether a word or number goes on across a place: letters, digits and their marks, "1.5", "12,000", "-5"."""
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if not before or not after:
        return False
    if _in_word(before[-1]) and _in_word(after[0]):
        return not (_UNSPACED.match(before[-1]) or _UNSPACED.match(after[0]))
    if before[-1] in ".," and after[0].isdigit():
        return before[0].isdigit() and len(before) == 2
    if after[0] in ".," and before[-1].isdigit():
        return after[-1].isdigit() and len(after) == 2
    return before[-1] in "-−–" and after[0].isdigit() and not (len(before) == 2 and _in_word(before[0]))


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of text without white space at its ends, which belongs to a dash there only where there is more."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def several(index: Index, places: list[Place]) -> bool:
    """Whether places are more than one in an article, or in articles that are no copies of each other."""
    articles = [place.article_id for place in places]
    return len(set(articles)) < len(articles) or len({index.story(article_id) for article_id in articles}) > 1


def place_of(index: Index, article_id: str, start: int, end: int) -> Place:
    """A stretch of an article as a place, with the link that opens its page there."""
    article = index.article(article_id)
    text = article.text
    return Place(
        article.id,
        article.title,
        article.source,
        article.url,
        article.published,
        start,
        end,
        text[start:end],
        link(article.url, text, start, end),
        article.locator(start),
        next((mark.kind for mark in index.marks(article) if mark.start <= start and end <= mark.end), ""),
    )
