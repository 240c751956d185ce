"""Put a failure into words: at most ten lines, the most useful first."""

import inspect
import re
import textwrap
from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np

from nnlab.grading.comparing import Difference, as_numbers
from nnlab.grading.failure import REASONS
from nnlab.grading.specification import Aspect, Case, Function, Specification

WIDTH = 100
LINES = 10
LONGEST = 4_000
"""Characters of an explanation that are broken into lines: one long word takes the square of its length."""
MOST = 50
"""Parts of a list or a dict that are written out at most."""


def headline(spec: Specification, aspect: Aspect, reason: str, fresh: bool) -> str:
    """Return the first line: which function, on what, and what is wrong in two or three words."""
    numbers = ", with fresh numbers" if fresh else ""
    return f"{spec.name}, {aspect.about}{numbers}: {REASONS[reason]}."


def show_call(spec: Specification, aspect: Aspect, case: Case) -> str:
    """Write a trial as the reader would type it; long arrays by their shape."""
    names = _parameters(spec.reference) if aspect.drive is None else _parameters(aspect.drive)[1:]
    given = {**dict(zip(names, case.args, strict=False)), **case.kwargs}
    text = ", ".join(f"{name}={show(value)}" for name, value in given.items())
    plain = aspect.drive is None or not text
    return f"{spec.name}({text})" if plain else f"{spec.name} with {text}"


def show_names(spec: Specification, arguments: Sequence[int | str]) -> str:
    """Return the names of arguments given by place or by name."""
    names = _parameters(spec.reference)
    return ", ".join(dict.fromkeys(names[a] if isinstance(a, int) else a for a in arguments))


def _parameters(function: Function) -> list[str]:
    return list(inspect.signature(function).parameters)


def show(value: Any, room: int = 60) -> str:
    """Write a value in one short line; of what is large, no more is written out than can be shown."""
    if isinstance(value, np.ndarray) and value.ndim < 3:
        text = np.array2string(
            value, precision=6, separator=", ", threshold=16, max_line_width=1000
        )
        short = "\n" not in text and len(text) <= room
        short_matrix = value.ndim == 2 and value.size <= 6
        if short or short_matrix:
            return re.sub(r"\s+(?=[,\]])|(?<=\[)\s+", "", " ".join(text.split()))
    if isinstance(value, np.ndarray):
        return f"<{value.dtype} array {value.shape}>"
    if callable(value):
        return str(getattr(value, "__name__", "a function")).strip("_")
    if isinstance(value, dict):
        parts = [f"{show(key, 30)}: {show(part, 30)}" for key, part in islice(value.items(), MOST)]
        return "{" + ", ".join(parts) + (", …" if len(value) > MOST else "") + "}"
    if isinstance(value, (list, tuple)) and len(value) > MOST:
        return f"<{type(value).__name__} of {len(value)}>"
    if isinstance(value, (list, tuple)):
        inside = ", ".join(show(part, 30) for part in value)
        text = f"[{inside}]" if isinstance(value, list) else f"({inside})"
        return text if len(text) <= 2 * room else f"<{type(value).__name__} of {len(value)}>"
    if isinstance(value, (float, np.floating)):
        return f"{value:.8g}"
    text = repr(value[:room] if isinstance(value, str) else value)
    return text if len(text) <= room else f"{text[: room - 1]}…"


def compose(head: str, parts: list[tuple[str, str]]) -> str:
    """Join a headline and labelled lines, cutting the longest explanations rather than going beyond ten lines."""
    # an error has three: two for its message, and the student's line at fault must not be what is cut
    rooms = {"call": 2, "got": 2 if "expected" in dict(parts) else 3, "why": 3}
    lines = [head]
    for label, text in parts:
        indent = f"  {label + ':':<10}"
        room = rooms.get(label, 1)
        wrapped = [
            piece
            for line in text[:LONGEST].splitlines()
            for piece in textwrap.wrap(line, WIDTH - len(indent), break_on_hyphens=False)
        ] or [""]
        if len(wrapped) > room:
            wrapped = [*wrapped[: room - 1], wrapped[room - 1][: WIDTH - len(indent) - 2] + " …"]
        lines += [(indent if i == 0 else " " * len(indent)) + w for i, w in enumerate(wrapped)]
    return "\n".join(lines[:LINES])


def describe_difference(difference: Difference) -> list[tuple[str, str]]:
    """Return labelled lines: expected, got, and where the worst entry is."""
    expected, got, where = difference.expected, difference.got, difference.path
    prefix = f"{where} = " if where else ""
    if difference.reason in ("value", "nan") and difference.index and np.size(expected) > 1:
        place = f"{where or 'result'}[{', '.join(map(str, difference.index))}]"
        right, came = expected[difference.index], np.asarray(got)[difference.index]
        worst = f"{place} is {came:.8g}, not {right:.8g}"
        if np.isfinite(came):
            worst += f": off by {abs(came - right):.2g}"
        return [
            ("expected", prefix + _kind(expected)),
            ("got", prefix + _kind(got)),
            ("worst", worst),
        ]
    if difference.reason == "keys":
        missing = ", ".join(repr(key) for key in expected if key not in got)
        return [("expected", f"{prefix}a dict with {missing}"), ("got", prefix + _kind(got))]
    if difference.reason == "count":
        many = f"{len(expected)} result{'s' * (len(expected) != 1)}"
        came = f"{len(got)}, {_kind(got)}" if isinstance(got, (tuple, list)) else _kind(got)
        return [("expected", f"{prefix}{many}, {show(expected)}"), ("got", prefix + came)]
    right, came = _kind(expected), _kind(got)
    if right == came and difference.reason == "value":  # alike in all digits that are shown
        came += f", off by {abs(np.asarray(got) - expected).item():.2g}"
    return [("expected", prefix + right), ("got", prefix + came)]


def _kind(value: Any) -> str:
    """Write a value with its type, and with shape and dtype if it has them."""
    if value is None:
        return "None: is there a return at the end?"
    if isinstance(value, np.ndarray):
        text = show(value)
        if text.startswith("<"):
            return text
        return text if value.ndim == 0 else f"{text}   {value.dtype} {value.shape}"
    numbers = as_numbers(value) if isinstance(value, (list, tuple)) else None
    if numbers is not None and numbers.ndim:
        return f"{type(value).__name__} {show(value)}   shape {numbers.shape}"
    return f"{type(value).__name__} {show(value)}"
