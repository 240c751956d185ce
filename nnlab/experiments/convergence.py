"""How many steps five methods take to fit a straight line, plainly and stochastically."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from nnlab._types import Array
from nnlab.datasets import line
from nnlab.experiments import figures, published
from nnlab.experiments.results import significant
from nnlab.experiments.study import Options, Row, Study
from nnlab.experiments.table import Table, column, groups, spread
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
    theta, steps, path = np.zeros(2), 0, [np.zeros(2)]
    before = cost(A, y, theta)
    converged = False
    for _ in range(row["limit"]):
        order = shuffling.permutation(len(X)) if count > 1 else np.arange(len(X))
        for batch in np.split(order, count):
            gradient = factor / len(batch) * (A[batch].T @ (A[batch] @ theta - y[batch]))
            method.step(theta, gradient)
            steps += 1
            if steps & (steps - 1) == 0 or steps % 50 == 0:
                path.append(theta.copy())
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
    thin = np.array(path)[:: -(-len(path) // 60)]
    return {
        "converged": int(converged),
        "steps": steps,
        "passes": steps / count,
        "intercept": theta[0],
        "slope": theta[1],
        "distance": float(np.linalg.norm(theta - best)),
        "excess": cost(A, y, theta) - cost(A, y, best),
        **(
            {"path_intercept": significant(thin[:, 0]), "path_slope": significant(thin[:, 1])}
            if row["seed"] == 0
            else {}
        ),
    }


def cost(A: Array, y: Array, theta: Array) -> float:
    return float(((A @ theta - y) ** 2).mean())


SAME = {"moving average": "momentum", "adam, uncorrected": "adam"}
"""Which of the report's rows stands beside ours, if it has another name."""


def table(rows: Sequence[Row]) -> Table:
    """Passes over the data, ours by each rule beside the report's two columns."""
    cells = []
    for (gradient, method), same in groups(rows, "gradient", "method").items():
        by_rule = {rule: [r for r in same if r["rule"] == rule] for rule in RULES}
        passes = {rule: column(part, "passes") for rule, part in by_rule.items()}
        plain, stochastic = published.REPORT_STEPS[SAME.get(method, method)]
        xi, fair = _ratios(by_rule["lottery"], by_rule), _ratios(by_rule["epochs"], by_rule)
        cells.append(
            [
                f"{method}, {gradient}",
                spread(passes["plain"], 0),
                str(plain),
                spread(passes["lottery"], 1),
                f"{stochastic:.1f}",
                f"{min(xi):.2g} ... {max(xi):.2g}" if xi else "",
                f"{plain / stochastic:.2g}",
                spread(passes["epochs"], 1),
                spread(fair, 1),
            ]
        )
    columns = ["method, gradient", "plain", "report", "stochastic", "report", "Xi", "report"]
    return Table(
        f"Passes over the data to convergence, {len({row['seed'] for row in rows})} data sets",
        [*columns, "stochastic, by epochs", "Xi, by epochs"],
        cells,
        _note(rows),
    )


def _ratios(stochastic: Sequence[Row], by_rule: dict[str, list[Row]]) -> list[float]:
    plain = {row["seed"]: row["passes"] for row in by_rule["plain"]}
    return [plain[row["seed"]] / row["passes"] for row in stochastic if row["seed"] in plain]


def _note(rows: Sequence[Row]) -> str:
    lottery = [r for r in rows if r["rule"] == "lottery" and r["method"] in ("gd", "momentum")]
    steps = np.array(column(lottery, "steps"))
    lost = sum(not row["converged"] for row in rows)
    return (
        "'stochastic' stops when two mini-batches in a row happen to cost the same within the "
        f"tolerance. That is a lottery: with one method the waiting time varies by its own size "
        f"(gd and momentum: mean {steps.mean():.0f} steps, standard deviation {steps.std():.0f}), "
        "as waiting for a rare event does, so Xi says little about the method. "
        "'by epochs' compares the cost of all samples once an epoch. 'half' takes half the "
        "gradient of the mean square error, which is what the report's plain counts fit. "
        f"{lost} of {len(rows)} runs had not converged at their limit."
    )


CONVERGENCE = Study(
    "convergence",
    "How many steps does each method take to fit a straight line?",
    "r-tab1 r-f9 r-appA",
    plan,
    run,
    table,
    figures.paths,
    full=Options(epochs=5000, repeat=10),
    quick=Options(epochs=2000, repeat=1),
)
