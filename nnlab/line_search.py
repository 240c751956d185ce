"""A line search asks how far to go: given a downhill direction p, it finds a rate for the step x +
rate * p."""

import math
from collections.abc import Callable

from nnlab import _checks
from nnlab._types import Array

Function = Callable[[Array], float]
Gradient = Callable[[Array], Array]
RATES = 1000
"""How many rates backtracking tries at most: a shrink of almost 1 would go on for days."""
LineSearch = Callable[[Function, Gradient, Array, Array], float]


def exact_line_search(f: Function, gradient: Gradient, x: Array, p: Array) -> float:
    r"""Find a $\lambda > 0$ where $f(x + \lambda p)$ stops falling: where $\nabla f(x + \lambda p)
    \cdot p = 0$.

    The slope along p is negative at 0; double until it is not, then close in by the secant through
    the bracket's ends (halving where that is slow). For a quadratic the slope is a straight line,
    so the first secant hits. If there are several valleys along p, it may end in any of them.

    >>> from nnlab.functions import QUADRATIC
    >>> import numpy as np
    >>> x, p = np.array([0.0, 0.0]), np.array([0.0, 2.0])
    >>> exact_line_search(QUADRATIC.f, QUADRATIC.gradient, x, p)
    0.25
    """

    def slope(rate: float) -> float:
        return float(gradient(x + rate * p) @ p)

    low, slope_low = 0.0, slope(0.0)
    if not slope_low < 0:
        raise ValueError(f"p must point downhill: the slope along it is {slope_low}")
    high, slope_high = 1.0, slope(1.0)
    while slope_high < 0:
        low, slope_low, high = high, slope_high, 2 * high
        slope_high = slope(high)
        if high > 1e12 or not math.isfinite(slope_high):
            raise ValueError(
                "the slope along p stays negative: the function falls for ever along p, and there "
                "is no best step, or the gradient is wrong"
            )
    for round_ in range(200):
        if slope_high == 0 or high - low <= 4e-16 * high:
            break
        rate = low - slope_low * (high - low) / (slope_high - slope_low)
        if round_ % 3 == 2 or not low < rate < high:
            rate = (low + high) / 2
        if not low < rate < high:
            break
        here = slope(rate)
        if here < 0:
            low, slope_low = rate, here
        else:
            high, slope_high = rate, here
    return high


def armijo(
    f: Function,
    gradient: Gradient,
    x: Array,
    p: Array,
    guess: float = 1.0,
    shrink: float = 0.5,
    share: float = 1e-4,
) -> float:
    r"""Backtrack: shrink the rate until the cost falls by a fair share of what the slope promises.

    $f(x + \lambda p) \le f(x) + c\,\lambda\,\nabla f(x) \cdot p$ with c = share. NaN and infinity
    count as too far.

    >>> from nnlab.functions import PARABOLA
    >>> import numpy as np
    >>> armijo(PARABOLA.f, PARABOLA.gradient, np.array([1.0]), np.array([-2.0]))
    0.5

    Source: Armijo 1966; Nocedal and Wright 2006, Algorithm 3.1.
    """
    if not 0 < shrink < 1:
        raise ValueError(f"shrink must lie between 0 and 1, got {shrink!r}")
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, got {share!r}")
    here, slope = float(f(x)), float(gradient(x) @ p)
    if not slope < 0:
        raise ValueError(f"p must point downhill: the slope along it is {slope}")
    rate = _checks.positive("guess", guess)
    for _ in range(RATES):
        if f(x + rate * p) <= here + share * rate * slope:
            return rate
        rate *= shrink
        if (x + rate * p == x).all():
            break
    raise ValueError("no step along p lowers the cost: is the gradient right?")
