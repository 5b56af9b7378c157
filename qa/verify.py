"""Verify: whether a sentence stands in the indexed articles, and if not quite, what was altered.

The articles are read through, every one: what is said to be absent is in none of them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from ..corpus.article import Article
from ..corpus.decode import tidy
from ..corpus.errors import QuestionError
from ..index.index import Index
from .links import link
from .typography import ODD, fold

Status = Literal["exact", "typographic", "ambiguous", "altered", "absent", "joined"]
FOUND: tuple[Status, ...] = ("exact", "typographic")
CLOSE = 0.6  # of the words must be the same, in the same order, for a sentence to be an altered one
_LEAST = 4  # words that must be the same
_LOOKED_AT = 5  # articles, for altered sentences
_LONGEST = 9000  # characters by which they are searched
_JOINS = re.compile(r"[\[(]?(?:\.(?:\s?\.){2,}|…)[\])]?")
_AROUND = (('"', '"'), ("“", "”"), ("‘", "’"), ("'", "'"), ("„", "“"), ("«", "»"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: `article.text[start:end] == text`."""

    article_id: str
    title: str
    source: str
    url: str
    published: str | None
    start: int
    end: int
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words: "same" in both, or what the quote has (`quote`) where the article has `article`; either may be ""."""

    kind: Literal["same", "changed"]
    quote: str
    article: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a quote.

    exact        it stands in one place, or in copies of one story, as it is given
    typographic  the same but for quotation marks, dashes, spaces and the like; `places` have the true form
    ambiguous    it stands in several places, all of which are given
    altered      a sentence is close to it: `changes` says how it differs from that of the first place
    joined       parts of it are joined by an ellipsis, which is no one quote: see `parts`
    absent       it stands nowhere

    `changed`: the article of the first place is not the one that the quote was taken from, or is no longer as it was then; None
    where no record of that was given.
    """

    quote: str
    status: Status
    places: tuple[Place, ...] = ()
    changes: tuple[Change, ...] = ()
    parts: tuple[Verdict, ...] = ()
    changed: bool | None = None

    def record(self) -> dict[str, Any]:
        return asdict(self)


def verify(index: Index, quote: str) -> Verdict:
    """Whether a quote stands in the articles. Raises QuestionError for one without a word in it."""
    quote = tidy(quote).strip()
    if not any(c.isalnum() for c in quote):
        raise QuestionError("a quote without a word or number in it")
    for said in _as_said(quote):
        if places := list(_places(index, said)):
            exact = [place for place in places if place.text == said]
            status: Status = "ambiguous" if _several(index, places) else "exact" if exact else "typographic"
            return Verdict(quote, status, (*exact, *(place for place in places if place.text != said)))
    parts = [part.strip() for part in _JOINS.split(quote) if any(c.isalnum() for c in part)]
    if len(parts) > 1:
        return Verdict(quote, "joined", parts=tuple(verify(index, part) for part in parts))
    return _altered(index, quote) or Verdict(quote, "absent")


def verify_record(index: Index, record: Mapping[str, Any]) -> Verdict:
    """A quote of an answer's JSON: where the answer says that it stands, else anywhere; and whether that article has changed."""
    text, article_id, digest = str(record["text"]), str(record["article_id"]), record.get("digest")
    start, end = int(record["start"]), int(record["end"])
    try:
        article = index.article(article_id)
    except KeyError:
        return replace(verify(index, text), changed=True)
    changed = None if not digest else article.digest != digest
    whole = any(c.isalnum() for c in text) and 0 <= start < end and _whole_words(article.text, start, end)
    if whole and article.text[start:end] == text:
        return Verdict(text, "exact", (_place(article, start, end),), changed=changed)
    return replace(verify(index, text), changed=changed)


def _as_said(quote: str) -> Iterator[str]:
    """The quote as it is given, then without the quotation marks around it."""
    yield quote
    for opening, closing in _AROUND:
        if quote.startswith(opening) and quote.endswith(closing) and any(c.isalnum() for c in quote[1:-1]):
            yield quote[1:-1].strip()
            return


def _places(index: Index, quote: str) -> Iterator[Place]:
    """Everywhere that a quote stands, typography aside, in the order of (article id, start)."""
    wanted = fold(quote).text.strip()
    probe = max(re.findall(r"[^\W_]+", wanted), key=len)
    for article_id, text in index.texts():
        if probe not in text and not ODD.search(text):
            continue
        folded = None
        at = -1
        while True:
            if folded is None:
                folded = fold(text)
            at = folded.text.find(wanted, at + 1)
            if at < 0:
                break
            start, end = _trimmed(text, folded.source(at), folded.source(at + len(wanted)))
            if _whole_words(text, start, end):
                yield _place(index.article(article_id), start, end)


def _whole_words(text: str, start: int, end: int) -> bool:
    """Whether no word and no number is cut at either end."""
    return not (_goes_on(text, start) or _goes_on(text, end))


def _goes_on(text: str, at: int) -> bool:
    """Whether a word or number goes on across a place: letters, digits and their marks, "1.5", "12,000", "-5"."""
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if not before or not after:
        return False
    if _in_word(before[-1]) and _in_word(after[0]):
        return True
    if before[-1] in ".," and after[0].isdigit():
        return before[0].isdigit() and len(before) == 2
    if after[0] in ".," and before[-1].isdigit():
        return after[-1].isdigit() and len(after) == 2
    return before[-1] in "-−–" and after[0].isdigit() and not (len(before) == 2 and _in_word(before[0]))


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without white space at its ends, which belongs to a dash there only where there is more."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _several(index: Index, places: list[Place]) -> bool:
    """Whether places are more than one in an article, or in articles that are no copies of each other."""
    articles = [place.article_id for place in places]
    return len(set(articles)) < len(articles) or len({index.story(article_id) for article_id in articles}) > 1


def _place(article: Article, start: int, end: int) -> Place:
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
    )


def _altered(index: Index, quote: str) -> Verdict | None:
    """The closest stretch of words in the articles that share most with the quote, and how the quote differs from it."""
    said = _words(quote)
    hits = index.search(quote[:_LONGEST], 2 * _LOOKED_AT, lexical=True)
    best: tuple[float, Article, list[tuple[str, int, int]], int, int] | None = None
    for article_id in list(dict.fromkeys(hit.article_id for hit in hits))[:_LOOKED_AT]:
        article = index.article(article_id)
        words = _words(article.text)
        begin, stop = _window([w for w, _, _ in said], [w for w, _, _ in words])
        same = sum(block.size for block in _matcher(said, words[begin:stop]).get_matching_blocks())
        close = same / max(len(said), stop - begin, 1)
        if same >= min(_LEAST, len(said)) and close >= CLOSE and (best is None or close > best[0]):
            best = (close, article, words, begin, stop)
    if best is None:
        return None
    _, article, words, begin, stop = best
    near = words[begin:stop]
    changes = []
    for kind, a, b, c, d in _matcher(said, near).get_opcodes():
        ours = quote[said[a][1] : said[b - 1][2]] if a < b else ""
        theirs = article.text[near[c][1] : near[d - 1][2]] if c < d else ""
        changes.append(Change("same" if kind == "equal" else "changed", ours, theirs))
    place = _place(article, near[0][1], near[-1][2])
    return Verdict(quote, "altered", (place,), tuple(changes))


def _words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text with their punctuation, typography aside, and where they stand."""
    return [(fold(m[0]).text, *m.span()) for m in re.finditer(r"\S+", text)]


def _matcher(ours: list[tuple[str, int, int]], theirs: list[tuple[str, int, int]]) -> difflib.SequenceMatcher[str]:
    return difflib.SequenceMatcher(None, [w for w, _, _ in ours], [w for w, _, _ in theirs], autojunk=False)


def _window(said: list[str], words: list[str]) -> tuple[int, int]:
    """Where in `words` the stretch most like `said` lies: about as long, and from a word that both have to another."""
    matcher = difflib.SequenceMatcher(None, said, words, autojunk=False)
    anchor = matcher.find_longest_match()
    slack = 2 + len(said) // 4
    low, high = max(0, anchor.b - anchor.a - slack), min(len(words), anchor.b + len(said) - anchor.a + slack)
    blocks = difflib.SequenceMatcher(None, said, words[low:high], autojunk=False).get_matching_blocks()[:-1]
    if not blocks:
        return low, low
    head, tail = blocks[0].a, len(said) - blocks[-1].a - blocks[-1].size
    first, last = low + blocks[0].b, low + blocks[-1].b + blocks[-1].size
    return max(low, first - head), min(high, last + tail)
