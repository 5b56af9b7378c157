"""Measures as values: each prints as it is typed and parses back. All lie in [0, 1] but the latencies; for most, larger is better.

nDCG@10 R@5 RR@10 hit@1 AP          of articles, by ir-measures, which is trec_eval underneath
passage.nDCG@10 ...                 the same of passages: those that hold a gold quote are relevant
answer@1 answer@3                   an accepted answer or a gold quote inside one of the first quotes, of a relevant article
EM F1                               of the short form of the first quote, SQuAD's normalisation (Rajpurkar et al. 2016); of the
                                    whole quote where it has none
located                             the share of the quotes that stand where they are said to: must be 1
cited                               the first quote is of a relevant article
refused                             no answer, of the questions that have none; answered: an answer, of those that have one
AUROC                               how well confidence tells questions with an answer from those without
AURC                                the mean share of wrong answers, as ever less sure ones are given (Geifman et al. 2019)
coverage@5%                         the largest share of the questions that can be answered with at most 5 % wrong answers
ECE                                 expected calibration error of the first quotes, 10 bins of equal width (Naeini et al. 2015)
ms@50 ms@95                         percentiles of the time of a question, in milliseconds
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ...errors import InputError

RETRIEVAL = ("nDCG", "R", "RR", "hit", "AP", "P")
PER_QUESTION = ("answer", "EM", "F1", "located", "cited", "answered", "refused")
OF_ALL = ("AUROC", "AURC", "coverage", "ECE", "ms")
_FALLING = ("AURC", "ECE", "ms")  # smaller is better
_PATTERN = re.compile(r"(?:(passage)\.)?([A-Za-z][A-Za-z0-9]*?)(?:@(\d{1,4})(%)?)?")
_WITH_CUTOFF = ("nDCG", "R", "RR", "hit", "P", "answer", "coverage", "ms")


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: what, up to which rank (or percentage), and of articles or passages."""

    name: str
    cutoff: int | None = None
    level: Literal["article", "passage"] = "article"

    def __str__(self) -> str:
        level = "passage." if self.level == "passage" else ""
        cutoff = "" if self.cutoff is None else f"@{self.cutoff}" + ("%" if self.name == "coverage" else "")
        return f"{level}{self.name}{cutoff}"

    @property
    def rising(self) -> bool:
        """Whether larger is better."""
        return self.name not in _FALLING


def parse(text: str) -> Measure:
    """The measure that is typed so. Raises InputError for one that is not known."""
    found = _PATTERN.fullmatch(text.strip())
    if found is not None:
        level, name, cutoff, percent = found.groups()
        known = name in (*RETRIEVAL, *PER_QUESTION, *OF_ALL) and (level is None or name in RETRIEVAL)
        fits = (cutoff is not None) == (name in _WITH_CUTOFF) or (name in ("nDCG", "RR") and cutoff is None)
        if (
            known
            and fits
            and (percent is not None) == (name == "coverage")
            and cutoff != "0"
            and not (name in ("ms", "coverage") and int(cutoff or 0) > 100)
        ):
            return Measure(name, None if cutoff is None else int(cutoff), "passage" if level else "article")
    raise InputError(f"{text}: no such measure; there are {_KNOWN}")


_KNOWN = (
    "nDCG@10, R@5, RR@10, hit@1, AP, P@5, the same of passages (passage.nDCG@10), answer@1, EM, F1, located, cited, "
    "answered, refused, AUROC, AURC, coverage@5%, ECE, ms@50"
)
DEFAULT = tuple(
    parse(text)
    for text in """
    hit@1 R@5 RR@10 nDCG@10 AP passage.hit@1 passage.nDCG@10 answer@1 answer@3 EM F1 cited located answered refused AUROC AURC
    coverage@5% ECE ms@50 ms@95
    """.split()  # noqa: SIM905 - as they are typed
)
