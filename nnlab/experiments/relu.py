"""Why the report's ReLU network turned to NaN, and what cures it.

Three ways to write one and the same loss, and its gradient for the logits, are trained side by
side:

- "plain softmax": exp(z) over its sum, then the cost's derivative through the softmax Jacobian, as
  the report's Eqs 3-6 and 13 suggest. exp(710) is infinite, infinite over infinite is NaN, and so
  is 0 times the logarithm of 0.
- "shifted softmax": the row's maximum taken off first. Nothing overflows, but the probability of
  the right class can still be 0, whose logarithm and whose reciprocal are infinite.
- "logits": softmax and cross-entropy in one formula; the derivative is p - y, always finite.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from nnlab._types import Array
from nnlab.activations import softmax
from nnlab.batches import minibatches
from nnlab.datasets import load_digits, split
from nnlab.experiments import figures
from nnlab.experiments.study import Options, Row, Study
from nnlab.experiments.table import Table, column, groups, spread
from nnlab.initialization import he, normal
from nnlab.layers import backward, forward
from nnlab.losses import one_hot, softmax_cross_entropy, softmax_cross_entropy_gradient
from nnlab.network import Network
from nnlab.optimizers import optimizer

RATES = {"gd": (0.1, 1.0, 4.0, 10.0), "rmsprop": (0.003, 0.03, 0.3, 1.0)}
"""Rates as the report scans them; 4 is the one it chose for raw SGD with a sigmoid."""

BATCHES = 22


def plain_softmax(z: Array, y: Array) -> tuple[float, Array]:
    """Cross-entropy as in the formulas, with nothing done about large numbers."""
    e = np.exp(z)
    return _from_probabilities(e / e.sum(axis=1, keepdims=True), y)


def shifted_softmax(z: Array, y: Array) -> tuple[float, Array]:
    """The same, with each row's maximum taken off before the exponential."""
    return _from_probabilities(softmax(z), y)


def _from_probabilities(p: Array, y: Array) -> tuple[float, Array]:
    dp = -y / p / len(y)
    return float(-(y * np.log(p)).sum() / len(y)), p * (dp - (dp * p).sum(axis=1, keepdims=True))


def logits(z: Array, y: Array) -> tuple[float, Array]:
    """Softmax and cross-entropy in one: nnlab's own."""
    return softmax_cross_entropy(z, y), softmax_cross_entropy_gradient(z, y)


FORMS: dict[str, Callable[[Array, Array], tuple[float, Array]]] = {
    "plain softmax": plain_softmax,
    "shifted softmax": shifted_softmax,
    "logits": logits,
}


def plan(options: Options) -> list[Row]:
    """Every activation, start, form of the loss and rate."""
    return [
        {
            "activation": activation,
            "initial": initial,
            "form": form,
            "optimizer": name,
            "lr": lr,
            "hidden": 25,
            "epochs": options.epochs,
            "seed": seed,
        }
        for activation, initial, form in product(("relu", "sigmoid"), ("normal", "he"), FORMS)
        for name, rates in RATES.items()
        for lr in rates
        for seed in range(options.repeat or 1)
    ]


def run(row: Row) -> Row:
    """Train until the epochs are over or a number is not one; say when, and how large the logits
    were."""
    splitting, weights, shuffling = np.random.default_rng(row["seed"]).spawn(3)
    X, y = load_digits()
    (X, y), _, (X_held, y_held) = split(X, y, [0.6, 0.2, 0.2], rng=splitting)
    widths = [64, row["hidden"], 10]
    network = Network(widths, row["activation"], loss="cross_entropy", rng=weights)
    for W, _ in network.layers:
        n_in, n_out = W.shape
        he_like = row["initial"] == "he"
        W[:] = he(n_in, n_out, weights) if he_like else normal(n_in, n_out, weights, scale=1.0)
    loss, method = FORMS[row["form"]], optimizer(row["optimizer"], lr=row["lr"])
    targets, size = one_hot(y, 10), len(X) // BATCHES
    largest, step = 0.0, 0
    with np.errstate(all="ignore"):  # the warnings are the subject here
        for _ in range(row["epochs"]):
            for X_batch, y_batch in minibatches(X, targets, size, shuffling):
                step += 1
                outputs = forward(X_batch, network.layers, network.activations)
                largest = max(largest, float(np.abs(outputs[-1]).max()))
                value, dZ = loss(outputs[-1], y_batch)
                if not (np.isfinite(value) and np.isfinite(dZ).all()):
                    kind = "inf" if value == np.inf else "nan"
                    return {"broke_at": step, "cost": kind, "largest_logit": largest}
                backward(outputs, network.layers, network.activations, dZ, out=network.gradients)
                method.step(network.theta, network.grad)
    return {"largest_logit": largest, "accuracy": network.accuracy(X_held, y_held)}


def table(rows: Sequence[Row]) -> Table:
    """How many runs broke, by rate, and how well those did that lived."""
    rates = list(groups(rows, "optimizer", "lr"))
    cells = []
    for (activation, initial, form), same in groups(rows, "activation", "initial", "form").items():
        by_rate = [part for _, part in groups(same, "optimizer", "lr").items()]
        broken = [f"{sum('broke_at' in row for row in part)}/{len(part)}" for part in by_rate]
        accuracies = [spread(column(part, "accuracy"), 1, 100) for part in by_rate]
        best = max((float(a.split()[0]) for a in accuracies if a), default=float("nan"))
        largest = max(column(same, "largest_logit"))
        cells.append([f"{activation}, {initial}, {form}", *broken, f"{largest:.0f}", f"{best:.1f}"])
    columns = ["activation, weights, loss", *[f"{name} {lr:g}" for name, lr in rates]]
    note = (
        "'normal' draws each weight from N(0, 1), 'he' from N(0, 2/inputs); a fraction counts "
        "the runs whose cost or gradient became NaN or infinite. A sigmoid bounds what the output "
        "layer sees, a ReLU does not: logits 709 apart make the right class's probability 0 or "
        "exp infinite. Written from logits, the loss stays finite at every rate, which is half of "
        f"the cure; a ReLU network still answers only {_right(rows, 10.0)} % rightly at rate 10, "
        f"and {_right(rows, 1.0)} % at rate 1, with He's weights: the other half is the rate."
    )
    epochs = rows[0]["epochs"]
    title = f"Runs that broke, 64-25-10 on the digits, {epochs} epochs of {BATCHES} batches"
    return Table(title, [*columns, "largest logit", "best accuracy %"], cells, note)


def _right(rows: Sequence[Row], lr: float) -> str:
    cured = {"activation": "relu", "initial": "he", "form": "logits", "optimizer": "gd", "lr": lr}
    return spread(column([r for r in rows if r.items() >= cured.items()], "accuracy"), 0, 100)


REPORT_RELU = Study(
    "report-relu",
    "What turned the report's ReLU network to NaN, and what cures it?",
    "r-relu",
    plan,
    run,
    table,
    figures.breaks,
    full=Options(epochs=50, repeat=3),
    quick=Options(epochs=5, repeat=1),
)
