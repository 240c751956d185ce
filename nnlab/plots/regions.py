"""Decision regions: the plane, coloured by what a classifier answers at each place."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from nnlab._types import Array
from nnlab.plots.look import BLUE, GREEN, INK, ORANGE, Figure, drawing, label, legend, span

CLASSES = (ORANGE, BLUE, GREEN)
MARKERS = ("o", "s", "^")


def regions(
    predict: Callable[[Array], Array],
    X: Array,
    y: Array,
    *,
    margin: float = 0.3,
    title: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Colour the plane by predict(points) -> labels 0, 1, 2, and draw the samples X (n, 2) with
    labels y on it; colour and shape both tell the class."""
    fig, ax = drawing(ax, height=4.0)
    low, high = X.min(axis=0) - margin, X.max(axis=0) + margin
    x1, x2 = np.meshgrid(span(low[0], high[0], 201), span(low[1], high[1], 201))
    answer = predict(np.column_stack([x1.ravel(), x2.ravel()])).reshape(x1.shape)
    classes = len(CLASSES)
    ax.pcolormesh(
        x1, x2, answer, cmap=ListedColormap(CLASSES), vmin=-0.5, vmax=classes - 0.5,
        alpha=0.18, rasterized=True, linewidth=0,
    )  # fmt: skip
    if np.ptp(answer):
        ax.contour(x1, x2, answer, np.arange(classes - 1) + 0.5, colors=INK, linewidths=1)
    for k in range(classes):
        if (y == k).any():
            style: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.6, "s": 26, "zorder": 3}
            ax.scatter(
                X[y == k, 0],
                X[y == k, 1],
                c=CLASSES[k],
                marker=MARKERS[k],
                label=f"class {k}",
                **style,
            )
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    ax.grid(False)
    label(ax, "$x_1$", "$x_2$", title)
    legend(ax)
    return fig
