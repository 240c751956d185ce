"""Momentum lets the steps of the past carry the present one on: faster along a valley, calmer
across it.

Three forms are in use, and they are not interchangeable (beta is the factor, eta the rate, g the
gradient):

- heavy ball:      v = beta v - eta g,          theta = theta + v          (thesis, report; Keras)
- moving average:  v = beta v + (1 - beta) g,   theta = theta - eta v      (slides)
- the report's mu: the heavy ball with beta = 1 - 1/mu

At a constant rate, the moving average with eta is the heavy ball with (1 - beta) eta. PyTorch's
form (v = beta v + g, theta = theta - eta v) equals the heavy ball at a constant rate and parts from
it under a schedule.
"""

from nnlab import _checks
from nnlab._types import Array, ArrayLike
from nnlab.optimizers._base import Optimizer, Rate, State, begin


def heavy_ball_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 0.01,
    beta: float = 0.9,
) -> tuple[Array, State]:
    r"""One step of the heavy ball: $v \leftarrow \beta v - \eta g,\ \theta \leftarrow \theta + v$.

    Symbols: lr = $\eta$, beta = $\beta$ (thesis: alpha; report: gamma), state["v"] = $v$, zero at
    the start.

    >>> import numpy as np
    >>> theta, state = heavy_ball_step(np.array([1.0]), np.array([1.0]), lr=0.1)
    >>> theta, state = heavy_ball_step(theta, np.array([1.0]), state, lr=0.1)
    >>> theta                                                # 1 - 0.1 - (0.09 + 0.1)
    array([0.71])

    Source: Polyak 1964; thesis section 4.1.2; report Eq. 28.
    """
    theta, grad, state = begin(theta, grad, state, ("v",))
    v = beta * state["v"] - lr * grad
    return theta + v, {"t": state["t"] + 1, "v": v}


def moving_average_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 0.01,
    beta: float = 0.9,
) -> tuple[Array, State]:
    r"""One step along an average of gradients: $v \leftarrow \beta v + (1-\beta) g,\ \theta
    \leftarrow \theta - \eta v$.

    Symbols: lr = $\eta$, beta = $\beta$, state["v"] = $v$, zero at the start and not corrected for
    it (Adam does).

    >>> import numpy as np
    >>> theta, state = moving_average_step(np.array([1.0]), np.array([1.0]), lr=0.1)
    >>> theta
    array([0.99])

    Source: slides, "Momentum vs SGD".
    """
    theta, grad, state = begin(theta, grad, state, ("v",))
    v = beta * state["v"] + (1 - beta) * grad
    return theta - lr * v, {"t": state["t"] + 1, "v": v}


def mu_momentum_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 0.01,
    mu: float = 10.0,
) -> tuple[Array, State]:
    r"""One step of the heavy ball with $\beta = 1 - 1/\mu$: a constant gradient ends up counted
    $\mu$ times.

    >>> import numpy as np
    >>> theta, state = mu_momentum_step(np.array([1.0]), np.array([1.0]), lr=0.1, mu=1)
    >>> theta
    array([0.9])

    Source: report Eqs 28-31.
    """
    return heavy_ball_step(theta, grad, state, lr, beta=_beta(mu))


def nesterov_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: State | None = None,
    lr: float = 0.01,
    beta: float = 0.9,
) -> tuple[Array, State]:
    r"""One step of Nesterov's momentum: $v \leftarrow \beta v - \eta g,\ \theta \leftarrow \theta +
    \beta v - \eta g$.

    Here theta is already the point looked ahead to, so the gradient is taken where you stand.

    >>> import numpy as np
    >>> theta, state = nesterov_step(np.array([1.0]), np.array([1.0]), lr=0.1)
    >>> theta
    array([0.81])

    Source: Nesterov 1983 in the form of Sutskever et al. 2013, shifted by beta v, as Keras and
    PyTorch do.
    """
    theta, grad, state = begin(theta, grad, state, ("v",))
    v = beta * state["v"] - lr * grad
    return theta + beta * v - lr * grad, {"t": state["t"] + 1, "v": v}


class HeavyBall(Optimizer):
    """The heavy ball in place; see `heavy_ball_step`."""

    memory = ("v",)
    v: Array

    def __init__(self, lr: Rate = 0.01, beta: float = 0.9) -> None:
        super().__init__(lr)
        self.beta = _checks.fraction("beta", beta)

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        self.v *= self.beta
        self.v -= lr * grad
        theta += self.v


class MuMomentum(HeavyBall):
    """The heavy ball with the report's mu in place; see `mu_momentum_step`."""

    def __init__(self, lr: Rate = 0.01, mu: float = 10.0) -> None:
        super().__init__(lr, _beta(mu))
        self.mu = float(mu)


class MovingAverage(HeavyBall):
    """Momentum as a moving average in place; see `moving_average_step`."""

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        self.v *= self.beta
        self.v += (1 - self.beta) * grad
        theta -= lr * self.v


class Nesterov(HeavyBall):
    """Nesterov's momentum in place; see `nesterov_step`."""

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        downhill = lr * grad
        self.v *= self.beta
        self.v -= downhill
        theta += self.beta * self.v
        theta -= downhill


def _beta(mu: float) -> float:
    if not 1 <= _checks.number("mu", mu) < float("inf"):
        raise ValueError(f"mu must be at least 1 (no memory) and finite, got {mu!r}")
    return 1 - 1 / float(mu)
