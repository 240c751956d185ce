"""A figure for each study, drawn from its rows alone; they need matplotlib and no screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.experiments import published
from nnlab.experiments.results import curve
from nnlab.experiments.study import Row
from nnlab.experiments.table import column, groups

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES = {"gd": "SGD", "adam": "Adam"}


def panels(count: int, width: float = 5, height: float = 4) -> tuple[Figure, list[Any]]:
    """Return a figure with panels side by side."""
    from matplotlib.figure import Figure

    count = max(1, count)  # an interrupted study may have nothing to draw yet
    figure = Figure(figsize=(width * count, height), layout="constrained")
    return figure, list(np.atleast_1d(figure.subplots(1, count)))


def loss_curves(rows: Sequence[Row]) -> Figure:
    """Loss against epoch (top) and against time (bottom), a line a batch size, a panel an
    optimizer."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    parts = groups([r for r in rows if "loss_curve" in r], "scaling", "optimizer")
    sizes = list(dict.fromkeys(row["batch_size"] for row in rows))
    colors = dict(zip(sizes, colormaps["viridis"](np.linspace(0, 0.95, len(sizes))), strict=True))
    figure = Figure(figsize=(4.5 * len(parts), 7), layout="constrained")
    axes = figure.subplots(2, len(parts), squeeze=False)
    for ax, below, ((scaling, name), part) in zip(axes[0], axes[1], parts.items(), strict=True):
        for (size,), same in groups(part, "batch_size").items():
            losses = np.mean([curve(row, "loss_curve") for row in same], axis=0)
            epochs = np.arange(1, len(losses) + 1)
            seconds = np.mean(column(same, "seconds")) * epochs / len(losses)
            ax.plot(epochs, losses, color=colors[size], label=str(size))
            below.plot(seconds, losses, color=colors[size])
        ax.set(title=f"{NAMES[name]}, {scaling}", xlabel="epoch", ylabel="loss", yscale="log")
        below.set(xlabel="seconds", ylabel="loss", yscale="log", xscale="log")
    axes[0][-1].legend(title="batch size", fontsize="small")
    return figure


def elbow(rows: Sequence[Row]) -> Figure:
    """Loss after the last epoch against running time, a point a batch size."""
    figure, (ax,) = panels(1, 6)
    for (size,), same in groups(rows, "batch_size").items():
        seconds, losses = column(same, "cpu"), column(same, "loss")
        accuracy = np.mean(column(same, "accuracy"))
        ax.errorbar(np.mean(seconds), np.mean(losses), yerr=np.std(losses), fmt="o", color="C0")
        ax.annotate(
            f"m = {size}, a = {accuracy:.2f}",
            (np.mean(seconds), np.mean(losses)),
            xytext=(6, 4),
            textcoords="offset points",
            fontsize="small",
        )
    ax.set(xlabel="CPU seconds for all epochs", ylabel="loss", xscale="log")
    return figure


def iterations(rows: Sequence[Row]) -> Figure:
    """Cost and error at each iteration, and on the validation part every hundredth."""
    from matplotlib.figure import Figure

    first = [row for row in rows if row["seed"] == 0]
    figure = Figure(figsize=(10, 3.5 * len(first)), layout="constrained")
    axes = figure.subplots(len(first), 2, squeeze=False)
    for (left, right), row in zip(axes, first, strict=True):
        for ax, what in ((left, "cost"), (right, "error")):
            train, held_out = curve(row, what), curve(row, "validation_" + what)
            step = np.arange(len(train)) * row["record"]
            ax.plot(step, train, lw=0.4, label="mini-batch")
            every = row["validate_every"] * np.arange(1, len(held_out) + 1)
            ax.plot(every, held_out, "C3", label="validation")
            ax.set(xlabel="iteration", ylabel=what, title=row["model"])
        left.set_ylim(0, np.quantile(curve(row, "cost"), 0.99))
        right.legend()
    return figure


def training_curves(rows: Sequence[Row]) -> Figure:
    """Loss against epoch, a panel a data set, a line a run."""
    parts = groups([row for row in rows if "loss_curve" in row], "data")
    figure, axes = panels(len(parts))
    for ax, ((data,), part) in zip(axes, parts.items(), strict=False):
        for (scaling,), same in groups(part, "scaling").items():
            color = f"C{list(groups(part, 'scaling')).index((scaling,))}"
            for i, row in enumerate(same):
                losses = curve(row, "loss_curve")
                label = scaling if i == 0 else None
                ax.plot(np.arange(1, len(losses) + 1), losses, color=color, lw=1, label=label)
        ax.set(title=data, xlabel="epoch", ylabel="loss", xscale="log", yscale="log")
        ax.legend(title="inputs scaled by", fontsize="small")
    return figure


def validation(rows: Sequence[Row]) -> Figure:
    """Validation accuracy of each model and optimizer, with its spread; a panel a split."""
    parts = groups(rows, "split")
    figure, axes = panels(len(parts), 6)
    for ax, ((split,), part) in zip(axes, parts.items(), strict=False):
        for k, ((model,), same) in enumerate(groups(part, "model").items()):
            by_name = groups(same, "optimizer")
            values = [
                np.concatenate([curve(row, "validation_accuracy") for row in some])
                for some in by_name.values()
            ]
            at = np.arange(len(values)) + 0.4 * k - 0.2
            spreads = [v.std() for v in values]
            ax.bar(at, [v.mean() for v in values], 0.36, yerr=spreads, label=model, capsize=3)
            ax.set_xticks(np.arange(len(values)), [name for (name,) in by_name])
        ax.set(title=split, ylabel="validation accuracy", ylim=(0.7, 1))
        ax.legend(loc="lower right")
    return figure


def paths(rows: Sequence[Row]) -> Figure:
    """The way of each method to the line's intercept and slope, plain and stochastic."""
    named = [row for row in rows if row["method"] in published.REPORT_STEPS]
    drawn = [row for row in named if "path_slope" in row and row["gradient"] == "whole"]
    parts = {rule: part for (rule,), part in groups(drawn, "rule").items() if rule != "epochs"}
    figure, axes = panels(len(parts))
    for ax, (rule, part) in zip(axes, parts.items(), strict=False):
        for row in part:
            ax.plot(curve(row, "path_intercept"), curve(row, "path_slope"), label=row["method"])
        ax.plot(-2, 1, "k*", ms=10)
        title = "plain" if rule == "plain" else "stochastic"
        ax.set(title=title, xlabel="intercept", ylabel="slope")
        ax.legend(fontsize="small")
    return figure


def fractals(rows: Sequence[Row]) -> Figure:
    """The points of SGD for six of the rates, drawn afresh."""
    from matplotlib.figure import Figure

    from nnlab.fractal import sgd_fractal

    rates = list(dict.fromkeys(row["lr"] for row in rows))
    shown = rates[:: max(1, len(rates) // 6)][:6]
    figure = Figure(figsize=(12, 8), layout="constrained")
    for ax, lr in zip(figure.subplots(2, 3).flat, shown, strict=False):
        points = sgd_fractal(lr, 100_000, rng=np.random.default_rng(0))[1000:]
        ax.plot(*points.T, ",", alpha=0.5)
        ax.set(title=f"rate {lr:g}", xlabel="$w_1$", ylabel="$w_2$")
    return figure


def breaks(rows: Sequence[Row]) -> Figure:
    """The share of runs that broke, against the rate."""
    parts = groups([row for row in rows if row["optimizer"] == "gd"], "activation")
    figure, axes = panels(len(parts), 6)
    for ax, ((activation,), part) in zip(axes, parts.items(), strict=False):
        for (initial, form), same in groups(part, "initial", "form").items():
            shares = {
                lr: np.mean(["broke_at" in row for row in some])
                for (lr,), some in groups(same, "lr").items()
            }
            ax.plot(list(shares), list(shares.values()), "o-", label=f"{initial}, {form}")
        ax.set(title=activation, xlabel="learning rate", ylabel="share that broke", xscale="log")
        ax.legend(fontsize="small")
    return figure
