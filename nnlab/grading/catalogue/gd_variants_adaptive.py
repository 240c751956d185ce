"""Unit `gd-variants`: AdaGrad and Adadelta, and the ways people get them wrong."""
# mypy: allow-untyped-defs

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nnlab._types import Array
from nnlab.grading.catalogue._steps import step_aspects
from nnlab.grading.specification import Aspect, Function, Specification, call
from nnlab.optimizers import adadelta_step, adagrad_step

State = dict[str, Any]
Inner = Callable[..., tuple[Array, State]]


def _aspects(
    memory: tuple[str, ...], settings: dict[str, tuple[float, float]], *names: str
) -> dict[str, Aspect]:
    """Return some aspects of a step, with a case of many steps at the default settings."""
    aspects = step_aspects(memory, settings)
    many = aspects["many_steps"]
    grads = np.array([[0.5, -1.0], [0.5, 2.0]])
    aspects["many_steps"] = replace(many, fixed=[*many.fixed, call(np.array([1.0, -2.0]), grads)])
    return {name: aspects[name] for name in names}


ADAGRAD = Specification(
    "adagrad_step",
    adagrad_step,
    "book/gd-variants.html#src-r-adagrad",
    _aspects(("G",), {"lr": (0.01, 0.5), "eps": (1e-9, 1e-7)}, "many_steps", "epsilon", "state"),
    returns=("theta", "state"),
)
ADADELTA = Specification(
    "adadelta_step",
    adadelta_step,
    "book/gd-variants.html#src-s-adadelta",
    _aspects(
        ("G", "D"),
        {"lr": (0.1, 2), "rho": (0.5, 0.95), "eps": (1e-7, 1e-3)},
        "many_steps",
        "state",
    ),
    returns=("theta", "state"),
)


def _ada(id: str, message: str) -> Callable[[Inner], Function]:
    """Catalogue `variant(theta, g, t, G, lr, eps)`, called with the old G and the new t."""

    def catalogue(variant: Inner) -> Function:
        def step(
            theta: Array,
            grad: Array,
            state: State | None = None,
            lr: float = 0.01,
            eps: float = 1e-10,
        ) -> tuple[Array, State]:
            old = state or {"t": 0, "G": np.zeros_like(theta)}
            return variant(theta, grad, old["t"] + 1, old["G"], lr, eps)

        return ADAGRAD.mistake(id, message)(step)

    return catalogue


@_ada("forgets", "This forgets, like RMSProp: AdaGrad adds, G + g^2, with no weights and no end.")
def _(theta, g, t, G, lr, eps):
    G = 0.9 * G + 0.1 * g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_ada(
    "eps-inside-root",
    "Epsilon stands inside your root; here it is added to the root: sqrt(G) + eps.",
)
def _(theta, g, t, G, lr, eps):
    G = G + g**2
    return theta - lr * g / np.sqrt(G + eps), {"t": t, "G": G}


@_ada(
    "eps-on-parameter",
    "Epsilon lands on the parameter: a / b + eps is (a / b) + eps. Write a / (b + eps).",
)
def _(theta, g, t, G, lr, eps):
    G = G + g**2
    return theta - (lr * g / np.sqrt(G) + eps), {"t": t, "G": G}


@_ada("no-epsilon", "Without epsilon a gradient of zero gives 0/0: add eps to the root.")
def _(theta, g, t, G, lr, eps):
    G = G + g**2
    return theta - lr * g / np.sqrt(G), {"t": t, "G": G}


@_ada("no-root", "You divide by G; take its square root first, or the units do not match.")
def _(theta, g, t, G, lr, eps):
    G = G + g**2
    return theta - lr * g / (G + eps), {"t": t, "G": G}


@_ada("old-sum", "You divide by the old G, which is 0 at first; add this gradient's square before.")
def _(theta, g, t, G, lr, eps):
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G + g**2}


@_ada(
    "one-for-all",
    "One G serves all parameters: each needs its own, so square entry by entry and do not sum.",
)
def _(theta, g, t, G, lr, eps):
    G = G + np.sum(g**2)
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_ada("absolute", "You add up |g|; AdaGrad adds up the squares, and takes the root at the end.")
def _(theta, g, t, G, lr, eps):
    G = G + np.abs(g)
    return theta - lr * g / (G + eps), {"t": t, "G": G}


@_ada(
    "starts-at-0.1",
    "Your G starts at 0.1 (as in Keras): here it starts at zero, so that the first step is lr long.",
)
def _(theta, g, t, G, lr, eps):
    G = (G if t > 1 else G + 0.1) + g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_ada("uphill", "You add the step; a minimum lies against the gradient, so subtract it.")
def _(theta, g, t, G, lr, eps):
    G = G + g**2
    return theta + lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_ada("state-not-kept", "The G you return is the old one: put the new G into the new state.")
def _(theta, g, t, G, lr, eps):
    return theta - lr * g / (np.sqrt(G + g**2) + eps), {"t": t, "G": G}


@_ada("t-not-kept", "The t you return never grows: it counts the updates, so return t + 1.")
def _(theta, g, t, G, lr, eps):
    G = G + g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t - 1, "G": G}


@_ada("in-place", "You change the old G in place (G += ...): write G = G + ..., a new array.")
def _(theta, g, t, G, lr, eps):
    G += g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


def _delta(
    id: str,
    message: str,
    *,
    squares: Function = lambda rho, old, x: rho * old + (1 - rho) * x**2,
    length: Function = lambda G, D, eps: np.sqrt((D + eps) / (G + eps)),
    kept: Function = lambda delta, g, lr: delta,
    end: Function = lambda theta, delta, lr: theta - lr * delta,
    late: bool = False,
    early: bool = False,
    t_kept: bool = True,
    in_place: bool = False,
) -> None:
    """Catalogue Adadelta with one of its parts replaced; late divides by the old G, early updates D first."""

    def step(
        theta: Array,
        grad: Array,
        state: State | None = None,
        lr: float = 1.0,
        rho: float = 0.95,
        eps: float = 1e-6,
    ) -> tuple[Array, State]:
        old = state or {"t": 0, "G": np.zeros_like(theta), "D": np.zeros_like(theta)}
        G = squares(rho, old["G"], grad)
        D = squares(rho, old["D"], grad) if early else old["D"]
        delta = length(old["G"] if late else G, D, eps) * grad
        D = squares(rho, old["D"], kept(delta, grad, lr))
        if in_place:
            old["G"][:], old["D"][:] = G, D
        return end(theta, delta, lr), {"t": old["t"] + t_kept, "G": G, "D": D}

    ADADELTA.mistake(id, message)(step)


_delta(
    "no-epsilon-above",
    "Without epsilon above the line nothing ever moves: D starts at zero, so add eps to it too.",
    length=lambda G, D, eps: np.sqrt(D / (G + eps)),
)
_delta(
    "eps-outside-root",
    "Epsilon stands outside your roots; in Adadelta it is inside: sqrt(D + eps) / sqrt(G + eps).",
    length=lambda G, D, eps: (np.sqrt(D) + eps) / (np.sqrt(G) + eps),
)
_delta(
    "no-root",
    "The roots are missing: the step is sqrt(D + eps) / sqrt(G + eps) times the gradient.",
    length=lambda G, D, eps: (D + eps) / (G + eps),
)
_delta(
    "upside-down",
    "The fraction is upside down: D (past steps) above the line, G (past gradients) below.",
    length=lambda G, D, eps: np.sqrt((G + eps) / (D + eps)),
)
_delta(
    "no-d",
    "D is missing: without sqrt(D + eps) above the line this is RMSProp.",
    length=lambda G, D, eps: 1 / np.sqrt(G + eps),
)
_delta(
    "gradient-in-d",
    "D averages the squared steps (delta), not the squared gradients.",
    kept=lambda delta, g, lr: g,
)
_delta(
    "rate-in-d",
    "You keep lr times delta in D; D averages delta itself, before the rate.",
    kept=lambda delta, g, lr: lr * delta,
)
_delta(
    "d-too-early",
    "D takes part in this step already: first the step with the old D, then put its square into D.",
    early=True,
)
_delta("old-average", "You divide by the old G; update G with this gradient first.", late=True)
_delta(
    "weights-swapped",
    "The old average gets the weight rho, the new square 1 - rho; yours are swapped.",
    squares=lambda rho, old, x: (1 - rho) * old + rho * x**2,
)
_delta(
    "sums",
    "Your G and D only grow, as in AdaGrad: both forget, rho times the old, 1 - rho times the new.",
    squares=lambda rho, old, x: old + x**2,
)
_delta(
    "no-rate",
    "The rate is missing: theta moves by lr times delta (Zeiler's lr is 1, and the default).",
    end=lambda theta, delta, lr: theta - delta,
)
_delta(
    "uphill",
    "You add the step; a minimum lies against the gradient, so subtract it.",
    end=lambda theta, delta, lr: theta + lr * delta,
)
_delta(
    "t-not-kept",
    "The t you return never grows: it counts the updates, so return t + 1.",
    t_kept=False,
)
_delta(
    "in-place",
    "You change the old G or D in place: build new arrays, and leave the old state alone.",
    in_place=True,
)
