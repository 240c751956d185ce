"""Bars compare a few numbers; a line on each says how far repetitions scatter."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from nnlab._types import ArrayLike
from nnlab.plots.look import COLORS, INK, Figure, drawing, label, legend


def bars(
    groups: Mapping[str, ArrayLike],
    names: Sequence[str],
    spread: Mapping[str, ArrayLike] | None = None,
    *,
    y: str | None = None,
    low: float = 0.0,
    ax: Axes | None = None,
) -> Figure:
    """Draw one bar for each name and group, side by side; spread gives the half length of each
    error bar. `low` is where the axis starts."""
    fig, ax = drawing(ax)
    places, width = np.arange(len(names)), 0.8 / len(groups)
    for k, (group, values) in enumerate(groups.items()):
        at = places + (k - (len(groups) - 1) / 2) * width
        error = None if spread is None else np.asarray(spread[group])
        ax.bar(
            at, np.asarray(values), width * 0.92, yerr=error, color=COLORS[k], label=group,
            hatch=("", "///")[k % 2], edgecolor="white", linewidth=0, ecolor=INK, capsize=3,
        )  # fmt: skip
    ax.set_xticks(places, list(names))
    ax.set_ylim(bottom=low)
    ax.grid(False, axis="x")
    label(ax, None, y)
    legend(ax)
    return fig
