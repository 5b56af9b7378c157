"""How often comparisons of runs are wrong: simulated, with questions that hang together by article.

    python eval/benchmarks/checking/chance.py [--out FILE]

Two systems answer the same questions, rightly or not; how hard a question is, and which system does better, hangs together within
an article. Without a true difference, how often is one seen (5 % is right), and how often does the 95 % interval hold the truth?
With the smallest difference that a set is said to tell, how often is it told (80 % is right)?
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from pullquote.eval.statistics import LEVEL, POWER, interval_of_mean, least, p_of_mean
from pullquote.index.types import Floats, Ints

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import about, write

ROUNDS = 2000
SETS = {
    "15 articles, 1 question each": (15, 1.0, 0.0),
    "15 articles, 5 each": (15, 5.0, 0.3),
    "60 articles, 4 each": (60, 4.0, 0.3),
    "200 articles, 3 each": (200, 3.0, 0.2),
}
_LARGE = 20_000  # articles, for what is true


def changes(chance: np.random.Generator, articles: int, each: float, together: float, shift: float = 0.0) -> tuple[Floats, Ints]:
    """By question, by how much the second system is better (1, 0 or -1), and its article. `together`: the variance of what the
    questions of an article share of the difference; `shift`: how much better the second system is, on the scale of that.
    """
    sizes = np.maximum(1, chance.poisson(each, articles)) if each > 1 else np.ones(articles, np.int64)
    of = np.repeat(np.arange(articles), sizes)
    hard = 0.7 * (chance.normal(size=articles)[of] + chance.normal(size=len(of)))
    better = chance.normal(0, np.sqrt(together), articles)[of] + shift
    one, other = (hard + more + 0.6 * chance.normal(size=len(of)) > 0 for more in (0.0, better))
    return other.astype(float) - one, of


def shift_of(difference: float, together: float) -> float:
    """The shift that makes a true difference."""
    low, high = 0.0, 4.0
    for _ in range(30):
        middle = (low + high) / 2
        true = changes(np.random.default_rng(5), _LARGE, 1.0, together, middle)[0].mean()
        low, high = (middle, high) if true < difference else (low, middle)
    return low


def simulated(articles: int, each: float, together: float) -> dict[str, float]:
    """The shares of the rounds in which a set of such a size is right."""
    chance = np.random.default_rng(2004)
    seen = by_question = held = 0
    told = []
    for _ in range(ROUNDS):
        values, of = changes(chance, articles, each, together)
        seen += p_of_mean(values, of) < LEVEL
        by_question += p_of_mean(values, np.arange(len(values))) < LEVEL
        low, high = interval_of_mean(values, of)
        held += low <= 0 <= high
        if (found := least(values, of)) is not None:
            told.append(found)
    difference = float(np.mean(told))
    shift = shift_of(difference, together)
    power = sum(p_of_mean(*changes(chance, articles, each, together, shift)) < LEVEL for _ in range(ROUNDS))
    return {
        "said to differ": seen / ROUNDS,
        "said to differ, each question alone": by_question / ROUNDS,
        "interval holds the truth": held / ROUNDS,
        "smallest difference told": difference,
        "told": power / ROUNDS,
        "told, as predicted": POWER,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    write({**about(), "rounds": ROUNDS, "sets": {name: simulated(*some) for name, some in SETS.items()}}, arguments.out)


if __name__ == "__main__":
    main()
