"""Gradient descent: go a little way against the gradient, and look again."""

from nnlab._types import Array, ArrayLike
from nnlab.optimizers._base import Optimizer, Rate, State, begin


def gd_step(
    theta: ArrayLike, grad: ArrayLike, state: State | None = None, lr: float = 0.01
) -> tuple[Array, State]:
    r"""One step of gradient descent: $\theta \leftarrow \theta - \eta\,g$.

    Symbols: theta = $\theta$, grad = $g$, lr = $\eta$; the state counts the updates, t, like that
    of every method.

    >>> import numpy as np
    >>> theta, state = gd_step(np.array([2.0]), np.array([-24.0]), lr=0.1)   # slides: w = 4.4
    >>> theta
    array([4.4])

    Source: thesis Algorithm 1; report Eq. 22; lecture Eq. 6.21.
    """
    theta, grad, state = begin(theta, grad, state, ())
    return theta - lr * grad, {"t": state["t"] + 1}


class GradientDescent(Optimizer):
    """Gradient descent in place; see `gd_step`. With mini-batches it is stochastic gradient
    descent."""

    def __init__(self, lr: Rate = 0.01) -> None:
        super().__init__(lr)

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        theta -= lr * grad
