"""The numbered equations of the study of batch sizes, against the times that it measured."""

import math
from pathlib import Path

import numpy as np
import pytest

from nnlab.experiments import read_results


def per_update(root: Path) -> dict[int, float]:
    """Seconds of computing for one update, by batch size: the fastest of the seeds."""
    rows = read_results(root / "book" / "results" / "elbow.csv")
    found: dict[int, float] = {}
    for row in rows:
        size = row["samples"] if row["batch_size"] == "full" else row["batch_size"]
        found[size] = min(found.get(size, math.inf), row["cpu"] / row["updates"])
    return found


@pytest.mark.formula("eq-batch-cost", "eq-epoch-cost")
def test_a_fixed_cost_and_one_a_sample_explain_the_times_of_updates_and_epochs(root: Path) -> None:
    measured = per_update(root)
    small = [1, 10, 50, 100, 500]
    t = np.array([measured[B] for B in small])
    c, a = np.polyfit(small, t, 1, w=1 / t)
    assert a > 10 * c > 0
    for B in small:
        assert a + c * B == pytest.approx(measured[B], rel=0.2)
        epoch = 60_000 // B * measured[B]
        assert 60_000 * (a / B + c) == pytest.approx(epoch, rel=0.2)
    assert measured[5000] > 1.2 * (a + 5000 * c)  # as the page says: beyond the cache it fails
