"""Unit `batch-size-study`: one epoch of training, with any model and any method, and how people get it wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.grading.catalogue._inherited import inherit
from nnlab.grading.catalogue._results import several
from nnlab.grading.catalogue.gd_variants_batches import FREQUENT, MINIBATCHES, minibatches
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.optimizers import adam_step, gd_step

State = dict[str, Any] | None


def train_epoch(
    f: Function,
    step: Function,
    theta: Array,
    state: State,
    X: Array,
    y: Array,
    batch_size: int,
    rng: Rng,
    **settings: float,
) -> tuple[Array, State, float]:
    """Return theta and state after one epoch, and the mean over the samples of the losses on the way."""
    total = 0.0
    for inputs, targets in minibatches(X, y, batch_size, rng):
        loss, gradient = f(theta, inputs, targets)
        theta, state = step(theta, gradient, state, **settings)
        total += loss * len(inputs)
    return theta, state, total / len(X)


def least_squares(theta: Array, X: Array, y: Array) -> tuple[float, Array]:
    """Return the squared error of the linear model X @ theta, and its gradient."""
    error = X @ theta - y
    return float(np.mean(error**2)), np.asarray(2 / len(y) * X.T @ error)


def three(results: Any) -> Any:
    """Check that these are the three results of an epoch."""
    return several(results, "theta", "state", "the loss")


def _one(train_epoch: Function, X: Array, y: Array, batch_size: int, seed: int, lr: float) -> Any:
    start, rng = np.zeros(X.shape[1]), np.random.default_rng(seed)
    return three(train_epoch(least_squares, gd_step, start, None, X, y, batch_size, rng, lr=lr))


def _theta(train_epoch: Function, X: Array, y: Array, batch_size: int, seed: int, lr: float) -> Any:
    return {"theta": _one(train_epoch, X, y, batch_size, seed, lr)[0]}


def _loss(train_epoch: Function, X: Array, y: Array, batch_size: int, seed: int, lr: float) -> Any:
    return {"loss": _one(train_epoch, X, y, batch_size, seed, lr)[2]}


def _two_of_adam(
    train_epoch: Function, X: Array, y: Array, batch_size: int, seed: int, lr: float
) -> Any:
    theta, state, rng = np.zeros(X.shape[1]), None, np.random.default_rng(seed)
    for _ in range(2):
        theta, state, _ = three(
            train_epoch(least_squares, adam_step, theta, state, X, y, batch_size, rng, lr=lr)
        )
    return {"theta": theta, "state": state}


def problem(rng: Rng) -> Case:
    """Draw a linear problem whose batches do not come out even."""
    batch_size = int(rng.integers(2, 5))
    n, d = batch_size * int(rng.integers(2, 5)) + 1, int(rng.integers(2, 4))
    lr = float(f"{rng.uniform(0.02, 0.2):.3g}")
    return call(
        rng.normal(size=(n, d)), rng.normal(size=n), batch_size, int(rng.integers(1000)), lr
    )


FIVE = (
    np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0], [1.0, -1.0]]),
    np.array([1.0, 1.0, 2.0, 4.0, 3.0]),
)

TRAIN_EPOCH = Specification(
    "train_epoch",
    train_epoch,
    "book/training.html#src-t-f13",
    {
        "theta": Aspect(
            "the parameters after one epoch of gradient descent",
            [call(*FIVE, 2, 0, 0.1)],
            problem,
            _theta,
            keeps_inputs=True,
        ),
        "loss": Aspect("the loss of the epoch", [call(*FIVE, 2, 0, 0.1)], problem, _loss),
        "state": Aspect(
            "two epochs of Adam, its state handed on",
            [call(*FIVE, 2, 0, 0.1)],
            problem,
            _two_of_adam,
        ),
    },
)


def _epoch(
    report: Callable[..., float] = lambda losses, sizes, n, **more: np.dot(losses, sizes) / n,
    *,
    keeps_state: bool = True,
    wipes_state: bool = False,
    whole_gradient: bool = False,
    moves: bool = True,
    returns_state: bool = True,
    stale: bool = False,
    passes_settings: bool = True,
    whole: bool = False,
    after: bool = False,
    deal: Function = minibatches,
) -> Function:
    """Return one epoch with a fault; `report` makes the epoch's loss of those of its batches."""

    def epoch(
        f: Function,
        step: Function,
        theta: Array,
        state: State,
        X: Array,
        y: Array,
        batch_size: int,
        rng: Rng,
        **settings: float,
    ) -> Any:
        given, start, losses, sizes = state, theta, [], []
        state = None if wipes_state else state
        for inputs, targets in [(X, y)] if whole else deal(X, y, batch_size, rng):
            seen = (X, y) if whole_gradient else (inputs, targets)
            loss, gradient = f(start if stale else theta, *seen)
            memory = state if keeps_state else None
            theta, state = step(theta, gradient, memory, **settings if passes_settings else {})
            theta = theta if moves else start
            losses.append(f(theta, inputs, targets)[0] if after else loss)
            sizes.append(len(inputs))
        end = {"at_end": lambda: f(theta, X, y)[0], "batch_size": batch_size}
        result = report(np.array(losses), np.array(sizes), len(X), **end)
        return theta, state if returns_state else given, result

    return epoch


for _id, _message, _variant in (
    (
        "loss-unweighted",
        "You average the batches' losses alike, so the samples of the small last batch count more: weight by size.",
        _epoch(lambda losses, sizes, n, **more: np.mean(losses)),
    ),
    (
        "loss-nominal",
        "You weight every loss by batch_size, and the last batch is smaller: weight by its own size.",
        _epoch(lambda losses, sizes, n, batch_size, **more: np.sum(losses) * batch_size / n),
    ),
    (
        "loss-sum",
        "You add the batches' losses up: the epoch's loss is their mean, weighted by the sizes.",
        _epoch(lambda losses, sizes, n, **more: np.sum(losses)),
    ),
    (
        "loss-divided-only",
        "You divide the sum of the batches' losses by the number of samples: weight each by its batch's size first.",
        _epoch(lambda losses, sizes, n, **more: np.sum(losses) / n),
    ),
    (
        "loss-not-divided",
        "You weight the losses by the sizes, and do not divide by the number of samples in the end.",
        _epoch(lambda losses, sizes, n, **more: np.dot(losses, sizes)),
    ),
    (
        "loss-of-last-batch",
        "You return the loss of the last batch: the epoch's loss is the mean over all its batches.",
        _epoch(lambda losses, sizes, n, **more: losses[-1]),
    ),
    (
        "loss-at-end",
        "You compute the loss anew when the epoch is over: average those that the batches gave on the way.",
        _epoch(lambda losses, sizes, n, at_end, **more: at_end()),
    ),
    (
        "loss-after-step",
        "You take each batch's loss after its step: it is the one that came with the gradient, before.",
        _epoch(after=True),
    ),
    (
        "state-lost",
        "The state is lost between steps: hand the state a step returns to the next step.",
        _epoch(keeps_state=False),
    ),
    (
        "state-wiped",
        "You begin every epoch with the state None: begin with the one that was passed in.",
        _epoch(wipes_state=True),
    ),
    (
        "whole-gradient",
        "Your f gets all samples in every batch's turn: give it the batch.",
        _epoch(whole_gradient=True),
    ),
    (
        "first-batch-only",
        "You make one step: does the return stand inside the loop?",
        _epoch(
            lambda losses, sizes, n, **more: losses[0] * sizes[0] / n,
            deal=lambda *args: minibatches(*args)[:1],
        ),
    ),
    (
        "state-not-returned",
        "You return the state that came in: return the one that the last step gave.",
        _epoch(returns_state=False),
    ),
    (
        "stale-gradient",
        "All gradients are taken where the epoch began: take each at the theta you have now.",
        _epoch(stale=True),
    ),
    (
        "never-moves",
        "theta never moves: what step returns is the theta to go on with, theta, state = step(...).",
        _epoch(moves=False),
    ),
    (
        "settings-dropped",
        "The settings (lr=...) do not reach step: pass **settings on to it.",
        _epoch(passes_settings=False),
    ),
    (
        "one-batch",
        "You make one step with all samples: go through the batches, and make a step after each.",
        _epoch(whole=True),
    ),
):
    TRAIN_EPOCH.mistake(_id, _message)(_variant)
inherit(TRAIN_EPOCH, MINIBATCHES, FREQUENT, lambda deal: _epoch(deal=deal))
