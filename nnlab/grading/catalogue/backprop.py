"""Unit `backprop`: Algorithm 6.1 for any number of layers, and the ways people get it wrong."""
# mypy: allow-untyped-defs

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.activations import ACTIVATIONS
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.layers import backward, forward

Layers = list[tuple[Array, Array]]


def random_layers(rng: Rng, widths: list[int]) -> Layers:
    """Return layers whose biases are not zero, so that forgetting one shows."""
    return [(rng.normal(size=(a, b)), rng.normal(size=b)) for a, b in pairwise(widths)]


def _network(rng: Rng, widths: list[int], activations: list[str], n: int | None = None) -> Case:
    layers, n = random_layers(rng, widths), n or int(rng.integers(3, 7))
    outputs = forward(rng.normal(size=(n, widths[0])), layers, activations)
    return call(outputs, layers, activations, rng.normal(size=(n, widths[-1])))


def _square(rng: Rng, activations: list[str]) -> Case:
    """Return a network whose sizes are all two: what is wrong with a shape elsewhere is no error here, but wrong."""
    return _network(rng, [2] * (len(activations) + 1), activations, n=2)


def _one_layer(rng: Rng) -> Case:
    return _network(rng, [int(rng.integers(2, 5)), int(rng.integers(1, 4))], ["linear"])


def _hidden(rng: Rng) -> Case:
    hidden = str(rng.choice(["sigmoid", "tanh", "relu"]))
    return _network(rng, [*map(int, rng.permutation([2, 3, 4]))], [hidden, "linear"])


def _deep(rng: Rng) -> Case:
    activations = [str(a) for a in rng.choice(["sigmoid", "tanh", "relu"], int(rng.integers(3, 5)))]
    widths = [int(w) for w in rng.integers(2, 6, len(activations) + 1)]
    return _network(rng, widths, activations)


_RNG = np.random.default_rng(2)
BACKWARD = Specification(
    "backward",
    backward,
    "book/backprop.html#src-l-a61",
    {
        "one_layer": Aspect(
            "one linear layer",
            [
                call(
                    [np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0], [0.0]])],
                    [(np.array([[0.5], [-0.5]]), np.array([0.5]))],
                    ["linear"],
                    np.array([[1.0], [10.0]]),
                ),
                _square(_RNG, ["linear"]),
            ],
            _one_layer,
        ),
        "hidden": Aspect(
            "two layers",
            [
                *(_network(_RNG, [2, 3, 1], [g, "linear"]) for g in ("sigmoid", "relu", "tanh")),
                _square(_RNG, ["sigmoid", "linear"]),
            ],
            _hidden,
        ),
        "deep": Aspect(
            "three and four layers",
            [
                _network(_RNG, [3, 4, 2, 2], ["tanh", "relu", "sigmoid"]),
                _square(_RNG, ["tanh", "sigmoid", "sigmoid"]),
            ],
            _deep,
            keeps_inputs=True,
        ),
    },
)

Rule = Callable[..., Any]


def _slope(name: str, a: Array) -> Array:
    return np.asarray(ACTIVATIONS[name].from_output(a))


def _backward(
    slope: Rule = lambda name, outputs, i: _slope(name, outputs[i + 1]),
    dW: Rule = lambda below, D, outputs, i: below.T @ D,
    db: Rule = lambda D: D.sum(axis=0),
    down: Rule = lambda D, W, dA: D @ W.T,
    times: Rule = lambda dA, slope: dA * slope,
) -> Function:
    """Return Algorithm 6.1 with one of its rules replaced by a wrong one."""

    def variant(outputs: Any, layers: Layers, activations: list[str], dA: Array) -> Layers:
        grads = []
        for i in reversed(range(len(layers))):
            D = times(dA, slope(activations[i], outputs, i))
            grads.append((dW(outputs[i], D, outputs, i), db(D)))
            dA = down(D, layers[i][0], dA)
        return grads[::-1]

    return variant


def _wrong(id: str, message: str, function: Function) -> None:
    BACKWARD.mistake(id, message)(function)


_wrong(
    "no-slope",
    "The activation's slope is missing everywhere: dZ is dA times g', entry by entry.",
    _backward(slope=lambda name, outputs, i: 1.0),
)
_wrong(
    "no-hidden-slope",
    "Below the last layer the slope is missing: every layer has dZ = dA times g', not only the output.",
    _backward(slope=lambda name, o, i: _slope(name, o[i + 1]) if i == len(o) - 2 else 1.0),
)
_wrong(
    "no-output-slope",
    "The last layer's slope is missing: what comes in is dA, and dZ = dA times g' there too.",
    _backward(slope=lambda name, o, i: _slope(name, o[i + 1]) if i < len(o) - 2 else 1.0),
)
_wrong(
    "slope-at-output",
    "You put the output A into g'(z), which wants Z: with A at hand, sigmoid's slope is A (1 - A), tanh's 1 - A^2.",
    _backward(slope=lambda name, o, i: ACTIVATIONS[name].derivative(o[i + 1])),
)
_wrong(
    "sigmoid-slope",
    "You take the sigmoid's slope a (1 - a) for every layer: each activation has a slope of its own.",
    _backward(slope=lambda name, o, i: _slope(name if name == "linear" else "sigmoid", o[i + 1])),
)
_wrong(
    "slope-of-input",
    "You take the slope at what went into the layer: what came out of layer i is outputs[i + 1].",
    _backward(slope=lambda name, o, i: _slope(name, o[i])),
)
_wrong(
    "matrix-product",
    "dA @ slope is a product of matrices: the slope multiplies entry by entry, dA * slope.",
    _backward(times=lambda dA, slope: dA @ slope),
)
_wrong(
    "mean-twice",
    "You divide by n once more: the mean over the samples is in dA already, so only sum here.",
    _backward(dW=lambda below, D, o, i: below.T @ D / len(D), db=lambda D: D.mean(axis=0)),
)
_wrong(
    "bias-mean",
    "Your bias gradient is a mean over the samples: it is their sum (dA holds the 1/n already).",
    _backward(db=lambda D: D.mean(axis=0)),
)
_wrong(
    "bias-not-summed",
    "Your bias gradient still has one row a sample: one bias serves all samples, so sum over axis 0.",
    _backward(db=lambda D: D),
)
_wrong(
    "bias-axis",
    "You sum the bias gradient along the rows, axis 1: sum over the samples, axis=0, one number for each neuron.",
    _backward(db=lambda D: D.sum(axis=1)),
)
_wrong(
    "bias-one-number",
    "You summed the bias gradient over everything: sum over the samples only, axis=0.",
    _backward(db=lambda D: D.sum()),
)
_wrong(
    "weights-transposed",
    "Your dW is transposed: it must have W's own shape (in, out), so it is A.T @ dZ.",
    _backward(dW=lambda below, D, o, i: D.T @ below),
)
_wrong(
    "output-for-input",
    "You multiply by the layer's output; W acts on its input, outputs[i], so dW = outputs[i].T @ dZ.",
    _backward(dW=lambda below, D, o, i: o[i + 1].T @ D),
)
_wrong(
    "slope-lost-below",
    "You carry dA down instead of dZ: the slope must go along, dA below = dZ @ W.T.",
    _backward(down=lambda D, W, dA: dA @ W.T),
)
_wrong(
    "not-carried-down",
    "Every layer starts from the same dA in yours: carry it down, dA = dZ @ W.T, before the next one.",
    _backward(down=lambda D, W, dA: dA),
)
_wrong(
    "untransposed",
    "You go down through W, which leads from in to out: the way back is its transpose, dA = dZ @ W.T.",
    _backward(down=lambda D, W, dA: D @ W),
)
_wrong(
    "updated-weights",
    "The weights you go down through are changed already: take the ones that made the forward pass, and update last.",
    lambda outputs, layers, activations, dA: _through_updated(outputs, layers, activations, dA),
)
_wrong(
    "last-layer-first",
    "Your list begins with the last layer: turn it round, so that it is ordered like layers.",
    lambda *args: backward(*args)[::-1],
)
_wrong(
    "first-layer-missing",
    "The first layer is missing: range(n - 1, 0, -1) stops before 0, reversed(range(n)) goes down to it.",
    lambda *args: backward(*args)[1:],
)
_wrong(
    "forwards",
    "You begin with the first layer: dA is the gradient of the last output, so begin with the last layer.",
    lambda outputs, layers, activations, dA: _forwards(outputs, layers, activations, dA),
)
_wrong(
    "bias-first",
    "Each pair is (dW, db), in this order; yours is (db, dW).",
    lambda *args: [(db, dW) for dW, db in backward(*args)],
)


def _forwards(outputs: Any, layers: Layers, activations: list[str], dA: Array) -> Layers:
    grads = []
    for i, (W, _) in enumerate(layers):
        D = dA * _slope(activations[i], outputs[i + 1])
        grads.append((outputs[i].T @ D, D.sum(axis=0)))
        dA = D @ W.T
    return grads


def _through_updated(outputs: Any, layers: Layers, activations: list[str], dA: Array) -> Layers:
    """Do what descends inside the loop: W -= dW comes before W is used to go down."""
    grads = []
    for i in reversed(range(len(layers))):
        D = dA * _slope(activations[i], outputs[i + 1])
        grads.append((outputs[i].T @ D, D.sum(axis=0)))
        dA = D @ (layers[i][0] - 0.1 * grads[-1][0]).T
    return grads[::-1]


@BACKWARD.mistake(
    "in-place",
    "You change an input in place (dA *= ...): write dZ = dA * slope, which is a new array.",
)
def _(outputs, layers, activations, dA):
    dA *= _slope(activations[-1], outputs[-1])
    return backward(outputs, layers, [*activations[:-1], "linear"], dA)
