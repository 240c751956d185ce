"""Adaptive methods give each parameter a rate of its own, from the squares of the gradients it has
seen."""

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike
from nnlab.optimizers._base import Optimizer, Rate, State, begin


def adagrad_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 0.01,
    eps: float = 1e-10,
) -> tuple[Array, State]:
    r"""One step of AdaGrad: $G \leftarrow G + g^2,\ \theta \leftarrow \theta - \eta\,g / (\sqrt G +
    \epsilon)$.

    Symbols: lr = $\eta$, eps = $\epsilon$, state["G"] = $G$, one number a parameter, zero at the
    start. The first step is eta times the sign of the gradient, whatever its size; no later step is
    longer, and the rate eta / sqrt(G) can only fall.

    >>> import numpy as np
    >>> theta, state = adagrad_step(np.array([1.0, 1.0]), np.array([0.01, -100.0]), lr=0.1)
    >>> theta
    array([0.9, 1.1])

    Source: Duchi et al. 2011; report Eqs 33-35; slides. Elsewhere: Keras puts epsilon (1e-7) inside
    the root and starts G at 0.1, so its first step for g = 0.01 is 30 times smaller; PyTorch does
    as here.
    """
    theta, grad, state = begin(theta, grad, state, ("G",))
    G = state["G"] + grad**2
    return theta - lr * grad / (np.sqrt(G) + eps), {"t": state["t"] + 1, "G": G}


def rmsprop_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-8,
) -> tuple[Array, State]:
    r"""One step of RMSProp: $G \leftarrow \rho G + (1-\rho) g^2,\ \theta \leftarrow \theta -
    \eta\,g/(\sqrt G + \epsilon)$.

    Symbols: lr = $\eta$, rho = $\rho$ (report: gamma; slides: beta), eps = $\epsilon$, state["G"] =
    $G$, zero at the start.

    >>> import numpy as np
    >>> theta, state = rmsprop_step(np.array([1.0]), np.array([5.0]), lr=0.1, rho=0.75)
    >>> theta                                                # a first step of eta / sqrt(1 - rho)
    array([0.8])

    Source: Tieleman and Hinton 2012; report Eq. 36; slides. Elsewhere: Keras puts epsilon (1e-7)
    inside the root; PyTorch does as here with rho = 0.99.
    """
    theta, grad, state = begin(theta, grad, state, ("G",))
    G = rho * state["G"] + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(G) + eps), {"t": state["t"] + 1, "G": G}


def adadelta_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 1.0,
    rho: float = 0.95,
    eps: float = 1e-6,
) -> tuple[Array, State]:
    r"""One step of Adadelta, which measures its steps in units of its steps:

    $$G \leftarrow \rho G + (1-\rho) g^2,\quad
    \Delta = \sqrt{\tfrac{D + \epsilon}{G + \epsilon}}\,g,\quad
    D \leftarrow \rho D + (1-\rho) \Delta^2,\quad \theta \leftarrow \theta - \eta \Delta$$

    Symbols: lr = $\eta$ (Zeiler has none: 1), rho = $\rho$, eps = $\epsilon$, state["G"] and
    state["D"], zero at the start.

    >>> import numpy as np
    >>> theta, state = adadelta_step(np.array([1.0]), np.array([5.0]))
    >>> round(float(theta[0]), 6)
    0.995528

    Source: Zeiler 2012, Algorithm 1; slides. Elsewhere: PyTorch takes rho = 0.9; Keras lr = 0.001,
    which nearly stops it.
    """
    theta, grad, state = begin(theta, grad, state, ("G", "D"))
    G = rho * state["G"] + (1 - rho) * grad**2
    delta = np.sqrt((state["D"] + eps) / (G + eps)) * grad
    D = rho * state["D"] + (1 - rho) * delta**2
    return theta - lr * delta, {"t": state["t"] + 1, "G": G, "D": D}


class AdaGrad(Optimizer):
    """AdaGrad in place; see `adagrad_step`."""

    memory = ("G",)
    G: Array

    def __init__(self, lr: Rate = 0.01, eps: float = 1e-10) -> None:
        super().__init__(lr)
        self.eps = _checks.positive("eps", eps)

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        self.G += grad * grad
        root = np.sqrt(self.G)
        root += self.eps
        theta -= lr * grad / root


class RMSProp(Optimizer):
    """RMSProp in place; see `rmsprop_step`."""

    memory = ("G",)
    G: Array

    def __init__(self, lr: Rate = 0.001, rho: float = 0.9, eps: float = 1e-8) -> None:
        super().__init__(lr)
        self.rho = _checks.fraction("rho", rho)
        self.eps = _checks.positive("eps", eps)

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        self.G *= self.rho
        self.G += (1 - self.rho) * (grad * grad)
        root = np.sqrt(self.G)
        root += self.eps
        theta -= lr * grad / root


class Adadelta(Optimizer):
    """Adadelta in place; see `adadelta_step`."""

    memory = ("G", "D")
    G: Array
    D: Array

    def __init__(self, lr: Rate = 1.0, rho: float = 0.95, eps: float = 1e-6) -> None:
        super().__init__(lr)
        self.rho = _checks.fraction("rho", rho)
        self.eps = _checks.positive("eps", eps)

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        self.G *= self.rho
        self.G += (1 - self.rho) * (grad * grad)
        delta = np.sqrt((self.D + self.eps) / (self.G + self.eps)) * grad
        self.D *= self.rho
        self.D += (1 - self.rho) * (delta * delta)
        theta -= lr * delta
