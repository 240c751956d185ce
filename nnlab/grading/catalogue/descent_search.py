"""Unit `descent`: the exact line search on a quadratic."""
# mypy: allow-untyped-defs

from collections.abc import Callable

import numpy as np

from nnlab._types import Rng
from nnlab.functions import QUADRATIC
from nnlab.grading.catalogue.descent import bowl
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.line_search import exact_line_search


def downhill(rng: Rng) -> Case:
    """Return a search along any direction that goes down, not only along the gradient."""
    f, gradient, x = bowl(rng)
    p = rng.normal(size=2)
    return call(f, gradient, x, p if gradient(x) @ p < 0 else -p)


EXACT = Specification(
    "exact_line_search",
    exact_line_search,
    "book/gradient-descent.html#src-t-e1",
    {
        "quadratic": Aspect(
            "a quadratic",
            [call(QUADRATIC.f, QUADRATIC.gradient, np.array([0.0, 0.0]), np.array([0.0, 2.0]))],
            downhill,
            keeps_inputs=True,
        )
    },
)


def _exact(id: str, message: str) -> Callable[[Function], Function]:
    """Catalogue `variant(gradient, x, p)`."""

    def catalogue(variant: Function) -> Function:
        return EXACT.mistake(id, message)(lambda f, gradient, x, p: variant(gradient, x, p))

    return catalogue


@_exact(
    "only-steepest",
    "This holds for p = -gradient only: for any p the slope at 0 is gradient(x) @ p, not -(p @ p).",
)
def _(gradient, x, p):
    return (p @ p) / (p @ (gradient(x + p) - gradient(x)))


@_exact(
    "gradient-squared",
    "This holds for p = -gradient only: for any p the slope at 0 is gradient(x) @ p, not -(g @ g).",
)
def _(gradient, x, p):
    return (gradient(x) @ gradient(x)) / (p @ (gradient(x + p) - gradient(x)))


@_exact("returns-point", "You return the point you reach: return the rate that leads there.")
def _(gradient, x, p):
    return x + exact_line_search(None, gradient, x, p) * p  # type: ignore[arg-type]


@_exact(
    "twice-as-far",
    "You go on until f is back at its height: stop where the slope is zero, half as far.",
)
def _(gradient, x, p):
    return 2 * exact_line_search(None, gradient, x, p)  # type: ignore[arg-type]


@_exact(
    "length",
    "You return the length of the step: the rate counts in units of p, so divide by the length of p.",
)
def _(gradient, x, p):
    return exact_line_search(None, gradient, x, p) * np.linalg.norm(p)  # type: ignore[arg-type]


@_exact(
    "sign",
    "Your rate is negative: it is s(0) / (s(0) - s(1)), in this order, with s(1) taken at x + p.",
)
def _(gradient, x, p):
    return -exact_line_search(None, gradient, x, p)  # type: ignore[arg-type]


@_exact(
    "not-summed",
    "* multiplies entry by entry: a slope is one number, the product gradient(x) @ p.",
)
def _(gradient, x, p):
    first, second = gradient(x) * p, gradient(x + p) * p
    return first / (first - second)


@_exact("upside-down", "Your fraction is upside down: the slope at 0 stands above.")
def _(gradient, x, p):
    return 1 / exact_line_search(None, gradient, x, p)  # type: ignore[arg-type]


@_exact(
    "gradient-at-p",
    "The second slope is taken at p itself: p is a direction, the point one step along is x + p.",
)
def _(gradient, x, p):
    first, second = gradient(x) @ p, gradient(p) @ p
    return first / (first - second)


@_exact(
    "slope-after-one",
    "You divide by the slope at 1: divide by how much the slope changes from 0 to 1.",
)
def _(gradient, x, p):
    return -(gradient(x) @ p) / (gradient(x + p) @ p)


@_exact("always-one", "You always go the whole of p: find out how far the slope stays negative.")
def _(gradient, x, p):
    return 1.0
