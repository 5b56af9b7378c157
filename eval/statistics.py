"""What chance does to measures, where questions of one article hang together: intervals, tests, and what a set can tell.

Questions are drawn and swapped by cluster, a cluster being the questions that share an article (Sakai 2016; Webber et al. 2008).
Intervals are of the percentile bootstrap (Efron 1979), widened as Student's t is wider than the normal distribution for so few
clusters; p-values of a randomisation test that swaps two runs' values (Smucker et al. 2007); over several measures they are
corrected after Holm (1979).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from ..index.types import Floats, Ints

SAMPLES = 2000
LEVEL = 0.05
POWER = 0.8
_SEED = 2004
_BATCH = 100
_EQUAL = 1e-9


def numbered(names: Sequence[Hashable]) -> Ints:
    """Clusters by number, from 0 on, in the order in which they first appear."""
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], np.int64)


def interval_of_mean(values: Floats, clusters: Ints) -> tuple[float, float]:
    """The 95 % interval of the mean of some values. `clusters`: the number of each value's."""
    mean = float(values.mean())
    totals, counts = np.bincount(clusters, values), np.bincount(clusters)
    if len(totals) < 2 or np.ptp(values) == 0:
        return mean, mean
    from scipy.stats import bootstrap

    found = bootstrap(
        (totals, counts.astype(float)),
        lambda total, count, axis: total.sum(axis=axis) / count.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=SAMPLES,
        method="percentile",
        rng=np.random.default_rng(_SEED),
        batch=_BATCH,
    )
    low, high = found.confidence_interval
    return _widened(mean, float(low), float(high), len(totals))


def p_of_mean(changes: Floats, clusters: Ints) -> float:
    """The chance of a mean difference as far from 0, if each cluster's differences had the other sign as easily; of those that are
    just as far, half count (mid-p, Lancaster 1961): of right and wrong answers many are, and the test would be too strict.
    """
    totals = np.bincount(clusters, changes)
    if len(totals) < 2 or not totals.any():
        return 1.0
    from scipy.stats import permutation_test

    found = permutation_test(
        (totals,),
        lambda values, axis: values.sum(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=SAMPLES,
        rng=np.random.default_rng(_SEED),
        batch=_BATCH,
    )
    far, seen = np.abs(found.null_distribution), abs(found.statistic)
    return float((far > seen + _EQUAL).mean() + (np.abs(far - seen) <= _EQUAL).mean() / 2)


def interval_of(statistic: Callable[[Ints], float | None], clusters: Ints) -> tuple[float, float] | None:
    """The 95 % interval of what is no mean of single questions; None where it has no value. `statistic`: of the questions at some
    places.
    """
    everything = np.arange(len(clusters))
    middle = statistic(everything)
    members = [everything[clusters == number] for number in range(int(clusters.max(initial=-1)) + 1)]
    if middle is None or len(members) < 2:
        return None if middle is None else (middle, middle)
    chance = np.random.default_rng(_SEED)
    alone = len(members) == len(clusters)  # each question is a cluster
    found = []
    for _ in range(SAMPLES):
        drawn = chance.integers(0, len(members), len(members))
        value = statistic(drawn if alone else np.concatenate([members[number] for number in drawn]))
        if value is not None:
            found.append(value)
    if not found:
        return None
    return _widened(middle, float(np.quantile(found, LEVEL / 2)), float(np.quantile(found, 1 - LEVEL / 2)), len(members))


def p_of_swaps(change: Callable[[Any], float | None], clusters: Ints) -> float:
    """The chance of a difference as far from 0, if each cluster's values were the other run's as easily. `change`: the difference,
    given for each question whether its values are swapped.
    """
    count = int(clusters.max(initial=-1)) + 1
    seen = abs(change(np.zeros(len(clusters), bool)) or 0.0)
    chance = np.random.default_rng(_SEED)
    extreme = 1
    for _ in range(SAMPLES):
        value = change((chance.random(count) < 0.5)[clusters])
        extreme += value is not None and abs(value) >= seen - _EQUAL
    return extreme / (SAMPLES + 1)


def holm(values: Sequence[float]) -> list[float]:
    """P-values after Holm: the smallest times their number, the next times one less ..., never falling, at most 1. Those that are 1
    belong to what cannot be a difference, whatever the signs, and do not count (Tarone 1990).
    """
    corrected, last = [1.0] * len(values), 0.0
    order = sorted((place for place, value in enumerate(values) if value < 1.0), key=lambda place: values[place])
    for rank, place in enumerate(order):
        last = max(last, min(1.0, values[place] * (len(order) - rank)))
        corrected[place] = last
    return corrected


def least(changes: Floats, clusters: Ints) -> float | None:
    """The smallest mean difference that is told from chance in 80 of 100 cases, alone and at the level of 5 %, given how much the
    differences of single questions vary: (t(0.975) + t(0.8)) times the standard error by clusters (Sakai 2016). None where nothing
    varies, so that it cannot be said.
    """
    totals, counts = np.bincount(clusters, changes), np.bincount(clusters)
    groups = len(totals)
    if groups < 2:
        return None
    rest = totals - changes.mean() * counts
    error = np.sqrt(groups / (groups - 1) * (rest**2).sum()) / counts.sum()
    if error == 0:
        return None
    from scipy.stats import t

    return float((t.ppf(1 - LEVEL / 2, groups - 1) + t.ppf(POWER, groups - 1)) * error)


def needed(difference: float, told: float, questions: int) -> int:
    """How many questions tell a difference, where so many tell another one: their number grows with the square of the ratio."""
    return int(np.ceil(questions * (told / difference) ** 2))


def _widened(middle: float, low: float, high: float, groups: int) -> tuple[float, float]:
    """An interval as wide as it is for so few clusters."""
    from scipy.stats import norm, t

    wider = np.sqrt(groups / (groups - 1)) * t.ppf(1 - LEVEL / 2, groups - 1) / norm.ppf(1 - LEVEL / 2)
    return float(middle - wider * (middle - low)), float(middle + wider * (high - middle))
