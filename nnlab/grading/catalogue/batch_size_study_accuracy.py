"""Unit `batch-size-study`: the share of right answers."""

import numpy as np

from nnlab._types import Array, Rng
from nnlab.grading.specification import Aspect, Case, Specification, call


def accuracy(z: Array, y: Array) -> float:
    """Return the share of rows whose largest entry stands at the label."""
    return float(np.mean(z.argmax(axis=1) == y))


def _scores(rng: Rng) -> Case:
    n, k = int(rng.integers(8, 20)), int(rng.integers(3, 6))
    z, y = rng.normal(size=(n, k)), rng.integers(0, k, n)
    z[np.arange(n // 2), y[: n // 2]] += 5
    return call(z, y)


ACCURACY = Specification(
    "accuracy",
    accuracy,
    "book/training.html#src-t-f13",
    {
        "values": Aspect(
            "a few rows",
            [
                call(
                    np.array(
                        [[0.1, 2.0, -1.0], [3.0, 1.0, 0.0], [0.0, 0.5, 0.2], [-3.0, -2.0, -1.0]]
                    ),
                    np.array([1, 0, 2, 2]),
                )
            ],
            _scores,
            keeps_inputs=True,
        )
    },
)
for _id, _message, _rate in (
    (
        "count",
        "You count the right answers: divide by the number of samples.",
        lambda z, y: np.sum(z.argmax(axis=1) == y),
    ),
    (
        "not-averaged",
        "You return a yes or no for each sample: take their mean.",
        lambda z, y: z.argmax(axis=1) == y,
    ),
    (
        "divided-by-classes",
        "You divide by the number of classes: divide by the number of samples.",
        lambda z, y: np.sum(z.argmax(axis=1) == y) / z.shape[1],
    ),
    (
        "percent",
        "You return percent: the accuracy is a share, between 0 and 1.",
        lambda z, y: 100 * np.mean(z.argmax(axis=1) == y),
    ),
    (
        "errors",
        "This is the share of wrong answers: the accuracy is 1 minus that.",
        lambda z, y: np.mean(z.argmax(axis=1) != y),
    ),
    (
        "smallest",
        "You take the smallest entry of each row: the answer is the largest, argmax.",
        lambda z, y: np.mean(z.argmin(axis=1) == y),
    ),
    (
        "maximum-itself",
        "max gives the largest logit, and you need to know where it stands: argmax.",
        lambda z, y: np.mean(z.max(axis=1) == y),
    ),
    (
        "cells",
        "You compare whole one-hot tables, where all the zeros count as right: one answer a sample.",
        lambda z, y: np.mean((z == z.max(axis=1)[:, None]) == np.eye(z.shape[1], dtype=bool)[y]),
    ),
):
    ACCURACY.mistake(_id, _message)(_rate)
