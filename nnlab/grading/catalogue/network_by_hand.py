"""Unit `network`: weights set by hand, judged by what the network does with them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnlab._types import Array
from nnlab.datasets import xor
from nnlab.grading.specification import Aspect, Function, Specification, call
from nnlab.layers import forward

Layers = list[tuple[Array, Array]]
_POINTS = {f"({a:g}, {b:g})": np.array([a, b]) for a, b in xor()[0]}
_NUMBERS = {f"{x:g}": np.array([x]) for x in (-2.0, -0.5, 0.0, 0.25, 3.0)}


def xor_layers() -> Layers:
    """Return the lecture's two layers, ReLU and linear, that compute XOR."""
    return _two_layers([[1, 1], [1, 1]], [0, -1], [1, -2])


def absolute_layers() -> Layers:
    """Return two layers, ReLU and linear, that compute |x|."""
    return _two_layers([[1, -1]], [0, 0], [1, 1])


def _two_layers(
    hidden: Sequence[Sequence[float]],
    biases: Sequence[float],
    output: Sequence[float],
    bias: float = 0,
) -> Layers:
    return [
        (np.array(hidden, dtype=float), np.array(biases, dtype=float)),
        (np.array(output, dtype=float)[:, None], np.array([bias], dtype=float)),
    ]


def on_corners(answer: Function) -> dict[str, Any]:
    """Return what the network answers on the four points of XOR."""
    return _outputs(answer(), _POINTS)


def on_numbers(answer: Function) -> dict[str, Any]:
    """Return what the network answers on a few numbers."""
    return _outputs(answer(), _NUMBERS)


def _outputs(layers: Any, inputs: dict[str, Array]) -> dict[str, Any]:
    pairs = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in _pairs(layers)]
    n_in, hidden = len(next(iter(inputs.values()))), pairs[0][1].size
    for number, ((W, b), shape) in enumerate(
        zip(pairs, [(n_in, hidden), (hidden, 1)], strict=True), start=1
    ):
        if W.shape != shape or b.shape != shape[1:]:
            raise ValueError(
                f"layer {number} needs W {shape} and b {shape[1:]}, one row for each input; "
                f"got {W.shape} and {b.shape}"
            )
    return {
        f"output at {name}": forward(x[None, :], pairs, ["relu", "linear"])[-1][0, 0]
        for name, x in inputs.items()
    }


def _pairs(layers: Any) -> Any:
    if layers is None:
        raise TypeError("return two layers; got None: is there a return at the end?")
    if not isinstance(layers, (list, tuple)) or len(layers) != 2:
        raise TypeError("return a list of two layers, [(W1, b1), (W2, b2)]")
    if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in layers):
        raise TypeError("each layer is a pair (W, b)")
    return layers


XOR_LAYERS = Specification(
    "xor_layers",
    xor_layers,
    "book/networks.html#src-l-xor",
    {"table": Aspect("the four corners", [call()], drive=on_corners)},
)
ABSOLUTE_LAYERS = Specification(
    "absolute_layers",
    absolute_layers,
    "book/networks.html#src-l-f53",
    {"values": Aspect("a few numbers", [call()], drive=on_numbers)},
)

_SQUARE = [[1, 1], [1, 1]]
for _id, _message, _layers in (
    (
        "no-threshold",
        "Both hidden units say the same, because their biases are equal: let one wake up only at (1, 1).",
        _two_layers(_SQUARE, [0, 0], [1, -2]),
    ),
    (
        "or",
        "This is OR: at (1, 1) the second unit has to take away the whole 2 that the first one brings.",
        _two_layers(_SQUARE, [0, -1], [1, -1]),
    ),
    (
        "sum",
        "This is the sum of the inputs: the second unit has to take something away at (1, 1).",
        _two_layers(_SQUARE, [0, -1], [1, 0]),
    ),
    (
        "added",
        "You add the second unit: it has to take away, so its weight is negative.",
        _two_layers(_SQUARE, [0, -1], [1, 2]),
    ),
    (
        "and",
        "This is AND, the second unit alone: the first one brings the two 1s.",
        _two_layers(_SQUARE, [0, -1], [0, 1]),
    ),
    (
        "negated",
        "Your answers are turned round: 1 where exactly one input is 1.",
        _two_layers(_SQUARE, [0, -1], [-1, 2], 1),
    ),
    (
        "upside-down",
        "Your answers have the wrong sign: turn the signs of the output weights.",
        _two_layers(_SQUARE, [0, -1], [-1, 2]),
    ),
    (
        "difference",
        "This is x1 - x2, which is -1 at (0, 1): the two units each see one side, so add them.",
        _two_layers([[1, -1], [-1, 1]], [0, 0], [1, -1]),
    ),
    (
        "wakes-early",
        "At (0, 1) your first unit must say 1, and your second one sleep: it wakes up when both inputs are 1.",
        _two_layers(_SQUARE, [0, -0.5], [1, -2]),
    ),
):
    XOR_LAYERS.mistake(_id, _message)(lambda _layers=_layers: _layers)

for _id, _message, _layers in (
    (
        "right-side-only",
        "This is ReLU itself, x where x > 0: the other unit has to do the left side.",
        _two_layers([[1, -1]], [0, 0], [1, 0]),
    ),
    (
        "left-side-only",
        "Only the left side works: the other unit has to do the right one.",
        _two_layers([[1, -1]], [0, 0], [0, 1]),
    ),
    (
        "identity",
        "This is x itself: relu(x) - relu(-x). Add the two sides.",
        _two_layers([[1, -1]], [0, 0], [1, -1]),
    ),
    (
        "same-side",
        "Both units work on the right side: give one of them a negative input weight.",
        _two_layers([[1, 1]], [0, 0], [1, 1]),
    ),
    (
        "negative",
        "This is -|x|: turn the signs of the output weights.",
        _two_layers([[1, -1]], [0, 0], [-1, -1]),
    ),
    (
        "shifted",
        "Your kink is not at 0: without biases both units bend there.",
        _two_layers([[1, -1]], [1, -1], [1, 1]),
    ),
):
    ABSOLUTE_LAYERS.mistake(_id, _message)(lambda _layers=_layers: _layers)
