"""Measures as values: each prints as it is typed and parses back. What each measures, see `known`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ...errors import InputError
from .known import KNOWN

Level = Literal["article", "passage", "condensed"]
RETRIEVAL = tuple(name for name, about in KNOWN.items() if about.of == "ranking")
OF_ALL = tuple(name for name, about in KNOWN.items() if about.of == "all questions")
_PATTERN = re.compile(r"(?:(passage|condensed)\.)?([A-Za-z][A-Za-z0-9]*?)(?:@(\d{1,4})(%)?)?")


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: what, up to which rank (or percentage), and of articles, passages, or judged articles alone ("condensed")."""

    name: str
    cutoff: int | None = None
    level: Level = "article"

    def __str__(self) -> str:
        level = "" if self.level == "article" else f"{self.level}."
        cutoff = "" if self.cutoff is None else f"@{self.cutoff}" + ("%" if self.name == "coverage" else "")
        return f"{level}{self.name}{cutoff}"

    @property
    def rising(self) -> bool:
        """Whether larger is better."""
        return KNOWN[self.name].rising


def parse(text: str) -> Measure:
    """The measure that is typed so. Raises InputError for one that is not known."""
    found = _PATTERN.fullmatch(text.strip())
    if found is not None and (about := KNOWN.get(found[2])) is not None:
        level, name, cutoff, percent = found.groups()
        levels = {"ranking": ("passage", "condensed"), "question": ("condensed",) if name == "answer" else ()}.get(about.of, ())
        fits = about.cutoff == "may" or (cutoff is not None) == (about.cutoff == "must")
        of_levels = level is None or (level in levels and not (name == "bpref" and level))
        within = cutoff != "0" and not (name in ("ms", "coverage") and int(cutoff or 0) > 100)
        if fits and of_levels and within and (percent is not None) == (name == "coverage"):
            return Measure(name, None if cutoff is None else int(cutoff), level or "article")  # type: ignore[arg-type]
    raise InputError(f"{text}: no such measure; there are {', '.join(about.example for about in KNOWN.values())} (--measures help)")


DEFAULT = tuple(
    parse(text)
    for text in """
    hit@1 R@5 RR@10 nDCG@10 AP passage.hit@1 passage.nDCG@10 answer@1 answer@3 unjudged@1 EM F1 cited located answered refused
    AUROC AURC coverage@5% ECE ms@50 ms@95
    """.split()  # noqa: SIM905 - as they are typed
)
