"""Unit `perceptron`: activations and their slopes."""

import numpy as np

from nnlab._types import Array, Rng
from nnlab.activations import relu, relu_derivative, sigmoid, sigmoid_derivative
from nnlab.grading.specification import Aspect, Case, Function, Specification, call

_Z = np.array([-2.0, -0.5, 0.0, 1.0, 3.0])


def _entries(rng: Rng) -> Array:
    return rng.normal(scale=2, size=int(rng.integers(3, 7)))


def _sloped(rng: Rng) -> Case:
    return call(_entries(rng), a=float(rng.uniform(0.3, 3)))


SIGMOID = Specification(
    "sigmoid",
    sigmoid,
    "book/perceptron.html#src-t-f3",
    {"values": Aspect("several z", [call(_Z), call(_Z, a=2.0)], _sloped, keeps_inputs=True)},
)
SIGMOID_DERIVATIVE = Specification(
    "sigmoid_derivative",
    sigmoid_derivative,
    "book/perceptron.html#src-t-f3",
    {"values": Aspect("several z", [call(_Z), call(_Z, a=2.0)], _sloped)},
)
RELU = Specification(
    "relu",
    relu,
    "book/perceptron.html#src-t-f4",
    {
        "values": Aspect(
            "several z",
            [call(_Z), call(np.array([2.0])), call(np.array([-2.0]))],
            lambda rng: call(_entries(rng)),
            keeps_inputs=True,
        )
    },
)
RELU_DERIVATIVE = Specification(
    "relu_derivative",
    relu_derivative,
    "book/perceptron.html#src-t-f4",
    {
        "values": Aspect(
            "several z", [call(_Z), call(np.array([2.0]))], lambda rng: call(_entries(rng))
        )
    },
)


def _catalogue(spec: Specification, *mistakes: tuple[str, str, Function]) -> None:
    for id, message, function in mistakes:
        spec.mistake(id, message)(function)


_catalogue(
    SIGMOID,
    (
        "sign",
        "Your exponent lacks the minus: with e^{az} the curve falls where it should rise.",
        lambda z, a=1.0: 1 / (1 + np.exp(a * z)),
    ),
    ("no-slope", "The slope a is missing: the exponent is -a z.", lambda z, a=1.0: sigmoid(z)),
    (
        "slope-before",
        "You multiply the exponential by a: a belongs into the exponent, next to z.",
        lambda z, a=1.0: 1 / (1 + a * np.exp(-z)),
    ),
    (
        "divided-by-a",
        "You divide z by a: the larger a, the steeper the curve, so the exponent is -a z.",
        lambda z, a=1.0: sigmoid(z / a),
    ),
    (
        "slope-outside",
        "You multiply the result by a: a belongs into the exponent, next to z.",
        lambda z, a=1.0: a * sigmoid(z),
    ),
    (
        "tanh",
        "This is tanh, between -1 and 1: the sigmoid runs from 0 to 1.",
        lambda z, a=1.0: np.tanh(a * z),
    ),
    (
        "brackets",
        "1 / 1 + exp(...) is 1 + exp(...): put brackets around the denominator.",
        lambda z, a=1.0: 1 / 1 + np.exp(-a * z),
    ),
    (
        "exponential",
        "You return the exponential itself: the sigmoid is 1 / (1 + e^{-az}).",
        lambda z, a=1.0: np.exp(-a * z),
    ),
)

_catalogue(
    SIGMOID_DERIVATIVE,
    (
        "no-a",
        "The inner derivative is missing: the chain rule brings down a factor a.",
        lambda z, a=1.0: sigmoid(z, a) * (1 - sigmoid(z, a)),
    ),
    (
        "slope-ignored",
        "Your slope is always 1: hand a on to the sigmoid, and multiply by it.",
        lambda z, a=1.0: sigmoid_derivative(z),
    ),
    (
        "a-outside-only",
        "You multiply by a, but evaluate the sigmoid without it: g(z) needs a too.",
        lambda z, a=1.0: a * sigmoid(z) * (1 - sigmoid(z)),
    ),
    (
        "value-for-z",
        "You write z (1 - z): that is right for z = g(z) only; put the sigmoid's value in.",
        lambda z, a=1.0: a * z * (1 - z),
    ),
    (
        "not-times",
        "You return g itself: the slope is a g (1 - g).",
        lambda z, a=1.0: sigmoid(z, a),
    ),
    (
        "one-minus",
        "You return a (1 - g): a factor g is missing (by the quotient rule: the denominator's square).",
        lambda z, a=1.0: a * (1 - sigmoid(z, a)),
    ),
)

_catalogue(
    RELU,
    (
        "python-max",
        "This works for one number only, like Python's max and if: np.maximum, or np.where, goes entry by entry.",
        lambda z: max(0, z),
    ),
    ("abs", "You fold the negative side up: it becomes 0, not positive.", np.abs),
    (
        "minimum",
        "You keep the negative side: keep the larger of z and 0.",
        lambda z: np.minimum(z, 0),
    ),
    ("step", "You return 1 where z is positive: return z itself there.", lambda z: 1.0 * (z > 0)),
    (
        "one-number",
        "You take the largest entry: compare each entry with 0, np.maximum(z, 0).",
        np.max,
    ),
    (
        "leaky",
        "Negative entries leak through: they become 0.",
        lambda z: np.where(z > 0, z, 0.01 * z),
    ),
    ("linear", "You return z as it is: negative entries become 0.", np.array),
    (
        "shortened",
        "You leave negative entries out: the result has an entry for each of z, 0 in their place.",
        lambda z: z[z > 0],
    ),
)


@RELU.mistake(
    "in-place", "You set entries of z to 0: that changes the caller's array. Build a new one."
)
def _(z: Array) -> Array:
    z[z < 0] = 0
    return z


_catalogue(
    RELU_DERIVATIVE,
    (
        "if",
        "An if takes one number: np.where, or the comparison itself, goes entry by entry.",
        lambda z: 1 if z > 0 else 0,
    ),
    ("kink", "At z = 0 we say 0, so the comparison is z > 0.", lambda z: 1.0 * (z >= 0)),
    ("half", "At z = 0 we say 0; one half is another convention.", lambda z: np.heaviside(z, 0.5)),
    ("value", "You return ReLU itself: its slope is 1 where z > 0.", lambda z: np.maximum(z, 0)),
    ("sign", "Left of 0 the line is flat: the slope there is 0, not -1.", np.sign),
    ("one", "You say 1 everywhere: left of 0 the line is flat.", lambda z: np.ones_like(z)),
    ("inverted", "Yours is the wrong way round: 1 where z > 0, else 0.", lambda z: 1.0 * (z <= 0)),
)
