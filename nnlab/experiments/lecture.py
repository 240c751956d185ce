"""The lecture's two networks on MNIST, watched at every iteration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlab.batches import minibatches
from nnlab.experiments import figures, published
from nnlab.experiments.results import curve, significant
from nnlab.experiments.shared import prepared
from nnlab.experiments.study import SAMPLES, Options, Row, SettingsError, Study
from nnlab.experiments.table import Table, column, duration, groups, spread
from nnlab.network import Network
from nnlab.optimizers import GradientDescent

HIDDEN = {"logistic": 0, "network": 200}


def plan(options: Options) -> list[Row]:
    """Both models for each seed; only the first seed keeps every iteration, for the figure."""
    sizes = options.batch_sizes or (100,)
    if len(sizes) > 1:
        raise SettingsError("the study lecture takes one batch size")
    size = sizes[0]
    return [
        {
            "data": options.data,
            "scaling": "pixels",
            "model": model,
            "hidden": hidden,
            "lr": 0.5,
            "batch_size": size,
            "epochs": options.epochs,
            "validate_every": 100 if options.data == "mnist" else 10,
            "record": 1 if seed == 0 else 10,
            "seed": seed,
        }
        for seed in range(options.repeat or 1)
        for model, hidden in HIDDEN.items()
    ]


def run(row: Row) -> Row:
    """Train with plain SGD; note cost and error of each mini-batch, and now and then of the
    validation part."""
    data = prepared(row["data"], row["scaling"])
    weights, shuffling = np.random.default_rng(row["seed"]).spawn(2)
    widths = [data.X_train.shape[1], *([row["hidden"]] if row["hidden"] else []), 10]
    network = Network(widths, "relu", loss="cross_entropy", rng=weights, dtype=np.float32)
    method = GradientDescent(row["lr"])
    size = len(data.X_train) if row["batch_size"] == "full" else row["batch_size"]
    costs, errors, held_out = [], [], []
    for _ in range(row["epochs"]):
        for X, y in minibatches(data.X_train, data.y_train, size, shuffling):
            cost, last = network.backpropagate(X, y)
            method.step(network.theta, network.grad)
            costs.append(cost)
            errors.append(1 - network.right(last, y).mean())
            if len(costs) % row["validate_every"] == 0:
                held_out.append(network.evaluate(data.X_test, data.y_test))
    held_out = held_out or [network.evaluate(data.X_test, data.y_test)]  # so few iterations
    every = row["record"]
    return {
        "iterations": len(costs),
        "last_cost": float(np.mean(costs[-100:])),
        "last_error": float(np.mean(errors[-100:])),
        "last_validation_error": 1 - held_out[-1][1],
        "cost": significant(costs[::every], 3),
        "error": significant(errors[::every], 3),
        "validation_cost": significant(cost for cost, _ in held_out),
        "validation_error": significant(1 - accuracy for _, accuracy in held_out),
    }


def table(rows: Sequence[Row]) -> Table:
    """Errors after the last epoch, and how much they still fell in its second half."""
    cells = []
    for (model,), same in groups(rows, "model").items():
        halves = [curve(row, "validation_error") for row in same]
        theirs = published.LECTURE[model]
        cells.append(
            [
                model,
                spread(column(same, "last_error"), 2, 100),
                spread(column(same, "last_validation_error"), 2, 100),
                f"about {theirs:.0%}" if rows[0]["data"] == "mnist" else "",
                spread([h[len(h) // 2] for h in halves], 2, 100),
                spread(column(same, "last_cost"), 4),
                duration(float(np.mean(column(same, "cpu")))),
            ]
        )
    columns = ["model", "mini-batch error %", "validation error %", "lecture", "halfway %"]
    first = rows[0]
    title = f"{first['data']}, {first['epochs']} epochs, batches of {first['batch_size']}"
    return Table(title, [*columns, "mini-batch cost", "CPU"], cells)


LECTURE = Study(
    "lecture",
    "Cost and error of each iteration, without and with a hidden layer?",
    "l-f67 l-f68",
    plan,
    run,
    table,
    figures.iterations,
    full=Options("mnist", (100,), epochs=15, repeat=3),
    quick=Options("digits", (100,), epochs=30, repeat=1),
    data=("mnist", "digits"),
    weight=lambda row: row["epochs"] * SAMPLES[row["data"]] * (1 + row["hidden"]),
)
