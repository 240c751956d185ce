"""The numbered equations of the page on gradient descent, against nnlab."""

import numpy as np
import pytest

from nnlab.descent import descend, steepest_descent
from nnlab.fractal import INPUTS, TARGETS, least_squares
from nnlab.functions import PARABOLA, POLYNOMIAL, QUADRATIC, ROSENBROCK
from nnlab.gradcheck import numerical_gradient
from nnlab.optimizers import gd_step

rng = np.random.default_rng(7)


@pytest.mark.formula("eq-taylor")
def test_the_first_order_formula_is_off_by_the_second_order() -> None:
    x, p = np.array([0.3, -0.4]), np.array([0.6, 0.8])
    g = ROSENBROCK.gradient(x)
    cosine = p @ g / np.linalg.norm(g)

    def error(eta: float) -> float:
        first_order = eta * np.linalg.norm(g) * cosine
        return abs(ROSENBROCK.f(x + eta * p) - ROSENBROCK.f(x) - first_order)

    assert error(1e-4) / error(1e-3) == pytest.approx(1e-2, rel=0.05)


@pytest.mark.formula("eq-steepest")
def test_no_unit_direction_falls_faster_than_the_negative_gradient() -> None:
    x = np.array([1.5, 0.0])
    g = QUADRATIC.gradient(x)
    steepest = -g / np.linalg.norm(g)
    others = rng.normal(size=(1000, 2))
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    eta = 1e-6
    assert all(QUADRATIC.f(x + eta * steepest) <= QUADRATIC.f(x + eta * p) for p in others)


@pytest.mark.formula("eq-example", "eq-example-gradient")
def test_the_example_and_its_gradient() -> None:
    for u, v in rng.normal(size=(20, 2)):
        x = np.array([u, v])
        assert QUADRATIC.f(x) == pytest.approx(u**2 + 2 * v**2 - 2 * u * v - 2 * v)
        assert QUADRATIC.gradient(x) == pytest.approx([2 * u - 2 * v, 4 * v - 2 * u - 2])
        assert QUADRATIC.gradient(x) == pytest.approx(numerical_gradient(QUADRATIC.f, x), abs=1e-8)


@pytest.mark.formula("eq-gd")
def test_a_step_goes_against_the_gradient() -> None:
    x, g = rng.normal(size=3), rng.normal(size=3)
    assert gd_step(x, g, lr=0.3)[0] == pytest.approx(x - 0.3 * g)


@pytest.mark.formula("eq-stop")
def test_descent_stops_at_the_first_small_change() -> None:
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], 0.1, 1000, cost_change=1e-4)
    changes = abs(np.diff(trace.costs))
    assert trace.stopped == "cost change"
    assert changes[-1] < 1e-4 and (changes[:-1] >= 1e-4).all()


@pytest.mark.formula("eq-parabola")
@pytest.mark.parametrize("lr", [0.01, 0.1, 0.7, 1.0, 1.01])
def test_the_parabola_has_a_closed_form(lr: float) -> None:
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], lr, steps=200)
    k = np.arange(201)
    assert trace.points[:, 0] == pytest.approx((1 - 2 * lr) ** k, rel=1e-10)


@pytest.mark.formula("eq-line-search")
def test_line_search_finds_the_lowest_point_on_the_line() -> None:
    trace = steepest_descent(QUADRATIC.f, QUADRATIC.gradient, [3.0, -2.0], steps=1)
    x, p = trace.points[0], -QUADRATIC.gradient(trace.points[0])
    on_the_line = [QUADRATIC.f(x + eta * p) for eta in np.linspace(0.001, 2, 4000)]
    assert trace.costs[1] <= min(on_the_line)


@pytest.mark.formula("eq-stable")
@pytest.mark.parametrize("minimum", [m[0] for m in POLYNOMIAL.minima])
def test_descent_settles_below_two_over_the_curvature_and_not_above(minimum: float) -> None:
    h = 1e-5
    up, down = (POLYNOMIAL.gradient(np.array([minimum + s])) for s in (h, -h))
    limit = 2 / ((up - down)[0] / (2 * h))

    def distance(lr: float) -> float:
        start = [minimum + 1e-3]
        trace = descend(POLYNOMIAL.f, POLYNOMIAL.gradient, start, lr, steps=2000)
        return abs(trace.end[0] - minimum)

    assert distance(0.98 * limit) < 1e-9
    assert distance(1.02 * limit) > 1e-2


@pytest.mark.formula("eq-three-lines")
def test_the_exercise_has_its_minimum_where_both_slopes_vanish() -> None:
    for w in rng.normal(size=(5, 2)):
        slope = INPUTS.T @ (INPUTS @ w - TARGETS)
        assert slope == pytest.approx([2 * w[0] - 4, 1.5 * w[1] - 2])
    assert least_squares() == pytest.approx([2, 4 / 3])
