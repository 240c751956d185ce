"""A control is what a reader may change about a picture: a name, and the values to choose from.

An explorer is a plain function whose parameters carry their control, and a default:

    def hill(height: Annotated[float, Control("height", span(1, 3, 0.5))] = 2.0) -> Picture:

Numbers become a slider, words a list to choose from. The book's live pages and `explore` read the
controls from the function; called by itself it is a function like any other.
"""

import re
from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any, NamedTuple, get_type_hints

from nnlab.plots import Figure


class Control(NamedTuple):
    """The name of a parameter for readers, and its values in order."""

    label: str
    values: Sequence[float] | Sequence[str]


class _Picture(NamedTuple):
    figure: Figure
    words: str


class Picture(_Picture):
    """What an explorer shows, and the same in words, for those who do not see it."""

    def __new__(cls, figure: Figure, words: str) -> "Picture":
        return super().__new__(cls, figure, minus(words))


class Parameter(NamedTuple):
    """A parameter of an explorer: its name in Python, its control, and the default's position."""

    name: str
    control: Control
    start: int


def minus(text: str) -> str:
    """The text with a true minus before its numbers, as on the pages.

    >>> minus("x = -0.5, no-one")
    'x = −0.5, no-one'
    """
    return re.sub(r"-(?=\d)", "−", text)


def span(low: float, high: float, step: float) -> tuple[float, ...]:
    """The numbers from low to high, both included, without the noise of repeated addition.

    >>> span(0.1, 0.4, 0.1)
    (0.1, 0.2, 0.3, 0.4)
    """
    count = round((high - low) / step)
    return tuple(round(low + k * step, 10) for k in range(count + 1))


def whole(low: int, high: int, step: int = 1) -> tuple[int, ...]:
    """The whole numbers from low to high, both included."""
    return tuple(range(low, high + 1, step))


def parameters(function: Callable[..., Picture]) -> list[Parameter]:
    """Read the controls of an explorer from its signature.

    >>> from nnlab.widgets import sigmoid
    >>> [(p.name, p.control.label) for p in parameters(sigmoid)]
    [('weight', 'weight w'), ('bias', 'bias b')]
    """
    hints: dict[str, Any] = get_type_hints(function, include_extras=True)
    found = []
    for name, parameter in signature(function).parameters.items():
        controls = [c for c in getattr(hints[name], "__metadata__", ()) if isinstance(c, Control)]
        if not controls:
            raise TypeError(f"{function.__name__}: {name} has no Control in its annotation")
        values = list(controls[0].values)
        if parameter.default not in values:
            raise ValueError(
                f"{function.__name__}: the default of {name}, {parameter.default!r}, "
                f"is none of its values {values}"
            )
        found.append(Parameter(name, controls[0], values.index(parameter.default)))
    return found
