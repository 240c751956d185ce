"""The SGD fractal: the fast way equals the plain loop, and each step does what the chapter says."""

import numpy as np
import pytest

from nnlab.fractal import INPUTS, TARGETS, least_squares, sgd_fractal


def plain_loop(lr, draws, start=(0.0, 0.0)):
    w, points = np.array(start), []
    for i in draws:
        w = w - lr * (INPUTS[i] @ w - TARGETS[i]) * INPUTS[i]
        points.append(w)
    return np.array(points)


def draws(steps, seed):
    """The same samples that `sgd_fractal` draws."""
    return np.random.default_rng(seed).integers(len(TARGETS), size=steps, dtype=np.int8)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 99, 100, 101, 1000, 4321])
@pytest.mark.parametrize("lr", [5e-4, 0.65, 1.0])
def test_the_sequence_is_that_of_the_plain_loop(lr, steps):
    """Including lengths that do not fill the last stretch."""
    points = sgd_fractal(lr, steps, rng=np.random.default_rng(7))
    assert points.shape == (steps, 2)
    np.testing.assert_allclose(points, plain_loop(lr, draws(steps, 7)), rtol=1e-9, atol=1e-12)


def test_another_start():
    points = sgd_fractal(0.65, 50, rng=np.random.default_rng(1), start=(3.0, -2.0))
    np.testing.assert_allclose(points, plain_loop(0.65, draws(50, 1), (3.0, -2.0)), rtol=1e-10)


def test_c_ex4_each_step_is_perpendicular_to_one_of_the_triangle_s_lines():
    points = sgd_fractal(0.65, 5000, rng=np.random.default_rng(3))
    moves = np.diff(points, axis=0)
    chosen = draws(5000, 3)[1:]
    along = np.stack([-INPUTS[:, 1], INPUTS[:, 0]], axis=1)  # the direction of line i
    np.testing.assert_allclose((moves * along[chosen]).sum(axis=1), 0, atol=1e-12)


def test_c_ex2_at_rate_one_over_the_norm_a_step_ends_on_the_line():
    """With lr = 1 / |x_i|^2 the step is a projection: for the first sample that is lr = 1."""
    points = sgd_fractal(1.0, 1000, rng=np.random.default_rng(4))
    on_first = points[draws(1000, 4) == 0]
    np.testing.assert_allclose(on_first @ INPUTS[0], TARGETS[0], atol=1e-12)


def test_a_tiny_rate_stays_near_the_minimum():
    points = sgd_fractal(5e-4, 100_000, rng=np.random.default_rng(0))
    assert np.linalg.norm(points[-20_000:] - least_squares(), axis=1).max() < 0.1


@pytest.mark.parametrize(("lr", "steps"), [(0, 10), (-1, 10), (0.5, 0)])
def test_rates_and_steps_must_be_positive(lr, steps):
    with pytest.raises(ValueError, match=r"lr must be positive|steps must be at least 1"):
        sgd_fractal(lr, steps, rng=np.random.default_rng(0))
