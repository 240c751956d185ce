"""Unit `adam`: `adam_step`, and the ways people get it wrong."""
# mypy: allow-untyped-defs

from typing import Any

import numpy as np

from nnlab.grading.catalogue._steps import mistakes_of, step_aspects
from nnlab.grading.specification import Specification
from nnlab.optimizers import adam_step

ADAM = Specification(
    "adam_step",
    adam_step,
    "book/adam.html#src-t-a8",
    step_aspects(
        ("m", "v"),
        {"lr": (0.01, 0.5), "beta1": (0.5, 0.9), "beta2": (0.6, 0.99), "eps": (1e-8, 1e-8)},
    ),
    returns=("theta", "state"),
)

_wrong = mistakes_of(ADAM, "m", "v")


def _moments(
    g: Any, t: int, m: Any, v: Any, b1: float, b2: float
) -> tuple[Any, Any, dict[str, Any]]:
    """Return the right corrected moments and the right state."""
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return m / (1 - b1**t), v / (1 - b2**t), {"t": t, "m": m, "v": v}


@_wrong("no-power-t", "You divide by 1 - beta; it must be 1 - beta**t, with t the update's number.")
def _(theta, g, t, m, v, lr, b1, b2, eps):
    _, _, state = _moments(g, t, m, v, b1, b2)
    root = np.sqrt(state["v"] / (1 - b2))
    return theta - lr * state["m"] / (1 - b1) / (root + eps), state


@_wrong(
    "no-bias-correction",
    "You use m and v as they are; both start at zero and are too small at first: divide by 1 - beta**t.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    _, _, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * state["m"] / (np.sqrt(state["v"]) + eps), state


@_wrong(
    "only-m-corrected", "You correct m alone: v starts at zero too, so divide it by 1 - beta2**t."
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, _, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * m_hat / (np.sqrt(state["v"]) + eps), state


@_wrong(
    "only-v-corrected", "You correct v alone: m starts at zero too, so divide it by 1 - beta1**t."
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    _, v_hat, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * state["m"] / (np.sqrt(v_hat) + eps), state


@_wrong(
    "one-beta", "You correct both averages with beta1: v was averaged with beta2, so 1 - beta2**t."
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, _, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * m_hat / (np.sqrt(state["v"] / (1 - b1**t)) + eps), state


@_wrong(
    "unsquared", "v averages the squared gradient, g**2: yours averages g, which can be negative."
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g
    root = np.sqrt(v / (1 - b2**t))
    return theta - lr * m / (1 - b1**t) / (root + eps), {"t": t, "m": m, "v": v}


@_wrong("no-epsilon", "Without epsilon a gradient of zero gives 0/0: add eps to the root.")
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * m_hat / np.sqrt(v_hat), state


@_wrong(
    "eps-inside-root",
    "Epsilon stands inside your root; Adam adds it to the root: sqrt(v_hat) + eps.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * m_hat / np.sqrt(v_hat + eps), state


@_wrong(
    "eps-before-correction",
    "You add epsilon to the root of the uncorrected v (as Keras does); correct v first, then add it.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, _, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * m_hat * np.sqrt(1 - b2**t) / (np.sqrt(state["v"]) + eps), state


@_wrong(
    "eps-on-parameter",
    "Epsilon lands on the parameter: without brackets, a / b + eps is (a / b) + eps. Write a / (b + eps).",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, state = _moments(g, t, m, v, b1, b2)
    return theta - (lr * m_hat / np.sqrt(v_hat) + eps), state


@_wrong(
    "t-from-zero",
    "Your t is 0 at the first update, so you divide by zero; count it up first: t = 1.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    _, _, state = _moments(g, t, m, v, b1, b2)
    m_hat, v_hat = state["m"] / (1 - b1 ** (t - 1)), state["v"] / (1 - b2 ** (t - 1))
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), state


@_wrong(
    "t-from-two",
    "Your t is 2 at the first update: let it start at 0 and count it up once, before you use it.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, state = _moments(g, t + (t == 1), m, v, b1, b2)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), state


@_wrong(
    "counted-late",
    "You count t up after its use, so the t you return is one ahead: start at 0, and count before you use it.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    used = max(t - 1, 1)
    m_hat, v_hat, state = _moments(g, used, m, v, b1, b2)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), {**state, "t": used + 1}


@_wrong("t-not-kept", "The t you return never grows: put the new t into the new state.")
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), {**state, "t": t - 1}


@_wrong(
    "betas-swapped", "Your betas are swapped: beta1 belongs to the gradient, beta2 to its square."
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, state = _moments(g, t, m, v, b2, b1)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), state


@_wrong(
    "weights-swapped",
    "The old average gets the weight beta, the new value 1 - beta; yours are swapped.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m, v = (1 - b1) * m + b1 * g, (1 - b2) * v + b2 * g**2
    root = np.sqrt(v / (1 - b2**t))
    return theta - lr * m / (1 - b1**t) / (root + eps), {"t": t, "m": m, "v": v}


@_wrong("no-root", "You divide by v_hat; take its square root first, or the units do not match.")
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * m_hat / (v_hat + eps), state


@_wrong(
    "gradient-for-m",
    "You step along the gradient itself; Adam steps along its average, the corrected m.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    _, v_hat, state = _moments(g, t, m, v, b1, b2)
    return theta - lr * g / (np.sqrt(v_hat) + eps), state


@_wrong(
    "corrected-kept",
    "You keep the corrected m and v in the state; keep the raw ones, and correct them anew at each step.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, _ = _moments(g, t, m, v, b1, b2)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), {"t": t, "m": m_hat, "v": v_hat}


_TURNED = "Your m averages minus the gradient, as the heavy ball's v does: Adam's is beta1 m + (1 - beta1) g."


@_wrong("m-turned", _TURNED)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    _, v_hat, state = _moments(g, t, m, v, b1, b2)
    m = b1 * m - (1 - b1) * g
    return theta - lr * m / (1 - b1**t) / (np.sqrt(v_hat) + eps), {**state, "m": m}


@_wrong("m-turned-and-added", _TURNED)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    _, v_hat, state = _moments(g, t, m, v, b1, b2)
    m = b1 * m - (1 - b1) * g
    return theta + lr * m / (1 - b1**t) / (np.sqrt(v_hat) + eps), {**state, "m": m}


@_wrong(
    "state-ignored",
    "Each call starts from zero: use the state that was passed in, unless it is None.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, state = _moments(g, 1, 0 * m, 0 * v, b1, b2)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), state


@_wrong(
    "in-place",
    "You change the old m and v in place (m *= ...): build new arrays, and leave the old state.",
)
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m *= b1
    m += (1 - b1) * g
    v *= b2
    v += (1 - b2) * g**2
    root = np.sqrt(v / (1 - b2**t))
    return theta - lr * m / (1 - b1**t) / (root + eps), {"t": t, "m": m, "v": v}


@_wrong("uphill", "You add the step; a minimum lies against the gradient, so subtract it.")
def _(theta, g, t, m, v, lr, b1, b2, eps):
    m_hat, v_hat, state = _moments(g, t, m, v, b1, b2)
    return theta + lr * m_hat / (np.sqrt(v_hat) + eps), state
