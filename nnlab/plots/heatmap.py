"""A heat map: a table of numbers as colours, with the numbers written in."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from nnlab._types import Array
from nnlab.plots.look import INK, ORANGE, SEQUENTIAL, Figure, drawing, label


def heatmap(
    values: Array,
    rows: Sequence[object],
    columns: Sequence[object],
    *,
    x: str | None = None,
    y: str | None = None,
    form: str = ".2f",
    mark: tuple[int, int] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw values (rows, columns) with the name of each row and column; `mark` frames the chosen
    cell. A cell without a number (NaN: the run diverged) says so with a dash."""
    values = np.asarray(values, dtype=float)
    if values.shape != (len(rows), len(columns)):
        raise ValueError(
            f"values must be {(len(rows), len(columns))} like the names, got {values.shape}"
        )
    fig, ax = drawing(ax, height=0.9 + 0.36 * len(rows))
    ax.imshow(values, cmap=SEQUENTIAL, aspect="auto")
    low, high = np.nanmin(values), np.nanmax(values)
    for (i, j), value in np.ndenumerate(values):
        deep = value > (low + high) / 2
        text = "–" if np.isnan(value) else format(value, form)
        ax.text(j, i, text, ha="center", va="center", color="white" if deep else INK, fontsize=8)
    if mark is not None:
        corner = mark[1] - 0.5, mark[0] - 0.5
        ax.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=ORANGE, linewidth=2.5))
    ax.set_xticks(range(len(columns)), [str(name) for name in columns])
    ax.set_yticks(range(len(rows)), [str(name) for name in rows])
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.grid(False)
    label(ax, x, y, title)
    return fig
