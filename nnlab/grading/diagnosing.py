"""Guess what a wrong result got wrong: first the catalogued mistakes, then what can happen to any function."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnlab._types import Array
from nnlab.grading.calling import Outcome
from nnlab.grading.comparing import Difference, as_numbers, differences, errors
from nnlab.grading.specification import Case, Mistake, Specification
from nnlab.grading.trials import Trials, attempts, trials


def named_mistake(
    spec: Specification,
    tried: Trials,
    outcomes: Sequence[Outcome],
    student: Callable[..., Any],
) -> Mistake | None:
    """Return the catalogued mistake that gives the student's results in all cases.

    If several do, the other aspects' cases decide between them; if the results are NaN throughout, which many ways lead
    to, the other aspects must agree too.
    """
    fits = [m for m in spec.mistakes if _reproduces(spec, m, tried, outcomes)]
    telling = any(_says_more_than_nan(outcome.value) for outcome in outcomes)
    for name in spec.aspects:
        if not fits or (telling and len(fits) == 1):
            break
        more = trials(f"{spec.name}.{name}", fresh=False)
        theirs = attempts(student, more)
        closer = [m for m in fits if _reproduces(spec, m, more, theirs)]
        fits = closer or (fits if telling else [])
    return fits[0] if fits else None


def _says_more_than_nan(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_says_more_than_nan, value.values()))
    numbers = as_numbers(value)
    if numbers is None and isinstance(value, (list, tuple)):
        return any(map(_says_more_than_nan, value))
    return numbers is None or bool(np.isfinite(numbers).any())


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
            "NaN or infinity appears where a number is expected: an exp overflows, a logarithm meets 0, "
            "a root meets a negative number, or 0/0."
        )
    pairs: list[Pair] = []
    for case, difference in found:
        got = as_numbers(difference.got)
        if got is None or not isinstance(difference.expected, np.ndarray):
            return None
        if difference.expected.dtype.kind == "b":
            return None  # a yes or no has neither sign nor factor
        pairs.append((difference.expected, got, _samples(case)))
    for id, sentence, turn in _FORMS:
        if all(_explained(turn, pair, rtol) for pair in pairs):
            return id, sentence
    if all(_is_near(expected, got) for expected, got, _ in pairs):
        return "nearly", (
            "Nearly right, and not in all digits: is there a rounding, a clip or an epsilon where none belongs, "
            "or none where one does?"
        )
    if sum(expected.size for expected, _, _ in pairs) < 3:
        return None  # one number or two may be twice what they should be, or 0 for 0.3, by chance
    for id, sentence, turn in _VALUES:
        if all(_explained(turn, pair, rtol) for pair in pairs):
            return id, sentence
    return _constant_factor(pairs, rtol)


def error_diagnosis(error: BaseException) -> tuple[str, str] | None:
    """Return (id, sentence) for an error whose own words are of little help to a beginner, or None."""
    for words, id, sentence in _ERRORS:
        if words in str(error):
            return id, sentence
    return None


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


def _is_near(expected: Array, got: Array) -> bool:
    """Whether five digits of the largest entry agree."""
    if expected.shape != got.shape or not np.isfinite(expected).all():
        return False
    return bool(np.abs(got - expected).max(initial=0) <= 1e-5 * np.abs(expected).max(initial=0))


def _transposed(pair: Pair) -> Array | None:
    expected = pair[0]
    return expected.T if expected.ndim == 2 and min(expected.shape) > 1 else None


def _reshaped(pair: Pair) -> Array | None:
    expected, got, _ = pair
    same_numbers = expected.shape != got.shape and expected.size == got.size
    return expected.reshape(got.shape) if same_numbers else None


def _cut(pair: Pair) -> Array | None:
    expected, got, _ = pair
    if got.dtype.kind not in "iu" or expected.dtype.kind != "f" or got.shape != expected.shape:
        return None
    if not np.isfinite(expected).all():
        return None
    return np.trunc(expected) if (np.trunc(expected) == got).all() else np.round(expected)


_ERRORS = [
    (
        "mismatch in its core dimension",
        "inner-sizes",
        "In A @ B the columns of A must be as many as the rows of B: which comes first, and is a .T missing?",
    ),
    (
        "truth value of an array",
        "truth-value",
        "if, and, or, max and min take one number, and this is an array: np.where, np.maximum and & go entry by entry.",
    ),
    (
        "can be converted to Python scalars",
        "math",
        "The functions of math, and float and int, take one number: those of NumPy (np.exp) go entry by entry.",
    ),
    ("operand type(s) for ^", "power", "In Python a power is **; ^ is something else."),
    (
        "could not be broadcast",
        "broadcast",
        "Entry by entry these shapes do not fit: is an axis=..., a keepdims=True or a .T missing?",
    ),
    (
        "NoneType",
        "none",
        "Something is None: the state before the first step, an argument not given, a function without return?",
    ),
    (
        "'str' object is not callable",
        "name-called",
        "A name in quotes is a string and no function: look the function up under that name first.",
    ),
]

_Hypotheses = list[tuple[str, str, Callable[[Pair], Array | None]]]
_FORMS: _Hypotheses = [
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
]
_VALUES: _Hypotheses = [
    (
        "integers",
        "Your result is the right one cut to whole numbers: compute in floats, not in an integer array.",
        _cut,
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
    if not all(_explained(lambda p: p[0] * factor, pair, rtol) for pair in pairs):
        return None
    return "factor", f"Your result is {factor:.4g} times the right one, everywhere."
