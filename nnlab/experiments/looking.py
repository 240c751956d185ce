"""A look at the thesis's two data sets before anything is trained: some images, some wines, and
what each measurement of a wine says about its quality.

The file this writes is what the book shows, so that its pages need neither data set.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from nnlab._types import Array
from nnlab.datasets import load_digits, load_mnist, load_wine, unit_rows
from nnlab.experiments.study import SAMPLES, Options, Row, Study
from nnlab.experiments.table import Table, groups

if TYPE_CHECKING:
    from matplotlib.figure import Figure

IMAGES = 10
MEASUREMENTS = 11
WINES = (0, 1, 2, 3, 4, 4893, 4894, 4895, 4896, 4897)
"""The rows that the thesis prints."""


def plan(options: Options) -> list[Row]:
    """Ten images drawn at random, ten wines as printed, and all measurements with the quality."""
    n = SAMPLES[options.data or ""]
    numbers = np.random.default_rng(12).choice(n, IMAGES, replace=False)
    found = {
        "image": sorted(int(number) for number in numbers),
        "wine": WINES,
        "column": range(MEASUREMENTS + 1),
    }
    return [
        {"from": options.data if what == "image" else "wine", "what": what, "number": k, "seed": 12}
        for what, some in found.items()
        for k in some
    ]


def run(row: Row) -> Row:
    """Look at one image, wine or column; numbers count from 0."""
    if row["what"] == "image":
        images, labels = _images(row["from"])
        return {"label": int(labels[row["number"]]), "values": images[row["number"]]}
    wine = load_wine()
    table = np.column_stack([wine.X, wine.y])
    if row["what"] == "wine":
        return {"label": int(wine.y[row["number"]]), "values": table[row["number"]]}
    values = table[:, row["number"]]
    outcome = {
        "name": (*wine.names, "quality")[row["number"]],
        "least": values.min(),
        "mean": values.mean(),
        "greatest": values.max(),
        "spread": values.std(),
    }
    if row["number"] == MEASUREMENTS:
        grades, counts = np.unique(values, return_counts=True)
        return outcome | {"values": grades, "counts": counts}
    scaled = unit_rows(wine.X)[:, row["number"]]
    return outcome | {
        "correlation": np.corrcoef(values, wine.y)[0, 1],
        "correlation_in_unit_rows": np.corrcoef(scaled, wine.y)[0, 1],
    }


@cache
def _images(data: str) -> tuple[Array, Array]:
    """All training images as whole numbers, and their labels."""
    if data == "mnist":
        mnist = load_mnist()
        return np.rint(mnist.X_train * 255).astype(int), mnist.y_train
    X, y = load_digits()
    return np.rint(X * 16).astype(int), y


def table(rows: Sequence[Row]) -> Table:
    """The measurements, and how each correlates with the quality before and after the rows are
    scaled to unit length."""
    parts = {what: part for (what,), part in groups(rows, "what").items()}
    cells = [
        [
            row["name"],
            *(f"{row[name]:.4g}" for name in ("least", "mean", "greatest", "spread")),
            *(
                f"{row[name]:.2f}" if name in row else ""
                for name in ("correlation", "correlation_in_unit_rows")
            ),
        ]
        for row in parts.get("column", [])
    ] or [[str(row["label"]), *[""] * 6] for row in rows]
    columns = ["measurement", "least", "mean", "greatest", "spread"]
    labels = ", ".join(str(row["label"]) for row in parts.get("image", []))
    note = f"The images drawn show {labels}." if labels else ""
    return Table(
        "White wine: measurements, and their correlation with the quality",
        [*columns, "correlation", "in unit rows"],
        cells,
        note,
    )


def figure(rows: Sequence[Row]) -> Figure:
    """The images in a row, each under its label."""
    from nnlab import plots

    shown = [row for row in rows if row["what"] == "image"]
    if not shown:
        return plots.figure()[0]
    pixels = np.array([row["values"] for row in shown])
    return plots.images(pixels, [row["label"] for row in shown])


THESIS_DATA = Study(
    "thesis-data",
    "What do the thesis's images and wines look like?",
    "t-f12 t-f15",
    plan,
    run,
    table,
    figure,
    full=Options("mnist"),
    quick=Options("digits"),
    data=("mnist", "digits"),
)
