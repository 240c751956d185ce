"""Unit `descent`: line search by backtracking, with Armijo's rule."""
# mypy: allow-untyped-defs

import numpy as np

from nnlab._types import Rng
from nnlab.functions import PARABOLA
from nnlab.grading.catalogue.descent import barrier, barrier_gradient
from nnlab.grading.catalogue.descent_search import downhill
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.line_search import armijo


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


ARMIJO = Specification(
    "armijo",
    armijo,
    "book/gradient-descent.html#src-c-line",
    {
        "accepts": Aspect(
            "the first rate that is good enough",
            [
                call(PARABOLA.f, PARABOLA.gradient, np.array([1.0]), np.array([-2.0])),
                call(
                    PARABOLA.f,
                    PARABOLA.gradient,
                    np.array([1.0]),
                    np.array([-2.0]),
                    guess=0.5,
                    share=0.5,
                ),
            ],
            _backtracking,
            keeps_inputs=True,
        ),
        "nan": Aspect(
            "a step to where f is NaN",
            [call(barrier, barrier_gradient, np.array([2.0]), np.array([-8.0]))],
            _too_far_left,
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
) -> Function:
    """Return the search with one of its parts replaced by a wrong one."""

    def search(f, gradient, x, p, guess=1.0, shrink=0.5, share=1e-4):
        here, along, rate = f(x), slope(gradient(x), p), first(guess, shrink)
        for _ in range(200):
            if not too_high(f(x + rate * p), bound(here, share, rate, along)):
                break
            rate = next(rate, shrink)
        return result(rate, shrink)

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
):
    ARMIJO.mistake(_id, _message)(_function)
