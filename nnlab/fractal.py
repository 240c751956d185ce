r"""Three samples, two weights, one sample a step: SGD at a high rate draws a fractal.

Each step is one of three affine maps, $w \leftarrow w - \eta\,(x_i \cdot w - y_i)\,x_i$, with i
drawn at random; it moves w at right angles to the line $x_i \cdot w = y_i$. The three lines bound a
triangle.
"""

import math

import numpy as np

from nnlab import _checks
from nnlab._types import Array, Rng

INPUTS = np.array([[0.0, 1.0], [1.0, 0.5], [1.0, -0.5]])
TARGETS = np.array([0.0, 4.0, 0.0])


def least_squares() -> Array:
    """The minimum that SGD is looking for, by the normal equations.

    >>> least_squares()
    array([2.        , 1.33333333])

    Source: chapter, Exercise 1.
    """
    return np.linalg.solve(INPUTS.T @ INPUTS, INPUTS.T @ TARGETS)


def sgd_fractal(
    lr: float, steps: int, *, rng: Rng, start: tuple[float, float] = (0.0, 0.0)
) -> Array:
    """Return the weights (steps, 2) after each step of SGD with batch size 1.

    One step needs the one before, yet ten million take seconds: cut the sequence into stretches of
    about sqrt(steps), and run all stretches side by side. A stretch is an affine map, known from
    where it sends three points; chaining the maps gives each stretch its true start, and a second
    run from there is the sequence itself.

    >>> sgd_fractal(0.5, 2, rng=np.random.default_rng(0)).shape
    (2, 2)

    Source: chapter, "SGD and Fractals".
    """
    lr = _checks.positive("lr", lr)
    steps = _checks.whole("steps", steps)
    _checks.generator(rng)
    length = math.isqrt(steps - 1) + 1
    count = -(-steps // length)
    samples = rng.integers(len(TARGETS), size=steps, dtype=np.int8)
    draws = np.zeros((count, length), dtype=np.int8)
    draws.flat[:steps] = samples

    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    ends = np.repeat(corners[:, :, None], count, axis=2)
    for k in range(length):
        _step(ends[:, 0], ends[:, 1], draws[:, k], lr)
    starts = np.empty((count, 2))
    w = np.array(start, dtype=float)
    for block in range(count):
        starts[block] = w
        offset = ends[0, :, block]
        columns = ends[1:, :, block] - offset
        w = offset + w @ columns

    points = np.empty((count, length, 2))
    w1, w2 = starts[:, 0].copy(), starts[:, 1].copy()
    for k in range(length):
        _step(w1, w2, draws[:, k], lr)
        points[:, k, 0], points[:, k, 1] = w1, w2
    return points.reshape(-1, 2)[:steps]


def _step(w1: Array, w2: Array, draw: Array, lr: float) -> None:
    x1, x2, y = INPUTS[draw, 0], INPUTS[draw, 1], TARGETS[draw]
    move = lr * (x1 * w1 + x2 * w2 - y)
    w1 -= move * x1
    w2 -= move * x2
