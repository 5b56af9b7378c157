"""Verify: whether a sentence stands in the indexed articles, and if not quite, what was altered.

The articles are read through, every one: what is said to be absent is in none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...corpus.decode import tidy
from ...errors import QuestionError
from ...index.index import Index
from .alignment import altered
from .location import place_of, places_of, several, whole_words
from .verdict import Status, Verdict

_JOINS = re.compile(r"[\[(]?(?:\.(?:\s?\.){2,}|…)[\])]?")
_FOLDED = re.compile(r"(?<=[^\W\d_])[-‐]\s+(?=[^\W\d_])")
_AROUND = (("「", "」"), ("『", "』"), ("‹", "›"), ('"', '"'), ("“", "”"), ("‘", "’"), ("'", "'"), ("„", "“"), ("«", "»"))


def verify(index: Index, quote: str) -> Verdict:
    """Whether a quote stands in the articles. Raises QuestionError for one without a word in it."""
    quote = tidy(quote).strip()
    if not any(c.isalnum() for c in quote):
        raise QuestionError("a quote without a word or number in it")
    for said in _as_said(quote):
        if places := list(places_of(index, said)):
            exact = [place for place in places if place.text == said]
            status: Status = "ambiguous" if several(index, places) else "exact" if exact else "typographic"
            return Verdict(quote, status, (*exact, *(place for place in places if place.text != said)))
    parts = [part.strip() for part in _JOINS.split(quote) if any(c.isalnum() for c in part)]
    if len(parts) > 1:
        return Verdict(quote, "joined", parts=tuple(verify(index, part) for part in parts))
    return altered(index, quote) or Verdict(quote, "absent")


def verify_record(index: Index, record: Mapping[str, Any]) -> Verdict:
    """A quote of an answer's JSON: where the answer says that it stands, else anywhere; and whether that article has changed."""
    text, article_id, digest = str(record["text"]), str(record["article_id"]), record.get("digest")
    start, end = int(record["start"]), int(record["end"])
    try:
        article = index.article(article_id)
    except KeyError:
        return replace(verify(index, text), changed=True)
    changed = None if not digest else article.digest != digest
    whole = any(c.isalnum() for c in text) and 0 <= start < end and whole_words(article.text, start, end)
    if whole and article.text[start:end] == text:
        return Verdict(text, "exact", (place_of(article, start, end),), changed=changed)
    return replace(verify(index, text), changed=changed)


def _as_said(quote: str) -> Iterator[str]:
    """The quote as it is given; with the words joined that a hyphen folds over two lines; without the quotation marks around it."""
    yield quote
    if (joined := _FOLDED.sub("", quote)) != quote:
        yield joined
    for opening, closing in _AROUND:
        if quote.startswith(opening) and quote.endswith(closing) and any(c.isalnum() for c in quote[1:-1]):
            yield quote[1:-1].strip()
            return
