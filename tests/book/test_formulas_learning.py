"""The numbered equations of the page on learning, against nnlab."""

import numpy as np
import pytest

from nnlab.datasets import line
from nnlab.functions import PARABOLA, POLYNOMIAL, QUADRATIC, SADDLE, Surface
from nnlab.losses import squared_error

STATED = {
    "eq-constrained": "it states a problem, and the page replaces it; no code solves it",
}


@pytest.mark.formula("eq-learning")
def test_the_best_parameters_of_a_line_are_where_the_mean_loss_is_lowest() -> None:
    rng = np.random.default_rng(1)
    X, y = line(40, rng=rng)

    def cost(theta: np.ndarray) -> float:
        losses = [
            (theta[0] + theta[1] * x - target) ** 2 for (x,), target in zip(X, y, strict=True)
        ]
        return sum(losses) / len(y)

    best = np.polyfit(X[:, 0], y, 1)[::-1]
    assert cost(best) == pytest.approx(squared_error(best[0] + best[1] * X[:, 0], y))
    assert all(cost(best + d) > cost(best) for d in 0.1 * rng.normal(size=(200, 2)))


@pytest.mark.formula("eq-minimum")
@pytest.mark.parametrize("x", [m[0] for m in POLYNOMIAL.minima])
def test_no_point_near_a_minimum_is_lower(x: float) -> None:
    near = x + np.linspace(-0.5, 0.5, 1001)
    assert all(POLYNOMIAL.f(np.array([x])) <= POLYNOMIAL.f(np.array([other])) for other in near)


def highest_chord_gap(surface: Surface, low: float = -2, high: float = 2) -> float:
    """How far the graph rises above a chord, at most; never above zero if the function is convex."""
    rng = np.random.default_rng(2)
    gaps = []
    for _ in range(2000):
        a, b = rng.uniform(low, high, size=(2, len(surface.start)))
        t = rng.random()
        gaps.append(surface.f((1 - t) * a + t * b) - (1 - t) * surface.f(a) - t * surface.f(b))
    return max(gaps)


@pytest.mark.formula("eq-convex")
def test_chords_tell_the_convex_from_the_others() -> None:
    assert highest_chord_gap(PARABOLA) <= 1e-9
    assert highest_chord_gap(QUADRATIC) <= 1e-9
    assert highest_chord_gap(POLYNOMIAL, 0, 23) > 1
    assert highest_chord_gap(SADDLE) > 0.5
