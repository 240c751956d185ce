"""A mini-batch is the handful of samples that one update looks at; an epoch deals every sample out
exactly once."""

from collections.abc import Iterator

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike, Rng


def minibatches(
    X: ArrayLike, y: ArrayLike, batch_size: int, rng: Rng | None = None
) -> Iterator[tuple[Array, Array]]:
    """Deal out one epoch: every sample exactly once, `batch_size` at a time, the last batch with what
    is left.

    With rng, the samples come in a new random order each time; without, in the order they have.

    >>> X, y = np.arange(5)[:, None], np.arange(5)
    >>> [list(labels) for _, labels in minibatches(X, y, 2)]
    [[np.int64(0), np.int64(1)], [np.int64(2), np.int64(3)], [np.int64(4)]]

    Source: thesis Algorithms 5-7; chapter, "Mini-Batch GD" (which counts one batch too many when n
    / batch_size is whole).
    """
    X, y = np.asarray(X), np.asarray(y)
    n = len(X)
    if len(y) != n:
        raise ValueError(f"X and y must have as many rows as each other, got {n} and {len(y)}")
    if _checks.whole("batch_size", batch_size) > n:
        raise ValueError(f"batch_size must be at most the number of samples, {n}; got {batch_size}")
    if batch_size == n:  # one batch of everything: its order cannot matter, so nothing is copied
        return iter([(X, y)])
    order = np.arange(n) if rng is None else _checks.generator(rng).permutation(n)
    return _deal(X, y, order, batch_size)


def _deal(X: Array, y: Array, order: Array, size: int) -> Iterator[tuple[Array, Array]]:
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        yield X.take(batch, 0), y.take(batch, 0)
