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


def evaluate(
    kernel: Kernel,
    prediction: ArrayLike,
    target: ArrayLike,
    targets: Callable[[Array], None] = lambda y: None,
) -> tuple[float, Array]:
    prediction = _checks.numbers("the prediction", prediction)
    target = _checks.numbers("the target", target)
    _checks.same_shape("the prediction", prediction, "the target", target)
    if prediction.ndim not in (1, 2) or prediction.size == 0:
        raise ValueError(
            f"a loss needs at least one sample, shape (n,) or (n, k); got {prediction.shape}"
        )
    targets(target)
    return kernel(prediction, target.astype(prediction.dtype, copy=False))
