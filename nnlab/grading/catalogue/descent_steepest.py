"""Unit `descent`: descent with a line search at each step."""
# mypy: allow-untyped-defs

import numpy as np

import nnlab.descent
from nnlab._types import Array, Rng
from nnlab.functions import QUADRATIC
from nnlab.grading.catalogue.descent import bowl
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.line_search import armijo, exact_line_search


def steepest_descent(
    f: Function,
    gradient: Function,
    start: Array,
    search: Function,
    steps: int = 100,
    *,
    gradient_norm: float = 1e-12,
) -> tuple[Array, Array]:
    """Descend with a line search; return the points and the rates."""
    trace = nnlab.descent.steepest_descent(
        f, gradient, start, search, steps, gradient_norm=gradient_norm
    )
    return trace.points, trace.rates


def _searched(rng: Rng) -> Case:
    return call(*bowl(rng), armijo if rng.random() < 0.5 else exact_line_search, 6)


def tenth(f: Function, gradient: Function, x: Array, p: Array) -> float:
    """Return 1/10 whatever is asked: a wrong direction then shows in the points, not as an error."""
    return 0.1


_EXAMPLE = (QUADRATIC.f, QUADRATIC.gradient)
STEEPEST = Specification(
    "steepest_descent",
    steepest_descent,
    "book/gradient-descent.html#src-t-a2",
    {
        "walk": Aspect(
            "a search at each step",
            [
                call(*_EXAMPLE, np.array([0.0, 0.0]), exact_line_search, 4),
                call(*_EXAMPLE, np.array([1.0, 1.0]), exact_line_search),
                call(*_EXAMPLE, np.array([0.0, 0.0]), exact_line_search, gradient_norm=0.5),
                call(*_EXAMPLE, np.array([0.0, 0.0]), tenth, 4),
            ],
            _searched,
            keeps_inputs=True,
        )
    },
    returns=("points", "rates"),
)


def _steepest(twist: str) -> Function:
    def walk(f, gradient, start, search, steps=100, *, gradient_norm=1e-12):
        x = np.array(start, dtype=float)
        points: list[Array] = [x]
        rates: list[float] = []
        for _ in range(steps):
            g = gradient(x)
            least = 1e-12 if twist == "threshold-ignored" else gradient_norm
            if twist != "never-stops" and np.linalg.norm(g) < least:
                break
            p = {
                "uphill-search": g,
                "unit-direction": -g / np.linalg.norm(g),
                "first-direction": -gradient(points[0]),
            }.get(twist, -g)
            if twist != "one-search" or not rates:
                ask = exact_line_search if twist == "search-ignored" else search
                rate = ask(f, gradient, x, p)
            x = x + rate * (-p if twist == "search-downhill-step-uphill" else p)
            points.append(x)
            rates.append(rate)
        if twist == "one-array":
            points = [x for _ in points]
        cut = {"no-start": slice(1, None), "no-end": slice(0, -1)}.get(twist, slice(None))
        return np.array(points)[cut], np.array(rates)

    return walk


for _id, _message in {
    "uphill-search": "You search along the gradient, which goes up: the direction is p = -gradient.",
    "search-downhill-step-uphill": "You search along -gradient and step along +gradient: go x + rate * p.",
    "unit-direction": "You make the direction one long, so your rates are lengths: here p is -gradient as it is.",
    "first-direction": "You keep the first direction: take the gradient anew at every point.",
    "one-search": "You search once and keep the rate: every step has its own.",
    "search-ignored": "You always call exact_line_search: call the search that was passed in.",
    "threshold-ignored": "Your threshold is fixed: stop below the gradient_norm that was passed in.",
    "one-array": "All your points are one array, moved again and again (x += ...): x = x + rate * p makes a new one.",
    "no-start": "The first point must be the start itself: k steps make k + 1 points and k rates.",
    "no-end": "The last point is missing: k steps make k + 1 points and k rates.",
    "never-stops": "At the bottom there is no way down: stop when the gradient is shorter than gradient_norm.",
}.items():
    STEEPEST.mistake(_id, _message)(_steepest(_id))
