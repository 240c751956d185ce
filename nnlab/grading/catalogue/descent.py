"""Unit `descent`: one step of gradient descent, and a whole descent with its stopping rules."""
# mypy: allow-untyped-defs

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

import nnlab.descent
from nnlab._types import Array, Rng
from nnlab.functions import PARABOLA
from nnlab.grading.catalogue._steps import GRAD, THETA, count_mistakes, step_aspects
from nnlab.grading.portable import portable
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.optimizers import gd_step

_STEP = step_aspects((), {"lr": (0.01, 0.5)})
GD_STEP = Specification(
    "gd_step",
    gd_step,
    "book/gradient-descent.html#src-t-a1",
    {
        "first_step": replace(
            _STEP["first_step"],
            about="one step",
            fixed=[call(np.array([2.0]), np.array([-24.0]), lr=0.1), call(THETA, GRAD)],
        ),
        "state": replace(_STEP["state"], fixed=[*_STEP["state"].fixed, call(THETA, GRAD)]),
    },
    returns=("theta", "state"),
)


def _step(id: str, message: str) -> Callable[[Function], Function]:
    """Catalogue `variant(theta, grad, t, lr)`, called with the t of the new state."""

    def catalogue(variant: Function) -> Function:
        def step(theta, grad, state=None, lr=0.01):
            return variant(theta, grad, (state or {"t": 0})["t"] + 1, lr)

        return GD_STEP.mistake(id, message)(step)

    return catalogue


@_step("uphill", "Your step goes uphill: the gradient points up, so subtract it.")
def _(theta, grad, t, lr):
    return theta + lr * grad, {"t": t}


@_step("no-rate", "The rate is missing: the step is lr times the gradient.")
def _(theta, grad, t, lr):
    return theta - grad, {"t": t}


@_step("fixed-rate", "Your rate is always 0.01: use the lr that was passed in.")
def _(theta, grad, t, lr):
    return theta - 0.01 * grad, {"t": t}


@_step(
    "unit-length",
    "You divide the gradient by its length: the step is lr times the gradient as it is, long where it is steep.",
)
def _(theta, grad, t, lr):
    return theta - lr * grad / np.linalg.norm(grad), {"t": t}


@_step("sign-only", "You use only the gradient's signs: its size belongs to the step.")
def _(theta, grad, t, lr):
    return theta - lr * np.sign(grad), {"t": t}


@_step("step-only", "You return the step itself: subtract it from theta.")
def _(theta, grad, t, lr):
    return -lr * grad, {"t": t}


count_mistakes(GD_STEP)


@_step("t-starts-over", "Your t starts over at each step: take it from the state, and add 1.")
def _(theta, grad, t, lr):
    return theta - lr * grad, {"t": 1}


@_step("in-place", "You change theta in place (theta -= ...): write theta - lr * grad.")
def _(theta, grad, t, lr):
    theta -= lr * grad
    return theta, {"t": t}


def descend(
    f: Function,
    gradient: Function,
    start: Array,
    lr: float,
    steps: int = 100,
    *,
    cost_change: float | None = None,
    gradient_norm: float | None = None,
) -> tuple[Array, Array, str]:
    """Descend with a constant rate; return the points, their costs and why it stopped."""
    trace = nnlab.descent.descend(
        f, gradient, start, lr, steps, cost_change=cost_change, gradient_norm=gradient_norm
    )
    return trace.points, trace.costs, trace.stopped


def bowl(rng: Rng) -> tuple[Function, Function, Array]:
    """Return a random bowl with curvatures from 1 to 4, its gradient, and a start away from its minimum."""
    angle, low, high = rng.uniform(0, np.pi), rng.uniform(1, 2), rng.uniform(2.5, 4)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    A, minimum = turn @ np.diag([low, high]) @ turn.T, rng.normal(size=2)

    def f(x: Array) -> float:
        off = np.asarray(x, dtype=float) - minimum
        return float(off @ A @ off / 2 + 1)

    def gradient(x: Array) -> Array:
        return A @ (np.asarray(x, dtype=float) - minimum)

    return f, gradient, minimum + rng.choice([-1, 1], 2) * rng.uniform(1, 3, 2)


def _some_steps(rng: Rng) -> Case:
    return call(*bowl(rng), rng.uniform(0.05, 0.4), int(rng.integers(3, 9)))


def _until(rng: Rng) -> Case:
    rule = {str(rng.choice(["cost_change", "gradient_norm"])): 10 ** rng.uniform(-5, -1)}
    return call(*bowl(rng), rng.uniform(0.1, 0.4), **rule)


def _away(rng: Rng) -> Case:
    return call(*bowl(rng), rng.uniform(1.2, 3), 60)


@portable
def straight(x: Array) -> float:
    """Return x: a line, which falls for ever."""
    return float(x[0])


@portable
def one(x: Array) -> Array:
    """Return 1, the slope of `straight`."""
    return np.ones(1)


@portable
def barrier(x: Array) -> float:
    """Return x - ln x: NaN left of zero."""
    return float(x[0] - np.log(x[0]))


@portable
def barrier_gradient(x: Array) -> Array:
    """Return 1 - 1/x."""
    return 1 - 1 / np.asarray(x, dtype=float)


_PARABOLA: tuple[Any, Any] = (PARABOLA.f, PARABOLA.gradient)
DESCEND = Specification(
    "descend",
    descend,
    "book/gradient-descent.html#src-t-a1",
    {
        "trace": Aspect(
            "a few steps",
            [call(*_PARABOLA, np.array([1.0]), 0.1, 3)],
            _some_steps,
            keeps_inputs=True,
        ),
        "stopping": Aspect(
            "when to stop",
            [
                call(*_PARABOLA, np.array([2.0]), 0.25, cost_change=3.0),
                call(*_PARABOLA, np.array([1.0]), 0.25, gradient_norm=2.0),
                call(*_PARABOLA, np.array([0.0]), 0.25, gradient_norm=1e-6),
                call(*_PARABOLA, np.array([1.0]), 0.1),
            ],
            _until,
        ),
        "diverged": Aspect(
            "a rate that is too large",
            [
                call(*_PARABOLA, np.array([1.0]), 1.5, 60),
                call(straight, one, np.array([0.0]), 250_000.0, 6),
                call(barrier, barrier_gradient, np.array([2.0]), 5.0, 4),
            ],
            _away,
        ),
    },
    returns=("points", "costs", "stopped"),
)
