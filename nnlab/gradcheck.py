"""A gradient check compares the gradient you derived with one that only the loss itself was asked
for."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike

Function = Callable[[Array], float]


def numerical_gradient(f: Function, theta: ArrayLike, h: float = 1e-5) -> Array:
    r"""Central differences: $\partial f / \partial\theta_i \approx (f(\theta + h e_i) - f(\theta -
    h e_i)) / 2h$.

    Two calls of f for each parameter: dear, simple, and wrong by only h^2.

    >>> numerical_gradient(lambda t: (t**2).sum(), [1.0, -2.0]).round(8)
    array([ 2., -4.])
    """
    theta = np.array(_checks.numbers("theta", theta))
    h = _checks.positive("h", h)
    gradient = np.empty_like(theta)
    for i in np.ndindex(theta.shape):
        center = theta[i]
        theta[i] = center + h
        above = f(theta)
        _checks.number("f(theta)", above)
        theta[i] = center - h
        below = f(theta)
        theta[i] = center
        gradient[i] = (above - below) / (2 * h)
    return gradient


def complex_step_gradient(f: Function, theta: ArrayLike, h: float = 1e-30) -> Array:
    r"""The derivative without a difference: $\partial f / \partial\theta_i = \mathrm{Im}\,f(\theta
    + i h e_i) / h$.

    Nothing is subtracted, so h may be tiny and the result is exact to the last digits; f must be
    built of operations that take complex numbers. Our own tests use it; students use central
    differences.

    >>> complex_step_gradient(lambda t: (t**3).sum(), [1.0, -2.0])
    array([ 3., 12.])

    Source: Squire and Trapp 1998.
    """
    theta = np.array(_checks.numbers("theta", theta), dtype=complex)
    gradient = np.empty(theta.shape)
    for i in np.ndindex(theta.shape):
        theta[i] += 1j * h
        gradient[i] = f(theta).imag / h
        theta[i] -= 1j * h
    return gradient


def relative_error(a: ArrayLike, b: ArrayLike) -> float:
    r"""How far apart two gradients are: $\|a - b\| / \max(\|a\|, \|b\|)$, and 0 if both are zero.

    >>> relative_error([3.0, 4.0], [3.0, 3.5])
    0.1
    """
    a, b = _checks.numbers("a", a), _checks.numbers("b", b)
    _checks.same_shape("a", a, "b", b)
    larger = max(np.linalg.norm(a), np.linalg.norm(b))
    return float(np.linalg.norm(a - b) / larger) if larger else 0.0


class GradientCheck(NamedTuple):
    """The outcome of a check: passed or not, the relative error, the worst entry both ways, and the
    kinks left out."""

    passed: bool
    error: float
    at: tuple[int, ...]
    analytic: float
    numeric: float
    kinks: int

    def __str__(self) -> str:
        verdict = "gradient right" if self.passed else "gradient WRONG"
        kinks = f"; {self.kinks} kink(s) left out" if self.kinks else ""
        return (
            f"{verdict}: relative error {self.error:.1e}; worst at {self.at}: "
            f"yours {self.analytic:.8g}, numerical {self.numeric:.8g}{kinks}"
        )


def gradcheck(
    f: Function,
    gradient: Callable[[Array], Array] | ArrayLike,
    theta: ArrayLike,
    h: float = 1e-5,
    tolerance: float = 1e-7,
) -> GradientCheck:
    """Compare a gradient (a function of theta, or its value at theta) with central differences of
    f, in float64.

    Read the error so: below 1e-7 right; above 1e-4 wrong; between, look for a kink. Where f has a
    kink within h of theta (a ReLU at zero), left and right slopes differ and neither is wrong: such
    entries are left out and counted.

    >>> theta = np.array([1.0, -2.0])
    >>> gradcheck(lambda t: (t**2).sum(), lambda t: 2 * t, theta).passed
    True
    >>> gradcheck(lambda t: (t**2).sum(), theta, theta).passed
    False

    Source: the scale of errors is that of the CS231n notes, but for their patience: between 1e-4
    and 1e-2, they only doubt.
    """
    theta = np.array(_checks.numbers("theta", theta), dtype=np.float64)
    value = gradient(theta.copy()) if callable(gradient) else gradient
    analytic = np.asarray(_checks.numbers("the gradient", value), dtype=np.float64)
    _checks.same_shape("the gradient", analytic, "theta", theta)
    if theta.size == 0:
        raise ValueError("theta is empty: there is nothing to check")
    numeric = numerical_gradient(f, theta, h)
    smooth = ~_kinks(f, theta, h)
    if not smooth.any():
        raise ValueError("every entry of theta sits on a kink; check at another theta")
    gap = np.where(smooth, abs(analytic - numeric), 0.0)
    worst = tuple(int(i) for i in np.unravel_index(gap.argmax(), gap.shape))  # NaN is worst of all
    error = relative_error(analytic[smooth], numeric[smooth])
    return GradientCheck(
        passed=bool(error <= tolerance),
        error=error,
        at=worst,
        analytic=float(analytic[worst]),
        numeric=float(numeric[worst]),
        kinks=int((~smooth).sum()),
    )


def _kinks(f: Function, theta: Array, h: float) -> Array:
    """Say where left and right slopes differ, and not in proportion to h: a bend's difference would
    halve with h, a kink's does not. What rounding alone could do is left to the check itself."""
    theta = theta.copy()
    center = f(theta)
    rounding = 1e3 * np.finfo(float).eps * abs(center) / h
    found = np.zeros(theta.shape, dtype=bool)

    def jump(i: tuple[int, ...], step: float) -> tuple[float, float]:
        here = theta[i]
        theta[i] = here + step
        right = (f(theta) - center) / step
        theta[i] = here - step
        left = (center - f(theta)) / step
        theta[i] = here
        return abs(right - left), max(abs(right), abs(left))

    for i in np.ndindex(theta.shape):
        wide, size = jump(i, h)
        if wide > 1e-4 * size + rounding:
            found[i] = any(
                abs(jump(i, share * h)[0] - share * wide) > 0.1 * wide for share in (0.5, 0.25)
            )
    return found
