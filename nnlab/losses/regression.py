"""Losses for numbers: squared error, absolute error, and Huber's mixture of the two."""

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike
from nnlab.losses._kernel import Kernel, evaluate, mean


def squared_error(y_hat: ArrayLike, y: ArrayLike) -> float:
    r"""Mean squared error: $J = \frac1n \sum_i \sum_k (\hat y_{ik} - y_{ik})^2$, without a factor
    1/2.

    >>> squared_error([1.0, 2.0], [0.0, 4.0])
    2.5

    Source: thesis section 2.3.1; lecture Eq. 6.19. Elsewhere: PyTorch also averages over the
    outputs k; scikit-learn and d2l carry a factor 1/2.
    """
    return evaluate(_squared_error, y_hat, y)[0]


def squared_error_gradient(y_hat: ArrayLike, y: ArrayLike) -> Array:
    r"""Gradient of the squared error: $2 (\hat y - y) / n$.

    >>> squared_error_gradient([1.0, 2.0], [0.0, 4.0])
    array([ 1., -2.])
    """
    return evaluate(_squared_error, y_hat, y)[1]


def absolute_error(y_hat: ArrayLike, y: ArrayLike) -> float:
    r"""Mean absolute error: $J = \frac1n \sum_i \sum_k |\hat y_{ik} - y_{ik}|$; one outlier cannot
    dominate it.

    >>> absolute_error([1.0, 2.0], [0.0, 4.0])
    1.5
    """
    return evaluate(_absolute_error, y_hat, y)[0]


def absolute_error_gradient(y_hat: ArrayLike, y: ArrayLike) -> Array:
    r"""Gradient of the absolute error: the sign of $\hat y - y$, over n; 0 at the kink.

    >>> absolute_error_gradient([1.0, 2.0], [0.0, 4.0])
    array([ 0.5, -0.5])
    """
    return evaluate(_absolute_error, y_hat, y)[1]


def huber(y_hat: ArrayLike, y: ArrayLike, delta: float = 1.0) -> float:
    r"""Huber's loss of $r = \hat y - y$: $r^2/2$ up to $|r| = \delta$, then the straight line
    $\delta(|r| - \delta/2)$.

    >>> huber([1.0, 2.0], [0.0, 4.0])
    1.0

    Elsewhere: the factor 1/2 is Huber's own, and PyTorch's and Keras's too.
    """
    return evaluate(_huber(delta), y_hat, y)[0]


def huber_gradient(y_hat: ArrayLike, y: ArrayLike, delta: float = 1.0) -> Array:
    r"""Gradient of Huber's loss: r clipped to $[-\delta, \delta]$, over n.

    >>> huber_gradient([1.0, 2.0], [0.0, 4.0])
    array([ 0.5, -0.5])
    """
    return evaluate(_huber(delta), y_hat, y)[1]


def _squared_error(y_hat: Array, y: Array) -> tuple[float, Array]:
    r = y_hat - y
    return mean(r * r), r * (2 / len(r))


def _absolute_error(y_hat: Array, y: Array) -> tuple[float, Array]:
    r = y_hat - y
    sign = np.sign(r.real)
    return mean(sign * r), sign / len(r)


def _huber(delta: float = 1.0) -> Kernel:
    delta = _checks.positive("delta", delta)

    def kernel(y_hat: Array, y: Array) -> tuple[float, Array]:
        r = y_hat - y
        clipped = np.where(np.abs(r.real) <= delta, r, delta * np.sign(r.real))
        return mean(clipped * (r - clipped / 2)), clipped / len(r)

    return kernel
