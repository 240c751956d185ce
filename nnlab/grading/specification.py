"""A specification says what a function must do: like which reference, on which calls; and how people get it wrong.

A unit's file in `catalogue/` makes one `Specification` for each function the students write. Its aspects are the parts
that earn points on their own; its mistakes are small wrong variants, each with the sentence that helps whoever made it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

import numpy as np

Function = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """The arguments of one trial; make it with `call(1, 2, lr=0.1)`."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


def call(*args: Any, **kwargs: Any) -> Case:
    """Write down a call without making it."""
    return Case(args, kwargs)


@dataclass(frozen=True)
class Aspect:
    """One side of a function that is checked, and earns points, on its own.

    about: in a few words, for the message ("the first step"). fixed: cases that are always tried and may be shown.
    draw: makes a random case. drive: `drive(function, *args, **kwargs)` when a trial is more than one call, such as
    twenty steps with the state handed on; the default is a plain call. keeps_inputs: whether changing an input in place
    fails this aspect (give it to one aspect, so that it costs points once).
    """

    about: str
    fixed: Sequence[Case] = ()
    draw: Callable[[np.random.Generator], Case] | None = None
    drive: Callable[..., Any] | None = None
    keeps_inputs: bool = False

    def cases(self, rng: np.random.Generator, fresh: bool) -> list[Case]:
        """Return the trials: the fixed and three drawn ones, or eight freshly drawn ones and the fixed."""
        draws = [] if self.draw is None else [self.draw(rng) for _ in range(8 if fresh else 3)]
        return [*self.fixed, *draws]


@dataclass(frozen=True)
class Mistake:
    """A way to get a function wrong: the wrong variant itself, and one sentence that says what to do about it."""

    id: str
    message: str
    link: str
    function: Function


@dataclass
class Specification:
    """What the students' function `name` must do.

    link: page and anchor of the book, "book/adam.html#src-t-a8". returns: names of the results, for messages.
    rtol: how far two right answers may lie apart in float64, relative to each entry and to the largest one.
    """

    name: str
    reference: Function
    link: str
    aspects: Mapping[str, Aspect]
    returns: Sequence[str] = ()
    rtol: float = 1e-9
    mistakes: list[Mistake] = field(default_factory=list)

    def mistake(
        self, id: str, message: str, link: str | None = None
    ) -> Callable[[Function], Function]:
        """Catalogue the decorated function as a wrong variant."""
        if any(known.id == id for known in self.mistakes):
            raise ValueError(f"{self.name} has two mistakes named {id!r}")

        def catalogue(function: Function) -> Function:
            self.mistakes.append(Mistake(id, message, link or self.link, function))
            return function

        return catalogue


@cache
def specifications() -> dict[str, Specification]:
    """Return every specification of the catalogue by its function's name."""
    from nnlab.grading import catalogue

    known: dict[str, Specification] = {}
    for module in pkgutil.iter_modules(catalogue.__path__):
        contents = vars(importlib.import_module(f"{catalogue.__name__}.{module.name}"))
        for value in contents.values():
            if (
                isinstance(value, Specification)
                and known.setdefault(value.name, value) is not value
            ):
                raise ValueError(f"two specifications are named {value.name!r}")
    return known


@cache
def find(check: str) -> tuple[Specification, dict[str, Aspect]]:
    """Look up "adam_step" (all its aspects) or "adam_step.first_step" (that one)."""
    name, _, aspect = check.partition(".")
    known = specifications()
    names = [n if not aspect else f"{n}.{a}" for n, s in known.items() for a in s.aspects]
    if check not in names:
        near = get_close_matches(check, names, n=3, cutoff=0.4)
        raise ValueError(f"no check is named {check!r}; near it: {', '.join(near) or 'none'}")
    spec = known[name]
    return spec, {aspect: spec.aspects[aspect]} if aspect else dict(spec.aspects)
