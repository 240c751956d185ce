"""The numbered equations of the page on variants of gradient descent, against nnlab."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from nnlab import optimizers as opt
from nnlab import schedules
from nnlab.batches import minibatches
from nnlab.fractal import INPUTS, TARGETS, sgd_fractal
from nnlab.losses import l2_gradient
from nnlab.network import Network

rng = np.random.default_rng(11)


@pytest.mark.formula("eq-minibatch")
def test_the_mean_over_random_batches_is_the_gradient() -> None:
    X, y = rng.normal(size=(60, 3)), rng.normal(size=(60, 1))
    net = Network([3, 4, 1], rng=rng)

    def gradient(x: np.ndarray, t: np.ndarray) -> np.ndarray:
        return net.loss_and_gradient(x, t)[1].copy()

    parts = [gradient(x, t) for x, t in minibatches(X, y, 12, rng)]
    assert np.mean(parts, axis=0) == pytest.approx(gradient(X, y), abs=1e-12)


@pytest.mark.formula("eq-updates")
@pytest.mark.parametrize(("n", "size"), [(1000, 100), (1000, 300), (7, 7), (7, 1), (5, 2)])
def test_an_epoch_has_n_over_b_updates_rounded_up(n: int, size: int) -> None:
    X = np.arange(n)[:, None]
    assert len(list(minibatches(X, X, size, rng))) == int(np.ceil(n / size))


@pytest.mark.formula("eq-sgd-map")
def test_each_point_of_the_fractal_is_one_of_three_steps_away() -> None:
    points = sgd_fractal(0.65, 500, rng=rng)
    for w, after in pairwise(points):
        steps = [w - 0.65 * (x @ w - y) * x for x, y in zip(INPUTS, TARGETS, strict=True)]
        assert min(abs(step - after).max() for step in steps) < 1e-12


@pytest.mark.formula("eq-area")
@pytest.mark.parametrize("lr", np.linspace(0.05, 1.4, 28))
def test_three_images_are_smaller_than_the_whole_between_4_7_and_8_7(lr: float) -> None:
    def step(w: np.ndarray, i: int) -> np.ndarray:
        return w - lr * (INPUTS[i] @ w - TARGETS[i]) * INPUTS[i]

    def area(i: int) -> float:
        """The area of the image of the unit square."""
        origin, right, up = (step(np.array(w), i) for w in ([0, 0], [1, 0], [0, 1]))
        return abs(np.linalg.det([right - origin, up - origin]))

    factors = [abs(1 - lr * x @ x) for x in INPUTS]
    assert [area(i) for i in range(3)] == pytest.approx(factors)
    assert (sum(factors) < 1) == (4 / 7 < lr < 8 / 7)


@pytest.mark.formula("eq-heavy-ball")
def test_the_heavy_ball() -> None:
    theta, v, state = rng.normal(size=3), np.zeros(3), None
    mine = theta
    for g in rng.normal(size=(6, 3)):
        v = 0.8 * v - 0.3 * g
        mine = mine + v
        theta, state = opt.heavy_ball_step(theta, g, state, lr=0.3, beta=0.8)
        assert theta == pytest.approx(mine)


@pytest.mark.formula("eq-mu")
def test_the_velocity_is_a_fading_sum_and_mu_counts_a_steady_gradient() -> None:
    gradients, state = rng.normal(size=(9, 2)), None
    for g in gradients:
        _, state = opt.heavy_ball_step(np.zeros(2), g, state, lr=0.3, beta=0.8)
    fading = sum(0.8**k * g for k, g in enumerate(gradients[::-1]))
    assert state is not None and state["v"] == pytest.approx(-0.3 * fading)
    state = None
    for _ in range(500):
        _, state = opt.mu_momentum_step(np.zeros(1), np.ones(1), state, lr=0.3, mu=5)
    assert state is not None and state["v"] == pytest.approx(-0.3 * 5)


@pytest.mark.formula("eq-moving-average")
def test_the_moving_average_is_the_heavy_ball_with_a_smaller_rate() -> None:
    theta, v, state = rng.normal(size=3), np.zeros(3), None
    mine, ball, other = theta, theta, None
    for g in rng.normal(size=(6, 3)):
        v = 0.8 * v + 0.2 * g
        mine = mine - 0.3 * v
        theta, state = opt.moving_average_step(theta, g, state, lr=0.3, beta=0.8)
        ball, other = opt.heavy_ball_step(ball, g, other, lr=0.2 * 0.3, beta=0.8)
        assert theta == pytest.approx(mine) and ball == pytest.approx(mine)


@pytest.mark.formula("eq-adagrad", "eq-rmsprop")
def test_adagrad_sums_and_rmsprop_averages() -> None:
    for step, grow, eps in (
        (opt.adagrad_step, lambda G, g: G + g**2, 1e-10),
        (partial(opt.rmsprop_step, rho=0.7), lambda G, g: 0.7 * G + 0.3 * g**2, 1e-8),
    ):
        theta, G, state = rng.normal(size=3), np.zeros(3), None
        mine = theta
        for g in rng.normal(size=(6, 3)):
            G = grow(G, g)
            mine = mine - 0.3 * g / (np.sqrt(G) + eps)
            theta, state = step(theta, g, state, lr=0.3)
            assert theta == pytest.approx(mine)


@pytest.mark.formula("eq-adadelta")
def test_adadelta_measures_steps_in_steps() -> None:
    theta, G, D, state = rng.normal(size=3), np.zeros(3), np.zeros(3), None
    mine = theta
    for g in rng.normal(size=(6, 3)):
        G = 0.95 * G + 0.05 * g**2
        delta = np.sqrt((D + 1e-6) / (G + 1e-6)) * g
        mine = mine - delta
        D = 0.95 * D + 0.05 * delta**2
        theta, state = opt.adadelta_step(theta, g, state)
        assert theta == pytest.approx(mine)


@pytest.mark.formula("eq-schedules")
@pytest.mark.parametrize("k", [0, 1, 30, 99])
def test_the_three_schedules(k: int) -> None:
    lr, tau = 0.2, 100
    assert schedules.hyperbolic(k, lr, tau) == pytest.approx(lr * tau / (tau + k))
    assert schedules.linear(k, lr, tau) == pytest.approx(lr * (1 - k / tau))
    assert schedules.exponential(k, lr, tau) == pytest.approx(lr * np.exp(-k / tau))


@pytest.mark.formula("eq-decay")
def test_a_penalty_shrinks_the_weights_of_plain_descent() -> None:
    w, g = rng.normal(size=4), rng.normal(size=4)
    stepped, _ = opt.gd_step(w, g + l2_gradient(w, lam=0.5), lr=0.1)
    assert stepped == pytest.approx((1 - 0.1 * 0.5) * w - 0.1 * g)
