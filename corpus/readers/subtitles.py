"""Subtitles (SubRip and WebVTT) as running text: cues joined to paragraphs, and where in the text each of them begins."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...errors import ReadError
from ..article import Locator
from ..decode import tidy
from .draft import Draft
from .text import text_of

_LONGEST_PAUSE = 3.0  # seconds within a paragraph
_PAUSE = 1.5  # seconds after the end of a sentence that begin a paragraph
_AT_ONCE = 0.1  # seconds between two cues of which one takes the other's place
_MOST_SHOWN = 8  # lines at a time
_FEW_WORDS = 3  # a line of fewer may be said twice
_STAMP = r"(?:(\d{1,3})\s?:\s?)?(\d{1,2})\s?:\s?(\d{1,2})(?:\s?[.,:]\s?(\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_STAMP}\s*-{{1,2}}>\s*{_STAMP}(?!\d)")
_CUT_OFF = re.compile(r"\s*(?:\d+|\d+:[\d:.,]*\s*(?:-.*)?)$")  # what is left of a cue at the end of a file
_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_LANGUAGE = re.compile(r"(?i)language\s*:\s*([\w-]+)\s*$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^<>]+)>")
_READING = re.compile(r"<rt\b[^<>]*>[^<]*(?:</rt>)?")  # how the word before is pronounced
_TAG = re.compile(
    r"</?(?:[ibuscvq]|em|strong|font|span|ruby|rp|lang|br|p)(?:[\s.][^<>]*)?/?>|<(?:\d+:)?\d+:\d+[.,]\d+>", re.IGNORECASE
)
_OVERRIDE = re.compile(r"\{\\[^{}]*\}|\{[a-zA-Z]:[^{}]*\}")  # as {\an8} in SubRip
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,24}\d{0,2});")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # of the writing: players need it
_TURN = re.compile(r"""(?:[-–‐]\s*(?![-–\d\s])|[—―]\s*(?=[A-ZÀ-ÞА-Я¿¡"“«])|>{2,3}\s*)(?=\S)""")  # somebody else speaks
_NEXT = re.compile(r" (?=>>)")
_LABEL = re.compile(r"(?:[A-Z][A-Z.'’ -]+|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}): ")  # who speaks
_SENTENCE_END = re.compile(r"""[.!?…。！？♪]["'”’»)\]]*$""")


@dataclass(slots=True)
class _Cue:
    start: float
    end: float
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a cue as it is said. `turn`: somebody else begins to speak, who is called `name` where a tag says it."""

    text: str
    turn: bool = False
    name: str = ""


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The text of a file of subtitles, with a locator at each cue. Raises ReadError where there is none."""
    lines = text_of(data, where).split("\n")
    language, cues = _cues(lines)
    if not cues:
        raise ReadError(where, "no subtitles: no line with times (00:00:01,000 --> 00:00:04,000)")
    text, locators = _joined(cues)
    if not text:
        raise ReadError(where, "no text in its subtitles")
    yield Draft(where=where, text=text, language=language, locators=locators)


def _cues(lines: list[str]) -> tuple[str, list[_Cue]]:
    """The language that a head states, and the cues with their lines as written."""
    language, cues = "", list[_Cue]()
    webvtt = lines[0].lstrip("\ufeff").startswith("WEBVTT")
    aside = blank = True  # within a comment or the head; after an empty line
    for line in lines:
        times = _TIMES.match(line)
        if times or "-->" in line:
            if cues and cues[-1].lines:
                _drop_name(cues[-1].lines, webvtt)
            if times:
                cues.append(_Cue(_seconds(*times.groups()[:4]), _seconds(*times.groups()[4:])))
            else:  # they cannot be read
                cues.append(_Cue(cues[-1].start if cues else 0.0, math.inf))
            aside = False
        elif not line.strip():
            aside = aside and not cues
            if cues:
                cues[-1].lines.append("")
        elif webvtt and blank and _BLOCK.match(line):
            aside = True
        elif not aside and cues:
            cues[-1].lines.append(line)
        elif not cues and (said := _LANGUAGE.match(line)):
            language = said[1]
        blank = not line.strip()
    if cues:
        _drop_rest(cues[-1].lines)
    return language, cues


def _drop_name(lines: list[str], webvtt: bool) -> None:
    """Take the number or name of the next cue off the lines of the one before it."""
    apart = not lines[-1]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        return
    alone = len(lines) > 1 and not lines[-2]
    if (not apart and (lines[-1].strip().isdecimal() or (webvtt and alone))) or (apart and alone and lines[-1].strip().isdecimal()):
        lines.pop()


def _drop_rest(lines: list[str]) -> None:
    """Take off the lines of the last cue what is left of one that was cut off."""
    first = lines.index("") if "" in lines else len(lines)
    while len(lines) > first and (not lines[-1] or _CUT_OFF.match(lines[-1])):
        lines.pop()


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction or 0}")


def _joined(cues: list[_Cue]) -> tuple[str, tuple[Locator, ...]]:
    """The cues as paragraphs, and where each of them that says something begins."""
    pieces: list[str] = []
    locators: list[Locator] = []
    length, speaker, shown, end = 0, "", list[str](), 0.0
    for cue in cues:
        said, speaker = _said(cue.lines, speaker)
        gap = cue.start - end if pieces else 0.0
        lines = _new(shown, said, gap)
        for number, line in enumerate(lines):
            if not pieces:
                between = ""
            elif line.turn or (number == 0 and _parted(pieces[-1], gap)):
                between = "\n\n"
            else:
                between = " "
            length += len(between)
            if number == 0:
                locators.append(Locator(length, _label(cue.start)))
            text = f"{line.name}: {line.text}" if line.name else line.text
            pieces += [between, text]
            length += len(text)
        if said:
            shown, end = [line.text for line in said], cue.end
    return "".join(pieces), tuple(locators)


def _parted(before: str, gap: float) -> bool:
    return gap > _LONGEST_PAUSE or (gap > _PAUSE and _SENTENCE_END.search(before) is not None)


def _said(lines: list[str], speaker: str) -> tuple[list[_Line], str]:
    """The lines of a cue as they are said, and who speaks last."""
    found: list[_Line] = []
    for line in lines:
        for name, piece in _voices(line):
            for text in _NEXT.split(_plain(piece)):
                turn = _TURN.match(text)
                text = text[turn.end() :] if turn else text
                if not any(character.isalnum() for character in text):
                    continue
                if name and name != speaker:
                    found.append(_Line(text, turn=True, name=name))
                    speaker = name
                else:
                    found.append(_Line(text, turn=turn is not None or _LABEL.match(text) is not None))
    return found, speaker


def _voices(line: str) -> Iterator[tuple[str, str]]:
    """The pieces of a line, each with the name of who says it, "" where no tag names them."""
    pieces = _VOICE.split(line)
    yield "", pieces[0]
    for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        yield " ".join(_plain(name).split()), piece


def _plain(line: str) -> str:
    """A line without what is for the player."""
    line = _TAG.sub(lambda tag: " " if tag[0][:3].lower() == "<br" else "", _READING.sub("", _OVERRIDE.sub("", line)))
    line = _ENTITY.sub(lambda entity: html.unescape(entity[0]), line.replace("\\N", " ").replace("\\h", " "))
    return tidy(" ".join(_DIRECTION.sub("", line).split()))


def _new(shown: list[str], said: list[_Line], gap: float) -> list[_Line]:
    """The lines of a cue that the cue before it has not shown already: captions that roll up say each line twice."""
    if gap > _PAUSE:
        return said
    for count in range(min(len(shown), len(said), _MOST_SHOWN), 0, -1):
        again = shown[-count:]
        if again == [line.text for line in said[:count]] and (gap <= _AT_ONCE or len(" ".join(again).split()) >= _FEW_WORDS):
            return said[count:]
    if shown and said and gap <= _AT_ONCE and said[0].text.startswith(f"{shown[-1]} "):  # which grows word by word
        return [_Line(said[0].text.removeprefix(f"{shown[-1]} ")), *said[1:]]
    return said


def _label(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole % 3600 // 60:02}:{whole % 60:02}"
