"""Trials are the cases of one check, with what the reference and known mistakes make of them.

Visible checks have the same cases for everyone, so their trials are kept, and a class shares them. Nothing that a
student's function returned is ever among them.
"""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import Any

from nnlab.grading.calling import Outcome, attempt, can_go_together, outcome_of
from nnlab.grading.settings import generator
from nnlab.grading.specification import Aspect, Case, Function, find


class Trials:
    """The cases of one aspect, and the outcomes of our own functions."""

    def __init__(self, aspect: Aspect, cases: Sequence[Case]) -> None:
        self.aspect, self.cases = aspect, cases
        self.known: dict[tuple[Function, int], Outcome] = {}
        self.memo: dict[str, Any] = {}

    def of(self, function: Function, place: int, pure: bool = False) -> Outcome:
        """Return what one of our own functions makes of one case; `pure` if it is sure to leave its arguments alone."""
        if (function, place) not in self.known:
            self.known[function, place] = attempt(
                function, self.aspect, self.cases[place], pure=pure
            )
        return self.known[function, place]

    @cached_property
    def calls(self) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
        """The arguments of each case."""
        return [(case.args, dict(case.kwargs)) for case in self.cases]

    @cached_property
    def go_together(self) -> bool:
        """Whether they can be made at once."""
        return self.aspect.drive is None and can_go_together(self.calls)


def attempts(function: Callable[..., Any], tried: Trials) -> list[Outcome]:
    """Run one trial after another; a stub is sent them together, for most of their time is on the way."""
    together = getattr(function, "for_each", None)
    if together is None or not tried.go_together:
        return [attempt(function, tried.aspect, case) for case in tried.cases]
    answers = together(tried.calls, tried.memo)
    return [outcome_of(call, *answer) for call, answer in zip(tried.calls, answers, strict=True)]


def trials(name: str, fresh: bool) -> Trials:
    """Return the trials of a check, "adam_step.first_step"."""
    return _drawn(name, fresh=True) if fresh else _visible(name)


@cache
def _visible(name: str) -> Trials:
    return _drawn(name, fresh=False)


def _drawn(name: str, fresh: bool) -> Trials:
    [aspect] = find(name)[1].values()
    return Trials(aspect, aspect.cases(generator(name, fresh), fresh))
