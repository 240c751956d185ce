"""Gradients of losses with respect to what they are given, against the complex step."""

import numpy as np
import pytest

from nnlab import losses
from nnlab.gradcheck import complex_step_gradient

RNG = np.random.default_rng(3)
NUMBERS = RNG.normal(0, 2, (5, 3))
BITS = RNG.integers(2, size=(5, 3)).astype(float)
CASES = {
    "squared_error": (NUMBERS, NUMBERS[::-1] + 0.1),
    "absolute_error": (NUMBERS, NUMBERS[::-1] + 0.1),
    "huber": (NUMBERS, NUMBERS[::-1] + 0.1),
    "binary_cross_entropy": (RNG.uniform(0.01, 0.99, (5, 3)), BITS),
    "binary_cross_entropy_from_logits": (NUMBERS * 5, BITS),
    "softmax_cross_entropy": (NUMBERS * 5, RNG.integers(3, size=5)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("rows", [5, 1])
def test_gradient_is_that_of_the_loss(name, rows):
    prediction, target = (array[:rows] for array in CASES[name])
    loss, gradient = getattr(losses, name), getattr(losses, f"{name}_gradient")
    exact = complex_step_gradient(lambda p: loss(p, target), prediction)
    np.testing.assert_allclose(gradient(prediction, target), exact, rtol=1e-12, atol=0)


def test_one_column_and_no_column_are_the_same():
    y_hat, y = NUMBERS[:, 0], NUMBERS[::-1, 0]
    np.testing.assert_array_equal(
        losses.squared_error_gradient(y_hat, y),
        losses.squared_error_gradient(y_hat[:, None], y[:, None])[:, 0],
    )


def test_labels_and_one_hot_rows_give_the_same_gradient():
    z, labels = CASES["softmax_cross_entropy"]
    np.testing.assert_allclose(
        losses.softmax_cross_entropy_gradient(z, labels),
        losses.softmax_cross_entropy_gradient(z, losses.one_hot(labels, 3)),
        rtol=1e-14,
    )


def test_the_penalty():
    W = NUMBERS
    exact = complex_step_gradient(lambda W: losses.l2_penalty([W], 0.3), W)
    np.testing.assert_allclose(losses.l2_gradient(W, 0.3), exact, rtol=1e-14)
