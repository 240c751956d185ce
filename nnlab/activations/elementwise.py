"""Activations that act on each entry of z alone, each beside its derivative.

A derivative is given twice: `..._derivative(z)` to read, and `Activation.from_output` to compute
with, which needs only the output a = g(z) that the forward pass has kept.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike


def sigmoid(z: ArrayLike, a: float = 1.0) -> Array:
    r"""Squash z into (0, 1): $g(z) = 1 / (1 + e^{-a z})$ with slope a.

    The plain formula is accurate to the last bit or two; where e^{-az} overflows, 1/inf = 0 stands
    for less than the smallest normal number, so only the warning is silenced.

    >>> sigmoid(0.0)
    np.float64(0.5)
    >>> sigmoid([-1000.0, 1000.0])
    array([0., 1.])

    Source: thesis Eq. 3; report Eq. 16 (a = 1). Elsewhere: PyTorch and Keras have no slope a.
    """
    z = _checks.numbers("z", z)
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-float(a) * z))


def sigmoid_derivative(z: ArrayLike, a: float = 1.0) -> Array:
    r"""Slope of the sigmoid: $g'(z) = a\,g(z)\,(1 - g(z))$, at most a/4.

    >>> sigmoid_derivative(0.0, a=2)
    np.float64(0.5)
    """
    g = sigmoid(z, a)
    return float(a) * g * (1 - g)


def tanh(z: ArrayLike) -> Array:
    r"""Squash z into (-1, 1): $\tanh z = 2\,\sigma(2z) - 1$.

    >>> tanh([0.0, 100.0])
    array([0., 1.])

    Source: lecture, Figures 5.3 and 5.4.
    """
    return np.tanh(_checks.numbers("z", z))


def tanh_derivative(z: ArrayLike) -> Array:
    r"""Slope of tanh: $1 - \tanh^2 z$.

    >>> tanh_derivative(0.0)
    np.float64(1.0)
    """
    return 1 - np.tanh(_checks.numbers("z", z)) ** 2


def relu(z: ArrayLike) -> Array:
    r"""Keep what is positive: $\max(0, z)$.

    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])

    Source: thesis section 2.2.1; report Eq. 18.
    """
    return np.maximum(_checks.numbers("z", z), 0)


def relu_derivative(z: ArrayLike) -> Array:
    r"""Slope of ReLU: 1 where z > 0, else 0; at the kink z = 0 we say 0.

    >>> relu_derivative([-2.0, 0.0, 3.0])
    array([0., 0., 1.])

    Elsewhere: PyTorch's relu and scikit-learn also take 0 at the kink; some codes take 1.
    """
    z = _checks.numbers("z", z)
    return (z > 0).astype(z.dtype)


def leaky_relu(z: ArrayLike, slope: float = 0.01) -> Array:
    r"""Keep what is positive and a small part of what is not: z if z > 0, else slope * z.

    >>> leaky_relu([-2.0, 3.0])
    array([-0.02,  3.  ])

    Source: report Eq. 19. Elsewhere: Keras takes 0.3 for the slope, PyTorch 0.01.
    """
    z = _checks.numbers("z", z)
    return np.where(z > 0, z, float(slope) * z)


def leaky_relu_derivative(z: ArrayLike, slope: float = 0.01) -> Array:
    r"""Slope of leaky ReLU: 1 where z > 0, else `slope` (also at 0).

    >>> leaky_relu_derivative([-2.0, 0.0, 3.0])
    array([0.01, 0.01, 1.  ])
    """
    return _leak(_checks.numbers("z", z), slope)


def linear(z: ArrayLike) -> Array:
    """Leave z as it is: the output of a regression.

    >>> linear([1.0, -2.0])
    array([ 1., -2.])
    """
    return _checks.numbers("z", z)


def linear_derivative(z: ArrayLike) -> Array:
    """Slope of the identity: 1 everywhere.

    >>> linear_derivative([1.0, -2.0])
    array([1., 1.])
    """
    return np.ones_like(_checks.numbers("z", z))


def _leak(z: Array, slope: float = 0.01) -> Array:
    return np.where(z > 0, z.dtype.type(1), z.dtype.type(slope))


class Activation(NamedTuple):
    """An elementwise activation: the function, its derivative in z, and the same derivative in the
    output a = g(z)."""

    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    from_output: Callable[[Array], Array]


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_derivative, lambda a: a * (1 - a)),
    "tanh": Activation(tanh, tanh_derivative, lambda a: 1 - a * a),
    "relu": Activation(relu, relu_derivative, lambda a: a > 0),
    "leaky_relu": Activation(leaky_relu, leaky_relu_derivative, _leak),
    "linear": Activation(linear, linear_derivative, np.ones_like),
}
