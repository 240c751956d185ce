"""Units `gd-variants` and `adam`: the heavy ball and RMSProp, and the ways people get them wrong."""
# mypy: allow-untyped-defs

import numpy as np

from nnlab.grading.catalogue._steps import count_mistakes, mistakes_of, step_aspects
from nnlab.grading.specification import Specification
from nnlab.optimizers import heavy_ball_step, rmsprop_step

_HEAVY = step_aspects(("v",), {"lr": (0.01, 0.5), "beta": (0.5, 0.95)})
HEAVY_BALL = Specification(
    "heavy_ball_step",
    heavy_ball_step,
    "book/gd-variants.html#src-r-mom",
    {name: _HEAVY[name] for name in ("first_step", "many_steps", "state")},  # it has no epsilon
    returns=("theta", "state"),
)
RMSPROP = Specification(
    "rmsprop_step",
    rmsprop_step,
    "book/gd-variants.html#src-r-rmsprop",
    step_aspects(("G",), {"lr": (0.01, 0.5), "rho": (0.5, 0.95), "eps": (1e-8, 1e-8)}),
    returns=("theta", "state"),
)


_heavy = mistakes_of(HEAVY_BALL, "v")
_rms = mistakes_of(RMSPROP, "G")
count_mistakes(HEAVY_BALL)
count_mistakes(RMSPROP)


@_heavy("uphill", "Your ball rolls uphill: the gradient enters with a minus, v = beta v - lr g.")
def _(theta, g, t, v, lr, beta):
    v = beta * v + lr * g
    return theta + v, {"t": t, "v": v}


@_heavy("v-subtracted", "Your v points downhill already (- lr g), so add it: theta + v.")
def _(theta, g, t, v, lr, beta):
    v = beta * v - lr * g
    return theta - v, {"t": t, "v": v}


@_heavy(
    "v-uphill",
    "Your v points uphill, and you subtract it: the path agrees, but here v is the step itself, v = beta v - lr g.",
)
def _(theta, g, t, v, lr, beta):
    v = beta * v + lr * g
    return theta - v, {"t": t, "v": v}


_AVERAGED = "This is the moving-average form, (1 - beta) g; the heavy ball adds the whole step, v = beta v - lr g."


@_heavy("moving-average", _AVERAGED)
def _(theta, g, t, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return theta - lr * v, {"t": t, "v": v}


@_heavy("moving-average-of-steps", _AVERAGED)
def _(theta, g, t, v, lr, beta):
    v = beta * v - (1 - beta) * lr * g
    return theta + v, {"t": t, "v": v}


@_heavy(
    "rate-outside",
    "Your v is without the rate (PyTorch's form): the path agrees, but here v is the step itself, v = beta v - lr g.",
)
def _(theta, g, t, v, lr, beta):
    v = beta * v - g
    return theta + lr * v, {"t": t, "v": v}


@_heavy("no-memory", "Nothing is carried over: the new v needs beta times the old one.")
def _(theta, g, t, v, lr, beta):
    v = -lr * g + 0 * v
    return theta + v, {"t": t, "v": v}


@_heavy("rate-twice", "The rate is in v already; add v itself to theta, not lr times v.")
def _(theta, g, t, v, lr, beta):
    v = beta * v - lr * g
    return theta + lr * v, {"t": t, "v": v}


@_heavy("old-velocity", "You move by the old v; update v first, then move by the new one.")
def _(theta, g, t, v, lr, beta):
    return theta + v, {"t": t, "v": beta * v - lr * g}


@_heavy("state-not-kept", "The v you return is the old one: put the new v into the new state.")
def _(theta, g, t, v, lr, beta):
    return theta + beta * v - lr * g, {"t": t, "v": v}


@_heavy("nesterov", "You look ahead (Nesterov's form); the heavy ball moves by v alone.")
def _(theta, g, t, v, lr, beta):
    v = beta * v - lr * g
    return theta + beta * v - lr * g, {"t": t, "v": v}


@_heavy(
    "in-place",
    "You change theta or v in place (+=, *=): write theta = theta + v, which builds a new array.",
)
def _(theta, g, t, v, lr, beta):
    v *= beta
    v -= lr * g
    theta += v
    return theta, {"t": t, "v": v}


@_rms(
    "adagrad",
    "This is AdaGrad: G only grows. RMSProp forgets: rho times the old G, 1 - rho times g^2.",
)
def _(theta, g, t, G, lr, rho, eps):
    G = G + g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms(
    "weights-swapped", "The old G gets the weight rho, the new g^2 gets 1 - rho; yours are swapped."
)
def _(theta, g, t, G, lr, rho, eps):
    G = (1 - rho) * G + rho * g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms("both-rho", "You weigh both by rho: the new g^2 gets 1 - rho, so that the weights sum to 1.")
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + rho * g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms("no-memory", "The old G is lost: the new one is rho times the old, and 1 - rho times g^2.")
def _(theta, g, t, G, lr, rho, eps):
    G = (1 - rho) * g**2 + 0 * G
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms(
    "full-square",
    "The new g^2 has its full weight in yours: it gets 1 - rho, so that the weights sum to 1.",
)
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms("never-forgets", "The old G keeps its full weight in yours, and only grows: it gets rho.")
def _(theta, g, t, G, lr, rho, eps):
    G = G + (1 - rho) * g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms("starts-at-square", "Your G starts at the first g^2: it starts at zero.")
def _(theta, g, t, G, lr, rho, eps):
    G = rho * (G if t > 1 else g**2) + (1 - rho) * g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms(
    "unsquared", "G averages the squared gradient, g**2: yours averages g, which can be negative."
)
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + (1 - rho) * g
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms(
    "eps-inside-root",
    "Epsilon stands inside your root; here it is added to the root: sqrt(G) + eps.",
)
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + (1 - rho) * g**2
    return theta - lr * g / np.sqrt(G + eps), {"t": t, "G": G}


@_rms(
    "eps-on-parameter",
    "Epsilon lands on the parameter: a / b + eps is (a / b) + eps. Write a / (b + eps).",
)
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + (1 - rho) * g**2
    return theta - (lr * g / np.sqrt(G) + eps), {"t": t, "G": G}


@_rms("no-epsilon", "Without epsilon a gradient of zero gives 0/0: add eps to the root.")
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + (1 - rho) * g**2
    return theta - lr * g / np.sqrt(G), {"t": t, "G": G}


@_rms("no-root", "You divide by G; take its square root first, or the units do not match.")
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + (1 - rho) * g**2
    return theta - lr * g / (G + eps), {"t": t, "G": G}


@_rms("old-average", "You divide by the old G; update G with this gradient first.")
def _(theta, g, t, G, lr, rho, eps):
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": rho * G + (1 - rho) * g**2}


@_rms(
    "one-for-all",
    "One G serves all parameters: each needs its own, so square entry by entry and do not sum.",
)
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + (1 - rho) * np.sum(g**2)
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms("bias-corrected", "You correct G for its start at zero; Adam does, RMSProp does not.")
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + (1 - rho) * g**2
    return theta - lr * g / (np.sqrt(G / (1 - rho**t)) + eps), {"t": t, "G": G}


@_rms("state-not-kept", "The G you return is the old one: put the new G into the new state.")
def _(theta, g, t, G, lr, rho, eps):
    root = np.sqrt(rho * G + (1 - rho) * g**2)
    return theta - lr * g / (root + eps), {"t": t, "G": G}


@_rms(
    "in-place",
    "You change the old G in place (G *= rho): build a new array, and leave the old state alone.",
)
def _(theta, g, t, G, lr, rho, eps):
    G *= rho
    G += (1 - rho) * g**2
    return theta - lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}


@_rms("uphill", "You add the step; a minimum lies against the gradient, so subtract it.")
def _(theta, g, t, G, lr, rho, eps):
    G = rho * G + (1 - rho) * g**2
    return theta + lr * g / (np.sqrt(G) + eps), {"t": t, "G": G}
