"""A fair split: what a network is tested on, it has not seen, nor has anything that was fitted
before it."""

from collections.abc import Sequence

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike, Rng


def split(
    X: ArrayLike,
    y: ArrayLike,
    fractions: Sequence[float],
    *,
    rng: Rng | None,
    together: bool = False,
) -> list[tuple[Array, Array]]:
    """Cut the samples into parts of the given fractions (which sum to 1), shuffled first; rng=None
    keeps the file's order.

    together=True keeps samples with equal inputs in one part, so that no test sample is a copy of a
    training sample; the parts then come out near the fractions, not exactly at them.

    >>> X, y = np.arange(10)[:, None], np.arange(10)
    >>> [len(part) for part, _ in split(X, y, [0.6, 0.2, 0.2], rng=np.random.default_rng(0))]
    [6, 2, 2]

    Source: report section III.
    """
    X, y = _checks.samples("X", X), np.asarray(y)
    if len(X) != len(y):
        raise ValueError(f"X and y must have as many rows as each other, got {len(X)} and {len(y)}")
    if np.ndim(fractions) != 1:
        raise ValueError(f"fractions must be a list with one for each part, got {fractions!r}")
    shares = np.array([_checks.positive("a fraction", share) for share in fractions])
    if not np.isclose(shares.sum(), 1):
        raise ValueError(f"the fractions must sum to 1, got {list(fractions)}")
    groups = np.arange(len(X))
    if together:
        _, groups = np.unique(X, axis=0, return_inverse=True)
    names = np.arange(groups.max() + 1)
    if rng is not None:
        names = _checks.generator(rng).permutation(names)
    cuts = np.round(np.cumsum(shares)[:-1] * len(names)).astype(int)
    parts = []
    for chosen in np.split(names, cuts):
        rows = np.flatnonzero(np.isin(groups, chosen)) if together else chosen
        if rng is not None and together:
            rows = rng.permutation(rows)
        if rows.size == 0:
            raise ValueError(f"{len(X)} samples are too few for the fractions {list(fractions)}")
        parts.append((X[rows], y[rows]))
    return parts


class Standardizer:
    """Bring each column to mean 0 and standard deviation 1, both measured on the training part
    alone.

    >>> scale = Standardizer([[0.0, 5.0], [2.0, 5.0]])
    >>> scale([[4.0, 5.0]])                                # a constant column is only centred
    array([[3., 0.]])

    Source: thesis section 3.2, which argues for this and scales rows instead.
    """

    def __init__(self, X_train: ArrayLike) -> None:
        X = _checks.samples("X_train", X_train)
        _checks.finite("X_train", X)
        self.mean = X.mean(axis=0)
        self.spread = np.where(X.max(axis=0) > X.min(axis=0), X.std(axis=0), 1)

    def __call__(self, X: ArrayLike) -> Array:
        """Return X on the training part's scale."""
        X = _checks.samples("X", X)
        if X.shape[1] != len(self.mean):
            raise ValueError(f"X must have {len(self.mean)} columns, got shape {X.shape}")
        return ((X - self.mean) / self.spread).astype(X.dtype, copy=False)


def unit_rows(X: ArrayLike) -> Array:
    """Scale each row to length 1: what the thesis does to the wines, and what hides most of what
    they say.

    >>> unit_rows([[3.0, 4.0]])
    array([[0.6, 0.8]])
    """
    X = _checks.samples("X", X)
    length = np.sqrt((X * X).sum(axis=1, keepdims=True))
    return X / np.where(length > 0, length, 1)
