"""SGD on three samples: at a high rate its points lie on a fractal, at a low rate in a cloud."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from nnlab._types import Array
from nnlab.experiments import figures
from nnlab.experiments.study import Options, Row, Study
from nnlab.experiments.table import Table, column, duration, groups, spread
from nnlab.fractal import least_squares, sgd_fractal

RATES = (1.0, 0.9, 0.8, 0.7, 0.65, 0.5, 0.3, 0.1, 0.05, 0.01, 5e-3, 5e-4)
"""The rates of the chapter's Figures 1-6 to 1-10, and some between."""

BURN_IN = 20_000
"""Steps left out at the start: at the smallest rate, that is how long the way to the cloud is."""


def plan(options: Options) -> list[Row]:
    return [
        {"lr": lr, "steps": options.epochs, "seed": seed}
        for lr in RATES
        for seed in range(options.repeat or 1)
    ]


def run(row: Row) -> Row:
    """Draw the points, and measure where they lie, how far they scatter, and how they fill the
    plane."""
    began = time.perf_counter()
    points = sgd_fractal(row["lr"], row["steps"], rng=np.random.default_rng(row["seed"]))
    seconds = time.perf_counter() - began
    points = points[min(BURN_IN, len(points) // 2) :]
    center = points.mean(axis=0)
    return {
        "seconds": seconds,
        "mean_w1": center[0],
        "mean_w2": center[1],
        "distance": float(np.linalg.norm(center - least_squares())),
        "spread": float(np.sqrt(points.var(axis=0).sum())),
        "dimension": correlation_dimension(points),
    }


def correlation_dimension(points: Array) -> float:
    r"""Estimate how densely the points fill the plane: 2 is a cloud, less is a fractal.

    The chance that two points lie in the same box of side r falls as $r^D$; D is the slope between
    boxes of 1/16 and 1/256 of the extent.

    >>> even = np.random.default_rng(0).uniform(size=(400_000, 2))
    >>> round(correlation_dimension(even), 1)
    2.0
    """
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max()) * (1 + 1e-9)
    chances = []
    for boxes in (16, 256):
        counts = np.zeros(boxes * boxes)
        for part in np.array_split(points, len(points) // 1_000_000 + 1):  # to save memory
            place = ((part - low) / extent * boxes).astype(np.int64)
            counts += np.bincount(place[:, 0] * boxes + place[:, 1], minlength=boxes * boxes)
        # pairs of different points, so that a thin cloud is not taken for clumps
        chances.append((counts * (counts - 1.0)).sum())
    return float(np.log(chances[0] / chances[1]) / np.log(16))


def table(rows: Sequence[Row]) -> Table:
    """Spread and dimension against the rate."""
    cells = [
        [
            f"{lr:g}",
            spread(column(same, "distance"), 4),
            spread(column(same, "spread"), 4),
            spread(column(same, "dimension"), 2),
            duration(float(np.mean(column(same, "seconds")))),
        ]
        for (lr,), same in groups(rows, "lr").items()
    ]
    columns = ["rate", "mean to minimum", "spread", "dimension", "time"]
    note = (
        "'dimension' is the correlation dimension: 2 for a cloud that fills the plane, less for "
        "points on a fractal. The cloud shrinks with the rate; at every rate its middle is the "
        "minimum, up to chance, since a step is linear in the weights."
    )
    return Table(f"{rows[0]['steps']:,} steps of SGD on three samples", columns, cells, note)


FRACTAL = Study(
    "fractal",
    "At which learning rates do the points of SGD lie on a fractal?",
    "c-f16 c-f17 c-f18 c-f19 c-f110",
    plan,
    run,
    table,
    figures.fractals,
    full=Options(epochs=10_000_000, repeat=3),
    quick=Options(epochs=200_000, repeat=1),
)
