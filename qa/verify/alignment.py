"""The stretch of words that is closest to a quote, and how the quote differs from it."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from functools import partial

from ...corpus.article import Article
from ...index.index import Index
from ...index.lexical.characters import UNSPACED
from ...index.lexical.typography import fold
from .kinds import kinds_of
from .location import place_of
from .verdict import Change, Verdict

Word = tuple[str, int, int]  # as it is compared, and where it stands

CLOSE = 0.6  # of the words must be the same, in the same order, for a sentence to be an altered one
_WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_AROUND = ".,;:!?\"'()[]…。、！？「」『』"
_LEAST = 4  # words that must be the same
_LOOKED_AT = 5  # articles, for altered sentences
_BESIDE = 60  # characters of the article on either side of a change that tell of what kind it is
_SEARCHED = 14  # words by which they are searched: the longest, which tell most
_LONGEST = 1000  # characters by which they are searched


def altered(index: Index, quote: str) -> Verdict | None:
    """The closest stretch of words in the articles that share most with the quote, and how the quote differs from it."""
    said = _words(quote)
    hits = index.search(_telling(quote, said)[:_LONGEST], 2 * _LOOKED_AT, lexical=True)
    best: tuple[float, Article, list[Word], int, int] | None = None
    for article_id in list(dict.fromkeys(hit.article_id for hit in hits))[:_LOOKED_AT]:
        article = index.article(article_id)
        words = _words(article.text)
        begin, stop = _window(_keys(said), _keys(words))
        matcher = difflib.SequenceMatcher(None, _keys(said), _keys(words[begin:stop]), autojunk=False)
        same = sum(block.size for block in matcher.get_matching_blocks())
        close = same / max(len(said), stop - begin, 1)
        if same >= min(_LEAST, len(said)) and close >= CLOSE and (best is None or close > best[0]):
            best = (close, article, words, begin, stop)
    if best is None:
        return None
    _, article, words, begin, stop = best
    near = _within(words[begin:stop], said[0][0], said[-1][0])
    changes = []
    for kind, a, b, c, d in _matcher(said, near).get_opcodes():
        ours = quote[said[a][1] : said[b - 1][2]] if a < b else ""
        theirs = article.text[near[c][1] : near[d - 1][2]] if c < d else ""
        if kind == "equal":
            changes.append(Change("same", ours, theirs))
            continue
        start = near[c][1] if c < len(near) else near[-1][2]
        before, after = article.text[max(0, start - _BESIDE) : start], article.text[near[d - 1][2] if d else start :][:_BESIDE]
        what = kinds_of(ours, theirs, before.rstrip(), after, partial(_is_name, article.text))
        changes.append(Change("changed", ours, theirs, what))
    if _reordered(changes):
        changes = [replace(change, what=("order",) if change.what else ()) for change in changes]
    place = place_of(index, article.id, near[0][1], near[-1][2])
    return Verdict(quote, "altered", (place,), tuple(changes))


def _telling(quote: str, said: list[Word]) -> str:
    """What to search a quote's sentence by: its longest words, or all of it where it is short or of a script without spaces."""
    words = dict.fromkeys(word for word, _, _ in said)
    if len(words) <= _SEARCHED or sum(len(word) for word in words) < 2 * len(words):
        return quote
    longest = set(sorted(words, key=len, reverse=True)[:_SEARCHED])
    return " ".join(word for word in words if word in longest)


def _reordered(changes: list[Change]) -> bool:
    """Whether changes are of single words, which are those of the article in another order."""
    changed = [change for change in changes if change.what]
    ours = sorted(key for change in changed for key in _keys(_words(change.quote)))
    theirs = sorted(key for change in changed for key in _keys(_words(change.article)))
    return len(changed) > 1 and ours == theirs


def _is_name(text: str, word: str) -> bool:
    """Whether a word is a name in a text: capitalised after a word in lower case."""
    return re.search(rf"[^\W\dA-Z_][,’']?\s{re.escape(word)}\b", text) is not None


def _words(text: str) -> list[Word]:
    """The words of a text with their punctuation, typography aside, and where they stand; characters where none has spaces."""
    return [(fold(m[0]).text, *m.span()) for m in _WORD.finditer(text)]


def _within(near: list[Word], first: str, last: str) -> list[Word]:
    """Words of an article without the punctuation before the first and after the last of them, where it is all that tells them from
    those of the quote.
    """
    found = list(near)
    word, start, end = found[0]
    if word.endswith(first) and not word.removesuffix(first).strip(_AROUND) and end - start == len(word):
        found[0] = (first, end - len(first), end)
    word, start, end = found[-1]
    if word.startswith(last) and not word.removeprefix(last).strip(_AROUND) and end - start == len(word):
        found[-1] = (last, start, start + len(last))
    return found


def _keys(words: list[Word]) -> list[str]:
    """Words without case and the punctuation around them."""
    return [word.strip(_AROUND).casefold() or word for word, _, _ in words]


def _matcher(ours: list[Word], theirs: list[Word]) -> difflib.SequenceMatcher[str]:
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
