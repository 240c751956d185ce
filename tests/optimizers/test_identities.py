"""Optimizers that are each other under a stated mapping, and three against exact fractions."""

from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from nnlab import schedules
from nnlab.optimizers import (
    OPTIMIZERS,
    AdamW,
    AMSGrad,
    adam_step,
    heavy_ball_step,
    moving_average_step,
    mu_momentum_step,
    optimizer,
    rmsprop_step,
)

SIZES = [1e-2, 1e-8]


def gradients(size, steps=50, parameters=3):
    return size * np.random.default_rng(5).normal(0, 1, (steps, parameters))


def run(name, size, **settings):
    """The trajectory of an optimizer on a fixed sequence of gradients, from zero."""
    method, theta, points = optimizer(name, **settings), np.zeros(3), []
    for gradient in gradients(size):
        method.step(theta, gradient)
        points.append(theta.copy())
    return np.array(points)


def same(a, b, rtol=1e-13):
    np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * abs(b).max())


@pytest.mark.parametrize("size", SIZES)
def test_moving_average_is_the_heavy_ball_at_a_smaller_rate(size):
    same(
        run("moving_average", size, lr=0.1, beta=0.8),
        run("heavy_ball", size, lr=0.1 * (1 - 0.8), beta=0.8),
    )


@pytest.mark.parametrize("size", SIZES)
def test_mu_is_the_heavy_ball_with_beta_one_minus_one_over_mu(size):
    same(run("mu_momentum", size, lr=0.1, mu=8), run("heavy_ball", size, lr=0.1, beta=0.875))


@pytest.mark.parametrize("name", ["heavy_ball", "moving_average", "nesterov"])
@pytest.mark.parametrize("size", SIZES)
def test_momentum_without_memory_is_gradient_descent(name, size):
    same(run(name, size, lr=0.1, beta=0), run("gd", size, lr=0.1))


@pytest.mark.parametrize("size", SIZES)
def test_adamw_without_decay_is_adam(size):
    same(run("adamw", size, weight_decay=0), run("adam", size), rtol=1e-15)


@pytest.mark.parametrize("size", SIZES)
def test_rmsprop_is_adam_without_the_first_moment_but_for_the_correction(size):
    """RMSProp's average is not corrected for its start: its G is Adam's v, so the two differ by
    exactly that factor, which is undone here in each step."""
    rho, eps, lr, state, other = 0.9, 1e-8, 0.01, None, None
    theta, expected = np.zeros(3), np.zeros(3)
    for t, gradient in enumerate(gradients(size), start=1):
        root = np.sqrt(1 - rho**t)
        theta, state = rmsprop_step(theta, gradient, state, lr, rho, eps)
        expected, other = adam_step(
            expected, gradient, other, lr / root, beta1=0, beta2=rho, eps=eps / root
        )
        same(theta, expected)
        same(state["G"], other["v"])


def test_amsgrad_is_adam_while_gradients_do_not_shrink():
    adam, ams = optimizer("adam"), AMSGrad()
    a, b = np.zeros(2), np.zeros(2)
    for k in range(50):
        gradient = np.array([1.0, -2.0]) * 1.1**k
        adam.step(a, gradient)
        ams.step(b, gradient)
    same(a, b)
    for _ in range(50):
        adam.step(a, np.array([1e-3, 1e-3]))
        ams.step(b, np.array([1e-3, 1e-3]))
    assert (abs(a - b) > 1e-6).all()  # now the maximum remembers what the average forgets


def test_decoupled_decay_is_not_an_l2_term():
    """With L2 in the gradient Adam rescales the penalty away; AdamW does not."""
    theta, plain = np.array([1.0]), np.array([1.0])
    decoupled, coupled = AdamW(lr=0.1, weight_decay=0.5), optimizer("adam", lr=0.1)
    decoupled.step(theta, np.array([0.0]))
    coupled.step(plain, 0.5 * plain)
    assert theta[0] == pytest.approx(0.95)
    assert plain[0] == pytest.approx(0.9)


EXACT = {
    # one step from (theta, v) by gradient g, in fractions, straight from the definition
    "moving_average": (
        partial(moving_average_step, lr=0.125, beta=0.75),
        lambda theta, v, g: (theta - Fraction(1, 8) * (v := Fraction(3, 4) * v + g / 4), v),
    ),
    "mu_momentum": (
        partial(mu_momentum_step, lr=0.125, mu=8),
        lambda theta, v, g: (theta + (v := Fraction(7, 8) * v - g / 8), v),
    ),
    "heavy_ball": (
        partial(heavy_ball_step, lr=0.125, beta=0.875),
        lambda theta, v, g: (theta + (v := Fraction(7, 8) * v - g / 8), v),
    ),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", EXACT)
def test_fifty_steps_in_exact_fractions(name, size):
    step, exact_step = EXACT[name]
    theta, in_place, state = np.zeros(1), np.zeros(1), None
    settings = step.keywords
    method = OPTIMIZERS[name](**settings)
    x, v = Fraction(0), Fraction(0)
    for g in gradients(size, parameters=1)[:, 0]:
        theta, state = step(theta, np.array([g]), state)
        method.step(in_place, np.array([g]))
        x, v = exact_step(x, v, Fraction(float(g)))
        scale = 50 * size * 0.125
        assert float(x) == pytest.approx(theta[0], rel=1e-12, abs=1e-13 * scale)
        assert float(x) == pytest.approx(in_place[0], rel=1e-12, abs=1e-13 * scale)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_constant_schedule_is_a_rate(name):
    same(
        run(name, 1e-2, lr=partial(schedules.constant, lr=0.05)),
        run(name, 1e-2, lr=0.05),
        rtol=1e-15,
    )


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_schedule_counts_updates_from_zero(name):
    """The rate of step k is schedule(k), and the functions agree when given these rates."""
    import nnlab.optimizers as optimizers

    rate = partial(schedules.exponential, lr=0.1, tau=7)
    step, theta, state, points = getattr(optimizers, f"{name}_step"), np.zeros(3), None, []
    for k, gradient in enumerate(gradients(1e-2)):
        theta, state = step(theta, gradient, state, lr=0.1 * float(np.exp(-k / 7)))
        points.append(theta)
    same(run(name, 1e-2, lr=rate), np.array(points))


def test_momentum_forms_part_under_a_schedule():
    """The heavy ball carries old steps on at their old rate; PyTorch's form rescales them."""
    method, theta = optimizer("heavy_ball", lr=lambda k: 0.1**k), np.zeros(1)
    velocity = theirs = 0
    for k in range(2):
        method.step(theta, np.ones(1))
        velocity = 0.9 * velocity + 1
        theirs -= 0.1**k * velocity
    assert theta[0] == pytest.approx(-1 - (0.9 + 0.1))
    assert theirs == pytest.approx(-1 - 0.1 * 1.9)
