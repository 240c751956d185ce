"""Worked numbers of the sources; each test carries the id of its row in the book's list of sources."""

import numpy as np
import pytest

from nnlab.descent import descend, steepest_descent
from nnlab.fractal import INPUTS, TARGETS, least_squares
from nnlab.functions import PARABOLA, POLYNOMIAL, QUADRATIC
from nnlab.layers import backward, forward, layer_views, parameter_count
from nnlab.losses import squared_error, squared_error_gradient
from nnlab.network import Network
from nnlab.optimizers import gd_step


def test_t_f1_a_small_rate_is_slow_and_a_large_one_diverges_after_two_steps():
    slow = descend(POLYNOMIAL.f, POLYNOMIAL.gradient, POLYNOMIAL.start, 0.001, steps=20)
    assert slow.stopped == "steps"
    assert (np.diff(slow.costs) < 0).all()
    assert slow.costs[-1] > 2  # of 4.7 at the start, and -1.3 at the bottom of the first valley
    large = descend(POLYNOMIAL.f, POLYNOMIAL.gradient, POLYNOMIAL.start, 5.0, steps=20)
    assert large.stopped == "diverged"
    assert large.steps == 2


def test_t_e1_exact_line_search_on_the_quadratic():
    trace = steepest_descent(QUADRATIC.f, QUADRATIC.gradient, [0.0, 0.0])
    assert trace.rates[0] == 0.25
    np.testing.assert_array_equal(trace.points[1], [0, 0.5])
    np.testing.assert_allclose(trace.end, [1, 1], atol=1e-9)


def test_t_e3_two_sigmoid_neurons_in_a_row_by_hand():
    """The thesis's neurons have no biases: the book sets them to 0 and leaves them there."""
    weights = np.array([0.75, 0.5])
    x, y = np.array([[2.0]]), np.array([[0.25]])

    def run(w):
        layers = [(np.array([[w_k]]), np.zeros(1)) for w_k in w]
        return layers, forward(x, layers, ["sigmoid", "sigmoid"])

    layers, outputs = run(weights)
    assert outputs[1].item() == pytest.approx(0.81757, abs=5e-6)
    assert outputs[2].item() == pytest.approx(0.60080, abs=5e-6)
    dA = squared_error_gradient(outputs[2], y)
    grads = backward(outputs, layers, ["sigmoid", "sigmoid"], dA)
    gradient = np.array([dW.item() for dW, _ in grads])
    np.testing.assert_allclose(gradient, [0.02510, 0.13757], atol=5e-6)
    weights, _ = gd_step(weights, gradient, lr=1.0)
    np.testing.assert_allclose(weights, [0.72490, 0.36243], atol=5e-6)
    assert run(weights)[1][2].item() == pytest.approx(0.57287, abs=5e-6)


def test_s_gd_one_step_on_a_line():
    x, y, w = 3.0, 10.0, 2.0
    prediction = np.array([w * x])
    assert squared_error(prediction, [y]) == 16
    gradient = squared_error_gradient(prediction, [y]) * x
    np.testing.assert_array_equal(gradient, [-24])
    theta, _ = gd_step(np.array([w]), gradient, lr=0.1)
    np.testing.assert_allclose(theta, [4.4], rtol=1e-15)


def test_c_tab11_the_sequence_on_the_parabola():
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], 0.1, steps=500)
    x = trace.points[:, 0]
    np.testing.assert_allclose(x[:4], [1, 0.8, 0.64, 0.512], rtol=1e-15)
    assert f"{x[40]:.5f}" == "0.00013"
    assert f"{x[500]:.1e}" == "3.5e-49"


def test_c_f13_a_rate_just_above_one_swings_and_diverges():
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], 1.01, steps=2000)
    x = trace.points[:, 0]
    np.testing.assert_allclose(x, (-1.02) ** np.arange(len(x)), rtol=1e-11)
    assert trace.stopped == "diverged"
    assert trace.steps < 500


def test_c_f12_a_rate_of_one_swings_for_ever():
    trace = descend(PARABOLA.f, PARABOLA.gradient, [1.0], 1.0, steps=50)
    np.testing.assert_array_equal(trace.points[:, 0], (-1.0) ** np.arange(51))


def test_l_xor_is_solved_by_the_lecture_s_weights():
    hidden = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
    output = np.array([[1.0], [-2.0]]), np.array([0.0])
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    _, features, y = forward(X, [hidden, output], ["relu", "linear"])
    np.testing.assert_array_equal(y[:, 0], [0, 1, 1, 0])
    np.testing.assert_array_equal(features[1:3], [[1, 0], [1, 0]])  # both land on one point


def test_l_count_parameters_of_the_two_mnist_models():
    assert parameter_count([784, 10]) == 7850
    assert parameter_count([784, 200, 10]) == 159_010
    assert Network([784, 200, 10], rng=np.random.default_rng(0)).theta.size == 159_010


def test_l_a61_views_put_the_layers_in_the_order_of_the_vector():
    theta = np.arange(9.0)
    (W1, b1), (W2, b2) = layer_views(theta, [2, 2, 1])
    np.testing.assert_array_equal(W1, [[0, 1], [2, 3]])
    assert [list(b1), W2.ravel().tolist(), list(b2)] == [[4, 5], [6, 7], [8]]


def test_c_ex1_the_minimum_of_the_three_samples():
    np.testing.assert_allclose(least_squares(), [2, 4 / 3], rtol=1e-14)
    np.testing.assert_allclose(INPUTS.T @ (INPUTS @ least_squares() - TARGETS), 0, atol=1e-14)
