"""Call a student's function safely: on copies of the inputs, with a copy of the result, and with its errors caught.

The function may be any callable, also one whose calls another process answers. Such a stub raises the student's
errors as exceptions derived from Exception (it may give them `type_name` and `line`, the student's line at fault).
Its method `writes_back` repeats what the student did to an array argument on the array it was given,
and `for_each` makes many calls at once and returns a function that does so with each result.
"""

import contextlib
import io
import os
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import nnlab
from nnlab.grading.specification import Aspect, Case

OWN = os.path.dirname(nnlab.__file__) + os.sep
PLAIN = (bool, int, float, complex, str, np.generic)
LARGE = 1 << 16
"""Bytes of an array that goes its way alone: what is sent together must be short."""


@dataclass(frozen=True)
class Outcome:
    """What came of a trial: a value or an error, and which arguments were changed in place."""

    value: Any = None
    error: Exception | None = None
    changed: tuple[int | str, ...] = ()


def outcome_of(call: Any, result: Any, repeat: Callable[[Any], None] | None) -> Outcome:
    """Make an outcome of a stub's answer; `repeat` does to a call's arguments what was done to them there."""
    if isinstance(result, Exception):
        return Outcome(error=result)
    if repeat is None:
        return Outcome(result)
    after = copied(call)
    try:
        repeat(after)
    except Exception as error:
        return Outcome(error=error)
    return Outcome(result, changed=_altered(*call, *after))


def attempt(
    function: Callable[..., Any], aspect: Aspect, case: Case, pure: bool = False
) -> Outcome:
    """Run one trial; whatever the function does, an outcome comes back. Do it within `quiet`.

    `pure` spares a function the copies if it is known to leave its arguments alone.
    """
    changed: list[int | str] = []
    guarded = function if pure else _guard(function, changed)
    try:
        if aspect.drive is None:
            value = guarded(*case.args, **case.kwargs)
        else:
            value = aspect.drive(guarded, *copied(case.args), **copied(dict(case.kwargs)))
    except Exception as error:
        return Outcome(error=error, changed=tuple(changed))
    return Outcome(value, changed=tuple(changed))


def copied(value: Any) -> Any:
    """Copy arrays and the containers around them; leave everything else as it is."""
    if isinstance(value, np.ndarray):
        return np.array(value, subok=False)
    if isinstance(value, tuple):
        return tuple([copied(part) for part in value])
    if isinstance(value, list):
        return [copied(part) for part in value]
    if isinstance(value, dict):
        return {key: copied(part) for key, part in value.items()}
    return value


def describe_error(error: BaseException) -> str:
    """Return the error's type and message, and the student's line if it is known."""
    kind = getattr(error, "type_name", type(error).__name__)
    line = getattr(error, "line", None) or _line_at_fault(error)
    return f"{kind}: {error}" + (f"\nin the line `{line}`" if line else "")


def is_unanswered(error: Exception) -> bool:
    """Whether the function is still the stub that was handed out."""
    kind = getattr(error, "type_name", type(error).__name__)
    return bool(kind == "NotImplementedError")


def _guard(function: Callable[..., Any], changed: list[int | str]) -> Callable[..., Any]:
    """Wrap a function so that it works on copies; note in `changed` the places and names of those it altered."""

    def guarded(*args: Any, **kwargs: Any) -> Any:
        given = copied((args, kwargs))
        call = getattr(function, "writes_back", function)
        value = copied(call(*given[0], **given[1]))
        changed.extend(_altered(args, kwargs, *given))
        return value

    return guarded


def _altered(
    args: Sequence[Any], kwargs: dict[str, Any], args_after: Sequence[Any], after: dict[str, Any]
) -> tuple[int | str, ...]:
    """Return the places and names of the arguments that a call has changed."""
    pairs = enumerate(zip(args, args_after, strict=True))
    places = [place for place, (was, now) in pairs if not _same(was, now)]
    return (*places, *(name for name, was in kwargs.items() if not _same(was, after[name])))


def can_go_together(value: Any) -> bool:
    """Whether there is nothing that one call leaves to the next, such as a random generator, and nothing large."""
    if isinstance(value, dict):
        return all(map(can_go_together, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(can_go_together, value))
    if isinstance(value, np.ndarray):
        return value.nbytes <= LARGE
    return value is None or isinstance(value, PLAIN) or callable(value)


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        if are_identical(before, after):
            return True
        return np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if isinstance(before, dict):
        kept = isinstance(after, dict) and before.keys() == after.keys()
        return kept and all(_same(before[k], after[k]) for k in before)
    if isinstance(before, (list, tuple)):
        kept = isinstance(after, (list, tuple)) and len(before) == len(after)
        return kept and all(map(_same, before, after))
    if isinstance(before, PLAIN):
        return isinstance(after, PLAIN) and bool(before == after or before != before)  # or NaN
    return True


def are_identical(a: Any, b: Any) -> bool:
    """Whether two arrays of numbers are the same to the bit, which is quickly seen."""
    if type(a) is not np.ndarray or type(b) is not np.ndarray or a.dtype.kind not in "biufc":
        return False
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence warnings and standard error: some graders take a word there for a failure."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def _line_at_fault(error: BaseException) -> str | None:
    """Return the innermost line of code outside this package and the libraries."""
    frames = traceback.extract_tb(error.__traceback__)
    others = (OWN, "site-packages")
    own = [f for f in frames if not any(part in f.filename for part in others)]
    return own[-1].line or None if own else None
