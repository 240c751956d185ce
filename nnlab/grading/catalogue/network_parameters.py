"""Unit `network`: counting parameters, and cutting a vector into layers."""

from itertools import pairwise

import numpy as np

from nnlab._types import Array, Rng
from nnlab.grading.catalogue.backprop import Layers
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.layers import layer_views, parameter_count


def _some_widths(rng: Rng, most: int = 40) -> list[int]:
    return [int(w) for w in rng.integers(1, most, int(rng.integers(2, 6)))]


PARAMETER_COUNT = Specification(
    "parameter_count",
    parameter_count,
    "book/networks.html#src-l-count",
    {
        "values": Aspect(
            "the lecture's networks, and others",
            [call([784, 10]), call([784, 200, 10]), call([2, 3, 4, 1])],
            lambda rng: call(_some_widths(rng)),
        )
    },
)


def _wrong_count(id: str, message: str, function: Function) -> None:
    """Catalogue `function(widths, pairs)`."""
    PARAMETER_COUNT.mistake(id, message)(lambda widths: function(widths, list(pairwise(widths))))


_wrong_count(
    "no-biases",
    "You count the weights only: each neuron has a bias too.",
    lambda widths, pairs: sum(a * b for a, b in pairs),
)
_wrong_count(
    "input-biases",
    "You give the inputs biases: an input is a number, not a neuron.",
    lambda widths, pairs: sum(a * b for a, b in pairs) + sum(widths),
)
_wrong_count(
    "one-bias",
    "You count one bias a layer: it is one for each neuron.",
    lambda widths, pairs: sum(a * b + 1 for a, b in pairs),
)
_wrong_count(
    "bias-per-input",
    "Your biases go with the layer's inputs: they go with its outputs.",
    lambda widths, pairs: sum(a * b + a for a, b in pairs),
)
_wrong_count(
    "squared",
    "You count width * width where the biases are: a layer has only as many biases as neurons.",
    lambda widths, pairs: sum(a * b + b * b for a, b in pairs),
)
_wrong_count(
    "last-bias-only",
    "Only the last layer has biases in yours: every layer has.",
    lambda widths, pairs: sum(a * b for a, b in pairs) + widths[-1],
)
_wrong_count(
    "first-layer-only",
    "You count the first layer only: add up all of them, and return after the loop.",
    lambda widths, pairs: (widths[0] + 1) * widths[1],
)
_wrong_count(
    "last-layer-only",
    "You count the last layer only: each pass through the loop has to add to the total (+=).",
    lambda widths, pairs: (widths[-2] + 1) * widths[-1],
)
_wrong_count(
    "neurons",
    "You count neurons: a parameter is a weight or a bias.",
    lambda widths, pairs: sum(widths[1:]),
)


def _vector(rng: Rng) -> Case:
    widths = _some_widths(rng, 6)
    return call(rng.normal(size=parameter_count(widths)), widths)


LAYER_VIEWS = Specification(
    "layer_views",
    layer_views,
    "book/networks.html#src-l-count",
    {
        "values": Aspect(
            "a vector, cut up",
            [call(np.arange(13.0), [2, 3, 1]), call(np.arange(6.0), [2, 2])],
            _vector,
            keeps_inputs=True,
        )
    },
)


def _cut(twist: str) -> Function:
    """Return the cutting with one thing wrong in it."""

    def wrong(theta: Array, widths: list[int]) -> Layers:
        layers, start = [], 0
        for a, b in pairwise(widths):
            if twist == "never-advances":
                start = 0
            weights, bias = theta[start : start + a * b], theta[start + a * b : start + a * b + b]
            if twist == "bias-first":
                bias, weights = theta[start : start + b], theta[start + b : start + b + a * b]
            W = weights.reshape(a, b)
            if twist == "columns":
                W = weights.reshape(b, a).T
            elif twist == "out-in":
                W = weights.reshape(b, a)
            layers.append((W, bias))
            if twist == "biases-last":
                start -= b
            start += a * b if twist == "biases-skipped" else (a + 1) * b
        if twist == "biases-last":
            ends = [start + sum(widths[1:stop]) for stop in range(1, len(widths) + 1)]
            return [(W, theta[i:j]) for (W, _), (i, j) in zip(layers, pairwise(ends), strict=True)]
        if twist == "last-first":
            return layers[::-1]
        if twist == "bias-then-weights":
            return [(bias, W) for W, bias in layers]
        return [(W, bias[None, :]) for W, bias in layers] if twist == "bias-row" else layers

    return wrong


for _id, _message in {
    "never-advances": "Every layer is cut from the beginning of theta: the next one starts where the last one ended.",
    "biases-skipped": "You advance by the weights only: step over the layer's biases too.",
    "bias-first": "You take the biases first: in theta the weights of a layer come before its biases.",
    "biases-last": "You take the weights of all layers first: in theta each layer's biases follow its own weights.",
    "columns": "You fill W column by column: theta holds it row by row, so reshape to (in, out).",
    "out-in": "Your W is (out, in): here it is (in, out), one row for each input.",
    "bias-then-weights": "Each pair is (W, b), in this order; yours is (b, W).",
    "bias-row": "Your b is a row (1, out): it is a vector (out,).",
    "last-first": "Your list begins with the last layer: begin with the one next to the inputs.",
}.items():
    LAYER_VIEWS.mistake(_id, _message)(_cut(_id))
