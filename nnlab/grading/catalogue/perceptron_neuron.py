"""Unit `perceptron`: one neuron, on one sample and on a batch."""

from collections.abc import Callable

import numpy as np

from nnlab._types import Array, Rng
from nnlab.activations import ACTIVATIONS, sigmoid
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.perceptron import neuron


def _one_sample(rng: Rng) -> Case:
    m = int(rng.integers(2, 6))
    name = str(rng.choice(["sigmoid", "tanh", "relu", "linear"]))
    return call(rng.normal(size=m), rng.normal(size=m), float(rng.normal()) + 0.5, name)


def _batch(rng: Rng) -> Case:
    n, m = int(rng.integers(3, 7)), int(rng.integers(2, 6))
    name = str(rng.choice(["sigmoid", "tanh", "linear"]))
    return call(rng.normal(size=(n, m)), rng.normal(size=m), float(rng.normal()) + 0.5, name)


_W = np.array([0.5, -0.25])
NEURON = Specification(
    "neuron",
    neuron,
    "book/perceptron.html#src-t-f5",
    {
        "one_sample": Aspect(
            "one sample",
            [
                call(np.array([1.0, 2.0]), _W, 0.5, "linear"),
                call(np.array([1.0, 2.0]), _W, -1.0, "relu"),
                call(np.array([1.0, 3.0]), _W),
                call(np.array([1.0, 3.0]), _W, 1.0),
            ],
            _one_sample,
        ),
        "batch": Aspect(
            "a batch, one row a sample",
            [
                call(np.array([[1.0, 2.0], [0.0, 4.0], [-2.0, 0.0]]), _W, 0.5, "tanh"),
                # square, so that w @ x is wrong and no error
                call(np.array([[1.0, 2.0], [0.0, 4.0]]), _W, 0.5, "linear"),
            ],
            _batch,
            keeps_inputs=True,
        ),
    },
)


def _neuron(id: str, message: str, link: str | None = None) -> Callable[[Function], Function]:
    """Catalogue `variant(x, w, b, g)`."""

    def catalogue(variant: Function) -> Function:
        def wrong(x: Array, w: Array, b: float = 0.0, activation: str = "sigmoid") -> Array:
            return np.asarray(variant(x, w, b, ACTIVATIONS[activation].function))

        return NEURON.mistake(id, message, link)(wrong)

    return catalogue


_neuron("no-bias", "The bias is missing: add b to the weighted sum.")(lambda x, w, b, g: g(x @ w))
_neuron("bias-outside", "You add the bias after the activation: it belongs to the sum inside.")(
    lambda x, w, b, g: g(x @ w) + b
)
_neuron("bias-subtracted", "You subtract the bias, as for a threshold: here it is added.")(
    lambda x, w, b, g: g(x @ w - b)
)
_neuron("no-activation", "You return the sum z: the neuron's output is g(z).")(
    lambda x, w, b, g: x @ w + b
)
_neuron(
    "sigmoid-always",
    "You always take the sigmoid: look the activation's name up.",
    "book/perceptron.html#src-t-f4",
)(lambda x, w, b, g: sigmoid(x @ w + b))
_neuron(
    "not-summed",
    "You multiply without summing: x @ w is one number a sample.",
)(lambda x, w, b, g: g(x * w + b))
_neuron(
    "weights-first",
    "w @ x, or x.T @ w, works for one sample only: a batch has its samples in rows, so it is x @ w.",
)(lambda x, w, b, g: g(w @ x + b))
_neuron(
    "columns-summed",
    "You sum down the columns, axis 0: a row is a sample, so sum along it, axis=-1 or x @ w.",
)(lambda x, w, b, g: g(np.sum(x * w, axis=0) + b))
_neuron("each-term", "You put each term through the activation: sum first, then once g.")(
    lambda x, w, b, g: g(x * w).sum(axis=-1) + b
)
_neuron("bias-each", "You add the bias to every term: it is added once, to the sum.")(
    lambda x, w, b, g: g((x * w + b).sum(axis=-1))
)
_neuron(
    "all-summed", "You sum over the whole batch: each row is a sample with an output of its own."
)(lambda x, w, b, g: g((x * w).sum() + b))
