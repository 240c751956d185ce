"""A schedule gives the learning rate of update k; k counts updates from 0, so that rate 0 is used
first.

Give one to an optimizer in place of a number, for example `functools.partial(hyperbolic, lr=0.1,
tau=200)`.
"""

import math

from nnlab import _checks


def constant(k: int, lr: float) -> float:
    """The same rate for ever: eta_k = eta.

    >>> constant(10, lr=0.1)
    0.1
    """
    return lr


def hyperbolic(k: int, lr: float, tau: float) -> float:
    r"""Fall as 1/k: $\eta_k = \eta\,\tau / (\tau + k)$; half of eta is left at k = tau.

    >>> hyperbolic(100, lr=0.1, tau=100)
    0.05

    Source: report Eq. 39.
    """
    return lr * _checks.positive("tau", tau) / (tau + k)


def linear(k: int, lr: float, tau: float) -> float:
    r"""Fall in a straight line: $\eta_k = \eta\,(1 - k/\tau)$, and stay at 0 from k = tau on.

    The report warns that the printed formula turns negative after tau updates; uphill is no place
    to go, so we stop.

    >>> linear(25, lr=0.1, tau=100), linear(200, lr=0.1, tau=100)
    (0.07500000000000001, 0.0)

    Source: report Eq. 40.
    """
    return lr * max(0.0, 1 - k / _checks.positive("tau", tau))


def exponential(k: int, lr: float, tau: float) -> float:
    r"""Lose the same share at each update: $\eta_k = \eta\,e^{-k/\tau}$; 37 % of eta is left at k =
    tau.

    >>> round(exponential(100, lr=0.1, tau=100), 5)
    0.03679

    Source: report Eq. 41.
    """
    return lr * math.exp(-k / _checks.positive("tau", tau))


def step(k: int, lr: float, every: int, factor: float = 0.1) -> float:
    r"""Drop by a factor now and then: $\eta_k = \eta\,f^{\lfloor k / \mathrm{every} \rfloor}$.

    >>> step(250, lr=1.0, every=100, factor=0.5)
    0.25
    """
    return lr * factor ** (k // _checks.whole("every", every))


def cosine(k: int, lr: float, tau: float) -> float:
    r"""Follow half a cosine from eta to 0: $\eta_k = \frac\eta2 (1 + \cos(\pi k/\tau))$, and stay
    at 0 from k = tau on.

    >>> cosine(50, lr=0.1, tau=100)
    0.05

    Source: Loshchilov and Hutter 2017, without restarts.
    """
    return lr * (1 + math.cos(math.pi * min(1.0, k / _checks.positive("tau", tau)))) / 2
