"""What the batch size does to loss and time: the runs of the study on white wine."""

from functools import cache
from pathlib import Path
from typing import Annotated

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
            loss, seconds, curve = runs[name, each]
            places = np.linspace(0, seconds if across == "seconds" else 250, len(curve))
            here = each == size
            style = {"color": COLORS[k] if here else MUTED, "linewidth": 2 if here else 0.5}
            axes[0].plot(places, curve, label=shown if here else None, zorder=2 + here, **style)
            if here:
                told.append(f"{shown} {loss:.3f} in {seconds:.2g} s")
        ends = np.array([[runs[name, each][1], runs[name, each][0]] for each in SIZES])
        axes[1].plot(*ends.T, "o-", color=COLORS[k], linewidth=1, label=shown)
        axes[1].plot(runs[name, size][1], runs[name, size][0], "o", color=INK, markersize=8)
    low = min(losses.min() for *_, losses in runs.values())
    axes[0].set(xlabel=across, ylabel="training loss", ylim=(low - 0.02, low + 0.5))
    axes[1].set(xscale="log", xlabel="seconds of computing", ylabel="loss in the end")
    axes[0].legend()
    words = f"Batch size {size}, mean of three runs: training loss {' and '.join(told)}."
    return Picture(fig, words)


@cache
def _runs(scaling: str) -> dict[tuple[str, str], tuple[float, float, Array]]:
    """The mean loss, computing time and curve of each optimizer and batch size."""
    from nnlab.experiments.results import curve, read_results

    runs: dict[tuple[str, str], list[tuple[float, float, Array]]] = {}
    for row in read_results(_folder() / "thesis-wine.csv"):
        if row["scaling"] == scaling and row["status"] == "trained":
            run = row["loss"], row["cpu"], curve(row, "loss_curve")
            runs.setdefault((row["optimizer"], str(row["batch_size"])), []).append(run)
    return {
        key: (
            float(np.mean([loss for loss, _, _ in same])),
            float(np.mean([cpu for _, cpu, _ in same])),
            np.mean([c for _, _, c in same], axis=0),
        )
        for key, same in runs.items()
    }


def _folder() -> Path:
    """Where the studies' results are, seen from a page of the book or from the repository."""
    for folder in (Path("results"), Path("book/results")):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        "the results of the studies are part of the book, not of the package: "
        "run this in a copy of the repository, or on the book's page"
    )
