"""The numbered equations of the page on Adam, against nnlab."""

import numpy as np
import pytest

from nnlab.optimizers import adam_step

rng = np.random.default_rng(12)


@pytest.mark.formula("eq-moments", "eq-adam")
def test_adam_step_by_step() -> None:
    theta, m, v, state = rng.normal(size=3), np.zeros(3), np.zeros(3), None
    mine = theta
    for t, g in enumerate(rng.normal(size=(8, 3)), start=1):
        m = 0.7 * m + 0.3 * g
        v = 0.9 * v + 0.1 * g**2
        m_hat, v_hat = m / (1 - 0.7**t), v / (1 - 0.9**t)
        mine = mine - 0.2 * m_hat / (np.sqrt(v_hat) + 1e-3)
        theta, state = adam_step(theta, g, state, lr=0.2, beta1=0.7, beta2=0.9, eps=1e-3)
        assert theta == pytest.approx(mine)
        assert state["m"] == pytest.approx(m) and state["v"] == pytest.approx(v)


@pytest.mark.formula("eq-share")
def test_the_averages_have_collected_one_minus_beta_to_the_t() -> None:
    state = None
    for t in range(1, 50):
        _, state = adam_step([0.0], [3.0], state, beta1=0.8, beta2=0.95)
        share = (1 - 0.8) * sum(0.8**k for k in range(t))
        assert share == pytest.approx(1 - 0.8**t)
        assert state["m"][0] == pytest.approx(3 * share)
        assert state["v"][0] == pytest.approx(9 * (1 - 0.95**t))


@pytest.mark.formula("eq-uncorrected")
def test_what_steps_without_correction_are_times_as_long() -> None:
    state = None
    for t, g in enumerate(1 + rng.normal(size=40), start=1):
        moved, state = adam_step([0.0], [g], state, lr=1.0, eps=1e-300)
        uncorrected = state["m"] / np.sqrt(state["v"])
        assert uncorrected / -moved == pytest.approx((1 - 0.9**t) / np.sqrt(1 - 0.999**t))
