"""The thesis's two models, stopped when the training part no longer improves, and then tested."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nnlab.experiments import figures, published
from nnlab.experiments.batch_sizes import build, test_baseline
from nnlab.experiments.results import significant
from nnlab.experiments.shared import prepared
from nnlab.experiments.study import Options, Row, Study
from nnlab.experiments.table import Table, column, duration, groups, spread
from nnlab.history import EarlyStopping
from nnlab.optimizers import GradientDescent
from nnlab.training import fit

VARIANTS = {
    "mnist": [("image columns", "softmax", "accuracy")],
    "digits": [("image columns", "softmax", "accuracy")],
    "wine": [
        ("rows", "relu", "loss"),
        ("columns", "linear", "loss"),
        ("rows with target", "relu", "loss"),
    ],
}
"""How inputs are scaled, the output's activation, and what early stopping watches: first as in the
thesis; for wine also columns standardised, and as its listing is printed, with the target among
the inputs."""


def plan(options: Options) -> list[Row]:
    return [
        {
            "data": data,
            "scaling": scaling,
            "output": output,
            "hidden": 128,
            "optimizer": "gd",
            "lr": 0.01,
            "batch_size": 32,
            "monitor": monitor,
            "min_delta": 1e-4,
            "patience": 3,
            "epochs": options.epochs,
            "seed": seed,
        }
        for data in (options.data, "wine")
        for scaling, output, monitor in VARIANTS[data or ""]
        for seed in range((options.repeat or 1) * (4 if data == "wine" else 1))  # wine is quick
    ]


def run(row: Row) -> Row:
    data = prepared(row["data"], row["scaling"])
    weights, shuffling, _ = np.random.default_rng(row["seed"]).spawn(3)
    classifies = row["data"] != "wine"
    network, redraws = build(row, data.X_train, classifies, weights)
    history = fit(
        network,
        data.X_train,
        data.y_train,
        GradientDescent(row["lr"]),
        epochs=row["epochs"],
        batch_size=row["batch_size"],
        rng=shuffling,
        accuracy=classifies,
        # As Keras by default, the thesis keeps the last weights, not the best.
        early_stopping=EarlyStopping(
            row["monitor"], row["min_delta"], row["patience"], restore_best=False
        ),
    )
    train_loss, _ = network.evaluate(data.X_train, data.y_train)
    test_loss, test_accuracy = network.evaluate(data.X_test, data.y_test)
    outcome = {
        "redraws": redraws,
        "stopped": history.stopped,
        "epochs_run": history.epochs,
        "seconds": history.seconds[-1],
        "loss": history.loss[-1],
        "test_loss": test_loss,
    }
    if classifies:
        outcome |= {"accuracy": history.accuracy[-1], "test_accuracy": test_accuracy}
    else:
        baseline = test_baseline(data.y_train, data.y_test)["test_baseline"]
        outcome |= {
            "train_rmse": math.sqrt(train_loss),
            "test_rmse": math.sqrt(test_loss),
            "baseline_rmse": float(data.y_train.std()),
            "test_baseline_rmse": math.sqrt(baseline),
        }
    return outcome | {"loss_curve": significant(history.loss)}


def table(rows: Sequence[Row]) -> Table:
    """Epochs, losses and test results, ours above the thesis's."""
    cells = []
    for (data, scaling), same in groups(rows, "data", "scaling").items():
        cells.append(
            [
                f"{data}, {scaling}",
                str(len(same)),
                span(column(same, "epochs_run")),
                spread(column(same, "loss"), 3),
                spread(column(same, "accuracy"), 2, 100),
                spread(column(same, "test_accuracy"), 2, 100),
                spread(column(same, "test_loss"), 3),
                spread(column(same, "train_rmse"), 3),
                spread(column(same, "test_rmse"), 3),
                duration(float(np.mean(column(same, "cpu")))),
            ]
        )
        if data in published.THESIS_MODELS and scaling in ("image columns", "rows"):
            cells.append(_theirs(published.THESIS_MODELS[data]))
    wine = [row for row in rows if "baseline_rmse" in row]
    if wine:
        means = [f"{wine[0][name]:.3f}" for name in ("baseline_rmse", "test_baseline_rmse")]
        cells.append(["the mean wine", *[""] * 6, *means, ""])
    columns = ["model", "runs", "epochs", "loss", "accuracy %", "test %", "test loss"]
    note = (
        "'rows with target' is the thesis's listing as printed: the inputs are taken before the "
        "target is dropped; its numbers show that it was not run so."
    )
    return Table("Early stopping", [*columns, "train RMSE", "test RMSE", "CPU"], cells, note)


def span(values: Sequence[float]) -> str:
    """Write a mean with the smallest and the largest value.

    >>> span([16, 48, 20])
    '28 (16 ... 48)'
    """
    return f"{np.mean(values):.0f} ({min(values):.0f} ... {max(values):.0f})"


def _theirs(known: dict[str, float]) -> list[str]:
    def say(name: str, digits: int, scale: float = 1) -> str:
        return f"{known[name] * scale:.{digits}f}" if name in known else ""

    return [
        "the thesis",
        "1",
        say("epochs", 0),
        say("loss", 3),
        say("accuracy", 2, 100),
        say("test_accuracy", 2, 100),
        say("test_loss", 3),
        say("train_rmse", 3),
        say("test_rmse", 3),
        duration(known["seconds"]),
    ]


THESIS_MODELS = Study(
    "thesis-models",
    "When do the thesis's models stop, and how well do they do then?",
    "t-f13 t-f14 t-f16 t-f17",
    plan,
    run,
    table,
    figures.training_curves,
    full=Options("mnist", epochs=1000, repeat=5),
    quick=Options("digits", epochs=100, repeat=1),
    data=("mnist", "digits"),
    weight=lambda row: 1000.0 if row["data"] == "mnist" else 1.0,
)
