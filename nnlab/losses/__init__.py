"""A loss says how wrong predictions are: the mean over samples of the sum over outputs.

Each loss stands beside its gradient with respect to what it is given, and the gradient is that of
the loss exactly as written, mean included. Predictions and targets are (n,) or (n, k) and must have
the same shape: no broadcasting.
"""

from typing import NamedTuple

from nnlab.losses._kernel import Kernel
from nnlab.losses.cross_entropy import (
    _binary_from_logits,
    _softmax_cross_entropy,
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    binary_cross_entropy_from_logits_gradient,
    binary_cross_entropy_gradient,
    one_hot,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
)
from nnlab.losses.penalty import l2_gradient, l2_penalty
from nnlab.losses.regression import (
    _absolute_error,
    _huber,
    _squared_error,
    absolute_error,
    absolute_error_gradient,
    huber,
    huber_gradient,
    squared_error,
    squared_error_gradient,
)


class Loss(NamedTuple):
    """A loss of a network: value and gradient at once, and the output activation that it is fused
    with, if any."""

    kernel: Kernel
    output: str | None


LOSSES = {
    "squared_error": Loss(_squared_error, None),
    "absolute_error": Loss(_absolute_error, None),
    "huber": Loss(_huber(), None),
    "binary_cross_entropy": Loss(_binary_from_logits, "sigmoid"),
    "cross_entropy": Loss(_softmax_cross_entropy, "softmax"),
}

__all__ = [
    "LOSSES",
    "Loss",
    "absolute_error",
    "absolute_error_gradient",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "binary_cross_entropy_from_logits_gradient",
    "binary_cross_entropy_gradient",
    "huber",
    "huber_gradient",
    "l2_gradient",
    "l2_penalty",
    "one_hot",
    "softmax_cross_entropy",
    "softmax_cross_entropy_gradient",
    "squared_error",
    "squared_error_gradient",
]
