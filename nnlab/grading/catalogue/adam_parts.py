"""Unit `adam`, around the method itself: correct an average for its start at zero, and walk with any method."""

import numpy as np

from nnlab._types import Array, Rng
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.optimizers import adam_step, heavy_ball_step, rmsprop_step


def bias_correction(average: Array, beta: float, t: int) -> Array:
    """Return a moving average of t values that started at zero, as if it had not: average / (1 - beta^t)."""
    return np.asarray(average) / (1 - beta**t)


BIAS_CORRECTION = Specification(
    "bias_correction",
    bias_correction,
    "book/adam.html#src-t-a8",
    {
        "values": Aspect(
            "a few averages",
            [call(np.array([0.1, -0.2]), 0.9, 1), call(np.array([0.5, 2.0]), 0.999, 10)],
            lambda rng: call(rng.normal(size=3), rng.uniform(0.5, 0.99), int(rng.integers(1, 20))),
            keeps_inputs=True,
        )
    },
)


@BIAS_CORRECTION.mistake(
    "no-power", "You divide by 1 - beta at every t; it is 1 - beta**t, which grows to 1."
)
def _(average: Array, beta: float, t: int) -> Array:
    return average / (1 - beta)


@BIAS_CORRECTION.mistake(
    "times-t", "You multiply beta by t; the weights of old values shrink like beta**t, a power."
)
def _(average: Array, beta: float, t: int) -> Array:
    return average / (1 - beta * t)


@BIAS_CORRECTION.mistake(
    "multiplied", "You multiply by 1 - beta**t; the average is too small at first, so divide."
)
def _(average: Array, beta: float, t: int) -> Array:
    return average * (1 - beta**t)


@BIAS_CORRECTION.mistake(
    "one-late", "Your power is t - 1; the average of t values carries the weight 1 - beta**t."
)
def _(average: Array, beta: float, t: int) -> Array:
    return average / (1 - beta ** (t - 1))


@BIAS_CORRECTION.mistake(
    "one-early", "Your power is t + 1; the average of t values carries the weight 1 - beta**t."
)
def _(average: Array, beta: float, t: int) -> Array:
    return average / (1 - beta ** (t + 1))


@BIAS_CORRECTION.mistake(
    "power-outside", "The power belongs to beta alone: 1 - beta**t, not (1 - beta)**t."
)
def _(average: Array, beta: float, t: int) -> Array:
    return np.asarray(average / (1 - beta) ** t)


def walk(step: Function, gradient: Function, start: Array, steps: int, **settings: float) -> Array:
    """Return the points (steps + 1, n) that `step` visits from `start`, start included."""
    points, state = [np.array(start, dtype=float)], None
    for _ in range(steps):
        theta, state = step(points[-1], gradient(points[-1]), state, **settings)
        points.append(theta)
    return np.array(points)


def _a_walk(rng: Rng) -> Case:
    curvature = rng.uniform(0.5, 20, 2)

    def gradient(theta: Array) -> Array:
        return curvature * np.asarray(theta)

    step = (heavy_ball_step, rmsprop_step, adam_step)[rng.integers(3)]
    lr = 0.02 if step is heavy_ball_step else 0.3
    return call(step, gradient, rng.normal(size=2), int(rng.integers(5, 15)), lr=lr)


def _bowl(theta: Array) -> Array:
    return np.array([1.0, 10.0]) * theta


WALK = Specification(
    "walk",
    walk,
    "book/adam.html#src-s-ravine",
    {
        "points": Aspect(
            "the points of a walk",
            [call(heavy_ball_step, _bowl, np.array([2.0, 1.0]), 3, lr=0.1)],
            _a_walk,
            keeps_inputs=True,
        )
    },
)


@WALK.mistake("no-start", "The first row must be the start itself: steps + 1 points in all.")
def _(step: Function, gradient: Function, start: Array, steps: int, **settings: float) -> Array:
    return walk(step, gradient, start, steps, **settings)[1:]


@WALK.mistake(
    "no-end", "The last point is missing: steps updates make steps + 1 points, the start included."
)
def _(step: Function, gradient: Function, start: Array, steps: int, **settings: float) -> Array:
    return walk(step, gradient, start, steps, **settings)[:-1]


@WALK.mistake(
    "one-more", "You make one step too many: range(steps) goes through the loop steps times."
)
def _(step: Function, gradient: Function, start: Array, steps: int, **settings: float) -> Array:
    return walk(step, gradient, start, steps + 1, **settings)


@WALK.mistake(
    "state-lost", "The state is lost between steps: hand the state a step returns to the next step."
)
def _(step: Function, gradient: Function, start: Array, steps: int, **settings: float) -> Array:
    return walk(
        lambda theta, g, _, **s: step(theta, g, None, **s), gradient, start, steps, **settings
    )


@WALK.mistake(
    "stale-gradient", "The gradient is taken at the start only: take it anew at every point."
)
def _(step: Function, gradient: Function, start: Array, steps: int, **settings: float) -> Array:
    g = gradient(start)
    return walk(step, lambda theta: g, start, steps, **settings)


@WALK.mistake(
    "settings-dropped", "The settings (lr=...) do not reach step: pass **settings on to it."
)
def _(step: Function, gradient: Function, start: Array, steps: int, **settings: float) -> Array:
    return walk(step, gradient, start, steps)
