"""Two runs of one set, question by question: better, worse, or noise; how that is told from chance, see `statistics`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..errors import InputError
from ..index.types import Floats, Ints, Mask
from .evaluate import arrays, mean
from .measures.confidence import of_all
from .measures.known import KNOWN
from .measures.measure import OF_ALL, Measure, parse
from .row import Row
from .run_folder import Run, same_ground
from .statistics import LEVEL, holm, interval_of, interval_of_mean, least, needed, numbered, p_of_mean, p_of_swaps

_Arrays = tuple[Floats, Mask, Floats]


@dataclass(frozen=True, slots=True)
class Difference:
    """`after` minus `before` of a measure over `count` questions in `clusters`; `low` to `high` is its 95 % interval, `p` corrected
    after Holm, `least` the smallest difference that such questions tell from chance (see `statistics.least`).

    Wins, ties and losses are questions; `least` and they are None for a measure that is not one of single questions.
    """

    measure: str
    before: float
    after: float
    low: float
    high: float
    p: float
    count: int
    clusters: int
    least: float | None
    wins: int | None
    ties: int | None
    losses: int | None

    @property
    def verdict(self) -> Literal["better", "worse", "identical", "noise"]:
        """better, worse, identical, or noise: what cannot be told from chance."""
        if self.low == self.high == 0 and self.before == self.after:
            return "identical"
        if self.p >= LEVEL:
            return "noise"
        return "better" if (self.after > self.before) == parse(self.measure).rising else "worse"

    @property
    def loss(self) -> float:
        """By how much the measure has become worse; below 0 where it has become better."""
        change = self.after - self.before
        return -change if parse(self.measure).rising else change

    @property
    def possible_loss(self) -> float:
        """By how much it may have become worse, by its interval and by how bad the measure can be."""
        measure = parse(self.measure)
        most = KNOWN[measure.name].most
        if measure.rising:
            return min(-self.low, self.before)
        return self.high if most is None else min(self.high, most - self.before)


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
    return [replace(d, p=p) for d, p in zip(found, holm([d.p for d in found]), strict=True)]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate says: passed, failed, or that so few questions cannot tell; of which measures, and of all that it `compared`."""

    says: Literal["passed", "failed", "cannot tell"]
    questions: int
    tolerance: float
    measures: tuple[Difference, ...] = ()
    compared: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        if self.says == "failed":
            return f"failed: {', '.join(f'{d.measure} has become worse by {d.loss:.4f}' for d in self.measures)}"
        if self.says == "passed":
            return f"passed: no measure has become worse by more than {self.tolerance:g} ({self.questions} questions)"
        may = ", ".join(f"{d.measure} may have become worse by {d.possible_loss:.4f}" for d in self.measures)
        more = max(needed(self.tolerance, d.least, self.questions) for d in self.measures if d.least) if self._can_say else 0
        enough = f"; about {more} questions of the kind would tell {self.tolerance:g}" if more > self.questions else ""
        return f"cannot tell with {self.questions} questions: {may}{enough}"

    @property
    def _can_say(self) -> bool:
        return any(d.least for d in self.measures)


def gate(baseline: Run, now: Run, tolerance: float) -> Verdict:
    """Whether no measure has become worse: failed, where one has, beyond chance; passed, where none can have by more than
    `tolerance`; else it cannot be told. Raises InputError where a measure of the baseline is missing now.
    """
    missing = [str(m) for m in baseline.measures if m not in now.measures]
    if missing:
        raise InputError(f"{now.name} lacks {', '.join(missing)}, which {baseline.name} has")
    return judged(compare(baseline, now).differences, len(now.rows), tolerance)


def judged(found: Sequence[Difference], questions: int, tolerance: float) -> Verdict:
    """The verdict on some differences, see `gate`."""
    if worse := tuple(d for d in found if d.verdict == "worse"):
        return Verdict("failed", questions, tolerance, worse, tuple(found))
    unclear = tuple(d for d in found if d.verdict == "noise" and d.possible_loss > tolerance)
    return Verdict("cannot tell" if unclear else "passed", questions, tolerance, unclear, tuple(found))


def interval(rows: Sequence[Row], measure: Measure) -> tuple[float, float] | None:
    """The 95 % interval of a measure over questions, within the measure's range; None where it has no value."""
    if measure.name in OF_ALL:
        ours = arrays(rows)
        found = interval_of(lambda places: of_all(measure, ours[0][places], ours[1][places], ours[2][places]), _clusters(rows))
    else:
        about = [row for row in rows if str(measure) in row.values]
        values = np.array([row.values[str(measure)] for row in about])
        found = interval_of_mean(values, _clusters(about)) if about else None
    most = KNOWN[measure.name].most
    return None if found is None else (max(0.0, found[0]), found[1] if most is None else min(most, found[1]))


def _clusters(rows: Sequence[Row]) -> Ints:
    """Which questions hang together, by the number of each one's cluster."""
    return numbered([("of", row.cluster) if row.cluster else ("alone", row.id) for row in rows])


def _difference(measure: Measure, one: Sequence[Row], other: Sequence[Row]) -> Difference | None:
    name = str(measure)
    before, after = mean(one, measure), mean(other, measure)
    if before.value is None or after.value is None:
        return None
    if measure.name in OF_ALL:
        return _difference_of_all(measure, before.value, after.value, one, other)
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if name in a.values and name in b.values]
    changes = np.array([b.values[name] - a.values[name] for a, b in pairs])
    if len(changes) == 0:
        return None
    clusters = _clusters([b for _, b in pairs])
    tie = np.abs(changes) < 1e-9
    wins = int(((changes > 0) == measure.rising)[~tie].sum())
    return Difference(
        name,
        before.value,
        after.value,
        *interval_of_mean(changes, clusters),
        p=p_of_mean(changes, clusters),
        count=len(changes),
        clusters=int(clusters.max()) + 1,
        least=least(changes, clusters),
        wins=wins,
        ties=int(tie.sum()),
        losses=int((~tie).sum()) - wins,
    )


def _difference_of_all(measure: Measure, before: float, after: float, one: Sequence[Row], other: Sequence[Row]) -> Difference:
    """What changed in a measure that is no mean of single questions."""
    ours, theirs, clusters = arrays(one), arrays(other), _clusters(other)

    def change(a: _Arrays, b: _Arrays) -> float | None:
        values = of_all(measure, *a), of_all(measure, *b)
        return None if values[0] is None or values[1] is None else values[1] - values[0]

    def drawn(places: Ints) -> float | None:
        return change(*((side[0][places], side[1][places], side[2][places]) for side in (ours, theirs)))

    def swapped(swap: Mask) -> float | None:
        a, b = ([np.where(swap, y, x) for x, y in zip(p, q, strict=True)] for p, q in ((ours, theirs), (theirs, ours)))
        return change((a[0], a[1], a[2]), (b[0], b[1], b[2]))

    low, high = interval_of(drawn, clusters) or (0.0, 0.0)
    p = p_of_swaps(swapped, clusters)
    count = len(other)
    return Difference(str(measure), before, after, low, high, p, count, int(clusters.max()) + 1, None, None, None, None)


def _moved(one: Sequence[Row], other: Sequence[Row]) -> list[Moved]:
    """The questions whose first answer, and then whose ranking, changed most."""

    def worth(row: Row) -> float:
        return row.values.get("answer@1", row.values.get("refused", 0.0)) + 0.1 * row.values.get("nDCG@10", 0.0)

    found = [Moved(a.id, a.question, worth(b) - worth(a), a, b) for a, b in zip(one, other, strict=True)]
    return sorted((m for m in found if abs(m.change) > 1e-9), key=lambda m: (-abs(m.change), m.id))
