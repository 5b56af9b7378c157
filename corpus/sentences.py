"""Sentences with exact offsets: sentencex per paragraph, mended where news text trips it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import sentencex

from .article import Sentence

# sentencex 1.0 ends a sentence after these; text goes on ("at 9 p.m. Tuesday", "Figs. 1 and 2", "“Who knows?” Kishida asked").
_SAYS = "said|says|asked|asks|added|told|replied|answered|wrote|wondered|insisted|shouted|warned|explained|joked|recalled"
_GOES_ON = (
    (
        re.compile(r"\b[ap]\.m\.\s*$"),
        re.compile(
            r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.|"
            r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
            r"[A-Z]{1,3}S?T|GMT|UTC|Eastern|Pacific|Central|Mountain|Japan|Local)\b)"
        ),
    ),
    (
        re.compile(
            r"(?:^|[\s(])(?:Figs?|Nos?|Sens?|Reps?|Govs?|Gens?|Messrs|[Aa]pprox|pp?|[Cc]f|Ft|Mt|St|Mmes?|Mlles?|Amb|Atty|Com)\.\s*$"
        ),
        re.compile(r"[A-Z\d]"),
    ),
    (re.compile(r"(?:^|[\s(«])(?:M|MM)\.\s*$"), re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]")),  # French: Monsieur
    (re.compile(r"[.?!…]['\"”’»)\]]*\s*$"), re.compile(r"[&\[,;)]")),  # no sentence begins so
    (re.compile(r"[.?!…]['\"”’»)]+\s*$|\]\s*$"), re.compile(r"[a-zß-öø-ÿ]")),
    (re.compile(r"[?!…]['\"”’»]+\s*$"), re.compile(rf"(?:[A-Z][\w.'’-]*\s+){{1,4}}(?:{_SAYS})\b|(?:{_SAYS})\s+[A-Z]")),
    (re.compile(r"[」』”]$"), re.compile("[とってなのはがを]")),  # Japanese: what was said goes on
)
_SMALL = re.compile(r"\s{0,80}[a-zß-öø-ÿ](?!\w*[A-Z])")  # nor so, but where a text knows no capitals; "iPhone" may
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.\s*$")
_WITH_ORDINALS = ("de", "da", "nb", "nn", "no", "fi", "cs", "sk", "sl", "hr", "hu", "et", "is", "tr", "lv")  # "Der 2. Weltkrieg"
_NUMBER_ALONE = re.compile(r"\s*\(?\d{1,3}[.)]\s*")  # of an item in a list
_SIGN = re.compile(r"(?:[¹²³⁰-⁹]+|\[\d{1,3}\])+")  # of a note, which belongs to what stands before it
# Where it misses one: "(It was late.) The end."; after a word that is an abbreviation too; after one that ends a name, before a
# word with which a name hardly goes on.
_OPENS = (
    r"(?:The|This|That|These|Those|An?|He|She|It|They|We|His|Her|Its|Their|In|On|At|By|But|And|For|From|With|After|Before|When|While|As|"
    r"If|There|Officials|Police|Both|Some|Most|Many|Several|No|Not|So|Then|However|Meanwhile|Last|Since|Under)\s"
)
_MISSED = re.compile(
    r"""[.!?]\)\s+(?=[A-Z"“])"""
    r"""|\s(?:no|me|ok|id|art|arc|may|ill|fed|med|min|ore|con|del|miss)\.\s+(?=[A-Z“"][a-z“"]|[AI]\s)"""
    rf"""|\b(?:Co|Jr|Sr|Inc|Ltd|etc|Corp|Bros|a\.m|p\.m|U\.S)\.\s+(?={_OPENS})"""
)
_BULLET = re.compile(r"(?:[-*•‣▪–—]|\d{1,2}[.)])\s+(?=\S)")
_HAS_WORD = re.compile(r"\w")
_IN_NUMBER = re.compile(r"[\d.,][\d.,]")
# Where a sentence longer than the encoder reads is cut, best first: after a clause, after a comma, at a space.
_CUTS = (
    re.compile(r"(?<=[;:；：])(?!\S)\s+|(?<=[；：])|\s+(?=[—–]\s)|(?<=\S)\s+--\s+"),
    re.compile(r"(?<=,)\s+|(?<=[、，])(?!\d)\s*"),
    re.compile(r"\s+"),
)
# What stands before and after a place where no sentence is cut: in the middle of a figure with its unit, of a date, or of a name.
_HELD = (
    (re.compile(r"\d[.,]?\s+$"), re.compile(r"\w")),
    (re.compile(r"(?:\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?|[$€£¥#])\s+$"), re.compile(r"\d")),
    (re.compile(r"(?:^|[^\w.!?]|\s)[A-Z][\w.’'-]*,?\s+$"), re.compile(r"[A-Z\d]")),
    (re.compile(r"\b[A-Z][\w’'-]*\s+(?:of|de|van|von|bin|al|the)\s+$"), re.compile(r"[A-Z]")),
)
_QUOTED = re.compile(r"[“„«][^“”„«»]*$")  # a quotation that was opened and not closed
_SPACES = re.compile(r"\s{0,80}")
_AT_ONCE = 10_000  # characters of a paragraph that are split at once
_NEAR = 80  # characters before a place that are looked at for what it stands in the middle of


def sentences(text: str, start: int, end: int, language: str = "en") -> list[Sentence]:
    """The sentences of the paragraph `text[start:end]`, offsets into `text`, white space and list bullets left out."""
    paragraph = text[start:end]
    pieces: list[tuple[int, int]] = []
    last = 0
    found = list(_breaks(paragraph, language))
    small = {at for at in found if _SMALL.match(paragraph, at)}
    if 2 * len(small) > len(found) - (len(paragraph) in found):
        small.clear()
    for at in [*found, len(paragraph)]:
        sign = _SIGN.match(paragraph, at)
        stop = sign.end() if sign else at
        if stop <= last or at in small or _runs_on(paragraph, last, stop, language):
            continue
        inner = [m.end() for m in _MISSED.finditer(paragraph, last, stop)]
        for cut in [*inner, stop]:
            pieces.append((last, cut))
            last = cut
    return [s for a, b in _whole(paragraph, pieces) if (s := _trimmed(text, start + a, start + b)) is not None]


def fitting(text: str, sentence: Sentence, fits: Callable[[str], bool]) -> list[Sentence]:
    """The sentence, or where it is longer than the encoder reads its halves, quarters ..., each cut at a clause."""
    piece = text[sentence.start : sentence.end]
    if fits(piece) or len(piece) < 2:
        return [sentence]
    at = sentence.start + _middle(piece)
    halves = (_trimmed(text, sentence.start, at), _trimmed(text, at, sentence.end))
    return [part for half in halves if half is not None for part in fitting(text, half, fits)]


def _breaks(paragraph: str, language: str) -> Iterator[int]:
    """Where sentencex ends a sentence. The time it takes grows with the square of a run of quotation marks, so it is given a long
    paragraph in parts, each from the last end that was found on.
    """
    at = 0
    while at < len(paragraph):
        part = paragraph[at : at + _AT_ONCE]
        ends = [b["end_index"] for b in sentencex.get_sentence_boundaries(language, part)]
        if at + len(part) < len(paragraph):
            ends = [end for end in ends if end < len(part)]  # the part ends there, not a sentence
        yield from (at + end for end in ends)
        at += ends[-1] if ends and ends[-1] > 0 else len(part)


def _runs_on(paragraph: str, start: int, stop: int, language: str) -> bool:
    """Whether sentencex broke `paragraph` at `stop` although the sentence goes on."""
    if stop >= len(paragraph):
        return False
    if stop - start < 8 and _NUMBER_ALONE.fullmatch(paragraph, start, stop):
        return True
    tail = paragraph[max(start, stop - 12) : stop]
    at = _SPACES.match(paragraph, stop).end()  # type: ignore[union-attr]
    if language in _WITH_ORDINALS and _ORDINAL.search(tail):
        return True
    return any(before.search(tail) and after.match(paragraph, at) for before, after in _GOES_ON)


def _whole(paragraph: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces without a word of their own (a stray quotation mark) belong to the piece before them."""
    whole: list[tuple[int, int]] = []
    for start, end in pieces:
        if whole and not _HAS_WORD.search(paragraph, start, end):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    if bullet := _BULLET.match(text, start, end):
        start = bullet.end()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Sentence(start, end) if _HAS_WORD.search(text, start, end) else None


def _middle(piece: str) -> int:
    """The best place to cut: of the kind that is best, within the middle half, the one nearest the middle."""
    half, last = len(piece) / 2, 0
    for cut in _CUTS:
        places = [m.end() for m in cut.finditer(piece) if 0.25 * len(piece) <= m.end() <= 0.75 * len(piece)]
        places.sort(key=lambda at: (abs(at - half), at))
        if (free := next((at for at in places if not _holds(piece, at)), None)) is not None:
            return free
        last = last or (places[0] if places else 0)
    return last or _between(piece)


def _holds(piece: str, at: int) -> bool:
    """Whether a place is in the middle of a figure, a date, a name or a quotation."""
    before = piece[max(0, at - _NEAR) : at]
    return _QUOTED.search(before) is not None or any(a.search(before) and b.match(piece, at) for a, b in _HELD)


def _between(piece: str) -> int:
    """The middle of what has no place to cut, moved out of a number, unless that is a run without end."""
    middle = max(1, len(piece) // 2)
    before = range(middle, max(0, middle - _NEAR), -1)
    return next((at for at in before if not _IN_NUMBER.match(piece, at - 1)), middle)
