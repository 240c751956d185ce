"""Unit `backprop`, around the algorithm: one neuron by hand, and a gradient from differences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.activations import sigmoid
from nnlab.gradcheck import numerical_gradient
from nnlab.grading.portable import portable
from nnlab.grading.specification import Aspect, Case, Function, Specification, call

Numbers = dict[str, Any]


def by_hand(
    x: float = 2.0, y: float = 0.25, w1: Any = 0.75, w2: Any = 0.5, *, twist: str = ""
) -> Numbers:
    """Compute the thesis's Example 3: y_hat = sigmoid(w2 sigmoid(w1 x)), its gradient, one update with rate 1.

    `twist` names what goes wrong, for the catalogue.
    """
    a = sigmoid(w1 * x)
    y_hat = w2 * a if twist == "linear-output" else sigmoid(w2 * a)
    slope_1 = a * (1 - a)
    slope_2 = 1.0 if twist == "linear-output" else y_hat * (1 - y_hat)
    if twist == "slope-at-output":
        slope_1, slope_2 = (sigmoid(s) * (1 - sigmoid(s)) for s in (a, y_hat))
    d2 = (
        (1 if twist == "no-factor-2" else 2) * (y_hat - y) * (1 if twist == "no-slope" else slope_2)
    )
    if twist == "error-turned":
        d2 = -d2
    dw2 = d2 * (1 if twist == "no-hidden-output" else a)
    through = {"updated-weight": w2 - dw2, "no-weight": 1}.get(twist, w2)
    d1 = d2 * through * (1 if twist in ("no-slope", "no-hidden-slope") else slope_1)
    dw1 = d1 * (1 if twist == "no-input" else x)
    if twist == "swapped":
        dw1, dw2 = dw2, dw1
    sign = -1 if twist == "uphill" else 1
    w1, w2 = w1 - sign * dw1, w2 - sign * dw2
    after = w2 * sigmoid(w1 * x) if twist == "linear-output" else sigmoid(w2 * sigmoid(w1 * x))
    if twist == "half-updated":
        after = sigmoid(w2 * a)
    found = {"y_hat": y_hat, "dw1": dw1, "dw2": dw2, "w1": w1, "w2": w2, "y_hat_after": after}
    return {k: np.round(v, 3) for k, v in found.items()} if twist == "rounded" else found


def _only(*names: str) -> Callable[..., Any]:
    def pick(answers: Callable[[], Any]) -> Any:
        given = answers()
        if not isinstance(given, dict):
            raise TypeError(f"return a dict of numbers, got {type(given).__name__}")
        asked = {name: given[name] for name in names if name in given}
        return asked if len(asked) == len(names) else given  # all of it, for the message

    return pick


BY_HAND = Specification(
    "by_hand",
    by_hand,
    "book/backprop.html#src-t-e3",
    {
        "forward": Aspect("the forward pass", [call()], drive=_only("y_hat")),
        "gradient": Aspect("the two gradients", [call()], drive=_only("dw1", "dw2")),
        "update": Aspect("after one step", [call()], drive=_only("w1", "w2", "y_hat_after")),
    },
    rtol=3e-4,  # answers rounded to five decimals are right
)
for _id, _message in {
    "no-factor-2": "The 2 of the squared error is missing: its derivative is 2 (y_hat - y).",
    "no-slope": "The sigmoid's slope g(z)(1 - g(z)) is missing: it enters once for each sigmoid on the way back.",
    "no-hidden-slope": "dw1 lacks the hidden neuron's slope: going back to w1 you pass two sigmoids.",
    "slope-at-output": "You put g(z) into the sigmoid again for its slope; the slope is g(z)(1 - g(z)).",
    "linear-output": "The output has a sigmoid too: y_hat = g(w2 a), and its slope is a factor of both gradients.",
    "no-weight": "dw1 lacks the factor w2: on the way from y_hat back to w1 you pass it.",
    "no-hidden-output": "dw2 lacks the factor a: w2 acts on a, so its gradient is d2 times a.",
    "error-turned": "Your error is turned round: the derivative of (y_hat - y)^2 is 2 (y_hat - y).",
    "swapped": "dw1 and dw2 are swapped: w1 is the weight next to x.",
    "half-updated": "The last output takes one new weight and one old: with the new w1 the hidden output changes too.",
    "rounded": "Right, but to three decimals: give five, and round only in the end.",
    "updated-weight": "dw1 goes through the new w2: both gradients belong to the old weights; update afterwards.",
    "no-input": "dw1 lacks the factor x: w1 acts on x, so its gradient is d1 times x.",
    "uphill": "Your step goes uphill: w - lr times the gradient.",
}.items():
    BY_HAND.mistake(_id, _message)(lambda _id=_id: by_hand(twist=_id))


@portable
def wavy(theta: Array) -> float:
    """Return a function of a vector in which every entry matters, on its own and with its neighbours."""
    theta = np.asarray(theta, dtype=float)
    return float(np.sum(np.sin(theta) + 0.5 * theta**3) + np.prod(theta))


@portable
def steep(theta: Array) -> float:
    """Return a function that bends so much that a one-sided difference is wrong in float32, too."""
    theta = 50 * np.asarray(theta, dtype=float)
    return float(np.sum(np.sin(theta) + 0.5 * theta**3) + np.prod(theta))


def _points(rng: Rng) -> Case:
    return call(wavy, rng.uniform(0.5, 2, int(rng.integers(2, 4))))


def _coarse(rng: Rng) -> Case:
    return call(wavy, rng.uniform(0.5, 2, 2), h=float(rng.uniform(0.01, 0.1)))


NUMERICAL_GRADIENT = Specification(
    "numerical_gradient",
    numerical_gradient,
    "book/backprop.html#sec-gradient-check",
    {
        "values": Aspect(
            "a function of several numbers",
            [call(wavy, np.array([1.0, 0.5, 2.0])), call(steep, np.array([0.02, 0.01, 0.04]))],
            _points,
        ),
        "step": Aspect(
            "a step h of your choice",
            [call(wavy, np.array([1.0, 2.0]), h=0.1)],
            _coarse,
            keeps_inputs=True,
        ),
    },
    rtol=1e-7,
)


def _differences(
    above: Callable[[Array, int, float], Array],
    below: Callable[[Array, int, float], Array],
    width: Callable[[float], float] = lambda h: 2 * h,
) -> Function:
    def gradient(f: Callable[[Array], float], theta: Array, h: float = 1e-5) -> Array:
        changes = [f(above(theta, i, h)) - f(below(theta, i, h)) for i in range(len(theta))]
        return np.array(changes) / width(h)

    return gradient


def _bump(theta: Array, i: int, h: float) -> Array:
    return theta + h * (np.arange(len(theta)) == i)


def _back(theta: Array, i: int, h: float) -> Array:
    return _bump(theta, i, -h)


def _stay(theta: Array, i: int, h: float) -> Array:
    return theta


for _id, _message, _function in (
    (
        "forward-difference",
        "This is the forward difference, wrong by about h; take the central one, (f(+h) - f(-h)) / 2h.",
        _differences(_bump, _stay, lambda h: h),
    ),
    (
        "backward-difference",
        "This is the backward difference, wrong by about h; the central one is (f(+h) - f(-h)) / 2h.",
        _differences(_stay, _back, lambda h: h),
    ),
    (
        "no-half",
        "The two points lie 2h apart, and you divide by h.",
        _differences(_bump, _back, lambda h: h),
    ),
    (
        "half-forward",
        "You divide by 2h, but your points lie only h apart: go h up and h down.",
        _differences(_bump, _stay),
    ),
    (
        "sign",
        "Your difference is upside down: f(theta + h) minus f(theta - h).",
        _differences(_back, _bump),
    ),
    (
        "all-at-once",
        "You move all entries together: move one, keep the others, and go through them one by one.",
        _differences(lambda t, i, h: t + h, lambda t, i, h: t - h),
    ),
    (
        "not-restored",
        "An entry stays moved when the next one's turn comes: put it back first.",
        _differences(
            lambda t, i, h: t - h * (np.arange(len(t)) < i) + h * (np.arange(len(t)) == i),
            lambda t, i, h: t - h * (np.arange(len(t)) <= i),
        ),
    ),
    (
        "one-number",
        "You move all entries together and get one number: move one at a time, and put the numbers into an array.",
        lambda f, theta, h=1e-5: (f(theta + h) - f(theta - h)) / (2 * h),
    ),
    (
        "first-only",
        "Only the first entry is there: does the return stand inside the loop?",
        lambda f, theta, h=1e-5: numerical_gradient(f, theta, h) * (np.arange(len(theta)) == 0),
    ),
    (
        "no-brackets",
        "/ 2 * h divides by 2 and multiplies by h: put brackets around (2 * h).",
        _differences(_bump, _back, lambda h: 2 / h),
    ),
    (
        "no-division",
        "You return differences: divide by 2h to get slopes.",
        _differences(_bump, _back, lambda h: 1.0),
    ),
    (
        "h-ignored",
        "Your step is fixed: use the h that was passed in.",
        lambda f, theta, h=1e-5: numerical_gradient(f, theta),
    ),
):
    NUMERICAL_GRADIENT.mistake(_id, _message)(_function)


@NUMERICAL_GRADIENT.mistake(
    "same-point",
    "Both your points are one: move theta[i] up by h in one copy, down in another (up = theta makes no copy).",
)
def _(f: Callable[[Array], float], theta: Array, h: float = 1e-5) -> Array:
    changes = []
    for i in range(len(theta)):
        theta[i] += h
        theta[i] -= h
        changes.append(f(theta) - f(theta))
    return np.array(changes) / (2 * h)


@NUMERICAL_GRADIENT.mistake(
    "in-place",
    "theta is changed when you are done: work on a copy, or put every entry back exactly.",
)
def _(f: Callable[[Array], float], theta: Array, h: float = 1e-5) -> Array:
    gradient = numerical_gradient(f, theta, h)
    theta += h
    return gradient
