"""Units `losses` and `backprop`: the gradient of softmax and cross-entropy in one."""

import numpy as np

from nnlab._types import Array, Rng
from nnlab.activations import softmax
from nnlab.grading.specification import Aspect, Case, Specification, call
from nnlab.losses import one_hot, softmax_cross_entropy_gradient


def _batch(rng: Rng) -> Case:
    n, k = int(rng.integers(3, 8)), int(rng.integers(2, 6))
    return call(rng.normal(scale=2, size=(n, k)), rng.integers(0, k, n))


# as many rows as classes: without keepdims, and with labels for one-hot rows, nothing fails here, but all is wrong
SQUARE = call(np.array([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0], [3.0, 0.0, 1.0]]), np.array([2, 0, 1]))


def _large(rng: Rng) -> Case:
    n, k = int(rng.integers(3, 6)), int(rng.integers(2, 5))
    shift = rng.choice([-2000.0, 0.0, 1500.0], size=(n, 1))
    shift[0], shift[-1] = (
        1500,
        -2000,
    )  # rows far apart: a maximum over all of them does not help each
    return call(shift + rng.normal(scale=2, size=(n, k)), rng.integers(0, k, n))


SOFTMAX_CROSS_ENTROPY_GRADIENT = Specification(
    "softmax_cross_entropy_gradient",
    softmax_cross_entropy_gradient,
    "book/losses.html#src-r-logreg",
    {
        "values": Aspect(
            "a small batch",
            [call(np.array([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]]), np.array([2, 0])), SQUARE],
            _batch,
            keeps_inputs=True,
        ),
        "large_logits": Aspect(
            "logits far from zero",
            [call(np.array([[1000.0, 1001.0], [-1000.0, -1002.0]]), np.array([0, 1]))],
            _large,
        ),
    },
)
_wrong = SOFTMAX_CROSS_ENTROPY_GRADIENT.mistake


def _error(z: Array, y: Array) -> Array:
    return softmax(z) - one_hot(y, z.shape[1])


@_wrong(
    "sum",
    "You sum over the samples where the loss takes their mean: divide by n, the number of rows.",
)
def _(z: Array, y: Array) -> Array:
    return _error(z, y)


@_wrong("sign", "Your gradient points the wrong way: it is p - y, not y - p.")
def _(z: Array, y: Array) -> Array:
    return -_error(z, y) / len(z)


@_wrong(
    "no-target", "You return probabilities over n; subtract 1 at the right class of each row first."
)
def _(z: Array, y: Array) -> Array:
    return softmax(z) / len(z)


@_wrong(
    "overflow", "exp overflows for large logits: subtract each row's maximum from the row first."
)
def _(z: Array, y: Array) -> Array:
    e = np.exp(z)
    return (e / e.sum(axis=1, keepdims=True) - one_hot(y, z.shape[1])) / len(z)


@_wrong(
    "global-maximum",
    "You subtract one maximum from all rows, and rows far below it underflow to 0/0: take each row's own.",
)
def _(z: Array, y: Array) -> Array:
    e = np.exp(z - z.max())
    return (e / e.sum(axis=1, keepdims=True) - one_hot(y, z.shape[1])) / len(z)


@_wrong(
    "columns",
    "Your softmax runs down the columns; a row is a sample, so its entries must sum to 1: axis=1.",
)
def _(z: Array, y: Array) -> Array:
    return (softmax(z.T).T - one_hot(y, z.shape[1])) / len(z)


@_wrong(
    "one-sum",
    "You divide by the sum over the whole matrix; each row is a sample with a sum of its own: axis=1.",
)
def _(z: Array, y: Array) -> Array:
    e = np.exp(z - z.max())
    return (e / e.sum() - one_hot(y, z.shape[1])) / len(z)


@_wrong(
    "one-sum-of-shifted",
    "You divide by the sum over the whole matrix; each row is a sample with a sum of its own: axis=1.",
)
def _(z: Array, y: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum() - one_hot(y, z.shape[1])) / len(z)


@_wrong(
    "no-keepdims",
    "max and sum give (n,), which NumPy spreads along the rows: with keepdims=True they stay a column (n, 1).",
)
def _(z: Array, y: Array) -> Array:
    e = np.exp(z - z.max(axis=1))
    return (e / e.sum(axis=1) - one_hot(y, z.shape[1])) / len(z)


@_wrong(
    "whole-columns",
    "p[:, y] reaches into whole columns; one entry in each row: p[np.arange(n), y] -= 1.",
)
def _(z: Array, y: Array) -> Array:
    p = softmax(z)
    p[:, y] -= 1
    return p / len(z)


@_wrong("labels", "You subtract the labels as numbers: make rows of them first, one-hot.")
def _(z: Array, y: Array) -> Array:
    return (softmax(z) - y) / len(z)


@_wrong("labels-column", "You subtract the labels as numbers: make rows of them first, one-hot.")
def _(z: Array, y: Array) -> Array:
    return (softmax(z) - y[:, None]) / len(z)


@_wrong(
    "half-divided", "Only the targets are divided by n: put brackets around p - y, and divide both."
)
def _(z: Array, y: Array) -> Array:
    return softmax(z) - one_hot(y, z.shape[1]) / len(z)


@_wrong(
    "diagonal-only",
    "You multiply by p (1 - p), the diagonal of softmax's Jacobian; it has cancelled here: the gradient is p - y.",
)
def _(z: Array, y: Array) -> Array:
    p = softmax(z)
    return _error(z, y) * p * (1 - p) / len(z)


@_wrong(
    "all-entries",
    "You divide by all entries, n times classes; the mean is over the n samples only.",
)
def _(z: Array, y: Array) -> Array:
    return _error(z, y) / z.size


@_wrong(
    "logits", "You subtract the targets from the logits; turn the logits into probabilities first."
)
def _(z: Array, y: Array) -> Array:
    return (z - one_hot(y, z.shape[1])) / len(z)


@_wrong(
    "right-class-only",
    "Only the right class of each row has a gradient in yours; every class has one, p - y.",
)
def _(z: Array, y: Array) -> Array:
    return _error(z, y) * one_hot(y, z.shape[1]) / len(z)


@_wrong(
    "in-place",
    "You change z in place (z -= ...): take a new array, because the caller still needs the logits.",
)
def _(z: Array, y: Array) -> Array:
    z -= z.max(axis=1, keepdims=True)
    return _error(z, y) / len(z)
