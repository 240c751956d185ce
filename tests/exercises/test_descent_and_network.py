"""What these units teach is so: fates and limits of rates hold in real descents, and linear layers do collapse."""

import numpy as np
import pytest

from nnlab.descent import descend
from nnlab.functions import PARABOLA, POLYNOMIAL
from nnlab.grading.catalogue.backprop import random_layers
from nnlab.grading.catalogue.descent_rates import largest_rate, parabola_fate
from nnlab.grading.catalogue.network_by_hand import absolute_layers, xor_layers
from nnlab.grading.catalogue.network_collapse import collapse
from nnlab.layers import forward


def _what_happens(lr):
    points = descend(PARABOLA.f, PARABOLA.gradient, [1.0], lr, 12).points[:, 0]
    if points[1] == 0:
        return "arrives"
    size = np.abs(points)
    if np.all(size == 1):
        return "never settles"
    if np.all(np.diff(size) > 0):
        return "diverges"
    assert np.all(np.diff(size) < 0)
    return "slides" if np.all(points > 0) else "hops"


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.49, 0.5, 0.51, 0.7, 0.99, 1.0, 1.01, 1.7])
def test_a_fate_is_what_a_descent_does(lr):
    assert parabola_fate(lr) == _what_happens(lr)


@pytest.mark.parametrize("minimum", POLYNOMIAL.minima)
def test_the_largest_rate_is_the_border(minimum):
    limit = largest_rate(POLYNOMIAL.gradient, np.array(minimum))
    start = np.array(minimum) + 1e-4
    near, far = (
        abs(descend(POLYNOMIAL.f, POLYNOMIAL.gradient, start, share * limit, 300).end - minimum)[0]
        for share in (0.97, 1.03)
    )
    assert near < 1e-6 and far > 1e-2


def test_linear_layers_collapse():
    rng = np.random.default_rng(4)
    layers, X = random_layers(rng, [3, 5, 2, 4]), rng.normal(size=(6, 3))
    W, b = collapse(layers)
    np.testing.assert_allclose(X @ W + b, forward(X, layers, ["linear"] * 3)[-1], rtol=1e-12)


def test_weights_set_by_hand_do_what_they_should():
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert forward(corners, xor_layers(), ["relu", "linear"])[-1].ravel().tolist() == [0, 1, 1, 0]
    x = np.linspace(-3, 3, 13)[:, None]
    assert np.array_equal(forward(x, absolute_layers(), ["relu", "linear"])[-1], np.abs(x))
