"""What kind of change a difference between a quote and an article is: a figure, a name, a negation, a hedge, the speaker ...

Found by lists of English words: what none of them tells is called a word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Literal

import Stemmer

from ...index.lexical.analyzer import STOP_WORDS
from ..mentions import OPENERS, VALUES
from ..values import MAGNITUDES, UNITS, amount

Kind = Literal[
    "punctuation", "case", "order", "spelling", "figure", "unit", "date", "name", "speaker", "negation", "hedge", "form", "word"
]

SAYING = frozenset(
    """
    say says said saying tell tells told add adds added ask asks asked reply replies replied write writes wrote announce
    announces announced declare declares declared state states stated note notes noted explain explains explained insist
    insists insisted claim claims claimed argue argues argued warn warns warned admit admits admitted deny denies denied
    confirm confirms confirmed recall recalls recalled tweeted posted testified promised vowed according concede
    conceded remarked
    """.split()  # noqa: SIM905 - as a list it would fill a page
)
_NEGATIONS = frozenset(
    """
    not no never none nobody nothing nowhere neither nor without hardly barely scarcely nicht kein keine nie pas jamais
    rien aucun aucune nunca nada ningún ninguna non mai nem
    """.split()  # noqa: SIM905 - as a list it would fill a page
)
_HEDGES = frozenset(
    """
    may might could would should perhaps possibly probably maybe likely unlikely allegedly alleged reportedly apparently
    seemingly suspected supposedly presumably roughly approximately about around nearly almost some seem seems seemed
    appear appears appeared suggest suggests suggested believe believes believed think thinks thought possible potential
    potentially hope hopes hoped
    """.split()  # noqa: SIM905 - as a list it would fill a page
)
_CONTRACTED = {"won't": ("will", "not"), "can't": ("can", "not"), "cannot": ("can", "not"), "shan't": ("shall", "not")}
_FORMS = frozenset("am is are was were be been being has have had having do does did will shall".split())  # noqa: SIM905
_PRONOUNS = frozenset("i he she they we you it".split())  # noqa: SIM905
_MONTH_NAMES = frozenset(
    """
    january february march april june july august september october november december jan feb mar apr jun jul aug sep
    sept oct nov dec monday tuesday wednesday thursday friday saturday sunday
    """.split()  # noqa: SIM905 - as a list it would fill a page
)
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_ENDS = '.!?“"'  # what the beginning of a sentence follows
_TOKEN = re.compile(r"[^\W_]+(?:['’.,:/][^\W_]+)*|[$€£¥₹%]")
_FIGURES = frozenset((*VALUES, *MAGNITUDES, "half", "twice", "dozens", "hundreds", "thousands", "millions", "both", "once")) - {
    "m",
    "b",
    "k",
}


def kinds_of(said: str, stands: str, before: str, after: str, is_name: Callable[[str], bool]) -> tuple[Kind, ...]:
    """The kinds of one change, in the order in which `Kind` lists them; at least one.

    said, stands   the words of the quote, and those of the article in their place; either may be ""
    before, after  the words of the article on both sides
    is_name        whether a capitalised word at the beginning of a sentence is a name
    """
    ours, theirs = _TOKEN.findall(said), _TOKEN.findall(stands)
    folded, folded_too = [_folded(word) for word in ours], [_folded(word) for word in theirs]
    if folded == folded_too:
        return ("punctuation",) if ours == theirs else ("case",)
    folded, folded_too = _expanded(folded), _expanded(folded_too)
    if folded == folded_too:
        return ("form",)
    new, gone = Counter(folded) - Counter(folded_too), Counter(folded_too) - Counter(folded)
    if not new and not gone:
        return ("order",)
    different = set(new) | set(gone)
    near, next_to = _TOKEN.findall(before)[-2:], _TOKEN.findall(after)[:2]
    found: list[Kind] = []
    if _spelt(said, stands):
        return ("spelling",)
    dated = _is_date(different, [_folded(word) for word in (*near, *ours, *theirs, *next_to)])
    if dated:
        found.append("date")
    elif any(_is_figure(word) for word in different):
        found.append("figure")
    if any(word in UNITS for word in different) and any(_is_figure(_folded(word)) for word in (*near, *ours, *theirs, *next_to)):
        found.append("unit")
    begins = not before or before[-1] in _ENDS
    for words in (ours, theirs):
        named = [word for word in words if _folded(word) in different and _may_be_name(word)]
        if "name" not in found and any(is_name(word) if begins and word == words[0] else True for word in named) and not dated:
            found.append("name")
    beside = {_folded(word) for word in (*near[-1:], *next_to[:1])}
    told = [word for word in different if word.isalpha() and word not in SAYING and (word in _PRONOUNS or word not in STOP_WORDS)]
    if told and not SAYING.isdisjoint(beside) and not different <= _HEDGES | _NEGATIONS:
        found.append("speaker")
    if _negations(folded) != _negations(folded_too):
        found.append("negation")
    if not _HEDGES.isdisjoint(different - {"may"} if dated else different):
        found.append("hedge")
    if not found and _same_stems(new, gone):
        found.append("form")
    return tuple(found) or ("word",)


def _folded(word: str) -> str:
    return word.casefold().replace("’", "'")


def _expanded(words: list[str]) -> list[str]:
    """Words with "not" as a word of its own: "won't" is "will not"."""
    pairs = (_CONTRACTED.get(word, (word.removesuffix("n't"), "not") if word.endswith("n't") else (word,)) for word in words)
    return [word for pair in pairs for word in pair]


def _spelt(said: str, stands: str) -> bool:
    """Whether two figures are one, in words and in digits."""
    one, other = amount(said), amount(stands)
    return one is not None and one == other and bool(said) and bool(stands)


def _is_figure(word: str) -> bool:
    return any(c.isdigit() for c in word) or word in _FIGURES


def _is_date(different: set[str], around: list[str]) -> bool:
    """Whether what is different belongs to a date: the name of a month or day, a year, or a number beside one."""
    if any(word in _MONTH_NAMES or _YEAR.fullmatch(word) for word in different):
        return True
    return any(word[:1].isdigit() for word in different) and any(word in _MONTH_NAMES or word == "may" for word in around)


def _may_be_name(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and _folded(word) not in OPENERS | STOP_WORDS | _HEDGES | _NEGATIONS | _FIGURES


def _negations(words: Iterable[str]) -> int:
    return sum(word in _NEGATIONS for word in words)


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def _same_stems(new: Counter[str], gone: Counter[str]) -> bool:
    """Whether words were given another form: of tense or number."""
    rest, rest_too = ([word for word in words.elements() if word not in _FORMS] for words in (new, gone))
    stem = _stemmer().stemWord
    return sorted(stem(word) for word in rest) == sorted(stem(word) for word in rest_too)
