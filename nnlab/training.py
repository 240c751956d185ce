"""Training shows a network the data again and again, in mini-batches, and lets an optimizer move it
after each."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal

import numpy as np

from nnlab import _checks
from nnlab._types import Array, ArrayLike, Rng
from nnlab.batches import minibatches
from nnlab.history import EarlyStopping, History, Watch
from nnlab.network import Network
from nnlab.optimizers import Optimizer

BatchSize = int | Literal["full"]
Callback = Callable[[History], object]


class TrainingDiverged(FloatingPointError):
    """The loss became NaN or infinite; the message says where, and what usually causes it."""


def fit(
    network: Network,
    X: ArrayLike,
    y: ArrayLike,
    optimizer: Optimizer,
    *,
    epochs: int = 10,
    batch_size: BatchSize = 32,
    rng: Rng,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    accuracy: bool = False,
    early_stopping: EarlyStopping | None = None,
    callbacks: Sequence[Callback] = (),
    progress: bool = False,
) -> History:
    """Train a network in place and return the history.

    batch_size is the whole scheme: 1 is stochastic, "full" is batch, anything between is mini-batch
    gradient descent. rng shuffles, anew every epoch; draw initial weights from another stream
    (`rng.spawn`), so that runs with different batch sizes start alike. validation is (X, y),
    measured after every epoch. accuracy=True also counts right answers while training. A callback
    is called with the history after each epoch and stops training by returning True. progress=True
    shows a bar (needs tqdm). The optimizer keeps its memory, so a second call goes on where the
    first one ended.

    >>> X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
    >>> from nnlab.optimizers import Adam
    >>> weights, shuffling = np.random.default_rng(1).spawn(2)
    >>> net = Network([2, 8, 2], "tanh", loss="cross_entropy", rng=weights)
    >>> history = fit(net, X, y, Adam(0.05), epochs=100, batch_size="full", rng=shuffling)
    >>> net.predict(X)
    array([0, 1, 1, 0])
    """
    X, y = network.check(X, y)
    pair = isinstance(validation, tuple | list) and len(validation) == 2
    if not (pair or validation is None):
        raise TypeError(f"validation must be a pair (X, y), got {type(validation).__name__}")
    held_out = network.check(*validation) if validation is not None else None
    size = _batch_size(batch_size, len(X))
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer must be one of nnlab.optimizers, got {optimizer!r}")
    _checks.generator(rng)
    if callable(callbacks):
        raise TypeError("callbacks must be a list of functions, as in callbacks=[print]")
    _check_metrics(network, held_out is not None, accuracy, early_stopping)
    history, watch = History(), Watch(early_stopping, network)
    began = time.perf_counter()
    try:
        with _bar(_checks.whole("epochs", epochs, least=0), progress) as bar:
            for _ in range(epochs):
                _epoch(network, minibatches(X, y, size, rng), optimizer, accuracy, len(X), history)
                if held_out is not None:
                    _validate(network, *held_out, optimizer, history)
                history.updates.append(history.epochs * math.ceil(len(X) / size))
                history.seconds.append(time.perf_counter() - began)
                bar.update(1)
                bar.set_postfix(loss=f"{history.loss[-1]:.4g}")
                answers = [callback(history) for callback in callbacks]
                if watch.stop(history):
                    history.stopped = "early stopping"
                    break
                if any(isinstance(answer, bool | np.bool_) and answer for answer in answers):
                    history.stopped = "callback"
                    break
    finally:  # the best weights come back also when training diverges or is interrupted
        history.best_epoch = watch.restore()
    return history


def _epoch(
    network: Network,
    batches: Iterator[tuple[Array, Array]],
    optimizer: Optimizer,
    accuracy: bool,
    n: int,
    history: History,
) -> None:
    total, right = 0.0, 0
    theta, grad = network.theta, network.grad
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for X, y in batches:
            loss, last = network.backpropagate(X, y)
            if not math.isfinite(loss):
                raise _diverged(
                    network, X, optimizer, history.epochs + 1, f"the loss became {loss}"
                )
            optimizer.step(theta, grad)
            total += loss * len(X)
            if accuracy:
                right += int(network.right(last, y).sum())
    if not np.isfinite(theta).all():  # else the last step of all could go wrong unseen
        what = "the weights became NaN or infinite"
        raise _diverged(network, X, optimizer, history.epochs + 1, what)
    history.loss.append(total / n)
    if accuracy:
        history.accuracy.append(right / n)


def _validate(network: Network, X: Array, y: Array, optimizer: Optimizer, history: History) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        loss, right = network.evaluate(X, y)
    if not math.isfinite(loss):
        what = f"the validation loss became {loss}"
        raise _diverged(network, X, optimizer, history.epochs, what)
    history.validation_loss.append(loss)
    if network.classifies:
        history.validation_accuracy.append(right)


def _diverged(
    network: Network, X: Array, optimizer: Optimizer, epoch: int, what: str
) -> TrainingDiverged:
    largest = float(np.abs(X).max())
    causes = [f"the learning rate is too high for this network: try a tenth of it ({optimizer!r})"]
    if largest > 20:
        causes.insert(0, f"the inputs are not scaled: they reach {largest:.3g}, 0 to 1 is usual")
    # Where the weights are the news, that they overflowed is no cause of it.
    if what.startswith("the loss") and not np.isfinite(network.theta).all():
        causes.append(
            "the weights had already overflowed before this batch: an earlier step was too long"
        )
    return TrainingDiverged(f"{what} in epoch {epoch}; likely: " + "; or ".join(causes))


def _batch_size(batch_size: BatchSize, n: int) -> int:
    if isinstance(batch_size, str):
        _checks.choice("batch_size", batch_size, ["full"])
        return n
    if _checks.whole("batch_size", batch_size) > n:
        raise ValueError(f'batch_size is {batch_size}, but there are {n} samples; "full" takes all')
    return batch_size


def _check_metrics(
    network: Network, validated: bool, accuracy: bool, rule: EarlyStopping | None
) -> None:
    if accuracy and not network.classifies:
        raise ValueError(
            f"accuracy needs a cross-entropy loss; this network has {network.loss_name}"
        )
    if rule is None:
        return
    if not isinstance(rule, EarlyStopping):
        raise TypeError(f"early_stopping must be an EarlyStopping, got {rule!r}")
    if rule.monitor.startswith("validation") and not validated:
        raise ValueError(f"early stopping watches {rule.monitor}, so fit needs validation=(X, y)")
    if rule.monitor == "accuracy" and not accuracy:
        raise ValueError("early stopping watches accuracy, so fit needs accuracy=True")
    if rule.monitor == "validation_accuracy" and not network.classifies:
        raise ValueError(
            f"early stopping watches validation_accuracy, but the loss is {network.loss_name}"
        )


class _NoBar:
    def update(self, n: int) -> None: ...

    def set_postfix(self, **values: object) -> None: ...


def _bar(epochs: int, progress: bool) -> AbstractContextManager[Any]:
    if not progress:
        return nullcontext(_NoBar())
    try:
        from tqdm.auto import tqdm
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("progress=True needs tqdm: pip install tqdm") from error
    return tqdm(total=epochs, unit="epoch")
