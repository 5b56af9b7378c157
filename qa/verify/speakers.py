"""Who says a stretch of an article, where the article states it.

    “We will not close,” Olsen said.            Olsen
    Olsen told reporters: “We will not close.”  Olsen
    The ferry was late, according to Hansen.    Hansen

Found by the verbs of saying beside the quotation marks, or in the sentence where nothing is quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ...corpus.same_words import words
from ...index.lexical.analyzer import STOP_WORDS
from .kinds import SAYING

Named = Literal["stated", "other", "unstated"]

_FOREIGN = ("sagte", "erklärte", "dit", "déclaré", "dijo", "afirmó", "disse")
_VERB = f"(?:{'|'.join(sorted((*SAYING - {'according', 'say', 'saying'}, *_FOREIGN), key=len, reverse=True))})"
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*"
_SMALL = r"(?:of|the|de|du|da|del|van|von|der|den|al|bin|and)"
_ARTICLE = r"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|[Mm]y)\s)?"
_NAME = rf"{_ARTICLE}(?:[\w’'-]+\s){{0,4}}?(?:{_CAPITAL}|[\w’'-]+)(?:\s(?:{_SMALL}\s)?{_CAPITAL}){{0,4}}"
_ASIDE = r"(?:,\s[^,.;:“”\"]{1,80},)?"
_WHO = rf"(?P<who>{_NAME}){_ASIDE}"
_ADVERB = r"(?:\s(?:later|also|then|has|had|have|is|was|[a-z]+ly))?"
_BEFORE_VERB = re.compile(rf"(?:^\s*|[.,;:!?”\"—–-]\s*|\b(?:and|but|when|as)\s){_WHO}{_ADVERB}\s{_VERB}\b")
_AFTER_VERB = re.compile(rf"\b{_VERB}\s{_WHO}")
_ACCORDING = re.compile(rf"\baccording\sto\s{_WHO}|\b[Aa]ccording\sto\s(?P<who2>{_NAME})")
_QUOTED = re.compile(r"“[^”“]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»«]*(?:»|$)|„[^“”„]*(?:[“”]|$)|「[^」]*(?:」|$)|(?<!\w)‘[^‘\n]*?’(?!\w)")
_SENTENCE = re.compile(r"(?<=[.!?])[”\"’]?\s+(?=[^\W\d_a-z])")
_PRONOUNS = frozenset(("he", "she", "they", "it", "who", "him", "her", "them"))
_TITLES = frozenset(
    """
    mr mrs ms miss dr prof professor sir lord lady rev hon the of president minister prime mayor gen sen rep
    """.split()  # noqa: SIM905 - as a list it would fill a page
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom a quote is attributed to (`given`), and who the article says it is from.

    stated    the article names whom is given
    other     the article names somebody else: `speaker`
    unstated  the article does not say, or not by a name
    """

    given: str
    named: Named
    speaker: str = ""


def attribution(text: str, start: int, end: int, given: str) -> Attribution:
    """Whether `text[start:end]` is said by `given` there."""
    speaker = speaker_of(text, start, end)
    if speaker is None:
        return Attribution(given, "unstated")
    wanted, found = _names(given), _names(speaker)
    if wanted & found:
        return Attribution(given, "stated", speaker)
    if not any(word[:1].isupper() for word in speaker.split() if word.casefold() not in _PRONOUNS | {"the", "a", "an"}):
        known = _known_as(text, given, speaker, start)
        return Attribution(given, "stated" if known else "unstated", speaker)
    return Attribution(given, "other", speaker)


def speaker_of(text: str, start: int, end: int) -> str | None:
    """The words of an article that name who says `text[start:end]`; None where it states nobody."""
    first = text.rfind("\n", 0, start) + 1
    last = len(text) if (at := text.find("\n", end)) < 0 else at
    paragraph = text[first:last]
    here, there = start - first, end - first
    quoted = [match.span() for match in _QUOTED.finditer(paragraph)]
    inside = [span for span in quoted if span[0] <= here and there <= span[1]]
    if not inside:
        return _in_sentence(paragraph, here, there, quoted)
    opened, closed = inside[0]
    before, after = _own_words(paragraph, quoted, 0, opened), paragraph[closed:]
    nearest_after = re.split(r"(?<=[.!?])\s|[“\"«„「]", after, maxsplit=1)[0]
    for found in (_named(nearest_after), _named(_last_sentence(before))):
        if found:
            return found
    rest = "".join(paragraph[a:b] for a, b in _gaps(quoted, len(paragraph)) if a >= closed)
    if (found := _named(rest)) is not None:
        return found
    above = text[:first].rstrip().rsplit("\n", 1)[-1]
    return _named(_last_sentence(above)) if above.endswith(":") or (above.count("“") > above.count("”")) else None


def _gaps(quoted: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    ends = [0, *(end for _, end in quoted)]
    starts = [*(start for start, _ in quoted), length]
    return list(zip(ends, starts, strict=True))


def _own_words(paragraph: str, quoted: list[tuple[int, int]], begin: int, stop: int) -> str:
    """What the article says itself between two places: without what it quotes."""
    return " ".join(paragraph[max(a, begin) : min(b, stop)] for a, b in _gaps(quoted, len(paragraph)) if a < stop and b > begin)


def _last_sentence(text: str) -> str:
    return _SENTENCE.split(text.rstrip())[-1]


def _in_sentence(paragraph: str, start: int, end: int, quoted: list[tuple[int, int]]) -> str | None:
    """Who an unquoted stretch is attributed to in its sentence, outside of it and outside of what is quoted."""
    bounds = [0, *(m.end() for m in _SENTENCE.finditer(paragraph)), len(paragraph)]
    begin = max(b for b in bounds if b <= start)
    stop = min((b for b in bounds if b >= end), default=len(paragraph))
    return _named(paragraph[begin:start]) or _named(paragraph[end:stop])


def _named(text: str) -> str | None:
    """Who is said to say something in a text."""
    for pattern in (_ACCORDING, _BEFORE_VERB, _AFTER_VERB):
        for match in pattern.finditer(text):
            who = next((group for group in match.groupdict().values() if group), "").strip(" ,.")
            if who and who.casefold() not in STOP_WORDS - _PRONOUNS and who.casefold() not in SAYING:
                return who
    return None


def _names(text: str) -> set[str]:
    """The words of a name; of a title that stands alone, the title."""
    found = {word for word in words(text) if word not in STOP_WORDS and len(word) > 1}
    return found - _TITLES or found


def _known_as(text: str, given: str, speaker: str, before: int) -> bool:
    """Whether a pronoun, or a role ("the mayor"), is whom is given: the last one named before it, or the role beside the name."""
    wanted = _names(given)
    if speaker.casefold() in _PRONOUNS:
        named = re.findall(rf"{_CAPITAL}(?:\s{_CAPITAL})+|(?<=[a-z,]\s){_CAPITAL}", text[:before])
        return bool(named) and bool(wanted & _names(named[-1]))
    article, _, role = speaker.partition(" ")
    if article.casefold() != "the" or not role:
        return False
    name, called = re.escape(given.split()[-1]), re.escape(role.split()[-1])
    return re.search(rf"\b(?i:{called})\s(?:{_CAPITAL}\s)*{name}\b|\b{name},\s[^.;!?]{{0,60}}\b{called}\b", text) is not None
