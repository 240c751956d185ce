"""Unit `perceptron`: the classic perceptron's answer, and its learning rule."""
# mypy: allow-untyped-defs

from collections.abc import Callable

import numpy as np

from nnlab._types import Rng
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.perceptron import classify, neuron, perceptron_step

_LINE = np.array([1.0, -2.0])


def _points(rng: Rng) -> Case:
    X = rng.normal(size=(int(rng.integers(4, 9)), 2))
    return call(X, rng.normal(size=2), float(rng.normal()))


CLASSIFY = Specification(
    "classify",
    classify,
    "book/perceptron.html#fig-rule",
    {
        "values": Aspect(
            "both sides of a line, and on it",
            [
                call(np.array([[3.0, 1.0], [1.0, 1.0], [2.0, 1.0], [0.75, 0.0]]), _LINE, 0.0),
                call(np.array([[3.0, 1.0], [1.0, 1.0], [2.0, 1.0], [0.75, 0.0]]), _LINE, -0.75),
                call(np.array([4.0, 1.0]), _LINE, 0.5),
            ],
            _points,
            keeps_inputs=True,
        )
    },
)

for _id, _message, _function in (
    (
        "one-sample-only",
        "This works for one sample only: a batch has an answer for each row, so use np.where or astype(int).",
        lambda x, w, b: int(x @ w + b > 0),
    ),
    (
        "on-the-line",
        "On the line itself, where the sum is 0, the answer is 0: ask for more than 0.",
        lambda x, w, b: (x @ w + b >= 0).astype(int),
    ),
    ("no-bias", "The bias is missing: compare x . w + b with 0.", lambda x, w, b: 1 * (x @ w > 0)),
    (
        "bias-threshold",
        "You compare the sum with b: here b is added, so compare x . w + b with 0.",
        lambda x, w, b: 1 * (x @ w > b),
    ),
    (
        "half",
        "You compare with 1/2, the border of a sigmoid's output: for the sum itself it is 0.",
        lambda x, w, b: 1 * (x @ w + b > 0.5),
    ),
    (
        "plus-minus",
        "Your classes are -1 and 1: here they are 0 and 1.",
        lambda x, w, b: np.where(x @ w + b > 0, 1, -1),
    ),
    (
        "sign",
        "np.sign says -1, 0 or 1: here the classes are 0 and 1, and 0 on the line.",
        lambda x, w, b: np.sign(x @ w + b),
    ),
    (
        "inverted",
        "Your classes are the wrong way round: 1 where the sum is positive.",
        lambda x, w, b: 1 * (x @ w + b <= 0),
    ),
    (
        "no-threshold",
        "You return the sum: say 1 where it is positive, else 0.",
        lambda x, w, b: x @ w + b,
    ),
    (
        "sigmoid",
        "A sigmoid is positive everywhere, so you always say 1: compare the sum, not its sigmoid.",
        lambda x, w, b: 1 * (x @ w < np.inf),
    ),
):
    CLASSIFY.mistake(_id, _message)(_function)


def _one_step(rng: Rng) -> Case:
    m = int(rng.integers(3, 6))  # not 2: w alone would look like two results
    return call(
        rng.normal(size=m),
        float(rng.normal()),
        rng.normal(size=m),
        int(rng.integers(2)),
        lr=float(rng.uniform(0.1, 2)),
    )


PERCEPTRON_STEP = Specification(
    "perceptron_step",
    perceptron_step,
    "book/perceptron.html#fig-rule",
    {
        "update": Aspect(
            "a missed 1, a false 1, and right answers",
            [
                call(np.zeros(3), 0.0, np.array([2.0, 1.0, -1.0]), 1),
                call(np.ones(3), 0.5, np.array([2.0, 1.0, -1.0]), 0, lr=0.5),
                call(np.ones(3), 0.5, np.array([2.0, 1.0, -1.0]), 1),
                call(-np.ones(3), 0.5, np.array([2.0, 1.0, -1.0]), 0),
            ],
            _one_step,
            keeps_inputs=True,
        )
    },
    returns=("w", "b"),
)


def _rule(id: str, message: str) -> Callable[[Function], Function]:
    """Catalogue `variant(w, b, x, y, lr, error)`, error being y minus the answer."""

    def catalogue(variant: Function) -> Function:
        def step(w, b, x, y, lr=1.0):
            return variant(w, b, x, y, lr, y - int(classify(x, w, b)))

        return PERCEPTRON_STEP.mistake(id, message)(step)

    return catalogue


_rule("sign", "You push the wrong way: the error is y minus the answer.")(
    lambda w, b, x, y, lr, e: (w - lr * e * x, b - lr * e)
)
_rule("bias-stays", "The bias never moves: it changes by lr times the error.")(
    lambda w, b, x, y, lr, e: (w + lr * e * x, b)
)
_rule("no-rate", "The rate is missing: lr scales both changes.")(
    lambda w, b, x, y, lr, e: (w + e * x, b + e)
)
_rule("bias-rate", "The rate is missing in the bias: it scales both changes.")(
    lambda w, b, x, y, lr, e: (w + lr * e * x, b + e)
)
_rule("bias-sign", "Your bias moves the wrong way: it adds lr times the error, as the weights do.")(
    lambda w, b, x, y, lr, e: (w + lr * e * x, b - lr * e)
)
_rule("no-input", "Every weight moves alike in yours: each moves by its own input, error times x.")(
    lambda w, b, x, y, lr, e: (w + lr * e, b + lr * e)
)
_rule(
    "always", "You move although the answer was right: then the error is 0, and nothing changes."
)(lambda w, b, x, y, lr, e: (w + lr * (2 * y - 1) * x, b + lr * (2 * y - 1)))
_rule("only-missed", "You ignore false 1s: they have the error -1, and subtract x.")(
    lambda w, b, x, y, lr, e: (w + lr * max(e, 0) * x, b + lr * max(e, 0))
)
_rule(
    "delta-rule",
    "You take the raw sum for the answer: the rule compares y with the class, 0 or 1.",
)(lambda w, b, x, y, lr, e: (w + lr * (y - x @ w - b) * x, b + lr * (y - x @ w - b)))
_rule(
    "sigmoid-answer",
    "You take the sigmoid for the answer: the rule compares y with the class, 0 or 1.",
)(lambda w, b, x, y, lr, e: (w + lr * (y - neuron(x, w, b)) * x, b + lr * (y - neuron(x, w, b))))
_rule(
    "asked-twice",
    "Your bias learns from what the new weights answer: compute the error once, before anything moves.",
)(lambda w, b, x, y, lr, e: (w + lr * e * x, b + lr * (y - classify(x, w + lr * e * x, b))))
_rule(
    "size-of-error",
    "You use the absolute error, so a false 1 is pushed up: keep its sign.",
)(lambda w, b, x, y, lr, e: (w + lr * abs(e) * x, b + lr * abs(e)))


@_rule("in-place", "You change w in place (w += ...): write w + lr * error * x.")
def _(w, b, x, y, lr, e):
    w += lr * e * x
    return w, b + lr * e
