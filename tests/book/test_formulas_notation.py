"""The numbered equations of the page on notation, against nnlab."""

import numpy as np
import pytest

from nnlab.activations import tanh
from nnlab.layers import forward
from nnlab.losses import squared_error

rng = np.random.default_rng(5)


@pytest.mark.formula("eq-layer")
def test_a_layer_is_a_product_a_bias_and_an_activation() -> None:
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    A = forward(X, [(W, b)], ["tanh"])[-1]
    for i in range(4):
        for j in range(2):
            assert A[i, j] == pytest.approx(tanh(sum(X[i, k] * W[k, j] for k in range(3)) + b[j]))


@pytest.mark.formula("eq-cost")
def test_the_cost_is_a_mean_over_samples_and_a_sum_over_outputs() -> None:
    y_hat, y = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    by_hand = sum(np.linalg.norm(y_hat[i] - y[i]) ** 2 for i in range(5)) / 5
    assert squared_error(y_hat, y) == pytest.approx(by_hand)
