"""The batch-size studies: one network, one plan of epochs, and batches from one sample to all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from nnlab._types import Array
from nnlab.experiments.results import significant
from nnlab.experiments.shared import prepared
from nnlab.experiments.study import SAMPLES, Options, Row
from nnlab.network import Network
from nnlab.optimizers import optimizer
from nnlab.training import TrainingDiverged, fit

RATES = {"gd": 0.01, "adam": 0.001}
"""The rates of SGD and Adam that Keras has by default, and the thesis with it."""

ALL_WINES = 4_898
"""The thesis's largest batch for wine, by its name."""

STOCHASTIC_SAMPLES = 10_000
"""With one sample a batch, the thesis trains on a random 10,000 of MNIST's 60,000."""

SIZES = (1, 8, 16, 32, 64, 128, 256, "full")


def run(row: Row) -> Row:
    """Train one network as a row says; the loss is the last epoch's running mean, as in the
    thesis."""
    data = prepared(row["data"], row["scaling"])
    weights, shuffling, choosing = np.random.default_rng(row["seed"]).spawn(3)
    X, y = data.X_train, data.y_train
    if row["samples"] < len(X):
        chosen = choosing.permutation(len(X))[: row["samples"]]
        X, y = X[chosen], y[chosen]
    classifies = row["data"] != "wine"
    network, redraws = build(row, X, classifies, weights)
    method = optimizer(row["optimizer"], lr=row["lr"])
    try:
        history = fit(
            network,
            X,
            y,
            method,
            epochs=row["epochs"],
            batch_size=row["batch_size"],
            rng=shuffling,
            accuracy=classifies,
        )
    except TrainingDiverged as error:
        return {"status": "diverged", "redraws": redraws, "why": str(error)}
    outcome = {
        "status": "trained",
        "redraws": redraws,
        "updates": history.updates[-1],
        "seconds": history.seconds[-1],
        "loss": history.loss[-1],
    }
    test_loss, test_accuracy = network.evaluate(data.X_test, data.y_test)
    outcome["test_loss"] = test_loss
    if classifies:
        outcome |= {"accuracy": history.accuracy[-1], "test_accuracy": test_accuracy}
    else:
        outcome |= {"baseline": float(y.var()), **test_baseline(y, data.y_test)}
    return outcome | {"loss_curve": significant(history.loss)}


def test_baseline(y_train: Array, y_test: Array) -> Row:
    """Return the test error of answering with the training part's mean, whatever the wine."""
    return {"test_baseline": float(((y_test - y_train.mean()) ** 2).mean())}


def build(row: Row, X: Array, classifies: bool, rng: np.random.Generator) -> tuple[Network, int]:
    """Make a network with Glorot weights, and draw again while its output is dead.

    The thesis ends its wine network with a ReLU. On inputs that are nearly alike, as rows scaled to
    unit length are, that ReLU can be negative for every wine: then no gradient ever reaches the
    weights. Whoever sees that starts again; we do too, and count how often.
    """
    widths = [X.shape[1], *_hidden(row["hidden"]), 10 if classifies else 1]
    for redraws in range(100):
        network = Network(
            widths,
            "relu",
            loss="cross_entropy" if classifies else "squared_error",
            output="linear" if classifies else row["output"],
            rng=rng,
            dtype=np.float32,
        )
        if row.get("output") != "relu" or network.outputs(X).any():
            return network, redraws
    raise RuntimeError("100 networks in a row had a dead output")


def _hidden(width: int) -> list[int]:
    return [width] if width else []


def weight(row: Row) -> float:
    """Estimate a row's seconds: an update costs a little, a sample less, Adam's pass a little."""
    n = row["samples"]
    size = n if row["batch_size"] == "full" else row["batch_size"]
    inputs = {"mnist": 784, "digits": 64, "wine": 11}[row["data"]]
    parameters = row["hidden"] * inputs
    update = 25e-6 + parameters * (1e-9 if row["optimizer"] == "adam" else 0.2e-9)
    return row["epochs"] * (n / size * update + n * (1e-6 + parameters * 4.5e-11))


def _plan(options: Options, scalings: Sequence[tuple[str, str]], hidden: int) -> list[Row]:
    data, rows = options.data or "", []
    n = SAMPLES[data]
    for scaling, output in scalings:
        for seed, name, size in product(
            range(options.repeat or 1), RATES, options.batch_sizes or SIZES
        ):
            stochastic = size == 1 and n > STOCHASTIC_SAMPLES
            rows.append(
                {
                    "data": data,
                    "scaling": scaling,
                    "output": output,
                    "hidden": hidden,
                    "optimizer": name,
                    "lr": RATES[name],
                    "batch_size": "full" if size == n else size,
                    "epochs": options.epochs,
                    "samples": STOCHASTIC_SAMPLES if stochastic else n,
                    "seed": seed,
                }
            )
    return rows


def plan_images(options: Options) -> list[Row]:
    """The thesis's plan, and SGD with batches of 4,898: its row for all 60,000 fits those."""
    rows = _plan(options, [("image columns", "softmax")], hidden=128)
    if options.data != "mnist" or options.batch_sizes != SIZES:
        return rows
    full = [row for row in rows if row["optimizer"] == "gd" and row["batch_size"] == "full"]
    return rows + [row | {"batch_size": ALL_WINES} for row in full]


def plan_wine(options: Options) -> list[Row]:
    """Both ways: as the thesis (rows to unit length, ReLU output), and columns standardised.

    The thesis calls its largest batch 4,898, which is all wines, but its listing trains on the
    first 3,673. The rows that train on all of them show which it was.
    """
    rows = _plan(options, [("rows", "relu"), ("columns", "linear")], hidden=128)
    return rows + [
        row | {"scaling": "all rows", "samples": ALL_WINES}
        for row in rows
        if row["scaling"] == "rows" and row["batch_size"] != 1
    ]


def plan_elbow(options: Options) -> list[Row]:
    rows = _plan(options, [("pixels", "softmax")], hidden=16)
    n = SAMPLES[options.data or ""]
    return [row | {"samples": n} for row in rows if row["optimizer"] == "adam"]
