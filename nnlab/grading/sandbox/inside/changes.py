"""What a function can change of its arguments: arrays, dicts, lists, and the state of random generators."""

import json
from typing import Any

import numpy as np


def is_portable(value: Any) -> bool:
    """Whether this is a random generator of the kind that `default_rng` makes: its state is a few numbers."""
    return isinstance(value, np.random.Generator) and isinstance(
        value.bit_generator, np.random.PCG64
    )


def parts(value: Any) -> list[Any]:
    """List what can change in nested tuples, lists and dicts, in order, and what is around it first."""
    if isinstance(value, np.ndarray) or is_portable(value):
        return [value]
    if not isinstance(value, (dict, list, tuple)):
        return []
    inner = value.values() if isinstance(value, dict) else value
    around = [] if isinstance(value, tuple) else [value]
    return around + [found for part in inner for found in parts(part)]


def state(part: Any) -> Any:
    """Return what tells whether such a part itself changed; what is in a dict or list is a part of its own."""
    if isinstance(part, np.ndarray):
        return part.shape, part.tobytes()
    if isinstance(part, np.random.Generator):
        return json.dumps(part.bit_generator.state)
    return part.copy()


def news(part: Any, before: Any) -> Any:
    """Return what a part became if it is no longer what it was before, and else None."""
    now = state(part)
    if same(before, now):
        return None
    return part.copy() if isinstance(part, np.ndarray) else now


def same(a: Any, b: Any) -> bool:
    """Whether two states are one and the same, to the bit."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and same(list(a.values()), list(b.values()))
    if isinstance(a, list):
        return len(a) == len(b) and all(map(_is_same, a, b))
    return bool(a == b)


def _is_same(a: Any, b: Any) -> bool:
    return a is b or (isinstance(a, (int, float, complex, str)) and type(a) is type(b) and a == b)


def restore(part: Any, after: Any) -> None:
    """Give a part the state that its copy had afterwards; None if it did not change."""
    if after is None:
        return
    if isinstance(part, np.random.Generator):
        part.bit_generator.state = json.loads(after)
    elif isinstance(part, list):
        part[:] = after
    elif isinstance(part, dict):
        after = dict(after)
        part.clear()
        part.update(after)
    elif isinstance(after, np.ndarray) and after.shape == part.shape:
        part[...] = after.astype(part.dtype)
