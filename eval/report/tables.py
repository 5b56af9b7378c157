"""The numbers of the plots as tables: for screen readers, and to be copied. Each is a head and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..measures.confidence import percentile

Table = tuple[list[str], list[list[str]]]
_STEPS = 10  # of coverage


def types(runs: Mapping[str, Mapping[str, tuple[float, int]]]) -> Table:
    """By kind of question, the share that is right and how many there are."""
    names = list(dict.fromkeys(name for run in runs.values() for name in run))
    rows = [[name, *(f"{run[name][0]:.3f} ({run[name][1]})" if name in run else "" for run in runs.values())] for name in names]
    return ["kind", *runs], rows


def recall(runs: Mapping[str, Sequence[float]]) -> Table:
    """Recall by depth."""
    depths = range(max((len(values) for values in runs.values()), default=0))
    return ["depth", *runs], [[str(n + 1), *(f"{values[n]:.3f}" for values in runs.values())] for n in depths]


def reliability(runs: Mapping[str, tuple[Any, Any, Any]]) -> Table:
    """By bin of confidence, the mean confidence, the share that is right, and how many there are."""
    bins = len(next(iter(runs.values()))[0]) if runs else 0

    def cell(run: tuple[Any, Any, Any], n: int) -> str:
        count, sure, right = (values[n] for values in run)
        return f"{sure:.2f}: {right:.2f} ({int(count)})" if count else ""

    rows = [[f"{n / bins:.1f} to {(n + 1) / bins:.1f}", *(cell(run, n) for run in runs.values())] for n in range(bins)]
    return ["confidence", *(f"{name}: mean, right (questions)" for name in runs)], rows


def risk(runs: Mapping[str, tuple[Any, Any]]) -> Table:
    """The share that is wrong when so many are answered, the surest first."""

    def cell(run: tuple[Any, Any], share: float) -> str:
        return next((f"{wrong:.3f}" for given, wrong in zip(*run, strict=True) if given >= share - 1e-9), "")

    shares = [step / _STEPS for step in range(1, _STEPS + 1)]
    rows = [[f"{share:.0%}", *(cell(run, share) for run in runs.values())] for share in shares]
    return ["answered", *(f"{name}: wrong" for name in runs)], rows


def latency(runs: Mapping[str, Sequence[float]]) -> Table:
    """Percentiles of the milliseconds."""

    def cell(values: Sequence[float], percent: int) -> str:
        return f"{percentile(values, percent):.0f}" if values else ""

    rows = [[f"{percent} %", *(cell(values, percent) for values in runs.values())] for percent in (50, 90, 95, 99, 100)]
    return ["of the questions within", *(f"{name}: ms" for name in runs)], rows
