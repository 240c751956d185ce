"""What every `..._step(theta, grad, state, ...)` is checked for: one step, many steps, its state, tiny gradients."""

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.grading.catalogue._results import several
from nnlab.grading.specification import Aspect, Case, Function, Specification, call

THETA, GRAD = np.array([1.0, -2.0, 3.0]), np.array([0.5, -1.0, 20.0])


def step_aspects(
    memory: tuple[str, ...], settings: dict[str, tuple[float, float]]
) -> dict[str, Aspect]:
    """Return the aspects of a step function: `memory` names its state's vectors, `settings` the range of each number.

    The state holds a t besides; it counts the updates made so far.
    """

    def numbers(rng: Rng) -> dict[str, float]:
        return {name: float(f"{rng.uniform(*range_):.3g}") for name, range_ in settings.items()}

    def one_step(rng: Rng) -> Case:
        n = int(rng.integers(1, 7))
        return call(rng.normal(size=n), rng.normal(size=n), **numbers(rng))

    def many_steps(rng: Rng) -> Case:
        n = int(rng.integers(2, 5))
        scale = np.geomspace(0.01, 10, n)
        return call(rng.normal(size=n), rng.normal(size=(20, n)) * scale, **numbers(rng))

    def later_step(rng: Rng) -> Case:
        n = int(rng.integers(2, 5))
        state = {"t": int(rng.integers(2, 9)), **{k: rng.uniform(0.5, 2, n) for k in memory}}
        return call(rng.normal(size=n), rng.normal(size=n), state, **numbers(rng))

    def tiny_gradient(rng: Rng) -> Case:
        n = int(rng.integers(2, 5))
        grad = rng.choice([-1, 1], n) * rng.uniform(1e-8, 1e-7, n)
        grad[0] = 0.0
        return call(np.zeros(n), grad, **numbers(rng))

    # an epsilon that counts in float32, too, whose digits hide one of 1e-8
    large = [{"lr": 0.1, "eps": 0.1}] if "eps" in settings else []
    three = np.array([[0.5, -1.0], [0.5, 2.0], [-0.25, 1.0]])
    return {
        "first_step": Aspect(
            "the first step",
            [
                call(THETA, GRAD),
                call(THETA, GRAD, lr=0.1),
                *(call(THETA, GRAD, **s) for s in large),
            ],
            one_step,
            first,
        ),
        "many_steps": Aspect(
            "many steps",
            [
                call(np.array([1.0, -2.0]), three, lr=0.1),
                *(call(np.array([1.0, -2.0]), three, **s) for s in large),
            ],
            many_steps,
            follow,
        ),
        "state": Aspect(
            "the state it returns",
            [
                call(THETA, GRAD),
                call(THETA, GRAD, {"t": 4, **{k: np.array([0.5, 1.0, 2.0]) for k in memory}}),
            ],
            later_step,
            after,
            keeps_inputs=True,
        ),
        "epsilon": Aspect(
            "tiny gradients, where epsilon counts",
            [call(np.zeros(3), np.array([1e-7, -1e-8, 0.0]), lr=0.1)],
            tiny_gradient,
            first,
        ),
    }


def mistakes_of(spec: Specification, *memory: str) -> Callable[[str, str], Function]:
    """Return a decorator `wrong(id, message)` for `variant(theta, g, t, *memory, *settings)`.

    The variant is called with the old memory and the new t, its settings are those of the reference, defaults too.
    """
    parameters = signature(spec.reference)

    def wrong(id: str, message: str) -> Function:
        def catalogue(variant: Function) -> Function:
            def step(*args: Any, **kwargs: Any) -> Any:
                given = parameters.bind(*args, **kwargs)
                given.apply_defaults()
                theta, grad, state, *settings = given.arguments.values()
                old = state or {"t": 0, **{name: np.zeros_like(theta) for name in memory}}
                kept = [old[name] for name in memory]
                return variant(theta, grad, old["t"] + 1, *kept, *settings)

            return spec.mistake(id, message)(step)

        return catalogue

    return wrong


def count_mistakes(spec: Specification) -> None:
    """Catalogue the ways to miscount the updates, for a step that only keeps its t and does not use it."""

    def counting(shift: Callable[[int], int]) -> Function:
        def step(*args: Any, **kwargs: Any) -> Any:
            theta, state = spec.reference(*args, **kwargs)
            return theta, {**state, "t": shift(state["t"])}

        return step

    for id, message, shift in (
        (
            "t-not-kept",
            "The t you return never grows: it counts the updates, so return t + 1.",
            lambda t: t - 1,
        ),
        (
            "t-from-one",
            "Your t is one ahead: before the first step it is 0, and the first step returns 1.",
            lambda t: t + (t == 1),
        ),
    ):
        spec.mistake(id, message)(counting(shift))


def first(step: Function, theta: Array, grad: Array, **settings: float) -> Array:
    """Return the parameters after one step from no state."""
    return several(step(theta, grad, **settings), "theta", "state")[0]


def follow(step: Function, theta: Array, grads: Array, **settings: float) -> dict[str, Array]:
    """Return the parameters after each of many steps, the state handed on from one to the next."""
    path: dict[str, Array] = {}
    state = None
    for t, grad in enumerate(grads, start=1):
        theta, state = several(step(theta, grad, state, **settings), "theta", "state")
        path[f"theta after step {t}"] = theta
    return path


def after(step: Function, theta: Array, grad: Array, state: Any = None, **settings: float) -> Any:
    """Return the state after one step from a given one."""
    return several(step(theta, grad, state, **settings), "theta", "state")[1]
