"""Unit `perceptron`: learning until no mistake is left, or for ever."""
# mypy: allow-untyped-defs

from collections.abc import Sequence
from typing import Any

import numpy as np

import nnlab.perceptron
from nnlab._types import Array, Rng
from nnlab.datasets import xor
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.perceptron import classify


def learn(
    X: Array, y: Array, lr: float = 1.0, epochs: int = 100, *, rng: Rng
) -> tuple[Array, float, list[int], bool]:
    """Learn as nnlab does; a plain tuple."""
    learned = nnlab.perceptron.learn(X, y, lr, epochs, rng=rng)
    return learned.w, learned.b, learned.mistakes, learned.converged


def seeded(function: Function, X: Array, y: Array, seed: int, **settings: Any) -> Any:
    """Call with a generator of its own, so that every trial draws the same order."""
    return function(X, y, rng=np.random.default_rng(seed), **settings)


def _clouds(rng: Rng) -> Case:
    """Return two clouds with a gap between them; a line exists, and has to be found."""
    n = int(rng.integers(10, 20))
    w, X = rng.normal(size=2), rng.normal(size=(n, 2))
    side = X @ w / np.linalg.norm(w) - 0.3
    X += 0.15 * np.sign(side)[:, None] * w / np.linalg.norm(w)
    return call(X, (side > 0).astype(int), int(rng.integers(1000)), lr=float(rng.uniform(0.2, 2)))


def _mixed(rng: Rng) -> Case:
    X, y = xor()
    return call(X, y, int(rng.integers(1000)), epochs=int(rng.integers(2, 9)))


_CORNERS, _XOR = xor()
LEARN = Specification(
    "learn",
    learn,
    "book/perceptron.html#fig-rule",
    {
        "separable": Aspect(
            "classes that a line separates",
            [call(_CORNERS, np.array([0, 0, 0, 1]), 3)],
            _clouds,
            seeded,
            keeps_inputs=True,
        ),
        "endless": Aspect("XOR", [call(_CORNERS, _XOR, 0, epochs=5)], _mixed, seeded),
    },
    returns=("w", "b", "mistakes", "converged"),
)


def _learn(twist: str) -> Function:
    """Return the loop with one thing wrong in it."""

    def wrong(X, y, lr=1.0, epochs=100, *, rng):
        w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
        order: Sequence[int] = rng.permutation(len(X))
        for epoch in range(1 if twist == "one-epoch" else epochs):
            if epoch and twist != "one-order":
                order = rng.permutation(len(X))
            if twist == "file-order":
                order = range(len(X))
            if twist == "forgets":
                w, b = np.zeros(X.shape[1]), 0.0
            count, old = 0, (w, b)
            for i in order:
                at = old if twist == "batch" else (w, b)
                error = int(y[i]) - int(classify(X[i], *at))
                rate = 1.0 if twist == "rate-lost" else lr
                w, b = w + rate * error * X[i], b + rate * error
                if twist == "count-after-step":
                    error = int(y[i]) - int(classify(X[i], w, b))
                if twist != "never-counts":
                    count += error if twist == "signed-count" else abs(error)
            if twist == "count-after":
                count = int(np.sum(classify(X, w, b) != y))
            mistakes.append(count)
            if count == 0 and twist != "never-stops":
                break
        if twist == "total":
            mistakes = [sum(mistakes)]
        if twist == "last-dropped":
            mistakes = [m for m in mistakes if m]
        return w, b, mistakes, twist == "always-converged" or count == 0

    return wrong


for _id, _message in {
    "one-epoch": "You go through the samples once: go on until an epoch has no mistake, or epochs are used up.",
    "file-order": "You take the samples in the order they come: draw rng.permutation(len(X)) for each epoch.",
    "one-order": "You draw one order for all epochs: draw a new one at the start of each.",
    "forgets": "You start from zero weights in every epoch: keep what the last one has learned.",
    "batch": "You judge all samples of an epoch by its first weights: use the newest ones for each sample.",
    "rate-lost": "Your rate is always 1: pass lr on to perceptron_step.",
    "count-after-step": "You judge a sample after its step: a mistake is what the weights before the step get wrong.",
    "never-counts": "Your count stays at 0: add 1 for every sample that is answered wrongly.",
    "signed-count": "A missed 1 and a false 1 cancel in your count: count each mistake as 1.",
    "count-after": "You count at the end of the epoch, with its last weights: count mistakes as they happen.",
    "never-stops": "You go on after an epoch without a mistake: nothing will change any more, so stop.",
    "total": "You return the sum of all mistakes: return a list, one number an epoch.",
    "last-dropped": "The epoch without a mistake is missing from your list: its 0 belongs there too.",
    "always-converged": "You always say that it converged: it did only if the last epoch had no mistake.",
}.items():
    LEARN.mistake(_id, _message)(_learn(_id))
