"""Plain functions to descend on, each with its gradient, a place to start and the minima it is
known for."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlab._types import Array


class Surface(NamedTuple):
    """A function of a vector: its value, its gradient, a start, and its minima (the best one
    first)."""

    name: str
    f: Callable[[Array], float]
    gradient: Callable[[Array], Array]
    start: tuple[float, ...]
    minima: tuple[tuple[float, ...], ...]


def _parabola(x: Array) -> float:
    return x[0] ** 2


def _parabola_gradient(x: Array) -> Array:
    return np.array([2 * x[0]])


PARABOLA = Surface("parabola", _parabola, _parabola_gradient, (1.0,), ((0.0,),))
"""x^2, the chapter's example: from 1 with rate 0.1, x_k = 0.8^k."""

_COEFFICIENTS = (0.000017, -0.001133, 0.029241, -0.36691, 2.234115, -5.510020, 4.722197)
_SLOPES = np.polyder(_COEFFICIENTS)


def _polynomial(x: Array) -> float:
    return float(np.polyval(_COEFFICIENTS, x[0]))


def _polynomial_gradient(x: Array) -> Array:
    return np.array([np.polyval(_SLOPES, x[0])])


def _minima(slopes: Array) -> tuple[tuple[float, ...], ...]:
    stationary = np.roots(slopes)
    real = stationary[abs(stationary.imag) < 1e-9].real
    lowest = [float(x) for x in real if np.polyval(np.polyder(slopes), x) > 0]
    return tuple((x,) for x in sorted(lowest, key=lambda x: float(np.polyval(_COEFFICIENTS, x))))


POLYNOMIAL = Surface("polynomial", _polynomial, _polynomial_gradient, (0.0,), _minima(_SLOPES))
"""The thesis's polynomial of degree 6 (its Figures 1, 18, 19), with more than one valley to end
in."""


def _quadratic(x: Array) -> float:
    return x[0] ** 2 + 2 * x[1] ** 2 - 2 * x[0] * x[1] - 2 * x[1]


def _quadratic_gradient(x: Array) -> Array:
    return np.array([2 * x[0] - 2 * x[1], 4 * x[1] - 2 * x[0] - 2])


QUADRATIC = Surface("quadratic", _quadratic, _quadratic_gradient, (0.0, 0.0), ((1.0, 1.0),))
"""The thesis's Example 1: exact line search goes to (0, 1/2) first and ends in (1, 1)."""


def _ravine(x: Array) -> float:
    return 0.05 * x[0] ** 2 + x[1] ** 2


def _ravine_gradient(x: Array) -> Array:
    return np.array([0.1 * x[0], 2 * x[1]])


RAVINE = Surface("ravine", _ravine, _ravine_gradient, (-8.0, 1.5), ((0.0, 0.0),))
"""A long valley, twenty times steeper across than along."""


def _saddle(x: Array) -> float:
    return x[0] ** 2 - x[1] ** 2 + x[1] ** 4 / 4


def _saddle_gradient(x: Array) -> Array:
    return np.array([2 * x[0], -2 * x[1] + x[1] ** 3])


SADDLE = Surface(
    "saddle", _saddle, _saddle_gradient, (1.0, 1e-3), ((0.0, 2**0.5), (0.0, -(2**0.5)))
)
"""A saddle at the origin: downhill to it along x1, downhill from it along x2, to a minimum on
either side."""


def _double_well(x: Array) -> float:
    return x[0] ** 4 / 4 - x[0] ** 2 / 2 + 0.1 * x[0]


def _double_well_gradient(x: Array) -> Array:
    return np.array([x[0] ** 3 - x[0] + 0.1])


_WELLS = sorted(np.roots([1.0, 0.0, -1.0, 0.1]).real)
DOUBLE_WELL = Surface(
    "double well",
    _double_well,
    _double_well_gradient,
    (1.5,),
    ((float(_WELLS[0]),), (float(_WELLS[2]),)),
)
"""Two valleys, the left one deeper: plain descent from the right stays on the right."""


def _rosenbrock(x: Array) -> float:
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def _rosenbrock_gradient(x: Array) -> Array:
    off = x[1] - x[0] ** 2
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * off, 200 * off])


ROSENBROCK = Surface("Rosenbrock", _rosenbrock, _rosenbrock_gradient, (-1.2, 1.0), ((1.0, 1.0),))
"""Rosenbrock's banana: a curved valley that is easy to enter and slow to follow."""

SURFACES = {
    s.name: s for s in (PARABOLA, POLYNOMIAL, QUADRATIC, RAVINE, SADDLE, DOUBLE_WELL, ROSENBROCK)
}
