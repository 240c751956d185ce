"""Cross-entropy: how surprised the predicted probabilities are by what came true.

From logits wherever training needs it: in probabilities the last digits are already lost.
"""

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike
from nnlab.losses._kernel import evaluate, mean, pair


def binary_cross_entropy(p: ArrayLike, y: ArrayLike) -> float:
    r"""Cross-entropy of probabilities p for targets y in [0, 1]: $-\frac1n\sum [y \ln p + (1-y)
    \ln(1-p)]$.

    Nothing is clipped: certain and right costs 0, certain and wrong costs infinity. Training takes
    the form from logits.

    >>> round(binary_cross_entropy([0.5, 0.8], [0.0, 1.0]), 4)
    0.4581
    >>> binary_cross_entropy([1.0, 0.0], [1.0, 0.0])
    0.0

    Source: thesis section 2.3.1. Elsewhere: Keras clips p to 1e-7, PyTorch the logarithms to -100.
    """
    p, y = _probabilities(p, y)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 ln 0 is 0 here, not NaN
        right = np.where(y == 0, 0, y * np.log(p))
        wrong = np.where(y == 1, 0, (1 - y) * np.log1p(-p))
    return mean(-(right + wrong))


def binary_cross_entropy_gradient(p: ArrayLike, y: ArrayLike) -> Array:
    r"""Gradient with respect to p: $(p - y) / (p(1-p)) / n$; p must lie strictly between 0 and 1.

    >>> binary_cross_entropy_gradient([0.5, 0.8], [0.0, 1.0])
    array([ 1.   , -0.625])
    """
    p, y = _probabilities(p, y)
    if ((p == 0) | (p == 1)).any():
        raise ValueError("the gradient is not defined at p = 0 or 1; use the form from logits")
    return (p - y) / (p * (1 - p)) / len(p)


def binary_cross_entropy_from_logits(z: ArrayLike, y: ArrayLike) -> float:
    r"""Cross-entropy of p = sigmoid(z): $\frac1n\sum [\max(z, 0) - zy + \ln(1 + e^{-|z|})]$, exact
    for every z.

    >>> binary_cross_entropy_from_logits([1000.0, -1000.0], [0.0, 0.0])
    500.0

    Elsewhere: forms that clip p saturate, at 16.1 for 1e-7 and 27.6 for 1e-12.
    """
    return evaluate(_binary_from_logits, z, y, targets=_checks.binary_targets)[0]


def binary_cross_entropy_from_logits_gradient(z: ArrayLike, y: ArrayLike) -> Array:
    r"""Gradient with respect to the logits: $(\sigma(z) - y) / n$; the sigmoid's own derivative has
    cancelled.

    >>> binary_cross_entropy_from_logits_gradient([0.0, 0.0], [0.0, 1.0])
    array([ 0.25, -0.25])
    """
    return evaluate(_binary_from_logits, z, y, targets=_checks.binary_targets)[1]


def softmax_cross_entropy(z: ArrayLike, y: ArrayLike) -> float:
    r"""Cross-entropy of softmax(z) for the right classes: $J = \frac1n\sum_i [\ln\sum_j
    e^{z_{ij}} - z_{i,y_i}]$.

    z is (n, classes); y holds labels (n,) or one-hot rows (n, classes). Each row is shifted by its
    maximum, whose own term is left out of the sum under log1p, so that even e^-50 keeps all its
    digits.

    >>> round(softmax_cross_entropy([[0.0, 0.0]], [1]), 4)
    0.6931
    >>> softmax_cross_entropy([[1000.0, 0.0]], [1])
    1000.0

    Source: lecture Eq. 6.20. Elsewhere: scikit-learn clips probabilities, and so does Keras unless
    told that it gets logits.
    """
    z = _checks.samples("z", z)
    return _softmax_cross_entropy(z, _checks.class_labels(y, *z.shape))[0]


def softmax_cross_entropy_gradient(z: ArrayLike, y: ArrayLike) -> Array:
    r"""Gradient with respect to the logits: $(\mathrm{softmax}(z) - y) / n$ with y one-hot.

    >>> softmax_cross_entropy_gradient([[0.0, 0.0]], [1])
    array([[ 0.5, -0.5]])

    Source: lecture Eq. 6.26b; report Eq. 5 (there a sum over samples).
    """
    z = _checks.samples("z", z)
    return _softmax_cross_entropy(z, _checks.class_labels(y, *z.shape))[1]


def one_hot(labels: ArrayLike, classes: int) -> Array:
    """Write each label as a row with a single 1: label d becomes row d of the identity matrix.

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])

    Source: report section II.1.
    """
    labels, classes = np.asarray(labels), _checks.whole("classes", classes)
    if labels.ndim != 1:
        raise ValueError(f"labels must have shape (n,), got {labels.shape}")
    return np.eye(classes)[_checks.class_labels(labels, len(labels), classes)]


def _binary_from_logits(z: Array, y: Array) -> tuple[float, Array]:
    positive = z.real > 0
    e = np.exp(np.where(positive, -z, z))
    # times 1 + e: sigmoid(z), and 1 minus it
    p, q = np.where(positive, 1, e), np.where(positive, e, 1)
    gradient = ((1 - y) * p - y * q) / ((1 + e) * len(z))  # p - y, with all its digits
    return mean(np.maximum(z, 0) - z * y + np.log1p(e)), gradient


def _softmax_cross_entropy(z: Array, y: Array) -> tuple[float, Array]:
    n, classes = z.shape
    begin = np.arange(0, n * classes, classes)  # where each row begins in the flat array
    top = z.argmax(axis=1) + begin
    z = z - z.take(top)[:, None]
    p = np.exp(z)
    p.put(top, 0)
    rest = np.add.reduce(p, axis=1)
    p.put(top, 1)
    # Now p / (1 + rest) is softmax(z); subtracting 1 and rest in turn keeps all of p - y.
    if y.ndim == 1:
        right = y + begin
        loss = np.log1p(rest) - z.take(right)
        p.put(right, p.take(right) - 1 - rest)
    else:
        loss = y.sum(axis=1) * np.log1p(rest) - (y * z).sum(axis=1)
        p -= y
        p -= y * rest[:, None]
    p /= (n * (1 + rest))[:, None]
    return mean(loss), p


def _probabilities(p: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    p, y = pair(p, y, names=("p", "y"))
    if not ((p.real >= 0) & (p.real <= 1)).all():
        raise ValueError(f"probabilities must lie in [0, 1], got {p.min()} ... {p.max()}")
    _checks.binary_targets(y)
    return p, y.astype(p.dtype, copy=False)
