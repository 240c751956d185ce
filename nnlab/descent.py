"""Descent on a plain function: start somewhere, step downhill until a rule says stop, and keep the
whole trace."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike
from nnlab.line_search import Function, Gradient, LineSearch, exact_line_search
from nnlab.optimizers import GradientDescent, Optimizer


class Trace(NamedTuple):
    """Where a descent went: points (k + 1, d), their costs (k + 1,), the rates it used (k,), and
    why it stopped.

    `stopped` is "steps", "cost change", "gradient norm" or "diverged".
    """

    points: Array
    costs: Array
    rates: Array
    stopped: str

    @property
    def steps(self) -> int:
        """The number of steps taken."""
        return len(self.points) - 1

    @property
    def end(self) -> Array:
        """The last point."""
        return self.points[-1]


def descend(
    f: Function,
    gradient: Gradient,
    start: ArrayLike,
    optimizer: Optimizer | float,
    steps: int = 100,
    *,
    cost_change: float | None = None,
    gradient_norm: float | None = None,
) -> Trace:
    """Take at most `steps` steps with an optimizer; a number stands for gradient descent with that
    rate.

    Stops early when the cost changes by less than `cost_change`, or when the gradient is shorter
    than `gradient_norm`. A cost that becomes NaN or infinite, or a million times the start's, is
    reported as "diverged", not raised.

    >>> from nnlab.functions import PARABOLA
    >>> trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], 0.1, steps=3)
    >>> trace.points[:, 0].round(3)
    array([1.   , 0.8  , 0.64 , 0.512])

    Source: thesis Algorithm 1; report Eqs 22-23; chapter, Table 1-1.
    """
    if isinstance(optimizer, type):  # it can be called, and would pass for a schedule
        name = optimizer.__name__
        raise TypeError(f"optimizer must be a rate or an optimizer, got a class; write {name}()")
    method = optimizer if isinstance(optimizer, Optimizer) else GradientDescent(optimizer)
    method.reset()
    lr = method.lr

    def step(x: Array, g: Array, k: int) -> tuple[Array, float]:
        x = x.copy()
        method.step(x, g)
        return x, lr(k) if callable(lr) else lr

    return _walk(f, gradient, start, step, steps, cost_change, gradient_norm)


def steepest_descent(
    f: Function,
    gradient: Gradient,
    start: ArrayLike,
    search: LineSearch | None = None,
    steps: int = 100,
    *,
    cost_change: float | None = None,
    gradient_norm: float | None = 1e-12,
) -> Trace:
    """Step along -gradient by as much as a line search finds best (`exact_line_search` if none is
    given).

    >>> from nnlab.functions import QUADRATIC
    >>> trace = steepest_descent(QUADRATIC.f, QUADRATIC.gradient, [0.0, 0.0])
    >>> trace.rates[0], trace.points[1]                            # the thesis's Example 1
    (np.float64(0.25), array([0. , 0.5]))

    Source: thesis Algorithm 2; chapter, "Line Search and Trust Region".
    """
    search = search or exact_line_search

    def step(x: Array, g: Array, k: int) -> tuple[Array, float]:
        rate = search(f, gradient, x, -g)
        return x - rate * g, rate

    return _walk(f, gradient, start, step, steps, cost_change, gradient_norm)


def _walk(
    f: Function,
    gradient: Gradient,
    start: ArrayLike,
    step: Callable[[Array, Array, int], tuple[Array, float]],
    steps: int,
    cost_change: float | None,
    gradient_norm: float | None,
) -> Trace:
    x = np.array(_checks.numbers("start", start, ndim=1))
    points, costs, rates, stopped = [x], [_checks.number("f(x)", f(x))], [], "steps"
    too_far = 1e6 * (1 + abs(costs[0]))
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(_checks.whole("steps", steps, least=0)):
            g = np.asarray(gradient(x), dtype=x.dtype)
            _checks.same_shape("the gradient", g, "the point", x)
            if gradient_norm is not None and np.linalg.norm(g) < gradient_norm:
                stopped = "gradient norm"
                break
            x, rate = step(x, g, k)
            points.append(x)
            costs.append(_checks.number("f(x)", f(x)))
            rates.append(rate)
            if not abs(costs[-1]) <= too_far:
                stopped = "diverged"
                break
            if cost_change is not None and abs(costs[-1] - costs[-2]) < cost_change:
                stopped = "cost change"
                break
    return Trace(np.array(points), np.array(costs), np.array(rates), stopped)
