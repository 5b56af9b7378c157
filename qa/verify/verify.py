"""Verify: whether a sentence stands in the indexed articles, and if not quite, what was altered.

The articles are read through, every one: what is said to be absent is in none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ... import arguments
from ...corpus.decode import tidy
from ...errors import QuestionError
from ...index.at import IndexOrFolder, at
from ...index.index import Index
from .alignment import altered
from .location import place_of, places_of, several, whole_words
from .speakers import attribution
from .verdict import Place, Status, Verdict

_JOINS = re.compile(r"[\[(]?(?:\.(?:\s?\.){2,}|…)[\])]?")
_FOLDED = re.compile(r"(?<=[^\W\d_])[-‐]\s+(?=[^\W\d_])")
_AROUND = (("「", "」"), ("『", "』"), ("‹", "›"), ('"', '"'), ("“", "”"), ("‘", "’"), ("'", "'"), ("„", "“"), ("«", "»"))


def verify(index: IndexOrFolder, quote: str, by: str | None = None) -> Verdict:
    """Whether a quote stands in the articles. Raises QuestionError for one without a word in it.

    by  whom the quote is attributed to: the verdict says whether the article of the first place states that

    >>> pullquote.verify(index, "Mayor Ines Falk cut the ribbon.").holds
    True
    >>> pullquote.verify(index, "It cost 50 million crowns.").what
    ('figure',)
    """
    quote = tidy(arguments.text("the quote", quote)).strip()
    if not any(c.isalnum() for c in quote):
        raise QuestionError("a quote without a word or number in it")
    if by is not None and not any(c.isalnum() for c in arguments.text("by", by)):
        raise QuestionError("a quote attributed to nobody: by is empty")
    with at(index) as opened:
        verdict = _verdict(opened, quote)
        if by is None or not verdict.places:
            return verdict
        place = verdict.places[0]
        return replace(verdict, attribution=attribution(opened.article(place.article_id).text, place.start, place.end, by))


def _verdict(index: Index, quote: str) -> Verdict:
    for said in _as_said(quote):
        if places := _by_date(places_of(index, said)):
            exact = [place for place in places if place.text == said]
            status: Status = "ambiguous" if several(index, places) else "exact" if exact else "typographic"
            return Verdict(quote, status, (*exact, *(place for place in places if place.text != said)))
    parts = [part.strip() for part in _JOINS.split(quote) if any(c.isalnum() for c in part)]
    if len(parts) > 1:
        verdicts = tuple(_verdict(index, part) for part in parts)
        stretches = _in_order(verdicts)
        places = _by_date(place_of(index, article_id, *stretch) for article_id, stretch in stretches.items())
        return Verdict(quote, "abridged" if places else "joined", tuple(places), parts=verdicts)
    return altered(index, quote) or Verdict(quote, "absent")


def _by_date(places: Iterable[Place]) -> list[Place]:
    """Places in the order of their dates, those without one last."""
    return sorted(places, key=lambda place: (place.published or "9999", place.article_id, place.start))


def _in_order(parts: tuple[Verdict, ...]) -> dict[str, tuple[int, int]]:
    """The articles in which all parts of a quote stand, one after the other, and the shortest stretch that holds them."""
    stretches: dict[str, tuple[int, int]] = {}
    if any(part.status not in ("exact", "typographic", "ambiguous") for part in parts):
        return stretches
    for first in parts[0].places:
        end: int | None = first.end
        for part in parts[1:]:
            end = min((p.end for p in part.places if p.article_id == first.article_id and p.start >= (end or 0)), default=None)
            if end is None:
                break
        known = stretches.get(first.article_id)
        if end is not None and (known is None or end - first.start < known[1] - known[0]):
            stretches[first.article_id] = first.start, end
    return stretches


def verify_record(index: Index, record: Mapping[str, Any], by: str | None = None) -> Verdict:
    """A quote of an answer's JSON: where the answer says that it stands, else anywhere; and whether that article has changed."""
    text, article_id, digest = str(record["text"]), str(record["article_id"]), record.get("digest")
    start, end = int(record["start"]), int(record["end"])
    try:
        article = index.article(article_id)
    except KeyError:
        return replace(verify(index, text, by), changed=True)
    changed = None if not digest else article.digest != digest
    whole = any(c.isalnum() for c in text) and 0 <= start < end and whole_words(article.text, start, end)
    if whole and article.text[start:end] == text:
        said = None if by is None else attribution(article.text, start, end, by)
        return Verdict(text, "exact", (place_of(index, article_id, start, end),), changed=changed, attribution=said)
    return replace(verify(index, text, by), changed=changed)


def _as_said(quote: str) -> Iterator[str]:
    """The quote as it is given; with the words joined that a hyphen folds over two lines; without the quotation marks around it."""
    yield quote
    if (joined := _FOLDED.sub("", quote)) != quote:
        yield joined
    for opening, closing in _AROUND:
        if quote.startswith(opening) and quote.endswith(closing) and any(c.isalnum() for c in quote[1:-1]):
            yield quote[1:-1].strip()
            return
