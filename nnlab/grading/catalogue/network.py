"""Unit `network`: a layer, and the forward pass through all of them."""

from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.activations import ACTIVATIONS, sigmoid, softmax
from nnlab.grading.catalogue.backprop import Layers, random_layers
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.layers import forward
from nnlab.perceptron import multi_output

NAMES = ["sigmoid", "tanh", "relu", "linear"]
_W, _B = np.array([[1.0, 0.0, 2.0], [0.5, -1.0, 1.0]]), np.array([0.0, 1.0, -1.0])

_SQUARE = np.array([[1.0, 2.0], [0.0, -1.0]])  # where W @ x is wrong, and no error


def _layer(rng: Rng, *samples: int) -> Case:
    m, k = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    x, W, b = rng.normal(size=(*samples, m)), rng.normal(size=(m, k)), rng.normal(size=k)
    return call(x, W, b, str(rng.choice(NAMES[:2] + NAMES[3:])))


MULTI_OUTPUT = Specification(
    "multi_output",
    multi_output,
    "book/perceptron.html#src-t-f6",
    {
        "one_sample": Aspect(
            "one sample",
            [
                call(np.array([1.0, 2.0]), _W, _B, "linear"),
                call(np.array([1.0, 2.0]), _W, _B),
                call(np.array([1.0, 2.0]), _W, _B, "relu"),
                call(np.array([1.0, 2.0]), _SQUARE, np.array([0.5, 0.0]), "linear"),
            ],
            _layer,
        ),
        "batch": Aspect(
            "a batch, one row a sample",
            [
                call(np.array([[1.0, 2.0], [0.0, 1.0], [-1.0, 0.0], [2.0, 2.0]]), _W, _B, "tanh"),
                call(np.array([[1.0, 2.0], [-1.0, 1.0]]), _SQUARE, np.array([0.5, 0.0]), "linear"),
            ],
            lambda rng: _layer(rng, int(rng.integers(5, 9))),
            keeps_inputs=True,
        ),
    },
)


def _wrong_layer(id: str, message: str, function: Function) -> None:
    """Catalogue `function(x, W, b, g)`."""

    def wrong(x: Array, W: Array, b: Array, activation: str = "sigmoid") -> Array:
        return np.asarray(function(x, W, b, ACTIVATIONS[activation].function))

    MULTI_OUTPUT.mistake(id, message)(wrong)


_wrong_layer(
    "no-bias",
    "The biases are missing: each neuron adds its own, x @ W + b.",
    lambda x, W, b, g: g(x @ W),
)
_wrong_layer(
    "left",
    "You multiply by W from the left: a neuron's weights stand in a column, so it is x @ W.",
    lambda x, W, b, g: g(W @ x + b),
)
_wrong_layer(
    "transposed-left",
    "W.T @ x works for one sample only: a batch has its samples in rows, so it is x @ W.",
    lambda x, W, b, g: g(W.T @ x + b),
)
_wrong_layer(
    "samples-transposed",
    "x.T @ W works for one sample only, where .T does nothing: the samples stand in rows already, x @ W.",
    lambda x, W, b, g: g(x.T @ W + b),
)
_wrong_layer(
    "bias-outside",
    "You add the biases after the activation: they belong to the sums inside.",
    lambda x, W, b, g: g(x @ W) + b,
)
_wrong_layer(
    "no-activation",
    "You return the sums: put them through the activation.",
    lambda x, W, b, g: x @ W + b,
)
_wrong_layer(
    "sigmoid-always",
    "You always take the sigmoid: look the activation's name up.",
    lambda x, W, b, g: sigmoid(x @ W + b),
)
_wrong_layer(
    "one-bias",
    "All neurons share the first bias in yours: each has its own.",
    lambda x, W, b, g: g(x @ W + b[0]),
)
_wrong_layer(
    "summed-biases",
    "Every neuron adds all biases in yours: each has its own.",
    lambda x, W, b, g: g(x @ W + b.sum()),
)
_wrong_layer(
    "bias-subtracted",
    "You subtract the biases, as for thresholds: here they are added.",
    lambda x, W, b, g: g(x @ W - b),
)
_wrong_layer(
    "first-neuron",
    "You return the first neuron only: every column of W is one.",
    lambda x, W, b, g: g(x @ W + b)[..., 0],
)


def _network(rng: Rng, least: int, most: int) -> Case:
    depth = int(rng.integers(least, most))
    widths = [int(w) for w in rng.integers(2, 5, depth + 1)]
    names = [str(name) for name in rng.choice(NAMES, depth)]
    names[0] = str(rng.choice(NAMES[:2]))  # so that every sample leaves a trace
    if rng.random() < 0.5:
        names[-1] = "softmax"
    return call(
        rng.normal(size=(int(rng.integers(5, 9)), widths[0])), random_layers(rng, widths), names
    )


_HIDDEN = (np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([0.5, -0.5]))
_OUTPUT = (np.array([[2.0, 1.0], [-1.0, 1.0]]), np.array([1.0, 0.0]))
_X = np.array([[1.0, 2.0], [0.0, 1.0], [-1.0, 0.5]])
FORWARD = Specification(
    "forward",
    forward,
    "book/networks.html#src-t-f9",
    {
        "one_layer": Aspect(
            "one layer",
            [call(_X, [_HIDDEN], ["tanh"]), call(_X, [_HIDDEN], ["softmax"])],
            lambda rng: _network(rng, 1, 2),
        ),
        "deep": Aspect(
            "two layers and more",
            [call(_X, [_HIDDEN, _OUTPUT], ["relu", "linear"])],
            lambda rng: _network(rng, 2, 6),
            keeps_inputs=True,
        ),
    },
)


def _forward(twist: str) -> Function:
    """Return the pass with one thing wrong in it."""

    def wrong(X: Array, layers: Layers, activations: list[str]) -> Any:
        outputs, sums = [X], [X]
        for i, (W, b) in enumerate(layers):
            below = {"input-always": X, "sums-passed-on": sums[-1]}.get(twist, outputs[-1])
            z = below @ W if twist == "no-bias" else below @ W + b
            name = activations[i]
            if twist == "first-activation":
                name = activations[0]
            elif twist == "linear-output" and i == len(layers) - 1:
                name = "linear"
            elif twist == "no-activations":
                name = "linear"
            elif twist == "sigmoid-always":
                name = "sigmoid"
            a = softmax(z) if name == "softmax" else ACTIVATIONS[name].function(z)
            outputs.append(a + b if twist == "bias-outside" else a)
            sums.append(z)
        return {
            "last-only": outputs[-1],
            "no-input": outputs[1:],
            "no-output": outputs[:-1],
            "first-layer-only": outputs[:2],
            "sums": sums,
            "reversed": outputs[::-1],
        }.get(twist, outputs)

    return wrong


for _id, _message in {
    "last-only": "You return the last output only: the way back will need all of them, in a list.",
    "no-input": "Your list begins with the first layer: its first entry is X itself.",
    "no-output": "Your list ends one too early: the output of the last layer belongs to it.",
    "first-layer-only": "You stop after the first layer: does the return stand inside the loop?",
    "input-always": "Every layer gets X in yours: it gets what the layer before it put out.",
    "sums-passed-on": "You hand the sums on to the next layer: hand on the outputs, after the activation.",
    "sums": "You keep the sums z before the activation: keep the outputs g(z).",
    "reversed": "Your list begins with the last layer: X comes first.",
    "no-bias": "The biases are missing: each layer is A @ W + b.",
    "bias-outside": "You add the biases after the activation: they belong to the sums inside.",
    "first-activation": "You use the first activation in every layer: each has its own name.",
    "linear-output": "The last layer has an activation too: the one that its name says.",
    "sigmoid-always": "You always take the sigmoid: look the activation's name up, for every layer.",
    "no-activations": "There is no activation in yours: without them all layers are one.",
}.items():
    FORWARD.mistake(_id, _message)(_forward(_id))


@FORWARD.mistake(
    "in-place", "You change X in place (X -= ..., out=X): every layer makes a new array."
)
def _(X: Array, layers: Layers, activations: list[str]) -> list[Array]:
    outputs = forward(X.copy(), layers, activations)
    X *= 0
    return outputs
