"""A curve is a function of one number; a trace on it shows where a descent went."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from nnlab._types import Array
from nnlab.descent import Trace
from nnlab.functions import Surface
from nnlab.plots.look import INK, MUTED, ORANGE, Figure, drawing, label, legend, span


def curves(
    functions: Mapping[str, Callable[[Array], Array]],
    low: float,
    high: float,
    *,
    x: str = "$x$",
    y: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw functions of one number side by side; they take and return arrays."""
    fig, ax = drawing(ax)
    places = span(low, high)
    for name, function in functions.items():
        ax.plot(places, function(places), label=name)
    label(ax, x, y)
    legend(ax)
    return fig


def sequences(
    values: Mapping[str, Sequence[float] | Array],
    *,
    x: str = "step $k$",
    y: str | None = None,
    log: bool = False,
    markers: bool = True,
    ax: Axes | None = None,
) -> Figure:
    """Draw sequences of numbers, one a step: points of a descent, costs, rates."""
    fig, ax = drawing(ax)
    for name, sequence in values.items():
        ax.plot(sequence, marker="o" if markers else None, linewidth=1.2, label=name)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if log:
        ax.set_yscale("log")
    label(ax, x, y)
    legend(ax)
    return fig


def descent_on(
    surface: Surface,
    trace: Trace,
    low: float,
    high: float,
    *,
    steps: int | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw a function of one number and, on it, the first points of a descent, joined in order.

    What lies outside low ... high leaves the picture through its edge.
    """
    fig, ax = drawing(ax)
    places = span(low, high)
    heights = np.array([surface.f(np.array([place])) for place in places])
    ax.plot(places, heights, color=MUTED)
    points, costs = trace.points[:, 0], trace.costs
    if steps is not None:
        points, costs = points[: steps + 1], costs[: steps + 1]
    ax.plot(points, costs, "o-", color=ORANGE, linewidth=1, markersize=4, alpha=0.9)
    ax.plot(points[0], costs[0], "o", color=INK, markersize=6)
    room = 0.08 * np.ptp(heights)
    ax.set(xlim=(low, high), ylim=(heights.min() - room, heights.max() + room))
    label(ax, "$x$", "$f(x)$", title)
    return fig
