"""`check` compares a function with the reference on many calls, and says what is wrong in words that help."""

from collections.abc import Callable, Sequence
from typing import Any

from nnlab.grading.calling import (
    Outcome,
    attempt,
    describe_error,
    is_unanswered,
    quiet,
)
from nnlab.grading.comparing import Difference, differences
from nnlab.grading.diagnosing import error_diagnosis, general_diagnosis, named_mistake
from nnlab.grading.failure import CheckFailed
from nnlab.grading.settings import BOOK
from nnlab.grading.specification import Aspect, Case, Specification, find
from nnlab.grading.trials import Trials, attempts, trials
from nnlab.grading.wording import compose, describe_difference, headline, show_call, show_names


def check(name: str, function: Any, *, fresh: bool = False) -> None:
    """Check one aspect of a function, `check("adam_step.first_step", adam_step)`, or all, `check("adam_step", ...)`.

    Raise `CheckFailed` at the first aspect that is wrong. `fresh` draws new inputs (see `nnlab.grading.settings`) and
    passes in silence; without it the inputs are the same every time, and a pass is printed. A failure shows its input
    in both: fresh ones were drawn for this submission alone, and help whoever made the mistake and nobody else.
    """
    spec, aspects = find(name)
    for key, aspect in aspects.items():
        with quiet():
            _check_aspect(spec, f"{spec.name}.{key}", aspect, function, fresh)
        if not fresh:
            print(f"{spec.name}, {aspect.about}: right.")


def _check_aspect(
    spec: Specification, name: str, aspect: Aspect, function: Any, fresh: bool
) -> None:
    if not callable(function):
        text = f"{spec.name} should be a function, and is {function!r:.60}: define it with def."
        raise CheckFailed(name, "type", text, link=BOOK + spec.link)
    tried = trials(name, fresh)
    outcomes = attempts(function, tried)
    if any(outcome.error is not None and is_unanswered(outcome.error) for outcome in outcomes):
        text = f"{spec.name} is not written yet."
        raise CheckFailed(name, "unanswered", text, link=BOOK + spec.link) from None
    found = list(_faults(spec, tried, outcomes))
    if found:
        raise _failure(spec, name, function, tried, outcomes, found, fresh) from None


Fault = tuple[Case, Outcome, list[Difference]]


def _faults(spec: Specification, tried: Trials, outcomes: Sequence[Outcome]) -> list[Fault]:
    faults: list[Fault] = []
    for place, (case, outcome) in enumerate(zip(tried.cases, outcomes, strict=True)):
        if outcome.error is not None:
            faults.append((case, outcome, []))
            continue
        right = tried.of(spec.reference, place, pure=True)
        if right.error is not None:
            raise right.error  # the catalogue itself is wrong
        wrong = list(differences(right.value, outcome.value, spec.rtol, spec.returns))
        if wrong or (tried.aspect.keeps_inputs and outcome.changed):
            faults.append((case, outcome, wrong))
    return faults


def _failure(
    spec: Specification,
    name: str,
    function: Callable[..., Any],
    tried: Trials,
    outcomes: Sequence[Outcome],
    faults: Sequence[Fault],
    fresh: bool,
) -> CheckFailed:
    aspect = tried.aspect
    case, outcome, wrong = faults[0]
    parts = [("call", show_call(spec, aspect, case))]
    if outcome.error is not None:
        reason = "raised"
        parts.append(("got", describe_error(outcome.error)))
    elif wrong:
        reason = wrong[0].reason
        parts += describe_difference(wrong[0])
    else:
        reason = "changed"
        names = show_names(spec, outcome.changed)
        parts.append(("got", f"the right result, but {names} changed in place"))

    mistake, link = None, spec.link
    known = named_mistake(spec, tried, outcomes, function)
    if known is not None:
        mistake, link = f"{spec.name}/{known.id}", known.link
        parts.append(("why", known.message))
    else:
        general = _general(spec, aspect, function, faults)
        if general is not None:
            mistake = f"general/{general[0]}"
            parts.append(("why", general[1]))
    parts.append(("read", BOOK + link))
    return CheckFailed(
        name, reason, compose(headline(spec, aspect, reason, fresh), parts), mistake, BOOK + link
    )


def _general(
    spec: Specification, aspect: Aspect, function: Callable[..., Any], faults: Sequence[Fault]
) -> tuple[str, str] | None:
    if any(outcome.changed for _, outcome, _ in faults):
        return "changed", (
            "An input was changed in place (by +=, or by writing into it): work on a copy or build a new array."
        )
    shown = faults[0][1].error
    if shown is not None:
        return error_diagnosis(shown)
    if any(outcome.error is not None for _, outcome, _ in faults):
        return None
    found = [(case, difference) for case, _, wrong in faults for difference in wrong]
    if not found:
        return None
    return general_diagnosis(found, spec.rtol) or _unsteady(spec, aspect, function, faults[0])


def _unsteady(
    spec: Specification, aspect: Aspect, function: Callable[..., Any], fault: Fault
) -> tuple[str, str] | None:
    case, outcome, _ = fault
    again = attempt(function, aspect, case)
    changed = differences(outcome.value, again.value, spec.rtol)
    if again.error is None and any(d.reason in ("value", "shape", "count") for d in changed):
        return "unsteady", (
            "The same call gives another result the second time: take random numbers from the rng passed in alone, "
            "fill what np.empty makes, and keep nothing outside the function."
        )
    return None
