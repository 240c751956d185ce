"""An optimizer moves a flat vector theta against its gradient, and remembers what its recurrence
needs.

Every method stands twice in its file. `adam_step(theta, grad, state, ...)` is the recurrence as the
book writes it: a plain function that changes none of its inputs. `Adam(...).step(theta, grad)` is
the same recurrence in place, for training. The tests hold the two together to the last digits.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike

Rate = float | Callable[[int], float]
State = dict[str, Array | int]


class Optimizer:
    """What all optimizers share: a learning rate (a number, or a schedule of the update's number k)
    and a memory."""

    memory: tuple[str, ...] = ()
    """Names of the vectors kept from step to step; they start at zero."""

    def __init__(self, lr: Rate) -> None:
        self.lr = lr if callable(lr) else _checks.positive("lr", lr)
        self.t = 0
        self.shape: tuple[int, ...] = ()

    def step(self, theta: Array, grad: Array) -> None:
        """Move theta in place by one update; the first call fixes shape and dtype."""
        if self.t == 0:
            check_step(theta, grad)
            self.shape = theta.shape
            for name in self.memory:
                setattr(self, name, np.zeros_like(theta))
        elif not theta.shape == grad.shape == self.shape:
            raise ValueError(
                f"this optimizer remembers parameters of shape {self.shape}, got theta "
                f"{theta.shape} and gradient {grad.shape}; reset() makes it forget"
            )
        lr = float(self.lr(self.t)) if callable(self.lr) else self.lr
        self.t += 1
        self._update(theta, grad, lr)

    def _update(self, theta: Array, grad: Array, lr: float) -> None:
        raise NotImplementedError  # the recurrence: each method writes its own

    def reset(self) -> None:
        """Forget everything: the next step is a first step."""
        self.t = 0

    def __repr__(self) -> str:
        names = signature(type(self)).parameters
        settings = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__name__}({settings})"


def check_step(theta: Array, grad: Array) -> None:
    """Refuse parameters that cannot be changed in place, and a gradient of another shape or
    dtype."""
    if not isinstance(theta, np.ndarray) or theta.dtype.kind != "f":
        raise TypeError(f"theta must be an array of floats, got {_kind(theta)}")
    if not isinstance(grad, np.ndarray) or grad.dtype != theta.dtype or grad.shape != theta.shape:
        raise ValueError(
            f"the gradient must be an array like theta, {_kind(theta)}; got {_kind(grad)}"
        )


def _kind(x: Any) -> str:
    return f"{getattr(x, 'dtype', type(x).__name__)}{np.shape(x)}"


def begin(
    theta: ArrayLike, grad: ArrayLike, state: State | None, memory: tuple[str, ...]
) -> tuple[Array, Array, State]:
    """Check the inputs of a `..._step` function; a missing state starts with t = 0 and every memory
    at zero."""
    theta, grad = _checks.numbers("theta", theta), _checks.numbers("grad", grad)
    _checks.same_shape("theta", theta, "grad", grad)
    grad = grad.astype(theta.dtype, copy=False)
    if state is not None and not isinstance(state, dict):
        raise TypeError(f"state must be what the last step returned, or None; got {state!r}")
    if not state:
        return theta, grad, {"t": 0, **{name: np.zeros_like(theta) for name in memory}}
    missing = {"t", *memory} - set(state)
    if missing:
        raise ValueError(f"the state lacks {', '.join(sorted(missing))}; pass None to start")
    for name in memory:
        _checks.same_shape(f"state[{name!r}]", np.asarray(state[name]), "theta", theta)
    return theta, grad, state
