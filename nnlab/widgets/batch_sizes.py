"""What the batch size does to loss and time: the runs of the study on white wine."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np

from nnlab import plots
from nnlab._types import Array
from nnlab.plots.look import COLORS, INK, MUTED
from nnlab.widgets.control import Control, Picture

SIZES = ("1", "8", "16", "32", "64", "128", "256", "full")
NAMES = {"gd": "SGD", "adam": "Adam"}


def batch_sizes(
    size: Annotated[str, Control("batch size", SIZES)] = "32",
    across: Annotated[str, Control("against", ("epochs", "seconds"))] = "epochs",
    scaling: Annotated[str, Control("scaling of the inputs", ("rows", "columns"))] = "rows",
) -> Picture:
    """Compare one batch size with all others, by epochs and by seconds of computing."""
    runs = _runs(scaling)
    fig, axes = plots.figure(1, 2, height=3.2)
    told = []
    for k, (name, shown) in enumerate(NAMES.items()):
        for each in SIZES:
            run, here = runs[name, each], each == size
            end = run.seconds if across == "seconds" else run.epochs
            style: dict[str, Any] = {
                "color": COLORS[k] if here else MUTED,
                "linewidth": 2 if here else 0.5,
            }
            style |= {"linestyle": "-", "zorder": 2 + here, "label": shown if here else None}
            axes[0].plot(np.linspace(0, end, len(run.curve)), run.curve, **style)
            if here:
                told.append(f"{shown} {run.loss:.3f} in {run.seconds:.2g} s")
        ends = np.array([[runs[name, each].seconds, runs[name, each].loss] for each in SIZES])
        axes[1].plot(*ends.T, "o-", color=COLORS[k], linewidth=1)
        axes[1].plot(runs[name, size].seconds, runs[name, size].loss, "o", color=INK, markersize=8)
    low = min(run.curve.min() for run in runs.values())
    axes[0].set(xlabel=across, ylabel="training loss", ylim=(low - 0.02, low + 0.5))
    axes[1].set(xscale="log", xlabel="seconds of computing", ylabel="loss in the end")
    plots.legend(axes[0])
    repeats = runs["adam", size].repeats
    words = f"Batch size {size}, mean of {repeats} runs: training loss {' and '.join(told)}."
    return Picture(fig, words)


class Run(NamedTuple):
    """What the runs of one optimizer and batch size came to, as means over its repeats."""

    loss: float
    seconds: float
    curve: Array
    epochs: int
    repeats: int


@cache
def _runs(scaling: str) -> dict[tuple[str, str], Run]:
    from nnlab.experiments.results import curve, read_results

    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in read_results(_file()):
        if row["scaling"] == scaling and row["status"] == "trained":
            groups.setdefault((row["optimizer"], str(row["batch_size"])), []).append(row)
    return {
        key: Run(
            loss=float(np.mean([row["loss"] for row in rows])),
            seconds=float(np.mean([row["cpu"] for row in rows])),
            curve=np.mean([curve(row, "loss_curve") for row in rows], axis=0),
            epochs=rows[0]["epochs"],
            repeats=len(rows),
        )
        for key, rows in groups.items()
    }


def _file() -> Path:
    """Where the study's results are, seen from a page of the book or from the repository."""
    for folder in (Path("results"), Path("book/results")):
        file = folder / "thesis-wine.csv"
        if file.is_file():  # `nnlab study` makes a folder results of its own wherever it is run
            return file
    raise FileNotFoundError(
        "the results of the studies are part of the book, not of the package: "
        "run this in a copy of the repository, or on the book's page"
    )
