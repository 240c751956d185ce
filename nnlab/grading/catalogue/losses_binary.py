"""Unit `losses`: the cross-entropy of two classes, from probabilities."""

from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.grading.specification import Aspect, Case, Specification, call
from nnlab.losses import binary_cross_entropy


def _likely(rng: Rng) -> Case:
    n = int(rng.integers(3, 8))
    return call(rng.uniform(0.05, 0.95, n), rng.integers(0, 2, n).astype(float))


def _certain(rng: Rng) -> Case:
    p, y = _likely(rng).args
    p[:2] = y[:2]  # two samples certain and right, the others in doubt
    return call(p, y)


BINARY_CROSS_ENTROPY = Specification(
    "binary_cross_entropy",
    binary_cross_entropy,
    "book/losses.html#src-t-loss",
    {
        "values": Aspect(
            "a few probabilities",
            [call(np.array([0.5, 0.8, 0.1]), np.array([0.0, 1.0, 1.0]))],
            _likely,
            keeps_inputs=True,
        ),
        "certain": Aspect(
            "probabilities of exactly 0 and 1, and right",
            [
                call(np.array([1.0, 0.0, 0.5]), np.array([1.0, 0.0, 1.0])),
                call(np.array([1.0, 0.0, 1 - 2**-13]), np.array([1.0, 0.0, 1.0])),
            ],
            _certain,
        ),
    },
)
_wrong = BINARY_CROSS_ENTROPY.mistake


def by_formula(p: Array, y: Array) -> Any:
    """Return the loss as it stands in the textbook, which is NaN where p is exactly 0 or 1."""
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@_wrong(
    "zero-times-infinity",
    "0 times ln 0 is NaN to a computer: take the log of p where y is 1, of 1 - p where it is 0 (np.where).",
)
def _(p: Array, y: Array) -> Any:
    return by_formula(p, y)


for _tiny in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8):

    @_wrong(
        f"clipped-{_tiny:g}",
        f"You clip p at {_tiny:g}, which makes certain and right cost something: it costs nothing.",
    )
    def _(p: Array, y: Array, tiny: float = _tiny) -> Any:
        return by_formula(np.clip(p, tiny, 1 - tiny), y)


@_wrong("per-sample", "You return one loss for each sample: the loss is one number, their mean.")
def _(p: Array, y: Array) -> Any:
    return -np.log(np.where(y == 1, p, 1 - p))


@_wrong("sign", "The minus is missing: logarithms of probabilities are negative, a loss is not.")
def _(p: Array, y: Array) -> Any:
    return -binary_cross_entropy(p, y)


@_wrong(
    "ones-only",
    "Only samples with y = 1 count in yours; the others cost -ln(1 - p).",
)
def _(p: Array, y: Array) -> Any:
    return -np.mean(y * np.log(p))


@_wrong("swapped", "The two cases are swapped: ln p counts where y is 1, ln(1 - p) where y is 0.")
def _(p: Array, y: Array) -> Any:
    return -np.mean((1 - y) * np.log(p) + y * np.log(1 - p))


@_wrong("arguments", "You take the logarithm of y; take that of p, and weight it by y.")
def _(p: Array, y: Array) -> Any:
    return by_formula(y, p)


@_wrong(
    "sum",
    "You sum over the samples where the loss takes their mean: divide by n, the number of rows.",
)
def _(p: Array, y: Array) -> Any:
    return binary_cross_entropy(p, y) * len(p)


@_wrong("log2", "You count in bits (log2); here the logarithm is the natural one, np.log.")
def _(p: Array, y: Array) -> Any:
    return binary_cross_entropy(p, y) / np.log(2)


@_wrong("log10", "You took log10; here the logarithm is the natural one, np.log.")
def _(p: Array, y: Array) -> Any:
    return binary_cross_entropy(p, y) / np.log(10)
