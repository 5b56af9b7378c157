"""Measures of rankings, by ir-measures, which is trec_eval underneath."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from .measure import Measure

_FINEST = 1000  # parts of a grade


def retrieval(
    measures: Iterable[Measure], qrels: Mapping[str, Mapping[str, float]], run: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[Measure, float]]:
    """By question of `qrels` (grades) and by measure. `run`: the score of each article; ties are broken as in
    trec_eval, by name, falling. A question that the run lacks counts as 0.
    """
    import ir_measures

    ours = {_of_ir_measures(measure): measure for measure in measures}
    found = {question: dict.fromkeys(ours.values(), 0.0) for question in qrels}
    judged = in_whole_numbers(qrels)
    for value in ir_measures.iter_calc(list(ours), judged, {question: dict(some) for question, some in run.items() if some}):
        found[value.query_id][ours[value.measure]] = value.value
    return found


def in_whole_numbers(qrels: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, int]]:
    """Grades as trec_eval takes them: all of a set times the smallest number, of at most 1,000, that makes them whole. No measure
    changes by that: of nDCG's gains, which are linear, only the ratios count.
    """
    exact = {grade: Fraction(str(grade)).limit_denominator(_FINEST) for some in qrels.values() for grade in some.values()}
    factor = min(_FINEST, lcm(*(grade.denominator for grade in exact.values())))
    return {
        question: {name: max(round(exact[grade] * factor), int(grade > 0)) for name, grade in some.items()}
        for question, some in qrels.items()
    }


def by_rank(names: Sequence[str]) -> dict[str, float]:
    """A ranking as scores that fall strictly, so that no tie is broken otherwise."""
    return {name: float(len(names) - place) for place, name in enumerate(names)}


def _of_ir_measures(measure: Measure) -> Any:
    import ir_measures

    name = {"hit": "Success", "bpref": "Bpref"}.get(measure.name, measure.name)
    known = getattr(ir_measures, name)
    return known if measure.cutoff is None else known @ measure.cutoff
