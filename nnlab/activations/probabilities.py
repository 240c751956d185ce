"""Softmax turns a row of numbers into probabilities: all positive, sum 1, order kept."""

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike


def softmax(z: ArrayLike) -> Array:
    r"""Turn each row of z into probabilities: $p_j = e^{z_j} / \sum_k e^{z_k}$.

    Subtracting the row's maximum changes nothing in exact arithmetic, and keeps the exponentials
    from overflowing.

    >>> softmax([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])

    Source: lecture Eq. 6.15; report Eq. 3.
    """
    z = _checks.numbers("z", z)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_derivative(z: ArrayLike) -> Array:
    r"""Jacobian of softmax at one row z: $\partial p_l / \partial z_k = p_l(\delta_{lk} - p_k)$.

    >>> softmax_derivative([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])

    Source: report Eq. 6.
    """
    p = softmax(_checks.numbers("z", z, ndim=1))
    return np.diag(p) - np.outer(p, p)


def softmax_backward(p: ArrayLike, g: ArrayLike) -> Array:
    r"""Carry a gradient g with respect to p = softmax(z) back to z: $p \odot (g - \sum_k g_k p_k)$,
    row by row.

    This is the Jacobian times g without building the Jacobian. Keeping only its diagonal, p (1 - p)
    g, is the commonest mistake with softmax.

    >>> softmax_backward([[0.5, 0.5]], [[1.0, 0.0]])
    array([[ 0.25, -0.25]])
    """
    p, g = _checks.numbers("p", p), _checks.numbers("g", g)
    _checks.same_shape("p", p, "g", g)
    return p * (g - (g * p).sum(axis=-1, keepdims=True))
