"""Images in rows: samples as ink on paper, or weights as two colours on white."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnlab._types import Array
from nnlab.plots.look import DIVERGING, WIDTH, Figure, figure


def images(
    X: Array,
    titles: Sequence[object] | None = None,
    *,
    shape: tuple[int, int] | None = None,
    columns: int = 10,
) -> Figure:
    """Draw each row of X as a picture, dark where the value is large; square unless a shape is
    given."""
    return _rows(X, titles, shape, columns, cmap="Greys", vmin=0, vmax=float(np.max(X)))


def weight_images(
    W: Array,
    titles: Sequence[object] | None = None,
    *,
    shape: tuple[int, int] | None = None,
    columns: int = 10,
) -> Figure:
    """Draw each column of W (inputs, neurons) as a picture: blue for positive weights, orange for
    negative ones, one scale for all."""
    size = float(np.abs(W).max()) or 1.0
    fig = _rows(W.T, titles, shape, columns, cmap=DIVERGING, vmin=-size, vmax=size)
    bar = fig.colorbar(fig.axes[0].images[0], ax=list(fig.axes), shrink=0.8, aspect=25, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.set_facecolor("none")
    return fig


def _rows(
    X: Array,
    titles: Sequence[object] | None,
    shape: tuple[int, int] | None,
    columns: int,
    **style: Any,
) -> Figure:
    side = int(np.sqrt(X.shape[1]))
    shape = shape or (side, side)
    columns = min(columns, len(X))
    rows = -(-len(X) // columns)
    room = 0.3 if titles is not None else 0.05
    height = rows * (WIDTH / columns * shape[0] / shape[1] + room)
    fig, axes = figure(rows, columns, height=height, squeeze=False)
    for k, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if k < len(X):
            ax.imshow(X[k].reshape(shape), interpolation="nearest", **style)
            if titles is not None:
                ax.set_title(str(titles[k]), loc="center", fontsize=9)
    return fig
