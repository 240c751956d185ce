"""Unit `backprop`, put together: the relative error of two gradients, and a network's loss and gradient."""

from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.gradcheck import relative_error
from nnlab.grading.catalogue.backprop import Layers, random_layers
from nnlab.grading.specification import Aspect, Case, Specification, call
from nnlab.layers import backward, forward
from nnlab.losses import (
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    squared_error,
    squared_error_gradient,
)


def _two_vectors(rng: Rng) -> Case:
    a = rng.normal(size=int(rng.integers(2, 6)))
    return call(a, a + rng.normal(scale=0.1, size=a.shape))


RELATIVE_ERROR = Specification(
    "relative_error",
    relative_error,
    "book/backprop.html#sec-gradient-check",
    {
        "values": Aspect(
            "two vectors",
            [
                call(np.array([3.0, 4.0]), np.array([3.0, 3.5])),
                call(np.array([1.0, 1.0]), np.array([2.0, -2.0])),
                call(np.zeros(2), np.zeros(2)),
            ],
            _two_vectors,
        )
    },
)


@RELATIVE_ERROR.mistake(
    "absolute", "This is the absolute error: divide by the larger of the two norms."
)
def _(a: Array, b: Array) -> Any:
    return np.linalg.norm(a - b)


@RELATIVE_ERROR.mistake("zero-by-zero", "Two zero gradients agree: return 0 there, not 0/0.")
def _(a: Array, b: Array) -> Any:
    return np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b))


@RELATIVE_ERROR.mistake("sum", "You divide by the sum of the norms: divide by the larger one.")
def _(a: Array, b: Array) -> Any:
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / total if total else 0.0


@RELATIVE_ERROR.mistake("smaller", "You divide by the smaller norm: divide by the larger one.")
def _(a: Array, b: Array) -> Any:
    smaller = min(np.linalg.norm(a), np.linalg.norm(b))
    return np.linalg.norm(a - b) / smaller if smaller else 0.0


@RELATIVE_ERROR.mistake(
    "lengths",
    "You compare the lengths: vectors of one length can point apart, so take the norm of a - b.",
)
def _(a: Array, b: Array) -> Any:
    first, second = np.linalg.norm(a), np.linalg.norm(b)
    return abs(first - second) / (max(first, second) or 1)


@RELATIVE_ERROR.mistake(
    "first",
    "You divide by the norm of a: divide by the larger norm, so that the order is no matter.",
)
def _(a: Array, b: Array) -> Any:
    return np.linalg.norm(a - b) / np.linalg.norm(a) if a.any() else 0.0


@RELATIVE_ERROR.mistake("squared", "The root is missing: a norm is the root of the sum of squares.")
def _(a: Array, b: Array) -> Any:
    return (
        relative_error(a, b)
        * np.linalg.norm(a - b)
        / (max(np.linalg.norm(a), np.linalg.norm(b)) or 1)
    )


def loss_and_gradient(
    X: Array, y: Array, layers: Layers, activations: list[str], loss: str
) -> tuple[float, Layers]:
    """Return a network's loss on a batch and its gradient for each layer."""
    outputs = forward(X, layers, activations)
    value, gradient = {
        "squared_error": (squared_error, squared_error_gradient),
        "softmax_cross_entropy": (softmax_cross_entropy, softmax_cross_entropy_gradient),
    }[loss]
    return value(outputs[-1], y), backward(outputs, layers, activations, gradient(outputs[-1], y))


def _regression(rng: Rng) -> Case:
    n, widths = int(rng.integers(3, 7)), [2, int(rng.integers(2, 5)), int(rng.integers(1, 4))]
    X, y = rng.normal(size=(n, 2)), rng.normal(size=(n, widths[-1]))
    return call(X, y, random_layers(rng, widths), ["tanh", "linear"], "squared_error")


def _classification(rng: Rng) -> Case:
    n, k = int(rng.integers(3, 7)), int(rng.integers(2, 5))
    layers = random_layers(rng, [3, 4, 3, k])
    X, y = rng.normal(size=(n, 3)), rng.integers(0, k, n)
    return call(X, y, layers, ["relu", "tanh", "linear"], "softmax_cross_entropy")


LOSS_AND_GRADIENT = Specification(
    "loss_and_gradient",
    loss_and_gradient,
    "book/backprop.html#src-l-two",
    {
        "regression": Aspect(
            "regression",
            [
                call(
                    np.array([[1.0, 2.0], [0.0, -1.0]]),
                    np.array([[1.0], [0.0]]),
                    [(np.array([[0.5], [0.25]]), np.array([0.1]))],
                    ["linear"],
                    "squared_error",
                )
            ],
            _regression,
        ),
        "classification": Aspect(
            "classification",
            [
                call(
                    np.array(
                        [[1000.0], [-1000.0]]
                    ),  # logits that overflow unless each row is shifted
                    np.array([0, 0]),
                    [(np.array([[1.0, 0.5]]), np.array([0.0, 2.0]))],
                    ["linear"],
                    "softmax_cross_entropy",
                )
            ],
            _classification,
            keeps_inputs=True,
        ),
    },
    returns=("loss", "gradient"),
)


@LOSS_AND_GRADIENT.mistake("loss-sum", "Your loss is a sum over the samples: take their mean.")
def _(X: Array, y: Array, layers: Layers, activations: list[str], loss: str) -> Any:
    value, gradient = loss_and_gradient(X, y, layers, activations, loss)
    return value * len(X), gradient


@LOSS_AND_GRADIENT.mistake(
    "gradient-sum",
    "The loss is a mean over the samples, and your gradient a sum: divide by n in dZ, once.",
)
def _(X: Array, y: Array, layers: Layers, activations: list[str], loss: str) -> Any:
    value, gradient = loss_and_gradient(X, y, layers, activations, loss)
    return value, [(dW * len(X), db * len(X)) for dW, db in gradient]


@LOSS_AND_GRADIENT.mistake(
    "half", "Your gradient has lost the 2 of the squared error: this loss carries no 1/2."
)
def _(X: Array, y: Array, layers: Layers, activations: list[str], loss: str) -> Any:
    value, gradient = loss_and_gradient(X, y, layers, activations, loss)
    factor = 0.5 if loss == "squared_error" else 1
    return value, [(factor * dW, factor * db) for dW, db in gradient]


@LOSS_AND_GRADIENT.mistake(
    "half-loss", "You halve the squared error, and its gradient with it: this loss carries no 1/2."
)
def _(X: Array, y: Array, layers: Layers, activations: list[str], loss: str) -> Any:
    value, gradient = loss_and_gradient(X, y, layers, activations, loss)
    factor = 0.5 if loss == "squared_error" else 1
    return factor * value, [(factor * dW, factor * db) for dW, db in gradient]


_ENTRIES = "You divide by all entries (np.mean does): take the mean over the n samples, and sum over their outputs."


@LOSS_AND_GRADIENT.mistake("all-entries", _ENTRIES)
def _(X: Array, y: Array, layers: Layers, activations: list[str], loss: str) -> Any:
    value, gradient = loss_and_gradient(X, y, layers, activations, loss)
    outputs = layers[-1][1].size if loss == "squared_error" else 1
    return value / outputs, [(dW / outputs, db / outputs) for dW, db in gradient]


@LOSS_AND_GRADIENT.mistake("all-entries-in-loss", _ENTRIES)
def _(X: Array, y: Array, layers: Layers, activations: list[str], loss: str) -> Any:
    value, gradient = loss_and_gradient(X, y, layers, activations, loss)
    return value / (layers[-1][1].size if loss == "squared_error" else 1), gradient


@LOSS_AND_GRADIENT.mistake(
    "overflow", "exp overflows for large logits: subtract each row's maximum in the loss, too."
)
def _(X: Array, y: Array, layers: Layers, activations: list[str], loss: str) -> Any:
    value, gradient = loss_and_gradient(X, y, layers, activations, loss)
    if loss != "squared_error":
        z = forward(X, layers, activations)[-1]
        value = np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), y])
    return value, gradient


@LOSS_AND_GRADIENT.mistake("gradient-only", "Return two things, the loss and the gradient.")
def _(X: Array, y: Array, layers: Layers, activations: list[str], loss: str) -> Any:
    return loss_and_gradient(X, y, layers, activations, loss)[1]
