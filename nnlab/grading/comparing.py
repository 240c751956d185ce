"""Compare a result with the expected one, part by part, in float64; the expected result says which parts there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab._types import Array
from nnlab.grading.calling import are_identical

FLOAT32 = (1e-4, 1e-5)
"""Tolerances of a float32 result, relative to an entry and to the largest one: many steps lose two of seven digits."""


@dataclass(frozen=True)
class Difference:
    """Where and how a result differs: `reason` is a key of `failure.REASONS`, `size` the error in tolerances."""

    path: str
    reason: str
    expected: Any
    got: Any
    index: tuple[int, ...] = ()
    size: float = np.inf


def differences(
    expected: Any, got: Any, rtol: float, names: Sequence[str] = (), path: str = ""
) -> Iterator[Difference]:
    """Yield a difference for each part of `expected` that `got` does not meet; `names` name the parts of a tuple."""
    if got is None and expected is not None:
        yield Difference(path, "nothing", expected, got)
    elif isinstance(expected, dict):
        yield from _in_dict(expected, got, rtol, path)
    elif isinstance(expected, (tuple, list)):
        yield from _in_sequence(expected, got, rtol, names, path)
    elif isinstance(expected, str) or expected is None:
        if not isinstance(got, type(expected)) or got != expected:
            yield Difference(path, "value", expected, got)
    else:
        yield from _in_array(np.asarray(expected), got, rtol, path)


def as_numbers(value: Any) -> Array | None:
    """Return numbers, lists of numbers and arrays as one plain array, and None for everything else."""
    if _holds_text(value):
        return None  # an array of texts gives each the room of the longest: 100 kB would become gigabytes
    try:
        array = np.array(value, subok=False)
    except (TypeError, ValueError):
        return None
    return array if array.dtype.kind in "biufc" else None


def _holds_text(value: Any) -> bool:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (str, bytes)):
            return True
        if isinstance(part, (list, tuple)):
            waiting += part
    return False


def _in_dict(expected: dict[Any, Any], got: Any, rtol: float, path: str) -> Iterator[Difference]:
    if not isinstance(got, dict):
        yield Difference(path, "type", expected, got)
    elif expected.keys() - got.keys():
        yield Difference(path, "keys", expected, got)
    else:
        for key, part in expected.items():
            deeper = f"{path}[{key!r}]" if path else str(key)
            yield from differences(part, got[key], rtol, path=deeper)


def _in_sequence(
    expected: Sequence[Any], got: Any, rtol: float, names: Sequence[str], path: str
) -> Iterator[Difference]:
    is_array = isinstance(got, np.ndarray) and got.ndim > 0
    if not isinstance(got, (tuple, list)) and not is_array:
        yield Difference(path, "type" if len(expected) < 2 else "count", expected, got)
    elif len(got) != len(expected):
        yield Difference(path, "count", expected, got)
    else:
        for place, (part, got_part) in enumerate(zip(expected, got, strict=True)):
            named = names[place] if len(names) == len(expected) else f"{path}[{place}]"
            yield from differences(part, got_part, rtol, path=named)


def _in_array(expected: Array, got: Any, rtol: float, path: str) -> Iterator[Difference]:
    if are_identical(expected, got):
        return  # most are, and this is quickly seen
    numbers = as_numbers(got)
    if numbers is None:
        yield Difference(path, "type", expected, got)
    elif numbers.shape != expected.shape:
        yield Difference(path, "shape", expected, numbers)
    elif expected.size:
        if _is_close(expected, numbers, rtol):
            return
        error = errors(expected, numbers, rtol)
        worst = np.unravel_index(int(np.argmax(error)), error.shape)
        if not error[worst] <= 1:
            index = tuple(int(i) for i in worst)
            reason = "nan" if not np.isfinite(numbers[index]) else "value"
            yield Difference(path, reason, expected, numbers, index, float(error[worst]))


def errors(expected: Array, got: Array, rtol: float) -> Array:
    """Return each entry's error in units of what is tolerated; an entry that is NaN or infinite by mistake is inf."""
    exact, other = _wide(expected), _wide(got)
    with np.errstate(all="ignore"):
        error = np.abs(other - exact) / _tolerance(exact, got, rtol)
        same = (other == exact) | (np.isnan(other) & np.isnan(exact))
    return np.where(same, 0.0, np.where(np.isnan(error), np.inf, error))


def _is_close(expected: Array, got: Array, rtol: float) -> bool:
    """Whether all entries are finite and right, which most results are; `errors` says the same, and more, slowly."""
    exact, other = _wide(expected), _wide(got)
    with np.errstate(all="ignore"):
        error = np.abs(other - exact)
        if not error.max() < np.inf:
            return False
        near = error <= _tolerances(got, rtol)[0] * np.abs(exact)
        return bool(near.all() or (error <= _tolerance(exact, got, rtol)).all())


def _tolerance(exact: Array, got: Array, rtol: float) -> Array:
    relative, absolute = _tolerances(got, rtol)
    size = np.abs(exact)
    finite = size[np.isfinite(size)]
    scale = float(finite.max()) if finite.size else 0.0
    tolerance: Array = relative * size + absolute * scale + 1e-300
    return tolerance


def _tolerances(got: Array, rtol: float) -> tuple[float, float]:
    """Return what is tolerated relative to an entry, and to the largest one."""
    return FLOAT32 if got.dtype == np.float32 else (rtol, 1e-3 * rtol)


def _wide(array: Array) -> Array:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64, copy=False)
