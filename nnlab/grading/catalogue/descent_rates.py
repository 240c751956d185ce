"""Unit `descent`: what a rate does on a parabola, the largest one that settles, and a minimum by calculus."""

import numpy as np

from nnlab._types import Array, Rng
from nnlab.fractal import INPUTS, TARGETS, least_squares
from nnlab.functions import POLYNOMIAL
from nnlab.grading.specification import Aspect, Case, Function, Specification, call


def parabola_fate(lr: float) -> str:
    """Say what becomes of descent on x^2 with a rate above zero: the distance is multiplied by 1 - 2 lr."""
    return _fate(1 - 2 * lr)


def _fate(factor: float) -> str:
    if factor == 0:
        return "arrives"
    if abs(factor) == 1:
        return "never settles"
    if abs(factor) > 1:
        return "diverges"
    return "slides" if factor > 0 else "hops"


def _some_rate(rng: Rng) -> Case:
    low, high = ((0.01, 0.49), (0.51, 0.99), (1.01, 3))[rng.integers(3)]
    return call(float(rng.uniform(low, high)))


PARABOLA_FATE = Specification(
    "parabola_fate",
    parabola_fate,
    "book/gradient-descent.html#src-c-f12",
    {
        "values": Aspect(
            "several rates",
            [call(lr) for lr in (0.1, 0.5, 0.7, 1.0, 1.01, 0.01, 0.999)],
            _some_rate,
        )
    },
)


def _wrong_fate(id: str, message: str, function: Function) -> None:
    PARABOLA_FATE.mistake(id, message)(function)


_wrong_fate(
    "no-two",
    "You judge by 1 - lr: the slope of x^2 is 2x, so the factor is 1 - 2 lr.",
    lambda lr: _fate(1 - lr),
)
_wrong_fate(
    "no-hops",
    "A negative factor changes sides at each step: above 1/2 the points hop over the minimum.",
    lambda lr: parabola_fate(lr).replace("hops", "slides"),
)
_wrong_fate(
    "hops-diverge",
    "Hopping is not diverging: what counts is whether |1 - 2 lr| is below 1.",
    lambda lr: parabola_fate(lr).replace("hops", "diverges"),
)
_wrong_fate(
    "one-diverges",
    "At rate 1 the factor is -1: from x to -x and back for ever, neither nearer nor farther.",
    lambda lr: parabola_fate(lr).replace("never settles", "diverges"),
)
_wrong_fate(
    "one-hops",
    "At rate 1 the factor is -1, and |x| never shrinks: that hop does not come nearer.",
    lambda lr: parabola_fate(lr).replace("never settles", "hops"),
)
_wrong_fate(
    "half-slides",
    "At rate 1/2 the factor is 0: the first step lands on the minimum.",
    lambda lr: parabola_fate(lr).replace("arrives", "slides"),
)


def largest_rate(gradient: Function, x: Array, h: float = 1e-5) -> float:
    """Return the rate that descent near the minimum x must stay below: 2 over the curvature there."""
    right, left = gradient(x + h), gradient(x - h)
    return float(2 / ((right - left)[0] / (2 * h)))


def _valley(rng: Rng) -> Case:
    steep, bent, minimum = rng.uniform(0.5, 5), rng.uniform(-1, 1), rng.uniform(-2, 2, 1)

    def gradient(x: Array) -> Array:
        off = np.asarray(x, dtype=float) - minimum
        return steep * off + bent * off**2 + off**3

    return call(gradient, minimum, h=float(rng.uniform(0.01, 0.1)))


LARGEST_RATE = Specification(
    "largest_rate",
    largest_rate,
    "book/gradient-descent.html#src-c-lr",
    {
        "values": Aspect(
            "a few valleys",
            [call(POLYNOMIAL.gradient, np.array([POLYNOMIAL.minima[0][0]]))],
            _valley,
            keeps_inputs=True,
        )
    },
    rtol=1e-6,
)


def _wrong_rate(id: str, message: str, curvature: Function, limit: Function) -> None:
    def wrong(gradient: Function, x: Array, h: float = 1e-5) -> float:
        return float(limit(curvature(gradient, x, h)[0]))

    LARGEST_RATE.mistake(id, message)(wrong)


def _central(gradient: Function, x: Array, h: float) -> Array:
    return np.asarray(gradient(x + h) - gradient(x - h)) / (2 * h)


_wrong_rate(
    "no-two",
    "Your limit is half of the right one: it is 2 over the curvature, and the two points lie 2h apart, not h.",
    _central,
    lambda c: 1 / c,
)
_wrong_rate(
    "no-brackets",
    "/ 2 * h divides by 2 and multiplies by h: put brackets around (2 * h).",
    lambda gradient, x, h: (gradient(x + h) - gradient(x - h)) / 2 * h,
    lambda c: 2 / c,
)
_wrong_rate("curvature", "You return the curvature: the limit is 2 over it.", _central, lambda c: c)
_wrong_rate(
    "upside-down",
    "Your fraction is upside down: the more curved, the smaller the rate, 2 / c.",
    _central,
    lambda c: c / 2,
)
_wrong_rate(
    "forward",
    "This is the forward difference: go h to either side and divide by 2h.",
    lambda gradient, x, h: (gradient(x + h) - gradient(x)) / h,
    lambda c: 2 / c,
)
_wrong_rate(
    "h-ignored",
    "Your h is fixed: use the one that was passed in.",
    lambda gradient, x, h: _central(gradient, x, 1e-5),
    lambda c: 2 / c,
)
_wrong_rate(
    "sign",
    "Your difference is the wrong way round: right minus left.",
    _central,
    lambda c: -2 / c,
)


@LARGEST_RATE.mistake(
    "array", "You return an array with one entry: return the number in it, with [0]."
)
def _(gradient: Function, x: Array, h: float = 1e-5) -> Array:
    return 2 / _central(gradient, x, h)


LEAST_SQUARES = Specification(
    "least_squares",
    least_squares,
    "book/gradient-descent.html#src-c-ex1",
    {"minimum": Aspect("the minimum", [call()])},
    rtol=3e-4,  # four digits will do
)


def _crossing(*rows: int) -> Array:
    return np.linalg.solve(INPUTS[list(rows)], TARGETS[list(rows)])


for _id, _message, _answer in (
    (
        "without-third",
        "This fits the first two samples and ignores the third: the sum has three terms.",
        _crossing(0, 1),
    ),
    (
        "without-second",
        "This fits the first and the last sample and ignores the second: the sum has three terms.",
        _crossing(0, 2),
    ),
    (
        "without-first",
        "This fits the last two samples and ignores the first: the sum has three terms.",
        _crossing(1, 2),
    ),
    (
        "rounded",
        "Right, but rounded too early: give four digits, or write the fraction.",
        np.round(least_squares(), 2),
    ),
    ("swapped", "You have w1 and w2 the wrong way round.", least_squares()[::-1].copy()),
    (
        "no-half",
        "Your derivative by w2 lacks the inner factors: in two of the terms w2 stands as w2 / 2, or -w2 / 2.",
        np.linalg.solve(np.sign(INPUTS).T @ INPUTS, np.sign(INPUTS).T @ TARGETS),
    ),
):
    LEAST_SQUARES.mistake(_id, _message)(lambda _answer=_answer: _answer)
