"""Results in float32 are compared less sharply; no catalogued mistake passes a check by being cast to it."""

from typing import Any

import numpy as np

from nnlab.grading import CheckFailed, check


def cast(value: Any) -> Any:
    """Return the value with every float in it as float32."""
    if isinstance(value, (np.ndarray, np.floating)) and value.dtype.kind == "f":
        return value.astype(np.float32)
    if isinstance(value, float):
        return np.float32(value)
    if isinstance(value, dict):
        return {key: cast(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(cast, value))
    return value


def passed(spec: Any, function: Any) -> set[str]:
    """Return the aspects that a function passes."""
    found = set(spec.aspects)
    for name in spec.aspects:
        try:
            check(f"{spec.name}.{name}", function)
            check(f"{spec.name}.{name}", function, fresh=True)
        except CheckFailed:
            found.remove(name)
    return found


def test_casting_a_mistake_gains_nothing(unit, spec, mistake):
    def cast_down(*args: Any, **kwargs: Any) -> Any:
        return cast(mistake.function(*args, **kwargs))

    assert passed(spec, cast_down) <= passed(spec, mistake.function)
