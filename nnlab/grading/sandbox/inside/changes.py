"""What a function can change of its arguments: arrays, and the state of random generators."""

from typing import Any

import numpy as np


def is_portable(value: Any) -> bool:
    """Whether this is a random generator of the kind that `default_rng` makes: its state is a few numbers."""
    return isinstance(value, np.random.Generator) and isinstance(
        value.bit_generator, np.random.PCG64
    )


def parts(value: Any) -> list[Any]:
    """List the arrays and random generators in nested tuples, lists and dicts, in order."""
    if isinstance(value, np.ndarray) or is_portable(value):
        return [value]
    if not isinstance(value, (dict, list, tuple)):
        return []
    inner = value.values() if isinstance(value, dict) else value
    return [found for part in inner for found in parts(part)]


def state(part: Any) -> Any:
    """Return a copy of what can change in such a part."""
    return part.copy() if isinstance(part, np.ndarray) else dict(part.bit_generator.state)


def same(a: Any, b: Any) -> bool:
    """Whether two states are one and the same, to the bit."""
    if isinstance(a, dict):
        return bool(a == b)
    return a.shape == b.shape and a.tobytes() == b.tobytes()


def restore(part: Any, after: Any) -> None:
    """Give a part the state that its copy had afterwards; None if it did not change."""
    if isinstance(part, np.random.Generator) and after is not None:
        part.bit_generator.state = after
    elif isinstance(after, np.ndarray) and after.shape == part.shape:
        part[...] = after.astype(part.dtype)
