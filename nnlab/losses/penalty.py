"""A penalty is added to a loss so that, of two networks that fit alike, the one with smaller
weights wins."""

from collections.abc import Iterable

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike
from nnlab.losses._kernel import number


def l2_penalty(weights: Iterable[ArrayLike], lam: float) -> float:
    r"""L2 regularisation: $\frac\lambda2 \sum_l \|W^{(l)}\|^2$, over weights only, whatever the
    batch size.

    >>> l2_penalty([[[1.0, 2.0]], [[3.0]]], lam=0.1)
    0.7000000000000001

    Source: report section III. Elsewhere: Keras has no 1/2; PyTorch's weight decay also shrinks
    biases; scikit-learn divides by the size of the batch.
    """
    return float(lam) / 2 * sum(number(np.sum(_checks.numbers("W", W) ** 2)) for W in weights)


def l2_gradient(W: ArrayLike, lam: float) -> Array:
    r"""Gradient of the L2 penalty with respect to one weight matrix: $\lambda W$.

    >>> l2_gradient([[1.0, -2.0]], lam=0.5)
    array([[ 0.5, -1. ]])
    """
    return float(lam) * _checks.numbers("W", W)
