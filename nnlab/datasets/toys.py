"""Small made-up data sets: a problem you can see whole, with an answer you know."""

import math
from collections.abc import Callable

import numpy as np

from nnlab import _checks
from nnlab._types import Array, Rng

CURVES: dict[str, Callable[[Array], Array]] = {
    "square": np.square,
    "sine": np.sin,
    "absolute": np.abs,
    "step": lambda x: np.heaviside(x, 0.0),
}
"""The four functions of the lecture's Figure 5.3."""


def xor() -> tuple[Array, Array]:
    """Return the four points of XOR: the class is 1 where exactly one input is 1, and no line
    separates the two.

    >>> X, y = xor()
    >>> y
    array([0, 1, 1, 0])
    """
    return np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])


def moons(n: int = 200, noise: float = 0.1, *, rng: Rng) -> tuple[Array, Array]:
    """Return two half circles that hook into each other, with normal noise: X (n, 2) and labels 0,
    1.

    >>> X, y = moons(6, rng=np.random.default_rng(0))
    >>> X.shape, y
    ((6, 2), array([0, 0, 0, 1, 1, 1]))
    """
    first = _checks.whole("n", n, least=2) // 2
    angle = np.concatenate([np.linspace(0, np.pi, first), np.linspace(0, np.pi, n - first)])
    y = np.repeat([0, 1], [first, n - first])
    outer = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    inner = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    X = np.where(y[:, None] == 0, outer, inner)
    return X + _checks.generator(rng).normal(0, noise, X.shape), y


def line(
    n: int = 1000,
    intercept: float = -2.0,
    slope: float = 1.0,
    noise: float = 0.1,
    *,
    rng: Rng,
) -> tuple[Array, Array]:
    r"""Return points around a straight line: x uniform in [0, 1], $y = \beta_0 + \beta_1 x +
    \alpha\,\epsilon$.

    >>> X, y = line(5, noise=0, rng=np.random.default_rng(0))
    >>> X.shape, bool(np.allclose(y, X[:, 0] - 2))
    ((5, 1), True)

    Source: report, appendix A (whose values are the defaults).
    """
    x = _checks.generator(rng).uniform(0, 1, _checks.whole("n", n))
    return x[:, None], intercept + slope * x + noise * rng.normal(size=n)


def curve(name: str, n: int = 50, *, rng: Rng | None = None) -> tuple[Array, Array]:
    """Return n points of a function on [-1, 1]: "square", "sine", "absolute" or "step"; evenly
    spaced if no rng is given.

    >>> curve("absolute", 3)[1]
    array([1., 0., 1.])

    Source: lecture, Figure 5.3 (its sine is drawn as sin(pi x); ours is too).
    """
    f = CURVES[_checks.choice("curve", name, CURVES)]
    n = _checks.whole("n", n)
    if rng is None:
        x = np.linspace(-1, 1, n)
    else:
        x = np.sort(_checks.generator(rng).uniform(-1, 1, n))
    return x[:, None], f(math.pi * x if name == "sine" else x)
