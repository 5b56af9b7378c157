"""McFadden's conditional logit (1974): the odds that a sentence is the one that answers, among those put forward for its question."""

from __future__ import annotations

from typing import Any

import numpy as np

Floats = Any
RIDGE = 1.0


def conditional_logit(x: Floats, right: Floats, sizes: Floats, weight: Floats | None = None) -> Floats:
    """The coefficients, per unit of each kind of evidence, by L-BFGS on standardised evidence with a ridge.

    `x`: (sentences, kinds), question after question; `right`: (sentences,) 1 where a sentence answers, at least one of a question;
    `sizes`: (questions,) how many sentences each has; `weight`: (questions,) what each counts, 1 where that is not given.
    """
    from scipy.optimize import minimize

    scale = x.std(axis=0) + 1e-9
    x = x / scale
    weight = np.ones(len(sizes)) if weight is None else weight
    starts, question = np.cumsum(sizes) - sizes, np.repeat(np.arange(len(sizes)), sizes)

    def loss(w: Floats) -> tuple[float, Floats]:
        s = x @ w
        e = np.exp(s - np.maximum.reduceat(s, starts)[question])
        every, good = np.add.reduceat(e, starts), np.add.reduceat(e * right, starts)
        gradient = x.T @ (weight[question] * (e / every[question] - e * right / good[question]))
        return float((weight * (np.log(every) - np.log(good))).sum() + RIDGE * (w @ w) / 2), gradient + RIDGE * w

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x / scale
