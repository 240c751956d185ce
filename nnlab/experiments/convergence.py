"""How many steps five methods take to fit a straight line, plainly and stochastically."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import numpy as np

from nnlab._types import Array
from nnlab.datasets import line
from nnlab.experiments.results import significant
from nnlab.experiments.study import Options, Row
from nnlab.optimizers import (
    AdaGrad,
    Adam,
    GradientDescent,
    MovingAverage,
    MuMomentum,
    Optimizer,
    RMSProp,
)

RATE = 0.1


def _uncorrected(k: int) -> float:
    """The rate with which Adam leaves its averages uncorrected, as the report's Eq. 38 prints it."""
    return RATE * (1 - 0.9 ** (k + 1)) / math.sqrt(1 - 0.999 ** (k + 1))


METHODS: dict[str, Callable[[], Optimizer]] = {
    "gd": lambda: GradientDescent(RATE),
    "momentum": lambda: MuMomentum(RATE, mu=4),
    "moving average": lambda: MovingAverage(RATE, beta=0.75),  # the same memory, not the same sum
    "adagrad": lambda: AdaGrad(RATE),
    "rmsprop": lambda: RMSProp(RATE),
    "adam": lambda: Adam(RATE),
    "adam, uncorrected": lambda: Adam(_uncorrected),
}
BLIND = ("adagrad", "rmsprop", "adam", "adam, uncorrected")
"""Methods to which half a gradient is the same as a whole one."""

BATCHES = 100

RULES = {
    # plain: the report's, on all samples; lottery: the same rule on each mini-batch's own cost;
    # epochs: the cost of all samples, compared once an epoch
    "plain": 1,
    "lottery": BATCHES,
    "epochs": BATCHES,
}


def plan(options: Options) -> list[Row]:
    """Each method with the gradient of the mean square error, and with half of it: the report's
    Table I fits the latter."""
    limit = options.epochs or 1
    return [
        {
            "method": method,
            "rule": rule,
            "gradient": gradient,
            "lr": RATE,
            "tolerance": 1e-6,
            "limit": limit if rule == "plain" else limit // 5,
            "seed": seed,
        }
        for method, rule, gradient in product(METHODS, RULES, ("whole", "half"))
        if not (method in BLIND and gradient == "half")
        for seed in range(options.repeat or 1)
    ]


def run(row: Row) -> Row:
    """Descend from the origin until the cost changes by less than the tolerance, as the report
    does."""
    making, shuffling = np.random.default_rng(row["seed"]).spawn(2)
    X, y = line(rng=making)
    A = np.column_stack([np.ones(len(X)), X[:, 0]])
    factor = 2.0 if row["gradient"] == "whole" else 1.0
    method = METHODS[row["method"]]()
    count = RULES[row["rule"]]
    theta, steps, path, kept = np.zeros(2), 0, [np.zeros(2)], 1
    before = cost(A, y, theta)
    converged = False
    for _ in range(row["limit"]):
        order = shuffling.permutation(len(X)) if count > 1 else np.arange(len(X))
        for batch in np.split(order, count):
            gradient = factor / len(batch) * (A[batch].T @ (A[batch] @ theta - y[batch]))
            method.step(theta, gradient)
            steps += 1
            if steps >= kept:
                path.append(theta.copy())
                kept += 1 + steps // 8  # closely at first, where the way bends
            if row["rule"] != "epochs":
                rows = slice(None) if count == 1 else batch
                now = cost(A[rows], y[rows], theta)
                converged, before = abs(now - before) < row["tolerance"], now
                if converged:
                    break
        if row["rule"] == "epochs":
            now = cost(A, y, theta)
            converged, before = abs(now - before) < row["tolerance"], now
        if converged:
            break
    best = np.linalg.lstsq(A, y, rcond=None)[0]
    return {
        "converged": int(converged),
        "steps": steps,
        "passes": steps / count,
        "intercept": theta[0],
        "slope": theta[1],
        "distance": float(np.linalg.norm(theta - best)),
        "excess": cost(A, y, theta) - cost(A, y, best),
        **(
            {
                "path_intercept": significant(point[0] for point in path),
                "path_slope": significant(point[1] for point in path),
            }
            if row["seed"] == 0
            else {}
        ),
    }


def cost(A: Array, y: Array, theta: Array) -> float:
    return float(((A @ theta - y) ** 2).mean())
