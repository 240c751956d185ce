"""Unit `losses`: the cross-entropy of many classes, from logits."""

from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.activations import softmax
from nnlab.grading.catalogue.losses import SQUARE, _batch
from nnlab.grading.specification import Aspect, Case, Specification, call
from nnlab.losses import binary_cross_entropy, one_hot, softmax_cross_entropy


def _far_apart(rng: Rng) -> Case:
    """Draw rows around 1500 and -2000, and one in which the right class is 900 behind."""
    n, k = int(rng.integers(3, 6)), int(rng.integers(2, 5))
    z = rng.normal(scale=2, size=(n, k)) + rng.choice([-2000.0, 1500.0], size=(n, 1))
    y = rng.integers(0, k, n)
    z[0] += 3500 - z[0].max()
    z[0, y[0]] -= 900
    return call(z, y)


SOFTMAX_CROSS_ENTROPY = Specification(
    "softmax_cross_entropy",
    softmax_cross_entropy,
    "book/losses.html#src-l-softmax",
    {
        "values": Aspect(
            "a small batch",
            [call(np.array([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]]), np.array([2, 0])), SQUARE],
            _batch,
            keeps_inputs=True,
        ),
        "large_logits": Aspect(
            "logits far from zero",
            [
                call(np.array([[1000.0, 1001.0], [-1000.0, -2000.0]]), np.array([0, 1])),
                call(np.array([[1000.0, 1001.0], [1000.0, 998.0]]), np.array([0, 1])),
            ],
            _far_apart,
        ),
    },
)
_wrong = SOFTMAX_CROSS_ENTROPY.mistake


def _right(a: Array, y: Array) -> Array:
    """Return each row's entry at its right class."""
    return np.asarray(a[np.arange(len(y)), y])


@_wrong(
    "overflow",
    "exp overflows for large logits: subtract each row's maximum from the row first.",
)
def _(z: Array, y: Array) -> Any:
    return np.mean(np.log(np.exp(z).sum(axis=1)) - _right(z, y))


@_wrong(
    "overflow-in-softmax",
    "exp overflows in your softmax: subtract each row's maximum from the row first.",
)
def _(z: Array, y: Array) -> Any:
    e = np.exp(z)
    return -np.mean(np.log(_right(e / e.sum(axis=1, keepdims=True), y)))


@_wrong(
    "one-sum",
    "You divide by the sum over the whole matrix; each row is a sample with a sum of its own: axis=1.",
)
def _(z: Array, y: Array) -> Any:
    e = np.exp(z)
    return -np.mean(np.log(_right(e / e.sum(), y)))


@_wrong(
    "log-of-zero",
    "A right class far behind has p = 0 in floats, and ln 0 is no loss: take ln of the sum of exps minus z, without p.",
)
def _(z: Array, y: Array) -> Any:
    return -np.mean(np.log(_right(softmax(z), y)))


@_wrong(
    "global-maximum",
    "You subtract one maximum from all rows, and rows far below it underflow to ln 0: take each row's own.",
)
def _(z: Array, y: Array) -> Any:
    z = z - z.max()
    return np.mean(np.log(np.exp(z).sum(axis=1)) - _right(z, y))


@_wrong(
    "one-sum-of-shifted",
    "Your sum runs over the whole matrix; each row is a sample with a sum of its own: axis=1.",
)
def _(z: Array, y: Array) -> Any:
    shifted = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum()) - _right(shifted, y))


@_wrong(
    "no-keepdims",
    "z.max(axis=1) is (n,), which NumPy spreads along the rows: with keepdims=True it stays a column (n, 1).",
)
def _(z: Array, y: Array) -> Any:
    shifted = z - z.max(axis=1)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - _right(shifted, y))


@_wrong("whole-columns", "z[:, y] takes whole columns; one entry of each row: z[np.arange(n), y].")
def _(z: Array, y: Array) -> Any:
    shifted = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[:, y])


@_wrong(
    "sum-of-logarithms",
    "You add up logarithms: first the sum of the exps of a row, then its logarithm.",
)
def _(z: Array, y: Array) -> Any:
    shifted = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted)).sum(axis=1) - _right(shifted, y))


for _tiny in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15):

    @_wrong(
        f"clipped-{_tiny:g}",
        f"You keep p away from 0 by {_tiny:g}, so no mistake costs more than {-np.log(_tiny):.1f}: "
        "write the loss in z, without p.",
    )
    def _(z: Array, y: Array, tiny: float = _tiny) -> Any:
        return -np.mean(np.log(np.clip(_right(softmax(z), y), tiny, 1)))


@_wrong(
    "shifted-once",
    "You shift the logits inside the sum and not z_y: both or neither, or add the maximum back to the logarithm.",
)
def _(z: Array, y: Array) -> Any:
    shifted = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - _right(z, y))


@_wrong(
    "sum",
    "You sum over the samples where the loss takes their mean: divide by n, the number of rows.",
)
def _(z: Array, y: Array) -> Any:
    return softmax_cross_entropy(z, y) * len(z)


@_wrong(
    "all-entries",
    "You take the mean over all entries, n times classes; it is over the n samples only.",
)
def _(z: Array, y: Array) -> Any:
    return softmax_cross_entropy(z, y) / z.shape[1]


@_wrong("sign", "The sign is wrong: the loss is ln(sum of exps) minus z of the right class.")
def _(z: Array, y: Array) -> Any:
    return -softmax_cross_entropy(z, y)


@_wrong(
    "columns",
    "Your sum runs down the columns; a row is a sample, so sum its exps: axis=1.",
)
def _(z: Array, y: Array) -> Any:
    shifted = z - z.max(axis=0)
    return np.mean((np.log(np.exp(shifted).sum(axis=0)) - shifted)[np.arange(len(y)), y])


@_wrong(
    "no-logarithm", "You return minus the mean probability of the right class: take its logarithm."
)
def _(z: Array, y: Array) -> Any:
    return -np.mean(_right(softmax(z), y))


@_wrong(
    "logits-alone", "ln of the sum of exps is missing: without it every logit could grow for free."
)
def _(z: Array, y: Array) -> Any:
    return -np.mean(_right(z, y))


@_wrong(
    "binary",
    "You charge the wrong classes -ln(1 - p) besides; with softmax only the right class counts, -ln p.",
)
def _(z: Array, y: Array) -> Any:
    return binary_cross_entropy(softmax(z), one_hot(y, z.shape[1]))


@_wrong("per-sample", "You return one loss for each sample: the loss is one number, their mean.")
def _(z: Array, y: Array) -> Any:
    shifted = z - z.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1)) - _right(shifted, y)


@_wrong(
    "in-place",
    "You change z in place (z -= ...): take a new array, because the caller still needs the logits.",
)
def _(z: Array, y: Array) -> Any:
    z -= z.max(axis=1, keepdims=True)
    return softmax_cross_entropy(z, y)
