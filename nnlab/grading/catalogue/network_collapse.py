"""Unit `network`: linear layers that collapse into one."""

import numpy as np

from nnlab._types import Array, Rng
from nnlab.grading.catalogue.backprop import Layers, random_layers
from nnlab.grading.specification import Aspect, Case, Specification, call


def collapse(layers: Layers) -> tuple[Array, Array]:
    """Return the one layer (W, b) that does what these linear layers do."""
    W, b = np.asarray(layers[0][0]), np.asarray(layers[0][1])
    for next_W, next_b in layers[1:]:
        W, b = W @ next_W, b @ next_W + next_b
    return W, b


def _linear_layers(rng: Rng) -> Case:
    width, depth = int(rng.integers(2, 4)), int(rng.integers(2, 5))
    return call(random_layers(rng, [width] * (depth + 1)))


_RNG = np.random.default_rng(5)
COLLAPSE = Specification(
    "collapse",
    collapse,
    "book/networks.html#src-l-glm",
    {
        "values": Aspect(
            "two linear layers and more",
            [
                call(
                    [
                        (np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([1.0, -1.0])),
                        (np.array([[1.0, 0.0], [3.0, 1.0]]), np.array([0.5, 0.0])),
                    ]
                ),
                call(random_layers(_RNG, [3, 4, 2, 1])),
                call(random_layers(_RNG, [2, 3])),
            ],
            _linear_layers,
            keeps_inputs=True,
        )
    },
    returns=("W", "b"),
)


def _product(layers: Layers) -> Array:
    return collapse(layers)[0]


def _other_way(layers: Layers) -> tuple[Array, Array]:
    W, b = np.asarray(layers[0][0]), np.asarray(layers[0][1])
    for next_W, next_b in layers[1:]:
        W, b = next_W @ W, next_W @ b + next_b
    return W, b


def _weights_first(layers: Layers) -> tuple[Array, Array]:
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        W = W @ next_W
        b = b @ W + next_b
    return W, b


def _entry_by_entry(layers: Layers) -> tuple[Array, Array]:
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        W, b = W * next_W, b * next_W + next_b
    return W, b


def _bias_right(layers: Layers) -> tuple[Array, Array]:
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        W, b = W @ next_W, next_W @ b + next_b
    return W, b


for _id, _message, _function in (
    (
        "weights-first",
        "You send b through the product of all weights: it passes only those behind it, so compute b before W.",
        _weights_first,
    ),
    (
        "bias-right",
        "With samples in rows the bias stands left, too: b @ next_W, not next_W @ b.",
        _bias_right,
    ),
    (
        "entry-by-entry",
        "* multiplies entry by entry: the product of two matrices is @.",
        _entry_by_entry,
    ),
    (
        "last-bias",
        "Only the last bias is left in yours: earlier ones reach the output too, through the weights behind them.",
        lambda layers: (_product(layers), layers[-1][1] + 0),
    ),
    (
        "first-bias",
        "You stop at the first bias carried through: every layer adds its own on top.",
        lambda layers: (
            _product(layers),
            collapse([(W, b * (i == 0)) for i, (W, b) in enumerate(layers)])[1],
        ),
    ),
    (
        "all-weights",
        "You send each bias through its own layer's weights too: it only passes those behind it.",
        lambda layers: (_product(layers), collapse([(W, b @ W) for W, b in layers])[1]),
    ),
    (
        "added-weights",
        "You add the weight matrices: going through one layer after the other multiplies them.",
        lambda layers: (sum(W for W, _ in layers), collapse(layers)[1]),
    ),
    (
        "added-biases",
        "You add the biases: an early one passes the later layers' weights before it arrives.",
        lambda layers: (_product(layers), sum(b for _, b in layers)),
    ),
    (
        "wrong-order",
        "Your product is in the wrong order: with x @ W the first layer stands left, W1 @ W2.",
        _other_way,
    ),
):
    COLLAPSE.mistake(_id, _message)(_function)
