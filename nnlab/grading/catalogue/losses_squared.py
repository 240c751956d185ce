"""Unit `losses`: one-hot targets, the squared error and its gradient."""

from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.grading.specification import Aspect, Case, Specification, call
from nnlab.losses import one_hot, squared_error, squared_error_gradient


def _labels(rng: Rng) -> Case:
    classes = int(rng.integers(3, 7))
    return call(
        rng.integers(0, classes - 1, int(rng.integers(3, 8))), classes
    )  # the last is absent


ONE_HOT = Specification(
    "one_hot",
    one_hot,
    "book/losses.html#src-r-logreg",
    {
        "values": Aspect(
            "a few labels",
            [call(np.array([2, 0]), 3), call(np.array([1, 1, 0]), 4)],
            _labels,
            keeps_inputs=True,
        )
    },
)


@ONE_HOT.mistake(
    "classes-ignored",
    "You count the classes from the labels you see; a batch may lack the last ones: use `classes` columns.",
)
def _(labels: Array, classes: int) -> Array:
    return np.eye(labels.max() + 1)[labels]


@ONE_HOT.mistake(
    "square", "Yours has a row for each class; it needs one for each label: (n, classes)."
)
def _(labels: Array, classes: int) -> Array:
    hot = np.zeros((classes, classes))
    hot[labels, labels] = 1
    return hot


@ONE_HOT.mistake(
    "columns",
    "You wrote each label as a column; a sample is a row: (n, classes), not (classes, n).",
)
def _(labels: Array, classes: int) -> Array:
    return one_hot(labels, classes).T


@ONE_HOT.mistake(
    "all-rows",
    "hot[:, labels] writes into whole columns; one entry in each row: hot[np.arange(n), labels] = 1.",
)
def _(labels: Array, classes: int) -> Array:
    hot = np.zeros((len(labels), classes))
    hot[:, labels] = 1
    return hot


@ONE_HOT.mistake(
    "rows-marked",
    "hot[labels] picks whole rows; one entry in each row: hot[np.arange(n), labels] = 1.",
)
def _(labels: Array, classes: int) -> Array:
    hot = np.zeros((len(labels), classes))
    hot[labels] = 1
    return hot


@ONE_HOT.mistake("from-one", "Labels count from 0: label 0 belongs to the first column.")
def _(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels - 1]


@ONE_HOT.mistake("label-written", "You write the label itself; the mark is always a 1.")
def _(labels: Array, classes: int) -> Array:
    return one_hot(labels, classes) * labels[:, None]


@ONE_HOT.mistake("one-cold", "Zeros and ones are swapped: zeros everywhere, a 1 at the label.")
def _(labels: Array, classes: int) -> Array:
    return 1 - one_hot(labels, classes)


def _vector(rng: Rng) -> Case:
    n = int(rng.integers(3, 8))
    return call(rng.normal(size=n), rng.normal(size=n))


def _matrix(rng: Rng) -> Case:
    shape = int(rng.integers(3, 8)), int(rng.integers(2, 5))
    return call(rng.normal(size=shape), rng.normal(size=shape))


SHORT = call(np.array([1.0, 2.0, 5.0]), np.array([0.0, 4.0, 5.0]))
WIDE = call(np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 3.0]]), np.array([[0.0, 4.0], [0, 0], [3, 2]]))

SQUARED_ERROR = Specification(
    "squared_error",
    squared_error,
    "book/losses.html#src-t-loss",
    {
        "one_output": Aspect("one output", [SHORT], _vector),
        "several_outputs": Aspect("several outputs", [WIDE], _matrix, keeps_inputs=True),
    },
)


@SQUARED_ERROR.mistake(
    "all-entries",
    "You divide by all entries (np.mean does): take the mean over the n rows, and the sum over their outputs.",
)
def _(y_hat: Array, y: Array) -> Any:
    return np.mean((y_hat - y) ** 2)


@SQUARED_ERROR.mistake(
    "half-of-all-entries",
    "You take half the mean of all entries: this loss has no 1/2, and its mean is over the n rows alone.",
)
def _(y_hat: Array, y: Array) -> Any:
    return np.mean((y_hat - y) ** 2) / 2


@SQUARED_ERROR.mistake(
    "brackets", "y_hat - y ** 2 squares y alone: put brackets around the difference."
)
def _(y_hat: Array, y: Array) -> Any:
    return np.sum(y_hat - y**2) / len(y)


@SQUARED_ERROR.mistake("norm", "np.linalg.norm has taken a root: the loss is without one.")
def _(y_hat: Array, y: Array) -> Any:
    return np.linalg.norm(y_hat - y) / len(y)


@SQUARED_ERROR.mistake("half", "You halve the error: this loss carries no 1/2.")
def _(y_hat: Array, y: Array) -> Any:
    return squared_error(y_hat, y) / 2


@SQUARED_ERROR.mistake(
    "sum",
    "You sum over the samples where the loss takes their mean: divide by n, the number of rows.",
)
def _(y_hat: Array, y: Array) -> Any:
    return np.sum((y_hat - y) ** 2)


@SQUARED_ERROR.mistake("root", "You took the root: that is the RMSE, the loss is its square.")
def _(y_hat: Array, y: Array) -> Any:
    return np.sqrt(squared_error(y_hat, y))


@SQUARED_ERROR.mistake(
    "absolute", "You sum the errors' sizes; this loss sums their squares: (y_hat - y) ** 2."
)
def _(y_hat: Array, y: Array) -> Any:
    return np.sum(np.abs(y_hat - y)) / len(y)


@SQUARED_ERROR.mistake(
    "unsquared", "The square is missing: errors of opposite sign would cancel each other."
)
def _(y_hat: Array, y: Array) -> Any:
    return np.sum(y_hat - y) / len(y)


@SQUARED_ERROR.mistake(
    "square-of-sum", "You sum first and square then: square every error, then add them up."
)
def _(y_hat: Array, y: Array) -> Any:
    return np.sum(y_hat - y) ** 2 / len(y)


@SQUARED_ERROR.mistake(
    "per-sample", "You return one loss for each sample: the loss is one number, their mean."
)
def _(y_hat: Array, y: Array) -> Any:
    squares = (y_hat - y) ** 2
    return squares.sum(axis=1) if y.ndim == 2 else squares


SQUARED_ERROR_GRADIENT = Specification(
    "squared_error_gradient",
    squared_error_gradient,
    "book/losses.html#src-t-loss",
    {
        "one_output": Aspect("one output", [SHORT], _vector),
        "several_outputs": Aspect("several outputs", [WIDE], _matrix, keeps_inputs=True),
    },
)
_wrong = SQUARED_ERROR_GRADIENT.mistake


@_wrong("no-2", "The 2 from the square is missing: this loss has no 1/2 that would cancel it.")
def _(y_hat: Array, y: Array) -> Array:
    return (y_hat - y) / len(y)


@_wrong("sum", "The loss is a mean over the samples, so its gradient has the factor 1/n.")
def _(y_hat: Array, y: Array) -> Array:
    return 2 * (y_hat - y)


@_wrong("no-2-no-n", "Two factors are missing: the 2 from the square, and 1/n from the mean.")
def _(y_hat: Array, y: Array) -> Array:
    return y_hat - y


@_wrong(
    "all-entries", "You divide by all entries; the mean is over the n rows only: divide by len(y)."
)
def _(y_hat: Array, y: Array) -> Array:
    return 2 * (y_hat - y) / y.size


@_wrong("sign", "Your gradient points downhill: it is 2 (y_hat - y), prediction minus target.")
def _(y_hat: Array, y: Array) -> Array:
    return 2 * (y - y_hat) / len(y)


@_wrong(
    "summed", "You sum the gradient up: each prediction has its own, so it has the shape of y_hat."
)
def _(y_hat: Array, y: Array) -> Any:
    return np.sum(2 * (y_hat - y)) / len(y)


@_wrong(
    "summed-over-samples",
    "You sum over the samples: each prediction has its own gradient, so it has the shape of y_hat.",
)
def _(y_hat: Array, y: Array) -> Any:
    return np.sum(2 * (y_hat - y), axis=0) / len(y)


@_wrong("absolute", "The signs are lost: the gradient is negative where the prediction is too low.")
def _(y_hat: Array, y: Array) -> Array:
    return 2 * np.abs(y_hat - y) / len(y)


@_wrong(
    "squared", "This is the squared error again, times 2: the derivative of r^2 is 2 r, not 2 r^2."
)
def _(y_hat: Array, y: Array) -> Array:
    return 2 * (y_hat - y) ** 2 / len(y)


@_wrong(
    "in-place", "You change y_hat in place (y_hat -= y): write y_hat - y, which builds a new array."
)
def _(y_hat: Array, y: Array) -> Array:
    y_hat -= y
    return 2 * y_hat / len(y)
