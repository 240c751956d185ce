"""Training curves: what happened to the loss or the accuracy while a network learned."""

from collections.abc import Mapping
from itertools import cycle

from matplotlib.axes import Axes

from nnlab.history import History
from nnlab.plots.look import COLORS, Figure, drawing, label, legend

AGAINST = {"epochs": "epoch", "seconds": "seconds", "updates": "updates"}


def training_curves(
    histories: Mapping[str, History],
    measure: str = "loss",
    *,
    against: str = "epochs",
    validation: bool = False,
    log: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw a measure of several trainings against epochs, seconds or updates.

    With validation=True the same measure on the held-out samples follows, dashed, in the same
    colour.
    """
    if against not in AGAINST:
        raise ValueError(f"against must be one of {', '.join(AGAINST)}, got {against!r}")
    fig, ax = drawing(ax)
    for (name, history), color in zip(histories.items(), cycle(COLORS), strict=False):
        x = range(1, history.epochs + 1) if against == "epochs" else getattr(history, against)
        ax.plot(x, getattr(history, measure), color=color, linestyle="-", label=name)
        if validation:
            held_out = getattr(history, f"validation_{measure}")
            ax.plot(x, held_out, color=color, linestyle=(0, (4, 1.5)), label=f"{name}, held out")
    if log:
        ax.set_yscale("log")
    label(ax, AGAINST[against], measure)
    legend(ax)
    return fig
