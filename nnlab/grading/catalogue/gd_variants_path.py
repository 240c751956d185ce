"""Unit `gd-variants`: one loop for full, mini-batch and stochastic gradient descent."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.batches import minibatches
from nnlab.grading.catalogue._inherited import inherit
from nnlab.grading.catalogue.gd_variants_batches import FREQUENT, MINIBATCHES
from nnlab.grading.specification import Aspect, Case, Function, Specification, call


def sgd_path(
    X: Array, y: Array, w: Array, lr: float, batch_size: int, epochs: int, rng: Rng
) -> Array:
    """Return the weights of a linear model before and after each update, (updates + 1, d)."""
    return _path()(X, y, w, lr, batch_size, epochs, rng)


def _slope(X: Array, y: Array, w: Array) -> Array:
    """Return the gradient of the summed squared error of X @ w."""
    return np.asarray(2 * X.T @ (X @ w - y))


Gradient = Callable[..., Array]


def _path(
    gradient: Gradient = lambda X, y, w, **about: _slope(X, y, w) / len(y),
    keep: Callable[[list[Array], int], Any] = lambda points, per_epoch: points,
    *,
    stale: bool = False,
    restart: bool = False,
    same: bool = False,
    gather: bool = False,
    one_array: bool = False,
    deal: Function = minibatches,
) -> Function:
    """Return the loop, with a part replaced, or with one of the faults that the flags name."""

    def path(
        X: Array, y: Array, w: Array, lr: float, batch_size: int, epochs: int, rng: Rng
    ) -> Any:
        start, points = w, [w]
        if one_array:
            w = points[0] = w.copy()
        batches = list(deal(X, y, batch_size, rng))
        for epoch in range(epochs):
            if epoch and not same:
                batches = list(deal(X, y, batch_size, rng))
            begin, total = w, 0 * w
            if restart:
                w = start
            for Xb, yb in batches:
                about = {"all": (X, y), "batch_size": batch_size}
                g = gradient(Xb, yb, begin if stale or gather else w, **about)
                total = total + g
                if one_array:
                    w -= lr * g
                elif not gather:
                    w = w - lr * g
                if not gather:
                    points.append(w)
            if gather:
                w = w - lr * total / len(batches)
                points.append(w)
        return np.array(keep(points, len(batches)))

    return path


def _seeded(
    path: Function,
    X: Array,
    y: Array,
    w: Array,
    lr: float,
    batch_size: int,
    epochs: int,
    seed: int,
) -> Any:
    return path(X, y, w, lr, batch_size, epochs, np.random.default_rng(seed))


def _problem(size: Callable[[int], int]) -> Callable[[Rng], Case]:
    def draw(rng: Rng) -> Case:
        n, d = 3 * int(rng.integers(2, 5)) + 1, int(rng.integers(1, 4))
        X, y, w = rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d)
        lr, seed = float(f"{rng.uniform(0.02, 0.2):.3g}"), int(rng.integers(1000))
        return call(X, y, w, lr, size(n), int(rng.integers(2, 4)), seed)

    return draw


FOUR = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]]), np.array([1.0, 1.0, 2.0, 4.0])

SGD_PATH = Specification(
    "sgd_path",
    sgd_path,
    "book/gd-variants.html#src-c-gdvar",
    {
        "full": Aspect(
            "all samples in one batch",
            [call(*FOUR, np.zeros(2), 0.1, 4, 2, 0)],
            _problem(lambda n: n),
            _seeded,
        ),
        "mini": Aspect(
            "batches of three, and a smaller last one",
            [call(*FOUR, np.zeros(2), 0.1, 3, 2, 0)],
            _problem(lambda n: 3),
            _seeded,
            keeps_inputs=True,
        ),
        "stochastic": Aspect(
            "one sample at a time",
            [call(*FOUR, np.zeros(2), 0.1, 1, 2, 0)],
            _problem(lambda n: 1),
            _seeded,
        ),
    },
)
for _id, _message, _variant in (
    (
        "no-2",
        "The 2 of the squared error is missing: the gradient is 2/b X^T (X w - y).",
        _path(lambda X, y, w, **about: _slope(X, y, w) / len(y) / 2),
    ),
    (
        "no-2-no-b",
        "Two factors are missing: the 2 of the squared error, and 1/b of the mean over the batch.",
        _path(lambda X, y, w, **about: _slope(X, y, w) / 2),
    ),
    (
        "sum",
        "You sum over the batch where the loss takes its mean: divide by the batch's size.",
        _path(lambda X, y, w, **about: _slope(X, y, w)),
    ),
    (
        "divided-by-n",
        "You divide by the number of all samples; the mean is over the batch: divide by its own size.",
        _path(lambda X, y, w, all, **about: _slope(X, y, w) / len(all[1])),
    ),
    (
        "nominal-size",
        "The last batch is smaller, and you divide by batch_size all the same: divide by len of the batch.",
        _path(lambda X, y, w, batch_size, **about: _slope(X, y, w) / batch_size),
    ),
    (
        "all-data",
        "Your gradient uses all samples in every update: use the batch, not X and y.",
        _path(lambda X, y, w, all, **about: _slope(all[0], all[1], w) / len(all[1])),
    ),
    (
        "no-rate",
        "The rate is missing: the step is lr times the gradient.",
        lambda X, y, w, lr, *rest: sgd_path(X, y, w, 1.0, *rest),
    ),
    (
        "one-epoch",
        "You go through the batches once: repeat it for all epochs, with a new deal for each.",
        lambda X, y, w, lr, batch_size, epochs, rng: sgd_path(X, y, w, lr, batch_size, 1, rng),
    ),
    (
        "uphill",
        "Your steps go uphill: subtract lr times the gradient.",
        _path(lambda X, y, w, **about: -_slope(X, y, w) / len(y)),
    ),
    (
        "residual-unprojected",
        "The gradient of every weight is the same in yours: multiply the errors by X^T, do not just add them.",
        _path(lambda X, y, w, **about: 2 * np.mean(X @ w - y) + 0 * w),
    ),
    (
        "stale",
        "All gradients of an epoch are taken where it began: take each where you stand now.",
        _path(stale=True),
    ),
    (
        "once-an-epoch",
        "You move once an epoch, by the mean of its gradients: move after every batch.",
        _path(gather=True),
    ),
    (
        "same-batches",
        "The batches are dealt once and used in every epoch: call minibatches anew in each.",
        _path(same=True),
    ),
    (
        "restarted",
        "Each epoch starts again from the first weights: go on from where the last one ended.",
        _path(restart=True),
    ),
    (
        "no-start",
        "The first row must be the start itself: updates + 1 points in all.",
        _path(keep=lambda points, _: points[1:]),
    ),
    (
        "ends-of-epochs",
        "You keep one point an epoch: keep the weights after every update.",
        _path(keep=lambda points, per_epoch: points[::per_epoch]),
    ),
    (
        "last-only",
        "You return the last weights only: return all of them, the start included, one row each.",
        _path(keep=lambda points, _: points[-1]),
    ),
    (
        "one-array",
        "All your points are one array, moved again and again (w -= ...): w = w - ... makes a new one.",
        _path(one_array=True),
    ),
):
    SGD_PATH.mistake(_id, _message)(_variant)
inherit(SGD_PATH, MINIBATCHES, FREQUENT, lambda deal: _path(deal=deal))


@SGD_PATH.mistake(
    "in-place", "You change the caller's w (w -= ...): write w = w - ..., which makes a new array."
)
def _(X: Array, y: Array, w: Array, lr: float, batch_size: int, epochs: int, rng: Rng) -> Array:
    points = sgd_path(X, y, w, lr, batch_size, epochs, rng)
    w[:] = points[-1]
    return points
