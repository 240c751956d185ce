"""Schedules: the values their formulas name, and that none of them ever rises or turns negative."""

import math
from functools import partial
from itertools import pairwise

import pytest

from nnlab import schedules

ALL = {
    "constant": partial(schedules.constant, lr=0.1),
    "hyperbolic": partial(schedules.hyperbolic, lr=0.1, tau=50),
    "linear": partial(schedules.linear, lr=0.1, tau=50),
    "exponential": partial(schedules.exponential, lr=0.1, tau=50),
    "step": partial(schedules.step, lr=0.1, every=20, factor=0.5),
    "cosine": partial(schedules.cosine, lr=0.1, tau=50),
}
AT_25 = {
    "constant": 0.1,
    "hyperbolic": 0.1 / 1.5,
    "linear": 0.05,
    "exponential": 0.1 * math.exp(-0.5),
    "step": 0.05,
    "cosine": 0.05,
}


@pytest.mark.parametrize("name", ALL)
def test_the_first_rate_is_eta_and_the_25th_is_the_formula_s(name):
    assert ALL[name](0) == 0.1
    assert ALL[name](25) == pytest.approx(AT_25[name], rel=1e-15)


@pytest.mark.parametrize("name", ALL)
def test_no_rate_rises_or_turns_negative(name):
    rates = [ALL[name](k) for k in range(200)]
    assert all(b <= a for a, b in pairwise(rates))
    assert min(rates) >= 0


@pytest.mark.parametrize("name", ["linear", "cosine"])
def test_what_ends_stays_at_zero(name):
    assert ALL[name](49) > 0
    assert [ALL[name](k) for k in (50, 51, 500)] == [0, 0, 0]


@pytest.mark.parametrize("name", ["hyperbolic", "linear", "exponential", "cosine"])
@pytest.mark.parametrize("tau", [0, -1, math.nan])
def test_tau_must_be_positive(name, tau):
    with pytest.raises(ValueError, match="tau must be positive"):
        getattr(schedules, name)(1, lr=0.1, tau=tau)


def test_a_step_is_to_a_tenth_unless_told():
    assert [schedules.step(k, lr=1.0, every=20) for k in (19, 20, 39)] == [1.0, 0.1, 0.1]


def test_every_must_be_whole():
    with pytest.raises(TypeError, match=r"every must be a whole number, got 2\.5"):
        schedules.step(1, lr=0.1, every=2.5)
