"""The look of every figure: one palette, one set of sizes, and a Figure that knows both.

A figure is drawn once, in dark ink on nothing. On a dark page the book's style sheet inverts the
lightness of the whole picture and keeps the hues; the palette is chosen so that each colour stands
out from white as it is and from the dark page when inverted, and so that the colours differ in
lightness too.
"""

import io
from typing import Any

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as MatplotlibFigure
from matplotlib.legend import Legend
from matplotlib.text import Text

INK, MUTED, RULE = "#1d2733", "#5a6672", "#c3ccd5"
BLUE, ORANGE, GREEN, PINK, BROWN = "#0b5c9e", "#c75b00", "#007a62", "#a8397a", "#7a5f00"
COLORS = (BLUE, ORANGE, GREEN, PINK, BROWN, MUTED)
DASHES = ("-", "-", (0, (5, 1.5)), (0, (5, 1.5, 1, 1.5)), (0, (1.5, 1.2)), "-")

SEQUENTIAL = LinearSegmentedColormap.from_list(
    "nnlab", ["#f7fafc", "#b9d4e8", "#6fa3cb", "#2f74ad", "#0b4a80", "#06294a"]
)
"""Little to much: from pale to deep blue."""
DIVERGING = LinearSegmentedColormap.from_list(
    "nnlab-diverging", ["#a34700", "#e3994f", "#f6f6f6", "#5b9bcb", "#0b4f8a"]
)
"""Negative to positive: orange, nothing, blue."""

LOOK: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 11,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=COLORS) + cycler(linestyle=DASHES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "figure.facecolor": "none",
    "font.size": 10,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "image.cmap": "nnlab",
    "legend.borderpad": 0.2,
    "legend.edgecolor": "none",
    "legend.facecolor": "white",  # a legend among curves keeps them from its letters
    "legend.fancybox": False,
    "legend.framealpha": 0.85,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "mathtext.fontset": "cm",
    "savefig.facecolor": "none",
    "svg.fonttype": "path",  # the same letters on every machine
    "svg.hashsalt": "nnlab",  # the same file on every run
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
}
WIDTH = 5.6
"""Inches: the text of a page on a desk, and letters that can still be read on a phone."""

for _map in (SEQUENTIAL, DIVERGING):
    matplotlib.colormaps.register(_map, force=True)


class Figure(MatplotlibFigure):
    """A figure that shows itself as SVG when it is the last value of a cell; no pyplot, nothing to
    close."""

    def savefig(self, fname: Any, **kwargs: Any) -> None:
        with matplotlib.rc_context(LOOK):
            for text in self.findobj(Text):  # formulas as the book sets them, whoever wrote them
                text.set_math_fontfamily("cm")
            super().savefig(fname, **kwargs)

    def svg(self) -> str:
        """The picture as SVG, the same on every run."""
        file = io.StringIO()
        self.savefig(file, format="svg", metadata={"Date": None}, bbox_inches="tight")
        return file.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        # notebooks in the dark put a light card behind what asks for it
        light = {"image/svg+xml": {"needs_background": "light"}}
        return {"image/svg+xml": self.svg(), "text/plain": repr(self)}, light


class LookAxes(Axes):
    """Axes that keep the look: Matplotlib takes that of titles and legends from the settings of the
    moment, and not from those the axes were made with."""

    def set_title(self, *args: Any, **kwargs: Any) -> Text:
        with matplotlib.rc_context(LOOK):
            return super().set_title(*args, **kwargs)

    def legend(self, *args: Any, **kwargs: Any) -> Legend:
        with matplotlib.rc_context(LOOK):
            return super().legend(*args, **kwargs)


def figure(
    rows: int = 1, columns: int = 1, *, height: float | None = None, **subplots: Any
) -> tuple[Figure, Any]:
    """Make a figure of the width of a page, and its axes: one, or an array of them.

    >>> fig, ax = figure()
    >>> line = ax.plot([0, 1], [0, 1])
    >>> "<svg" in fig.svg()
    True
    """
    with matplotlib.rc_context(LOOK):
        size = (WIDTH, height or (3.4 if rows == columns == 1 else 2.6 * rows))
        made = Figure(figsize=size, layout="constrained")
        options = {"subplot_kw": {"axes_class": LookAxes}, **subplots}
        return made, made.subplots(rows, columns, **options)


def drawing(ax: Axes | None, **options: Any) -> tuple[Any, Axes]:
    """The given axes with their figure, or new ones: how every drawing function begins."""
    return (ax.figure, ax) if ax is not None else figure(**options)


def label(ax: Axes, x: str | None = None, y: str | None = None, title: str | None = None) -> None:
    """Name axes; a name that is None stays away."""
    if x is not None:
        ax.set_xlabel(x)
    if y is not None:
        ax.set_ylabel(y)
    if title is not None:
        ax.set_title(title)


def legend(ax: Axes, **options: Any) -> None:
    """A legend, where there is more than one thing to tell apart: in rows above the axes, where no
    data can be."""
    count = len(ax.get_legend_handles_labels()[1])
    if count > 1:
        above = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.3}
        ax.legend(**{**above, "ncols": min(count, 4), "frameon": False, **options})


def span(low: float, high: float, points: int = 401) -> np.ndarray:
    """Evenly spaced places between two numbers, enough for a smooth line."""
    return np.linspace(low, high, points)
