"""Fifty steps of each optimizer against what PyTorch did with the same gradients."""

import json
from pathlib import Path

import numpy as np
import pytest

import nnlab.optimizers as optimizers

FIXTURES = np.load(Path(__file__).with_name("fixtures.npz"))
CASES = [
    (f"case{i}", name, settings, size)
    for i, (name, settings) in enumerate(json.loads(str(FIXTURES["cases"])))
    for size in range(len(FIXTURES["sizes"]))
]


def case_id(value):
    return ",".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else None


@pytest.mark.parametrize(("key", "name", "settings", "size"), CASES, ids=case_id)
@pytest.mark.parametrize("form", ["in place", "function"])
def test_fifty_steps_are_those_of_pytorch(key, name, settings, size, form):
    gradients = FIXTURES["gradients"] * FIXTURES["sizes"][size]
    theirs = FIXTURES[key][size]
    theta, points = np.zeros(gradients.shape[1]), []
    if form == "in place":
        method = optimizers.optimizer(name, **settings)
        for gradient in gradients:
            method.step(theta, gradient)
            points.append(theta.copy())
    else:
        step, state = getattr(optimizers, f"{name}_step"), None
        for gradient in gradients:
            theta, state = step(theta, gradient, state, **settings)
            points.append(theta)
    np.testing.assert_allclose(points, theirs, rtol=1e-12, atol=1e-12 * abs(theirs).max())


def test_every_optimizer_that_pytorch_has_is_compared():
    compared = {name for _, name, _, _ in CASES}
    assert set(optimizers.OPTIMIZERS) - compared == {"moving_average", "mu_momentum"}
