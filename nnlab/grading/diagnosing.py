"""Guess what a wrong result got wrong: first the catalogued mistakes, then what can happen to any function."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnlab._types import Array
from nnlab.grading.calling import Outcome, attempts
from nnlab.grading.comparing import Difference, as_numbers, differences, errors
from nnlab.grading.specification import Case, Mistake, Specification
from nnlab.grading.trials import Trials, trials


def named_mistake(
    spec: Specification,
    tried: Trials,
    outcomes: Sequence[Outcome],
    student: Callable[..., Any],
) -> Mistake | None:
    """Return the catalogued mistake that gives the student's results in all cases.

    If several do, the other aspects' cases decide between them.
    """
    fits = [m for m in spec.mistakes if _reproduces(spec, m, tried, outcomes)]
    for name, other in spec.aspects.items():
        if len(fits) < 2:
            break
        more = trials(f"{spec.name}.{name}", fresh=False)
        theirs = attempts(student, other, more.cases)
        fits = [m for m in fits if _reproduces(spec, m, more, theirs)] or fits
    return fits[0] if fits else None


def _reproduces(
    spec: Specification, mistake: Mistake, tried: Trials, outcomes: Sequence[Outcome]
) -> bool:
    agreed = 0
    for place, outcome in enumerate(outcomes):
        wrong = tried.of(mistake.function, place)
        if (wrong.error is None) != (outcome.error is None):
            return False
        if tried.aspect.keeps_inputs and bool(wrong.changed) != bool(outcome.changed):
            return False
        if wrong.error is None:
            if next(differences(wrong.value, outcome.value, spec.rtol, spec.returns), None):
                return False
            agreed += 1
    return agreed > 0


Pair = tuple[Array, Array, int]
"""An expected array, what came instead, and the number of samples of that case."""


def general_diagnosis(
    found: Sequence[tuple[Case, Difference]], rtol: float
) -> tuple[str, str] | None:
    """Return (id, sentence) of the one thing that explains every difference, or None."""
    if all(difference.reason == "nan" for _, difference in found):
        return "overflow", (
            "NaN or infinity appears where a number is expected: an exp overflows, a logarithm meets 0, or 0/0."
        )
    pairs: list[Pair] = []
    for case, difference in found:
        got = as_numbers(difference.got)
        if got is None or not isinstance(difference.expected, np.ndarray):
            return None
        if difference.expected.dtype.kind == "b":
            return None  # a yes or no has neither sign nor factor
        pairs.append((difference.expected, got, _samples(case)))
    for id, sentence, turn in _HYPOTHESES:
        if all(_explained(turn, pair, rtol) for pair in pairs):
            return id, sentence
    return _constant_factor(pairs, rtol)


def _explained(turn: Callable[[Pair], Array | None], pair: Pair, rtol: float) -> bool:
    predicted, got = turn(pair), pair[1]
    if predicted is None or predicted.shape != got.shape:
        return False
    return bool((errors(predicted, got, rtol) <= 1).all())


def _samples(case: Case) -> int:
    for value in (*case.args, *case.kwargs.values()):
        if isinstance(value, np.ndarray) and value.ndim:
            return len(value)
        if isinstance(value, list) and value and isinstance(value[0], np.ndarray):
            return len(value[0])  # the outputs of all layers
    return 1


def _transposed(pair: Pair) -> Array | None:
    expected = pair[0]
    return expected.T if expected.ndim == 2 and min(expected.shape) > 1 else None


def _reshaped(pair: Pair) -> Array | None:
    expected, got, _ = pair
    same_numbers = expected.shape != got.shape and expected.size == got.size
    return expected.reshape(got.shape) if same_numbers else None


def _cut(pair: Pair) -> Array | None:
    expected, got, _ = pair
    if got.dtype.kind not in "iu" or expected.dtype.kind != "f" or not np.isfinite(expected).all():
        return None
    return np.trunc(expected) if (np.trunc(expected) == got).all() else np.round(expected)


_HYPOTHESES: list[tuple[str, str, Callable[[Pair], Array | None]]] = [
    (
        "integers",
        "Your result is the right one cut to whole numbers: compute in floats, not in an integer array.",
        _cut,
    ),
    (
        "transposed",
        "Your result is the transpose of the right one: rows and columns are swapped.",
        _transposed,
    ),
    (
        "shape",
        "The numbers are right, the shape is not: a vector is (n,), neither (n, 1) nor (1, n); a matrix has two axes.",
        _reshaped,
    ),
    ("sign", "Every entry has the wrong sign.", lambda p: -p[0]),
    ("2", "Your result is twice the right one: look for a factor 2 too many.", lambda p: p[0] * 2),
    (
        "1/2",
        "Your result is half the right one: look for a factor 2 that is missing.",
        lambda p: p[0] / 2,
    ),
    (
        "n",
        "Your result is n times too large, n the number of samples: a mean has become a sum.",
        lambda p: p[0] * p[2],
    ),
    (
        "1/n",
        "Your result is n times too small, n the number of samples: it was divided by n once too often.",
        lambda p: p[0] / p[2],
    ),
]


def _constant_factor(pairs: Sequence[Pair], rtol: float) -> tuple[str, str] | None:
    expected, got, _ = pairs[0]
    if expected.shape != got.shape or expected.size == 0:
        return None
    at = np.unravel_index(int(np.argmax(np.abs(expected))), expected.shape)
    if expected[at] == 0 or not np.isfinite(got[at]) or got[at] == 0:
        return None
    factor = got[at] / expected[at]
    entries = sum(pair[0].size for pair in pairs)
    if entries < 3 or not all(_explained(lambda p: p[0] * factor, pair, rtol) for pair in pairs):
        return None
    return "factor", f"Your result is {factor:.4g} times the right one, everywhere."
