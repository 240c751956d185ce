"""What all losses share: the mean over samples, and checks of a prediction against its target."""

from collections.abc import Callable

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike

Kernel = Callable[[Array, Array], tuple[float, Array]]
"""Takes prediction and target, unchecked, and returns the loss with its gradient."""


def mean(losses: Array) -> float:
    return number(np.add.reduce(losses, axis=None)) / len(losses)


def number(x: Array) -> float:
    """A Python number: it does not change the dtype of arrays it meets (complex only under the
    complex step)."""
    return x.item()


def pair(
    prediction: ArrayLike,
    target: ArrayLike,
    names: tuple[str, str] = ("the prediction", "the target"),
) -> tuple[Array, Array]:
    prediction = _checks.numbers(names[0], prediction)
    target = _checks.numbers(names[1], target)
    _checks.same_shape(names[0], prediction, names[1], target)
    if prediction.ndim not in (1, 2) or prediction.size == 0:
        raise ValueError(
            f"a loss needs at least one sample, shape (n,) or (n, k); got {prediction.shape}"
        )
    return prediction, target


def evaluate(
    kernel: Kernel,
    prediction: ArrayLike,
    target: ArrayLike,
    targets: Callable[[Array], None] = lambda y: None,
) -> tuple[float, Array]:
    prediction, target = pair(prediction, target)
    targets(target)
    return kernel(prediction, target.astype(prediction.dtype, copy=False))
