"""Two runs of one set, question by question: better, worse, or noise.

The interval is the percentile bootstrap of the mean paired difference (Efron 1979), the p-value that of a randomisation test which
swaps the two runs' values per question (Smucker et al. 2007), both by SciPy; over several measures p-values are corrected after
Holm (1979).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import InputError
from ..index.types import Floats, Mask
from .evaluate import Row, arrays, mean
from .measures.confidence import of_all
from .measures.measure import OF_ALL, Measure, parse
from .run_folder import Run, same_ground

SAMPLES = 2000
LEVEL = 0.05
_SEED = 2004

_Arrays = tuple[Floats, Mask, Floats]


@dataclass(frozen=True, slots=True)
class Difference:
    """`after` minus `before` of a measure over `count` questions; `low` to `high` is its 95 % interval, `p` corrected after Holm.

    Wins, ties and losses are questions; None for a measure that is not one of single questions.
    """

    measure: str
    before: float
    after: float
    low: float
    high: float
    p: float
    count: int
    wins: int | None
    ties: int | None
    losses: int | None

    @property
    def verdict(self) -> str:
        """better, worse, or noise: what cannot be told from chance."""
        if self.p >= LEVEL:
            return "noise"
        return "better" if (self.after > self.before) == parse(self.measure).rising else "worse"


@dataclass(frozen=True, slots=True)
class Moved:
    """A question on which two runs differ."""

    id: str
    question: str
    change: float
    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed: by measure, and the questions that moved most. `notes`: what the runs differ in beside their numbers."""

    before: str
    after: str
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]
    moved: tuple[Moved, ...]


def compare(one: Run, other: Run, most: int = 10) -> Comparison:
    """What changed from one run to another. Raises InputError where they are of different sets or have no measure in common."""
    notes = same_ground(one, other)
    shared = [m for m in one.measures if m in other.measures and m.name != "ms"]
    found = differences(one.rows, other.rows, shared)
    if not found:
        raise InputError(f"{one.name} and {other.name} have no measure in common")
    moved = _moved(one.rows, other.rows)
    return Comparison(one.name, other.name, tuple(notes), tuple(found), tuple(moved[:most]))


def differences(one: Sequence[Row], other: Sequence[Row], shared: Sequence[Measure]) -> list[Difference]:
    """By measure, what changed from one run's rows to another's of the same questions."""
    found = [difference for m in shared if (difference := _difference(m, one, other)) is not None]
    return _corrected(found)


def gate(baseline: Run, now: Run) -> list[Difference]:
    """The measures that have become worse beyond noise. Raises InputError where one of the baseline is missing now."""
    missing = [str(m) for m in baseline.measures if m not in now.measures]
    if missing:
        raise InputError(f"{now.name} lacks {', '.join(missing)}, which {baseline.name} has")
    return [difference for difference in compare(baseline, now).differences if difference.verdict == "worse"]


def interval(rows: Sequence[Row], measure: Measure) -> tuple[float, float] | None:
    """The 95 % bootstrap interval of a measure over questions; None where it has no value."""
    if measure.name in OF_ALL:
        ours = arrays(rows)
        return _resampled(len(rows), lambda places: of_all(measure, *(a[places] for a in ours)))
    values = np.array([row.values[str(measure)] for row in rows if str(measure) in row.values])
    return bootstrapped(values) if len(values) else None


def _difference(measure: Measure, one: Sequence[Row], other: Sequence[Row]) -> Difference | None:
    name = str(measure)
    before, after = mean(one, measure), mean(other, measure)
    if before.value is None or after.value is None:
        return None
    if measure.name in OF_ALL:
        ours, theirs = arrays(one), arrays(other)

        def change(a: _Arrays, b: _Arrays) -> float | None:
            values = of_all(measure, *a), of_all(measure, *b)
            return None if values[0] is None or values[1] is None else values[1] - values[0]

        spread = _resampled(len(one), lambda p: change(*(tuple(a[p] for a in side) for side in (ours, theirs))))
        low, high = spread or (0.0, 0.0)
        return Difference(name, before.value, after.value, low, high, _swapped(ours, theirs, change), after.count, None, None, None)
    pairs = list(zip(one, other, strict=True))
    changes = np.array([b.values[name] - a.values[name] for a, b in pairs if name in a.values and name in b.values])
    if len(changes) == 0:
        return None
    low, high = bootstrapped(changes)
    tie = np.abs(changes) < 1e-9
    wins = int(((changes > 0) == measure.rising)[~tie].sum())
    counts = (wins, int(tie.sum()), int((~tie).sum()) - wins)
    return Difference(name, before.value, after.value, low, high, _randomised(changes), len(changes), *counts)


def bootstrapped(values: Any) -> tuple[float, float]:
    """The 95 % interval of the mean of some values, (values,), by the bootstrap: the percentiles of the means of resamples."""
    if len(values) < 2 or np.ptp(values) == 0:
        return float(values.mean()), float(values.mean())
    from scipy.stats import bootstrap

    found = bootstrap((values,), np.mean, n_resamples=SAMPLES, method="percentile", rng=np.random.default_rng(_SEED), batch=100)
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def _randomised(changes: Any) -> float:
    if len(changes) < 2 or not changes.any():
        return 1.0
    from scipy.stats import permutation_test

    found = permutation_test(
        (changes,),
        lambda values, axis: values.mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=SAMPLES,
        rng=np.random.default_rng(_SEED),
        batch=100,
    )
    return float(found.pvalue)


def _resampled(count: int, statistic: Callable[[Any], float | None]) -> tuple[float, float] | None:
    """A bootstrap interval of what is no mean of single questions. `statistic`: of the questions at some places."""
    places = np.random.default_rng(_SEED).integers(0, count, (SAMPLES, count))
    found = [value for some in places if (value := statistic(some)) is not None]
    return (float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))) if found else None


def _swapped(ours: _Arrays, theirs: _Arrays, change: Callable[[_Arrays, _Arrays], float | None]) -> float:
    """A randomisation test of what is no mean of single questions: in each round, about half of them are swapped."""
    seen = abs(change(ours, theirs) or 0.0)
    chance = np.random.default_rng(_SEED)
    extreme = 1
    for _ in range(SAMPLES):
        swap = chance.random(len(ours[0])) < 0.5
        sides = [tuple(np.where(swap, b, a) for a, b in zip(x, y, strict=True)) for x, y in ((ours, theirs), (theirs, ours))]
        value = change(*sides)  # type: ignore[arg-type]
        extreme += value is not None and abs(value) >= seen - 1e-12
    return extreme / (SAMPLES + 1)


def _corrected(found: list[Difference]) -> list[Difference]:
    """With p-values after Holm: the smallest times their number, the next times one less ..., never falling, at most 1."""
    order = sorted(range(len(found)), key=lambda i: found[i].p)
    corrected, last = list(found), 0.0
    for rank, i in enumerate(order):
        last = max(last, min(1.0, found[i].p * (len(found) - rank)))
        corrected[i] = replace(found[i], p=last)
    return corrected


def _moved(one: Sequence[Row], other: Sequence[Row]) -> list[Moved]:
    """The questions whose first answer, and then whose ranking, changed most."""

    def worth(row: Row) -> float:
        return row.values.get("answer@1", row.values.get("refused", 0.0)) + 0.1 * row.values.get("nDCG@10", 0.0)

    found = [Moved(a.id, a.question, worth(b) - worth(a), a, b) for a, b in zip(one, other, strict=True)]
    return sorted((m for m in found if abs(m.change) > 1e-9), key=lambda m: (-abs(m.change), m.id))
