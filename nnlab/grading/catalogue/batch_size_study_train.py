"""Unit `batch-size-study`: training for several epochs."""

from typing import Any

import numpy as np

from nnlab._types import Array, Rng
from nnlab.datasets import load_digits
from nnlab.grading.catalogue._inherited import inherit
from nnlab.grading.catalogue._results import several
from nnlab.grading.catalogue.batch_size_study import (
    FIVE,
    TRAIN_EPOCH,
    State,
    least_squares,
    problem,
    train_epoch,
)
from nnlab.grading.specification import Aspect, Case, Function, Specification, call
from nnlab.network import Network
from nnlab.optimizers import adam_step


def train(
    f: Function,
    step: Function,
    theta: Array,
    X: Array,
    y: Array,
    epochs: int,
    batch_size: int,
    rng: Rng,
    **settings: float,
) -> tuple[Array, list[float]]:
    """Return theta after all epochs and the loss of each, as `nnlab.training.fit` would."""
    state: State = None
    losses = []
    for _ in range(epochs):
        theta, state, loss = train_epoch(f, step, theta, state, X, y, batch_size, rng, **settings)
        losses.append(loss)
    return theta, losses


def two(results: Any) -> Any:
    """Check that these are the two results of a training."""
    return several(results, "theta", "the list of losses")


def _adam(train: Function, X: Array, y: Array, batch_size: int, seed: int, lr: float) -> Any:
    start, rng = np.zeros(X.shape[1]), np.random.default_rng(seed)
    return two(train(least_squares, adam_step, start, X, y, 3, batch_size, rng, lr=lr))


def _theta(train: Function, X: Array, y: Array, batch_size: int, seed: int, lr: float) -> Any:
    return {"theta": _adam(train, X, y, batch_size, seed, lr)[0]}


def _losses(train: Function, X: Array, y: Array, batch_size: int, seed: int, lr: float) -> Any:
    return {"losses": np.asarray(_adam(train, X, y, batch_size, seed, lr)[1])}


def _on_digits(train: Function, hidden: int, batch_size: int, seed: int) -> Any:
    X, y = load_digits()
    network = Network([64, hidden, 10], loss="cross_entropy", rng=np.random.default_rng(seed))

    def f(theta: Array, X: Array, y: Array) -> tuple[float, Array]:
        network.theta[:] = theta
        loss, gradient = network.loss_and_gradient(X, y)
        return loss, gradient.copy()

    start, rng = network.theta.copy(), np.random.default_rng(seed)
    theta, losses = two(train(f, adam_step, start, X[:50], y[:50], 2, batch_size, rng, lr=0.01))
    return {"losses": np.asarray(losses), "theta": theta}


def _network(rng: Rng) -> Case:
    return call(int(rng.integers(3, 8)), int(rng.integers(8, 40)), int(rng.integers(1000)))


TRAIN = Specification(
    "train",
    train,
    "book/training.html#src-t-f13",
    {
        "theta": Aspect(
            "the parameters after three epochs of Adam",
            [call(*FIVE, 2, 0, 0.1)],
            problem,
            _theta,
            keeps_inputs=True,
        ),
        "losses": Aspect(
            "the losses of three epochs of Adam", [call(*FIVE, 2, 0, 0.1)], problem, _losses
        ),
        "digits": Aspect(
            "a small network on 50 digits, as nnlab trains it",
            [call(5, 16, 0)],
            _network,
            _on_digits,
        ),
    },
)


def _training(
    *,
    keeps_state: bool = True,
    keeps_theta: bool = True,
    returns_start: bool = False,
    more_epochs: int = 0,
    passes_settings: bool = True,
    own_generator: bool = False,
    only_last: bool = False,
    full: bool = False,
    train_epoch: Function = train_epoch,
) -> Function:
    """Return a training with a fault."""

    def variant(
        f: Function,
        step: Function,
        theta: Array,
        X: Array,
        y: Array,
        epochs: int,
        batch_size: int,
        rng: Rng,
        **settings: float,
    ) -> Any:
        start, losses = theta, []
        state: State = None
        for _ in range(epochs + more_epochs):
            shuffling = np.random.default_rng(0) if own_generator else rng
            begin = theta if keeps_theta else start
            memory = state if keeps_state else None
            size = len(X) if full else batch_size
            passed = settings if passes_settings else {}
            theta, state, loss = train_epoch(
                f, step, begin, memory, X, y, size, shuffling, **passed
            )
            losses.append(loss)
        return start if returns_start else theta, losses[-1] if only_last else losses

    return variant


for _id, _message, _variant in (
    (
        "state-reset",
        "The method's memory is wiped between epochs: hand the state of one epoch to the next.",
        _training(keeps_state=False),
    ),
    (
        "restarted",
        "Each epoch starts again from the first parameters: go on from where the last one ended.",
        _training(keeps_theta=False),
    ),
    (
        "start-returned",
        "You return the parameters that came in: return those after the last epoch.",
        _training(returns_start=True),
    ),
    (
        "one-epoch-less",
        "One epoch is missing: range(epochs) goes through the loop epochs times.",
        _training(more_epochs=-1),
    ),
    (
        "one-epoch-more",
        "You train one epoch too many: range(epochs), neither + 1 nor <=.",
        _training(more_epochs=1),
    ),
    (
        "settings-dropped",
        "The settings (lr=...) are lost on the way: pass **settings on to train_epoch.",
        _training(passes_settings=False),
    ),
    (
        "own-generator",
        "You make a generator anew in every epoch, so all have the same order: use the rng passed in.",
        _training(own_generator=True),
    ),
    (
        "last-loss-only",
        "You return the last loss: return the list of all, one for each epoch.",
        _training(only_last=True),
    ),
    (
        "batch-size-ignored",
        "Every batch has all samples in it: pass batch_size on to train_epoch.",
        _training(full=True),
    ),
):
    TRAIN.mistake(_id, _message)(_variant)
inherit(
    TRAIN,
    TRAIN_EPOCH,
    (
        "loss-unweighted",
        "loss-nominal",
        "loss-sum",
        "loss-of-last-batch",
        "loss-at-end",
        "state-lost",
    ),
    lambda epoch: _training(train_epoch=epoch),
)
