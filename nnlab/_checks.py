"""Checks at the door: each returns its argument as a clean array, or says what came and what is
expected."""

from collections.abc import Iterable

import numpy as np

from nnlab._types import Array, ArrayLike, Rng


def numbers(name: str, value: ArrayLike, ndim: int | None = None) -> Array:
    """Return `value` as an array of floats (float and complex dtypes stay as they are, integers
    become float64)."""
    array = np.asarray(value)
    if array.dtype.kind in "bui":
        array = array.astype(np.float64)
    if array.dtype.kind not in "fc":
        raise TypeError(f"{name} must hold numbers, got an array of dtype {array.dtype}")
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension(s), got shape {array.shape}")
    return array


def same_shape(name_a: str, a: Array, name_b: str, b: Array) -> None:
    """Refuse to broadcast: (n,) against (n, 1) would silently give an (n, n) result."""
    if a.shape != b.shape:
        raise ValueError(
            f"{name_a} and {name_b} must have the same shape, got {a.shape} and {b.shape}"
        )


def samples(name: str, value: ArrayLike) -> Array:
    """Return `value` as a matrix with one row a sample and at least one row."""
    array = numbers(name, value)
    if array.ndim != 2:
        raise ValueError(
            f"{name} must be a matrix with one row a sample, got shape {array.shape}"
            + ("; one feature is X[:, None], one sample is X[None, :]" if array.ndim == 1 else "")
        )
    if array.size == 0:
        raise ValueError(f"{name} is empty: shape {array.shape}")
    return array


def finite(name: str, array: Array) -> None:
    """Refuse NaN and infinity in data, and say where the first one is."""
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(array.sum()):  # one bad entry spoils the sum: clean data need one look
            return
    bad = ~np.isfinite(array)
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} has {int(bad.sum())} value(s) NaN or infinite, the first at {first}"
        )


def class_labels(y: ArrayLike, rows: int, classes: int) -> Array:
    """Return `y` as integer labels (rows,), or as one row of class probabilities a sample (rows,
    classes)."""
    y = np.asarray(y)
    if y.ndim == 2:
        if y.shape != (rows, classes):
            raise ValueError(
                f"one-hot targets must have shape {(rows, classes)}, got {y.shape}"
                "; integer labels must have shape (n,)"
            )
        y = numbers("one-hot targets", y)
        if (y < 0).any() or not np.allclose(y.sum(axis=1), 1):
            raise ValueError("each row of one-hot targets must be non-negative and sum to 1")
        return y
    if y.shape != (rows,):
        raise ValueError(f"labels must have shape {(rows,)}, got {y.shape}")
    if y.dtype.kind not in "bui":
        raise TypeError(f"labels must be integers 0 ... {classes - 1}, got dtype {y.dtype}")
    if rows and (y.min() < 0 or y.max() >= classes):
        raise ValueError(f"labels must lie in 0 ... {classes - 1}, got {y.min()} ... {y.max()}")
    return y.astype(np.intp)


def binary_targets(y: Array) -> None:
    """Refuse targets of a sigmoid that are no probabilities."""
    if not ((y >= 0) & (y <= 1)).all():
        raise ValueError(f"binary targets must lie in [0, 1], got {y.min()} ... {y.max()}")


def positive(name: str, value: float) -> float:
    """Return `value` as a float if it is a positive finite number."""
    x = number(name, value)
    if not 0 < x < float("inf"):
        raise ValueError(f"{name} must be positive and finite, got {value!r}")
    return x


def fraction(name: str, value: float) -> float:
    """Return `value` as a float if it lies in [0, 1)."""
    x = number(name, value)
    if not 0 <= x < 1:
        raise ValueError(f"{name} must lie in [0, 1), got {value!r}")
    return x


def number(name: str, value: float) -> float:
    """Return `value` as a float if it is a single number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number, got {value!r}") from None


def whole(name: str, value: int, least: int = 1) -> int:
    """Return `value` as an int if it is a whole number of at least `least`."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return int(value)


def generator(rng: Rng) -> Rng:
    """Return `rng` if it is a generator: a seed is not, and would draw the same in every call."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, got {rng!r}"
            "; np.random.default_rng(seed) makes one"
        )
    return rng


def choice(name: str, value: str, options: Iterable[str]) -> str:
    """Return `value` if it is one of the known names, else list them."""
    known = sorted(options)
    if value not in known:
        raise ValueError(f"unknown {name} {value!r}; choose one of {', '.join(known)}")
    return value
