"""Unit `descent`: line search by backtracking, with Armijo's rule."""
# mypy: allow-untyped-defs

from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.functions import PARABOLA
from nnlab.grading.catalogue.descent import barrier, barrier_gradient, one
from nnlab.grading.catalogue.descent_search import downhill
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.line_search import armijo

PATIENCE = 500
_PARABOLA: tuple[Any, Any] = (PARABOLA.f, PARABOLA.gradient)


def _backtracking(rng: Rng) -> Case:
    case = downhill(rng)
    settings = {
        "guess": rng.uniform(1, 5),
        "shrink": rng.uniform(0.3, 0.9),
        "share": rng.uniform(0.1, 0.7),
    }
    return call(*case.args, **settings)


def _too_far_left(rng: Rng) -> Case:
    return call(barrier, barrier_gradient, rng.uniform(1.5, 3, 1), -rng.uniform(5, 9, 1))


def _wrong_gradient(x: float, **settings: float) -> Case:
    """Return a search from the bottom of |x|, by a gradient that promises a way down to the left."""

    def cusp(at: Array) -> float:
        return float(abs(at[0] - x))

    return call(cusp, one, np.array([x]), np.array([-1.0]), **settings)


def _hopeless(rng: Rng) -> Case:
    return _wrong_gradient(rng.normal(), shrink=rng.uniform(0.3, 0.9), share=rng.uniform(0.1, 0.7))


def _patiently(
    search: Function, f: Function, gradient: Function, x: Array, p: Array, **settings: float
) -> Any:
    """Return what a search returns, or in words how it did not: no loop goes on without end here."""
    asked = 0

    def counted(at: Array) -> float:
        nonlocal asked
        asked += 1
        if asked > PATIENCE:
            raise RuntimeError(f"more than {PATIENCE} rates")
        return float(f(at))

    try:
        return search(counted, gradient, x, p, **settings)
    except Exception as error:
        if asked > PATIENCE:
            return f"no end after {PATIENCE} rates"
        if isinstance(error, ValueError):
            return "raises a ValueError"
        raise


ARMIJO = Specification(
    "armijo",
    armijo,
    "book/gradient-descent.html#src-c-line",
    {
        "accepts": Aspect(
            "the first rate that is good enough",
            [
                call(*_PARABOLA, np.array([1.0]), np.array([-2.0])),
                call(*_PARABOLA, np.array([1.0]), np.array([-2.0]), guess=0.5, share=0.5),
            ],
            _backtracking,
            keeps_inputs=True,
        ),
        "nan": Aspect(
            "a step to where f is NaN",
            [call(barrier, barrier_gradient, np.array([2.0]), np.array([-8.0]))],
            _too_far_left,
        ),
        "gives_up": Aspect(
            "when no rate is good enough",
            [
                _wrong_gradient(1.0),
                call(*_PARABOLA, np.array([1.0]), np.array([-2.0]), guess=2.0, shrink=1.0),
            ],
            _hopeless,
            drive=_patiently,
        ),
    },
)


def _armijo(
    bound: Function = lambda here, share, rate, slope: here + share * rate * slope,
    slope: Function = lambda g, p: g @ p,
    too_high: Function = lambda there, bound: not there <= bound,
    first: Function = lambda guess, shrink: guess,
    result: Function = lambda rate, shrink: rate,
    next: Function = lambda rate, shrink: rate * shrink,
    rates: int = 100,
) -> Function:
    """Return the search with one of its parts replaced by a wrong one."""

    def search(f, gradient, x, p, guess=1.0, shrink=0.5, share=1e-4):
        here, along, rate = f(x), slope(gradient(x), p), first(guess, shrink)
        for _ in range(rates):
            if not too_high(f(x + rate * p), bound(here, share, rate, along)):
                return result(rate, shrink)
            rate = next(rate, shrink)
        raise ValueError("no rate lowers the cost")

    return search


def _slope_there(f, gradient, x, p, guess=1.0, shrink=0.5, share=1e-4):
    rate = guess
    for _ in range(100):
        if f(x + rate * p) <= f(x) + share * rate * (gradient(x + rate * p) @ p):
            return rate
        rate *= shrink
    raise ValueError("no rate lowers the cost")


def _resigned(last: bool) -> Function:
    """Return the search that ends after a hundred rates without an error: with the last one, or with nothing."""

    def search(f, gradient, x, p, guess=1.0, shrink=0.5, share=1e-4):
        try:
            return armijo(f, gradient, x, p, guess, shrink, share)
        except ValueError:
            return guess * shrink**100 if last else None

    return search


for _id, _message, _function in (
    (
        "any-decrease",
        "You accept any decrease, however small: ask for a share of what the slope promises.",
        _armijo(bound=lambda here, share, rate, slope: here),
    ),
    (
        "no-rate",
        "The bound lacks the rate: a step half as long promises half as much, share * rate * slope.",
        _armijo(bound=lambda here, share, rate, slope: here + share * slope),
    ),
    (
        "sign",
        "Your bound lies above f(x): the slope is negative already, so add share * rate * slope.",
        _armijo(bound=lambda here, share, rate, slope: here - share * rate * slope),
    ),
    (
        "full-promise",
        "You ask for all that the slope promises, which a bowl never keeps: a share of it will do.",
        _armijo(bound=lambda here, share, rate, slope: here + rate * slope),
    ),
    (
        "strictly",
        "A rate that meets the bound exactly is good enough: <=, not <.",
        _armijo(too_high=lambda there, bound: not there < bound),
    ),
    (
        "slope-there",
        "You take the slope at the new point: the promise is that of the start, gradient(x) @ p.",
        _slope_there,
    ),
    (
        "only-steepest",
        "You take -(p @ p) for the slope, true for p = -gradient only: it is gradient(x) @ p.",
        _armijo(slope=lambda g, p: -(p @ p)),
    ),
    (
        "gradient-squared",
        "You take -(g @ g) for the slope, true for p = -gradient only: it is gradient(x) @ p.",
        _armijo(slope=lambda g, p: -(g @ g)),
    ),
    (
        "nan-accepted",
        "NaN > bound is False, so your loop ends there: go on while `not f(...) <= bound`.",
        _armijo(too_high=lambda there, bound: there > bound),
    ),
    (
        "shrunk-first",
        "You shrink before you try: the guess itself may be good enough.",
        _armijo(first=lambda guess, shrink: guess * shrink),
    ),
    (
        "shrunk-after",
        "You shrink once more after a rate was good: return the one that passed.",
        _armijo(result=lambda rate, shrink: rate * shrink),
    ),
    (
        "one-before",
        "You return the rate before the one that passed: that one was too long.",
        _armijo(result=lambda rate, shrink: rate / shrink),
    ),
    (
        "always-half",
        "You always halve: multiply by the shrink that was passed in.",
        _armijo(next=lambda rate, shrink: rate / 2),
    ),
    (
        "guess-ignored",
        "You always begin at 1: begin at the guess that was passed in.",
        _armijo(first=lambda guess, shrink: 1.0),
    ),
    (
        "ends-silently",
        "After a hundred rates that fail your search returns nothing: raise a ValueError.",
        _resigned(last=False),
    ),
    (
        "returns-last",
        "After a hundred rates that fail you return the last one, as if it were good: raise a ValueError.",
        _resigned(last=True),
    ),
    (
        "no-end",
        "Your loop has no end: after a hundred rates that fail, raise a ValueError.",
        _armijo(rates=10 * PATIENCE),
    ),
):
    ARMIJO.mistake(_id, _message)(_function)
