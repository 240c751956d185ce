"""Unit `gd-variants`: AdaGrad, and the ways people get it wrong."""
# mypy: allow-untyped-defs

from dataclasses import replace

import numpy as np

from nnlab.grading.catalogue._steps import count_mistakes, mistakes_of, step_aspects
from nnlab.grading.specification import Aspect, Specification, call
from nnlab.optimizers import adagrad_step


def with_defaults(
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
    with_defaults(
        ("G",), {"lr": (0.01, 0.5), "eps": (1e-9, 1e-7)}, "many_steps", "epsilon", "state"
    ),
    returns=("theta", "state"),
)
_ada = mistakes_of(ADAGRAD, "G")
count_mistakes(ADAGRAD)


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
    "unsquared",
    "G adds up the squares, g**2: yours adds up g, and the root of a negative sum is NaN.",
)
def _(theta, g, t, G, lr, eps):
    G = G + g
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_ada("no-memory", "The old G is lost: add g^2 to it, G = G + g**2.")
def _(theta, g, t, G, lr, eps):
    G = g**2 + 0 * G
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_ada(
    "averaged",
    "You divide the sum by t before the root, so that the rate never falls: AdaGrad takes the sum.",
)
def _(theta, g, t, G, lr, eps):
    G = G + g**2
    return theta - lr * g / (np.sqrt(G / t) + eps), {"t": t, "G": G}


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


@_ada("in-place", "You change the old G in place (G += ...): write G = G + ..., a new array.")
def _(theta, g, t, G, lr, eps):
    G += g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}
