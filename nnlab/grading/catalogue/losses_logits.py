"""Unit `losses`: the cross-entropy of two classes, from logits, and its gradient."""

from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.activations import sigmoid
from nnlab.grading.catalogue.losses_binary import by_formula
from nnlab.grading.specification import Aspect, Case, Specification, call
from nnlab.losses import (
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    binary_cross_entropy_from_logits_gradient,
)


def _logits(rng: Rng) -> Case:
    n = int(rng.integers(3, 8))
    return call(rng.normal(scale=2, size=n), rng.integers(0, 2, n).astype(float))


def _large(rng: Rng) -> Case:
    z = rng.uniform(800, 2000, 4) * [1, -1, 1, -1]
    return call(np.append(z, rng.normal(size=2)), np.array([0.0, 1, 1, 0, 0, 1]))


FEW = call(np.array([0.0, 2.0, -1.0]), np.array([1.0, 0.0, 1.0]))
FAR_AND_RIGHT = call(np.array([1000.0, -1000.0, 1.0]), np.array([1.0, 0.0, 0.0]))
FAR = call(np.array([1000.0, -1000.0, 40.0, 1.0]), np.array([0.0, 0.0, 0.0, 1.0]))

FROM_LOGITS = Specification(
    "binary_cross_entropy_from_logits",
    binary_cross_entropy_from_logits,
    "book/losses.html#src-t-loss",
    {
        "values": Aspect("a few logits", [FEW], _logits, keeps_inputs=True),
        "large_logits": Aspect("logits far from zero", [FAR, FAR_AND_RIGHT], _large),
    },
)
_wrong = FROM_LOGITS.mistake


@_wrong(
    "overflow",
    "exp(z) overflows for large z: let only exp(-|z|) occur, or take np.logaddexp(0, z).",
)
def _(z: Array, y: Array) -> Any:
    return np.mean(np.log(1 + np.exp(z)) - z * y)


@_wrong(
    "through-p",
    "You go through p = sigmoid(z), which is exactly 1 from z = 37 on: ln(1 - p) is lost. Stay with z.",
)
def _(z: Array, y: Array) -> Any:
    return binary_cross_entropy(sigmoid(z), y)


@_wrong(
    "formula-through-p",
    "You go through p = sigmoid(z), which is 0 or 1 far out, and 0 times ln 0 is NaN. Stay with z.",
)
def _(z: Array, y: Array) -> Any:
    return by_formula(sigmoid(z), y)


for _clip in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15):

    @_wrong(
        f"clipped-{_clip:g}",
        f"You clip p at {_clip:g}, so no mistake costs more than {-np.log(_clip):.1f}: "
        "write the loss in z, and nothing is cut.",
    )
    def _(z: Array, y: Array, clip: float = _clip) -> Any:
        return by_formula(np.clip(sigmoid(z), clip, 1 - clip), y)


@_wrong("no-target", "The targets are missing: subtract z times y.")
def _(z: Array, y: Array) -> Any:
    return np.mean(np.logaddexp(0, z))


@_wrong(
    "exponent-sign",
    "Your exponent is +|z|, which overflows: it is exp(-|z|), never more than 1.",
)
def _(z: Array, y: Array) -> Any:
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(np.abs(z))))


@_wrong(
    "no-absolute",
    "Your exponent is -z, which is right for positive z only, and overflows far below 0: it is -|z|.",
)
def _(z: Array, y: Array) -> Any:
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z)))


@_wrong("one-added-twice", "np.log1p(x) is ln(1 + x) already: you add the 1 a second time.")
def _(z: Array, y: Array) -> Any:
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(1 + np.exp(-np.abs(z))))


@_wrong(
    "one-maximum",
    "np.max(z, 0) takes the largest of all z, for 0 is the axis there: np.maximum(z, 0) goes entry by entry.",
)
def _(z: Array, y: Array) -> Any:
    return np.mean(np.max(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@_wrong("target-added", "You add z times y: subtract it, a large z costs nothing where y is 1.")
def _(z: Array, y: Array) -> Any:
    return np.mean(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z))))


@_wrong("no-maximum", "max(z, 0) is missing: without it the formula holds for negative z only.")
def _(z: Array, y: Array) -> Any:
    return np.mean(-z * y + np.log1p(np.exp(-np.abs(z))))


@_wrong(
    "swapped", "Your classes are swapped: a large z speaks for y = 1, and must cost nothing there."
)
def _(z: Array, y: Array) -> Any:
    return binary_cross_entropy_from_logits(-z, y)


@_wrong(
    "sum",
    "You sum over the samples where the loss takes their mean: divide by n, the number of rows.",
)
def _(z: Array, y: Array) -> Any:
    return binary_cross_entropy_from_logits(z, y) * len(z)


GRADIENT = Specification(
    "binary_cross_entropy_from_logits_gradient",
    binary_cross_entropy_from_logits_gradient,
    "book/losses.html#src-t-loss",
    {
        "values": Aspect("a few logits", [FEW], _logits, keeps_inputs=True),
        "large_logits": Aspect("logits far from zero", [FAR, FAR_AND_RIGHT], _large),
    },
)
_wrong = GRADIENT.mistake


@_wrong("sum", "The loss is a mean over the samples, so its gradient has the factor 1/n.")
def _(z: Array, y: Array) -> Array:
    return sigmoid(z) - y


@_wrong("sign", "Your gradient points the wrong way: it is p - y, not y - p.")
def _(z: Array, y: Array) -> Array:
    return (y - sigmoid(z)) / len(z)


@_wrong(
    "slope-kept",
    "You multiply by the sigmoid's slope p (1 - p); it has cancelled: the gradient is p - y.",
)
def _(z: Array, y: Array) -> Array:
    p = sigmoid(z)
    return (p - y) * p * (1 - p) / len(z)


@_wrong(
    "with-respect-to-p",
    "This is the gradient with respect to p; go on to z: times p (1 - p), and most of it cancels.",
)
def _(z: Array, y: Array) -> Array:
    p = sigmoid(z)
    return (p - y) / (p * (1 - p)) / len(z)


@_wrong(
    "logits", "You subtract the targets from the logits; turn the logits into probabilities first."
)
def _(z: Array, y: Array) -> Array:
    return (z - y) / len(z)


@_wrong("no-target", "You return probabilities over n: subtract the targets first, p - y.")
def _(z: Array, y: Array) -> Array:
    return sigmoid(z) / len(z)


@_wrong("exponent-sign", "Your sigmoid falls where it should rise: its exponent is -z.")
def _(z: Array, y: Array) -> Array:
    return (sigmoid(-z) - y) / len(z)


@_wrong("summed", "You return one number: each logit has a gradient of its own, so it is (n,).")
def _(z: Array, y: Array) -> Any:
    return np.mean(sigmoid(z) - y)


@_wrong("doubled", "A factor 2 too many: that one belongs to the squared error.")
def _(z: Array, y: Array) -> Array:
    return 2 * (sigmoid(z) - y) / len(z)


@_wrong(
    "overflow",
    "exp(z) / (1 + exp(z)) is infinity over infinity for large z: write 1 / (1 + exp(-z)).",
)
def _(z: Array, y: Array) -> Array:
    return (np.exp(z) / (1 + np.exp(z)) - y) / len(z)


@_wrong(
    "in-place",
    "You change z or y in place: build a new array, because the caller still needs them.",
)
def _(z: Array, y: Array) -> Array:
    y -= sigmoid(z)
    return -y / len(z)
