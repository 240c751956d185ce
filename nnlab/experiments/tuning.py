"""The report's search: rate and epochs on a grid, then the L2 penalty, then rate and epochs again,
closer; last, the validation part, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np

from nnlab._types import Array, Rng
from nnlab.datasets import load_digits, split
from nnlab.experiments.results import significant
from nnlab.experiments.study import Options, Row
from nnlab.network import Network
from nnlab.optimizers import AdaGrad, Adam, GradientDescent, MuMomentum, Optimizer, RMSProp
from nnlab.schedules import hyperbolic
from nnlab.training import TrainingDiverged, fit

Grid = tuple[float, ...]


class Method(NamedTuple):
    """An optimizer made from a rate, and the rates to scan first."""

    make: Callable[[float], Optimizer]
    rates: Grid


METHODS = {
    "gd": Method(
        lambda lr: GradientDescent(partial(hyperbolic, lr=lr, tau=215)),
        (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
    ),
    "momentum": Method(
        lambda lr: MuMomentum(partial(hyperbolic, lr=lr, tau=464), mu=1.5),
        (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
    ),
    "adagrad": Method(AdaGrad, (1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)),
    "rmsprop": Method(RMSProp, (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1)),
    "adam": Method(Adam, (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1)),
}
"""The report's five, with its schedules and its momentum."""

MODELS = {"logistic": [64, 10], "network": [64, 25, 10]}
PENALTIES = (0.0, 1e-5, 1e-4, 2e-4, 4e-4, 1e-3, 2e-3, 5e-3, 1e-2)
CLOSER = (0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.5)
"""The second scan's rates, as multiples of the first scan's best."""

SPLITS = ("file order", "shuffled")
BATCHES = 22
REPETITIONS = 5

Part = tuple[Array, Array]


def plan(options: Options) -> list[Row]:
    """A whole search for each model, optimizer and split; the seed moves all of it."""
    return [
        {
            "model": model,
            "optimizer": name,
            "split": kind,
            "max_epochs": options.epochs,
            "repetitions": REPETITIONS,
            "seed": seed,
        }
        for model, name, kind in product(MODELS, METHODS, SPLITS)
        for seed in range(options.repeat or 1)
    ]


def parts(kind: str, rng: Rng) -> list[Part]:
    """Cut the digits 60/20/20 into training, test and validation part (the report's names)."""
    X, y = load_digits()
    return split(X, y, [0.6, 0.2, 0.2], rng=rng if kind == "shuffled" else None)


def run(row: Row) -> Row:
    """Search in three steps by the accuracy on the test part, then train five times with what was
    found."""
    splitting, searching, repeating = np.random.default_rng(row["seed"]).spawn(3)
    train, test, validation = parts(row["split"], splitting)
    method = METHODS[row["optimizer"]]
    marks = epoch_marks(row["max_epochs"])

    def scan(rates: Sequence[float], l2: float) -> tuple[Array, Array]:
        """Accuracy and cross-entropy on the test part: a row a rate, a column a number of
        epochs."""
        found = [
            watch(row["model"], method.make(lr), l2, train, test, marks, rng)
            for lr, rng in zip(rates, searching.spawn(len(rates)), strict=True)
        ]
        return np.array([a for a, _ in found]), np.array([c for _, c in found])

    first, first_cost = scan(method.rates, 0.0)
    i, j = best(first, first_cost)
    rate, epochs = method.rates[i], marks[j]
    by_penalty = [
        watch(row["model"], method.make(rate), l2, train, test, [epochs], rng)
        for l2, rng in zip(PENALTIES, searching.spawn(len(PENALTIES)), strict=True)
    ]
    penalty_accuracy = np.array([a for a, _ in by_penalty])
    penalty_cost = np.array([c for _, c in by_penalty])
    l2 = PENALTIES[best(penalty_accuracy, penalty_cost)[0]]
    closer = [rate * factor for factor in CLOSER]
    second, second_cost = scan(closer, l2)
    i, j = best(second, second_cost)
    rate, epochs = closer[i], marks[j]
    scores: dict[str, list[float]] = {"train": [], "test": [], "validation": []}
    for rng in repeating.spawn(REPETITIONS):
        network = trained(row["model"], method.make(rate), l2, train, epochs, rng)
        for name, part in zip(scores, (train, test, validation), strict=True):
            scores[name].append(network.accuracy(*part))
    return {
        "lr": rate,
        "epochs": epochs,
        "l2": l2,
        **{f"{name}_accuracy": significant(values) for name, values in scores.items()},
        "marks": marks,
        "rates_1": method.rates,
        "accuracy_1": significant(first.ravel()),
        "cost_1": significant(first_cost.ravel(), 3),
        "penalties": PENALTIES,
        "accuracy_2": significant(penalty_accuracy.ravel()),
        "cost_2": significant(penalty_cost.ravel(), 3),
        "rates_3": closer,
        "accuracy_3": significant(second.ravel()),
        "cost_3": significant(second_cost.ravel(), 3),
    }


def epoch_marks(longest: int) -> list[int]:
    """Return the numbers of epochs a scan looks at: one training passes them all.

    >>> epoch_marks(1000)
    [10, 20, 50, 100, 200, 500, 1000]
    """
    return [
        m for m in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if longest / 100 <= m <= longest
    ]


def best(accuracy: Array, cost: Array) -> tuple[int, ...]:
    """Return where the accuracy is highest; among equals, where the cross-entropy is lowest."""
    order = np.lexsort((cost.ravel(), -accuracy.ravel()))
    return tuple(int(i) for i in np.unravel_index(order[0], accuracy.shape))


def watch(
    model: str,
    method: Optimizer,
    l2: float,
    train: Part,
    test: Part,
    marks: Sequence[int],
    rng: Rng,
) -> tuple[list[float], list[float]]:
    """Train once, and note accuracy and cross-entropy on the test part at each mark; a run that
    diverges scores zero from there on."""
    accuracies, costs = [0.0] * len(marks), [1e9] * len(marks)
    try:
        for k, network in enumerate(_training(model, method, l2, train, marks, rng)):
            cost, accuracies[k] = network.evaluate(*test)
            costs[k] = min(cost - network.l2 / 2 * _squares(network), 1e9)
    except TrainingDiverged:
        pass
    return accuracies, costs


def trained(
    model: str, method: Optimizer, l2: float, train: Part, epochs: int, rng: Rng
) -> Network:
    """Train a model for so many epochs."""
    return next(_training(model, method, l2, train, [epochs], rng))


def _training(
    model: str, method: Optimizer, l2: float, train: Part, marks: Sequence[int], rng: Rng
) -> Iterator[Network]:
    weights, shuffling = rng.spawn(2)
    network = Network(MODELS[model], "sigmoid", loss="cross_entropy", l2=l2, rng=weights)
    size = -(-len(train[0]) // BATCHES)
    done = 0
    for mark in marks:
        fit(network, *train, method, epochs=mark - done, batch_size=size, rng=shuffling)
        done = mark
        yield network


def _squares(network: Network) -> float:
    return float(sum((W * W).sum() for W, _ in network.layers))
