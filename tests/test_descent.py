"""Descent: traces, stopping rules, divergence, and line searches."""

import math
from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from nnlab import schedules
from nnlab.descent import descend, steepest_descent
from nnlab.functions import DOUBLE_WELL, PARABOLA, QUADRATIC, RAVINE, ROSENBROCK, SADDLE, SURFACES
from nnlab.line_search import armijo, exact_line_search
from nnlab.optimizers import OPTIMIZERS, Adam, GradientDescent, HeavyBall, optimizer


def test_a_trace_is_the_whole_way():
    trace = descend(QUADRATIC.f, QUADRATIC.gradient, [0.0, 0.0], 0.1, steps=7)
    assert trace.points.shape == (8, 2)
    assert trace.costs.shape == (8,)
    np.testing.assert_array_equal(trace.rates, [0.1] * 7)
    np.testing.assert_array_equal(trace.costs, [QUADRATIC.f(x) for x in trace.points])
    for here, there in pairwise(trace.points):
        np.testing.assert_allclose(there, here - 0.1 * QUADRATIC.gradient(here), rtol=1e-15)
    assert (trace.steps, trace.stopped) == (7, "steps")


def test_no_steps_is_the_start_alone():
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], 0.1, steps=0)
    assert (trace.steps, trace.stopped, trace.end) == (0, "steps", [1.0])


def test_stops_when_the_cost_hardly_changes():
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], 0.1, cost_change=1e-3)
    changes = -np.diff(trace.costs)
    assert trace.stopped == "cost change"
    assert changes[-1] < 1e-3
    assert (changes[:-1] >= 1e-3).all()


def test_a_cost_that_rises_has_not_come_to_rest():
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], 1.01, steps=10, cost_change=1e-3)
    assert trace.stopped == "steps"


def test_stops_when_the_gradient_is_short():
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], 0.1, gradient_norm=1e-3)
    norms = abs(2 * trace.points[:, 0])
    assert trace.stopped == "gradient norm"
    assert norms[-1] < 1e-3 <= norms[-2]


def test_a_cost_that_is_no_number_is_divergence():
    def f(x):
        return math.nan if x[0] < 0.5 else float(x[0])

    trace = descend(f, lambda x: np.ones(1), [1.0], 0.3, steps=10)
    assert (trace.stopped, trace.steps) == ("diverged", 2)
    assert math.isnan(trace.costs[-1])


def test_divergence_is_reported_without_a_warning_even_when_it_overflows():
    trace = descend(ROSENBROCK.f, ROSENBROCK.gradient, [-1e60, 1.0], 1.0, steps=10)
    assert trace.stopped == "diverged"


def test_the_rates_of_a_schedule_are_in_the_trace():
    rate = partial(schedules.hyperbolic, lr=0.1, tau=2)
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], GradientDescent(rate), steps=4)
    np.testing.assert_allclose(trace.rates, [rate(k) for k in range(4)])


def test_an_optimizer_starts_afresh_each_time():
    method = HeavyBall(0.1)
    first = descend(RAVINE.f, RAVINE.gradient, RAVINE.start, method, steps=20)
    again = descend(RAVINE.f, RAVINE.gradient, RAVINE.start, method, steps=20)
    np.testing.assert_array_equal(first.points, again.points)


RATES = {
    "adagrad": 1.0,
    "adadelta": 1.0,
    "rmsprop": 0.05,
    "adam": 0.1,
    "adamw": 0.1,
    "amsgrad": 0.1,
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_gets_down_the_ravine(name):
    settings = {"weight_decay": 0} if name == "adamw" else {}
    method = optimizer(name, lr=RATES.get(name, 0.05), **settings)
    steps = 40_000 if name == "adadelta" else 1000
    trace = descend(RAVINE.f, RAVINE.gradient, RAVINE.start, method, steps=steps)
    assert trace.costs[-1] < 1e-2 * trace.costs[0]


def test_s_mom_momentum_crosses_the_hill_that_stops_plain_descent():
    (left,), (right,) = DOUBLE_WELL.minima
    run = partial(descend, DOUBLE_WELL.f, DOUBLE_WELL.gradient, DOUBLE_WELL.start)
    assert run(0.1, 500).end[0] == pytest.approx(right, abs=1e-6)
    assert run(HeavyBall(0.1, 0.9), 500).end[0] == pytest.approx(left, abs=1e-6)


def test_s_saddle_holds_descent_for_a_while_then_lets_go():
    trace = descend(SADDLE.f, SADDLE.gradient, SADDLE.start, 0.1, steps=200)
    assert abs(trace.costs[25]) < 1e-2  # still at the saddle
    np.testing.assert_allclose(trace.end, SADDLE.minima[0], atol=1e-6)


@pytest.mark.parametrize("name", SURFACES)
def test_exact_line_search_ends_where_the_slope_along_the_line_is_zero(name):
    surface = SURFACES[name]
    x = np.array(surface.start)
    p = -surface.gradient(x)
    rate = exact_line_search(surface.f, surface.gradient, x, p)
    assert abs(surface.gradient(x + rate * p) @ p) < 1e-9 * (p @ p)
    assert surface.f(x + rate * p) < surface.f(x)


def test_steps_of_exact_line_search_meet_at_right_angles():
    trace = steepest_descent(RAVINE.f, RAVINE.gradient, RAVINE.start, steps=20)
    moves = np.diff(trace.points, axis=0)
    for a, b in pairwise(moves):
        assert abs(a @ b) < 1e-6 * np.linalg.norm(a) * np.linalg.norm(b)


def test_a_function_that_falls_for_ever_has_no_best_step():
    with pytest.raises(ValueError, match=r"falls for ever along p.* or the gradient is wrong"):
        exact_line_search(lambda x: -x[0], lambda x: -np.ones(1), np.zeros(1), np.ones(1))


@pytest.mark.parametrize("search", [exact_line_search, armijo])
def test_uphill_is_refused(search):
    with pytest.raises(ValueError, match=r"p must point downhill: the slope along it is 4\.0"):
        search(PARABOLA.f, PARABOLA.gradient, np.array([1.0]), np.array([2.0]))


@pytest.mark.parametrize("share", [1e-4, 0.3])
def test_armijo_takes_the_first_rate_that_lowers_the_cost_enough(share):
    x = np.array(ROSENBROCK.start)
    g = ROSENBROCK.gradient(x)

    def enough(rate):
        return ROSENBROCK.f(x - rate * g) <= ROSENBROCK.f(x) - share * rate * (g @ g)

    rate = armijo(ROSENBROCK.f, ROSENBROCK.gradient, x, -g, share=share)
    assert enough(rate)
    assert rate < 1
    assert not enough(2 * rate)


def test_armijo_asks_for_a_fair_share_not_for_any_fall():
    """On x^2 from 1 along -2: (1 - 2r)^2 <= 1 - 4 c r holds for r <= 1 - c. A fall of nothing at
    all, at r = 1, must not pass."""
    search = partial(armijo, PARABOLA.f, PARABOLA.gradient, np.array([1.0]), np.array([-2.0]))
    assert search(share=0.9) == 0.0625  # the first of 1, 1/2, 1/4, ... below 0.1
    assert search(share=0.4) == 0.5


def test_armijo_takes_nan_and_infinity_as_too_far():
    def f(x):
        with np.errstate(invalid="ignore", divide="ignore"):
            return float(-np.log(x[0]) + x[0])  # not defined at and below 0

    rate = armijo(f, lambda x: 1 - 1 / x, np.array([2.0]), np.array([-8.0]))
    assert 2 - 8 * rate > 0


def test_armijo_that_finds_nothing_doubts_the_gradient():
    with pytest.raises(ValueError, match="is the gradient right"):
        armijo(lambda x: x[0] ** 2, lambda x: -2 * x, np.array([1.0]), np.array([2.0]))


@pytest.mark.parametrize("shrink", [-0.5, 0.0, 1.0, 1.5, np.nan])
def test_armijo_refuses_what_does_not_shrink(shrink):
    with pytest.raises(ValueError, match="shrink must lie between 0 and 1, got"):
        armijo(PARABOLA.f, PARABOLA.gradient, np.array([1.0]), np.array([-2.0]), shrink=shrink)


@pytest.mark.parametrize("share", [-0.5, 0.0, 1.0, 2.0, np.nan])
def test_armijo_refuses_a_share_that_no_step_or_every_step_has(share):
    with pytest.raises(ValueError, match="share must lie between 0 and 1, got"):
        armijo(PARABOLA.f, PARABOLA.gradient, np.array([1.0]), np.array([-2.0]), share=share)


def test_armijo_gives_up_where_rates_hardly_shrink():
    with pytest.raises(ValueError, match="is the gradient right"):
        armijo(lambda x: abs(x[0]), np.ones_like, np.ones(1), -9 * np.ones(1), shrink=1 - 1e-9)


def test_steepest_descent_with_armijo_reaches_the_minimum():
    trace = steepest_descent(
        QUADRATIC.f, QUADRATIC.gradient, [0.0, 0.0], armijo, steps=500, gradient_norm=1e-8
    )
    assert trace.stopped == "gradient norm"
    np.testing.assert_allclose(trace.end, [1, 1], atol=1e-7)


def test_bad_arguments_are_named():
    run = partial(descend, PARABOLA.f, PARABOLA.gradient)
    with pytest.raises(ValueError, match=r"start must have 1 dimension\(s\), got shape \(1, 1\)"):
        run([[1.0]], 0.1)
    with pytest.raises(ValueError, match="steps must be at least 0, got -1"):
        run([1.0], 0.1, steps=-1)
    with pytest.raises(TypeError, match="lr must be a number, got 'adam'"):
        run([1.0], "adam")
    with pytest.raises(TypeError, match=r"got a class; write Adam\(\)"):
        run([1.0], Adam)
    with pytest.raises(TypeError, match=r"f\(x\) must be a number, got array\(\[1\., 4\.\]\)"):
        descend(lambda x: x**2, lambda x: 2 * x, [1.0, 2.0], 0.1)
    with pytest.raises(ValueError, match=r"same shape, got \(2,\) and \(1,\)"):
        descend(PARABOLA.f, lambda x: np.zeros(2), [1.0], Adam())
