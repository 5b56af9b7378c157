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
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..corpus.errors import InputError

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

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
    level: str = "article"

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
            return Measure(name, None if cutoff is None else int(cutoff), level or "article")
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


def retrieval(
    measures: Iterable[Measure], qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[Measure, float]]:
    """By question of `qrels` (grades, whole numbers) and by measure. `run`: the score of each article; ties are broken as in
    trec_eval, by name, falling. A question that the run lacks counts as 0.
    """
    import ir_measures

    ours = {_of_ir_measures(measure): measure for measure in measures}
    found = {question: dict.fromkeys(ours.values(), 0.0) for question in qrels}
    judged = {question: dict(some) for question, some in qrels.items()}
    for value in ir_measures.iter_calc(list(ours), judged, {question: dict(some) for question, some in run.items() if some}):
        found[value.query_id][ours[value.measure]] = value.value
    return found


def by_rank(names: Sequence[str]) -> dict[str, float]:
    """A ranking as scores that fall strictly, so that no tie is broken otherwise."""
    return {name: float(len(names) - place) for place, name in enumerate(names)}


def _of_ir_measures(measure: Measure) -> Any:
    import ir_measures

    name = "Success" if measure.name == "hit" else measure.name
    known = getattr(ir_measures, name)
    return known if measure.cutoff is None else known @ measure.cutoff


def normalised(text: str) -> list[str]:
    """The words of an answer as SQuAD's evaluation compares them: without case, punctuation and articles."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def exact_match(said: str, answers: Sequence[str]) -> float:
    """1 where it is one of the accepted answers."""
    return float(any(normalised(said) == normalised(answer) for answer in answers))


def f1(said: str, answers: Sequence[str]) -> float:
    """The best F1 over words with an accepted answer."""
    return max((_f1(normalised(said), normalised(answer)) for answer in answers), default=0.0)


def _f1(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return float(ours == theirs)
    same = (Counter(ours) & Counter(theirs)).total()
    return 2 * same / (len(ours) + len(theirs))


def of_all(measure: Measure, sure: Floats, answerable: Mask, right: Floats) -> float | None:
    """One of OF_ALL but the latencies, from the confidence of each question's first quote, whether the question has an answer and
    whether the quote holds it, (questions,) each; None where it has no value.
    """
    if measure.name == "AUROC":
        return auroc(sure, answerable)
    sure, right = sure[answerable], right[answerable]
    if measure.name == "AURC":
        return aurc(sure, right)
    return ece(sure, right) if measure.name == "ECE" else coverage_at(sure, right, (measure.cutoff or 5) / 100)


def auroc(sure: Floats, answerable: Mask) -> float | None:
    """The chance that a question with an answer is surer than one without, ties counted half; None where one kind is missing."""
    yes = int(answerable.sum())
    no = len(answerable) - yes
    if not yes or not no:
        return None
    _, level, count = np.unique(sure, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[level]  # the mean rank of equal ones
    return float((rank[answerable].sum() - yes * (yes + 1) / 2) / (yes * no))


def risk_coverage(sure: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Coverage and risk as ever less sure answers are given; equally sure ones are given together."""
    order = np.argsort(-sure, kind="stable")
    last = np.flatnonzero(np.append(np.diff(sure[order]) != 0, True)) if len(sure) else np.zeros(0, np.int64)
    given = last + 1
    return given / max(1, len(sure)), np.cumsum(1 - right[order])[last] / given


def aurc(sure: Floats, right: Floats) -> float | None:
    """The area under the risk-coverage curve."""
    coverage, risk = risk_coverage(sure, right)
    return float((risk * np.diff(coverage, prepend=0)).sum()) if len(sure) else None


def coverage_at(sure: Floats, right: Floats, risk: float) -> float | None:
    """The largest coverage with at most this risk."""
    coverage, risks = risk_coverage(sure, right)
    return float(coverage[risks <= risk + 1e-12].max(initial=0.0)) if len(sure) else None


def reliability(sure: Floats, right: Floats, bins: int = 10) -> tuple[Floats, Floats, Floats]:
    """By bin of equal width: how many, their mean confidence, the share of right ones; 0 for an empty one."""
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    count, total, good = (np.bincount(place, weights, bins).astype(float) for weights in (None, sure, right))
    return count, total / np.maximum(count, 1), good / np.maximum(count, 1)


def ece(sure: Floats, right: Floats, bins: int = 10) -> float | None:
    """Expected calibration error."""
    count, mean, good = reliability(sure, right, bins)
    return float((count * abs(mean - good)).sum() / len(sure)) if len(sure) else None


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The smallest value that at least so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)] if ordered else None
