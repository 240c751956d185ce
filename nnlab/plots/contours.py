"""Contours are the lines of equal cost of a function of two numbers; trajectories cross them
downhill."""

from collections.abc import Mapping
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes

from nnlab._types import Array
from nnlab.functions import Surface
from nnlab.plots.look import (
    COLORS,
    INK,
    MUTED,
    SEQUENTIAL,
    Figure,
    drawing,
    figure,
    label,
    legend,
    span,
)

Span = tuple[float, float]


def _grid(surface: Surface, across: Span, up: Span, points: int) -> tuple[Array, Array, Array]:
    x1, x2 = np.meshgrid(span(*across, points), span(*up, points))
    return x1, x2, np.asarray(surface.f(np.array([x1, x2])))


def contours(
    surface: Surface,
    across: Span,
    up: Span,
    trajectories: Mapping[str, Array] | None = None,
    *,
    levels: int = 14,
    minima: bool = True,
    names: tuple[str, str] = ("$x_1$", "$x_2$"),
    title: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the lines of equal cost, a cross at each known minimum, and paths (steps + 1, 2) over
    them.

    The levels lie at even quantiles of the cost, so that flat valleys get lines too.
    """
    fig, ax = drawing(ax, height=4.0)
    x1, x2, cost = _grid(surface, across, up, 81)
    at = np.unique(np.quantile(cost, np.linspace(0.01, 0.97, levels)))
    # below zero is a height like any other: Matplotlib would dash it
    ax.contour(x1, x2, cost, at, colors=MUTED, linewidths=0.7, linestyles="solid", alpha=0.7)
    for (name, path), color in zip((trajectories or {}).items(), cycle(COLORS), strict=False):
        ax.plot(path[:, 0], path[:, 1], "o-", ms=3.5, lw=1.4, color=color, label=name)
    if trajectories:
        start = next(iter(trajectories.values()))[0]
        ax.plot(*start, "o", color=INK, markersize=6)
    inside = [m for m in surface.minima if across[0] <= m[0] <= across[1]]
    if minima and inside:
        ax.plot(*np.array(inside).T, "x", color=INK, markersize=8, markeredgewidth=2)
    ax.set(xlim=across, ylim=up)
    ax.grid(False)
    label(ax, *names, title)
    legend(ax)
    return fig


def relief(
    surface: Surface, across: Span, up: Span, *, elevation: float = 30, azimuth: float = -60
) -> Figure:
    """Draw a function of two numbers as a landscape in perspective."""
    fig, ax = figure(height=4.2, subplot_kw={"projection": "3d"})
    x1, x2, cost = _grid(surface, across, up, 41)
    ax.plot_surface(
        x1, x2, cost, cmap=SEQUENTIAL, rcount=41, ccount=41, edgecolor=INK, linewidth=0.15
    )
    ax.view_init(elevation, azimuth)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.pane.fill = False
    ax.set(xlabel="$x_1$", ylabel="$x_2$", zlabel="$f$")
    ax.set_box_aspect(None, zoom=0.9)
    return fig
