"""Unit `gd-variants`: three samples, one a step, and the fractal that SGD draws with them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.fractal import INPUTS, TARGETS
from nnlab.grading.specification import Aspect, Case, Function, Specification, call


def sgd_fractal(lr: float, steps: int, rng: Rng) -> Array:
    """Return the weights (steps, 2) after each step from (0, 0), with samples from rng.integers."""
    return np.array(_walk()(lr, steps, rng))


def _walk(
    step: Callable[..., Array] = lambda w, i, lr: w - lr * (INPUTS[i] @ w - TARGETS[i]) * INPUTS[i],
    samples: Callable[[int, Rng], Any] = lambda steps, rng: rng.integers(3, size=steps),
    keep: Callable[[list[Array]], Any] = lambda points: points[1:],
) -> Function:
    """Return the walk with one of its parts replaced."""

    def walk(lr: float, steps: int, rng: Rng) -> Any:
        points = [np.zeros(2)]
        for i in samples(steps, rng):
            points.append(step(points[-1], i, lr))
        return np.array(keep(points))

    return walk


def _seeded(fractal: Function, lr: float, steps: int, seed: int) -> Any:
    return fractal(lr, steps, np.random.default_rng(seed))


def _some(rng: Rng) -> Case:
    return call(
        float(f"{rng.uniform(0.1, 1):.3g}"), int(rng.integers(5, 40)), int(rng.integers(1000))
    )


SGD_FRACTAL = Specification(
    "sgd_fractal",
    sgd_fractal,
    "book/gd-variants.html#src-c-f16",
    {
        "points": Aspect(
            "the points of a walk",
            [call(0.5, 6, 0), call(0.65, 30, 7)],
            _some,
            _seeded,
        )
    },
)
for _id, _message, _variant in (
    (
        "doubled",
        "A factor 2 too many: this loss carries a 1/2, so its gradient is (x w - y) x.",
        _walk(lambda w, i, lr: w - 2 * lr * (INPUTS[i] @ w - TARGETS[i]) * INPUTS[i]),
    ),
    (
        "all-samples",
        "You use all three samples in every step: take the one that was drawn.",
        _walk(lambda w, i, lr: w - lr * INPUTS.T @ (INPUTS @ w - TARGETS)),
    ),
    (
        "in-turn",
        "You take the samples in turn; draw them at random, by rng.integers(3, size=steps).",
        _walk(samples=lambda steps, rng: np.arange(steps) % 3),
    ),
    (
        "two-samples",
        "rng.integers(2) draws 0 and 1 only: the upper end is left out, so it is rng.integers(3).",
        _walk(samples=lambda steps, rng: rng.integers(2, size=steps)),
    ),
    (
        "own-generator",
        "You make a generator of your own: draw from the rng that was passed in.",
        _walk(samples=lambda steps, rng: np.random.default_rng(0).integers(3, size=steps)),
    ),
    (
        "uphill",
        "Your steps go uphill: subtract lr times the gradient.",
        _walk(lambda w, i, lr: w + lr * (INPUTS[i] @ w - TARGETS[i]) * INPUTS[i]),
    ),
    (
        "no-target",
        "The target is missing: the error is x w - y.",
        _walk(lambda w, i, lr: w - lr * (INPUTS[i] @ w) * INPUTS[i]),
    ),
    (
        "error-unprojected",
        "The error moves both weights alike: multiply it by the inputs x of the sample.",
        _walk(lambda w, i, lr: w - lr * (INPUTS[i] @ w - TARGETS[i])),
    ),
    (
        "one-after-the-other",
        "w2 is updated with the new w1: compute the error once, with the old weights, for both.",
        _walk(lambda w, i, lr: _in_turn(w, i, lr)),
    ),
    (
        "start-included",
        "Your first row is the start: return the weights after each step, steps rows in all.",
        _walk(keep=lambda points: points),
    ),
    (
        "shifted",
        "Your first row is the start and the last step is missing: append after the step, not before.",
        _walk(keep=lambda points: points[:-1]),
    ),
    (
        "one-array",
        "All your points are one array, moved again and again (w -= ...): w = w - ... makes a new one.",
        _walk(keep=lambda points: [points[-1]] * (len(points) - 1)),
    ),
):
    SGD_FRACTAL.mistake(_id, _message)(_variant)


def _in_turn(w: Array, i: int, lr: float) -> Array:
    w = w.copy()
    for j in (0, 1):
        w[j] -= lr * (INPUTS[i] @ w - TARGETS[i]) * INPUTS[i][j]
    return w
