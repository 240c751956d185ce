"""Adam joins a moving average of gradients with one of their squares, and corrects both for
starting at zero."""

import math

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike
from nnlab.optimizers._base import Optimizer, Rate, State, begin


def adam_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, State]:
    r"""One step of Adam; t = 1 at the first update.

    $$m \leftarrow \beta_1 m + (1-\beta_1) g,\quad v \leftarrow \beta_2 v + (1-\beta_2) g^2$$
    $$\hat m = \frac{m}{1-\beta_1^t},\quad \hat v = \frac{v}{1-\beta_2^t},\quad
    \theta \leftarrow \theta - \eta\,\frac{\hat m}{\sqrt{\hat v} + \epsilon}$$

    Symbols: lr = $\eta$ (thesis: lambda), beta1, beta2 = $\beta_1, \beta_2$, eps = $\epsilon$,
    outside the root; state["m"], state["v"], state["t"], zero at the start.

    >>> import numpy as np
    >>> theta, state = adam_step(np.array([1.0, 1.0]), np.array([0.01, -100.0]), lr=0.1)
    >>> theta.round(6)                       # the first step is eta times the gradient's sign
    array([0.9, 1.1])

    Source: Kingma and Ba 2015, Algorithm 1; thesis Algorithm 8; report Eqs 37-38 (which print m and
    v without hats). Elsewhere: PyTorch does as here; Keras (eps 1e-7) and scikit-learn add epsilon
    to the uncorrected root, which matters where gradients are tiny: at g = 1e-7 their first steps
    are 0.03 and 0.24 eta instead of 0.91.
    """
    theta, grad, state = begin(theta, grad, state, ("m", "v"))
    t = state["t"] + 1
    m = beta1 * state["m"] + (1 - beta1) * grad
    v = beta2 * state["v"] + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), {"t": t, "m": m, "v": v}


def adamw_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Array, State]:
    r"""One step of AdamW: shrink the parameters, $\theta \leftarrow (1 - \eta\lambda)\theta$, then
    take Adam's step.

    Weight decay and an L2 term in the gradient are one and the same only for plain gradient
    descent.

    >>> import numpy as np
    >>> theta, state = adamw_step(np.array([1.0]), np.array([0.0]), lr=0.1, weight_decay=0.5)
    >>> theta
    array([0.95])

    Source: Loshchilov and Hutter 2019. Elsewhere: PyTorch does as here, biases included.
    """
    shrunk = (1 - lr * weight_decay) * _checks.numbers("theta", theta)
    return adam_step(shrunk, grad, state, lr, beta1, beta2, eps)


def amsgrad_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, State]:
    r"""One step of AMSGrad: Adam whose denominator takes the largest v so far, and so never forgets
    a large gradient.

    >>> import numpy as np
    >>> theta, state = amsgrad_step(np.array([1.0]), np.array([2.0]), lr=0.1)
    >>> theta
    array([0.9])

    Source: Reddi et al. 2018, with Adam's bias correction, as PyTorch does.
    """
    theta, grad, state = begin(theta, grad, state, ("m", "v", "v_max"))
    t = state["t"] + 1
    m = beta1 * state["m"] + (1 - beta1) * grad
    v = beta2 * state["v"] + (1 - beta2) * grad**2
    v_max = np.maximum(state["v_max"], v)
    m_hat = m / (1 - beta1**t)
    v_hat = v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), {"t": t, "m": m, "v": v, "v_max": v_max}


class Adam(Optimizer):
    r"""Adam in place; see `adam_step`.

    Both corrections go into two numbers, $\eta_t = \eta\sqrt{1-\beta_2^t}/(1-\beta_1^t)$ and
    $\epsilon_t = \epsilon\sqrt{1-\beta_2^t}$: then m and v need not be copied, and the result is
    the same.
    """

    memory: tuple[str, ...] = ("m", "v")
    m: Array
    v: Array

    def __init__(
        self, lr: Rate = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> None:
        super().__init__(lr)
        self.beta1 = _checks.fraction("beta1", beta1)
        self.beta2 = _checks.fraction("beta2", beta2)
        self.eps = _checks.positive("eps", eps)

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        scratch = (1 - self.beta1) * grad  # one scratch array for all: it stays in the cache
        self.m *= self.beta1
        self.m += scratch
        np.multiply(grad, grad, out=scratch)
        scratch *= 1 - self.beta2
        self.v *= self.beta2
        self.v += scratch
        root_correction = math.sqrt(1 - self.beta2**self.t)
        np.sqrt(self._second_moment(), out=scratch)
        scratch += self.eps * root_correction
        np.divide(self.m, scratch, out=scratch)
        scratch *= lr * root_correction / (1 - self.beta1**self.t)
        theta -= scratch

    def _second_moment(self) -> Array:
        return self.v


class AdamW(Adam):
    """AdamW in place; see `adamw_step`."""

    def __init__(
        self,
        lr: Rate = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(lr, beta1, beta2, eps)
        self.weight_decay = _checks.fraction("weight_decay", weight_decay)

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        theta *= 1 - lr * self.weight_decay
        super()._update(theta, grad, lr)


class AMSGrad(Adam):
    """AMSGrad in place; see `amsgrad_step`."""

    memory = ("m", "v", "v_max")
    v_max: Array

    def _second_moment(self) -> Array:
        return np.maximum(self.v_max, self.v, out=self.v_max)
