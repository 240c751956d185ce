"""Activations against their definitions in many digits, derivatives against the complex step."""

from decimal import Decimal, getcontext

import numpy as np
import pytest

from nnlab import activations
from nnlab.activations import ACTIVATIONS, softmax, softmax_backward, softmax_derivative
from nnlab.gradcheck import complex_step_gradient

getcontext().prec = 60

Z = np.array([-30.0, -3.0, -0.7, -1e-3, 1e-3, 0.2, 1.0, 4.0])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_exact(name):
    function, derivative, from_output = ACTIVATIONS[name]
    exact = complex_step_gradient(lambda z: function(z).sum(), Z)
    np.testing.assert_allclose(derivative(Z), exact, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(from_output(function(Z)) * 1.0, exact, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("a", [0.5, 1.0, 3.0])
def test_sigmoid_with_slope(a):
    exact = complex_step_gradient(lambda z: activations.sigmoid(z, a).sum(), Z)
    np.testing.assert_allclose(activations.sigmoid_derivative(Z, a), exact, rtol=1e-12, atol=1e-15)
    assert activations.sigmoid_derivative(0.0, a) == a / 4


@pytest.mark.parametrize("z", [-745.0, -700.0, -50.0, -1.0, 0.0, 1e-10, 2.0, 36.0, 50.0])
def test_sigmoid_is_accurate_for_every_z(z):
    exact = 1 / (1 + (-Decimal(z)).exp())
    assert float(activations.sigmoid(z)) == pytest.approx(float(exact), rel=4e-16, abs=1e-323)


def test_sigmoid_far_out_is_zero_or_one_without_a_warning():
    far = np.array([-1e308, -1e4, 1e4, 1e308])
    np.testing.assert_array_equal(activations.sigmoid(far), [0, 0, 1, 1])
    np.testing.assert_array_equal(activations.sigmoid(np.float32([-1e38, 1e38])), [0, 1])


@pytest.mark.parametrize("slope", [0.01, 0.3])
def test_leaky_relu_with_slope(slope):
    np.testing.assert_allclose(
        activations.leaky_relu([-2.0, 0.0, 3.0], slope), [-2 * slope, 0, 3], rtol=1e-15
    )
    np.testing.assert_array_equal(
        activations.leaky_relu_derivative([-2.0, 0.0, 3.0], slope), [slope, slope, 1]
    )


def test_at_the_kink_relu_has_slope_zero():
    assert activations.relu_derivative(0.0) == 0
    assert not ACTIVATIONS["relu"].from_output(np.array([0.0]))


def test_softmax_is_accurate_for_far_apart_logits():
    z = [-40.0, 0.0, 3.0, 700.0]
    total = sum(Decimal(value).exp() for value in z)
    exact = [float(Decimal(value).exp() / total) for value in z]
    np.testing.assert_allclose(softmax(z), exact, rtol=1e-13)


def test_softmax_sums_to_one_and_ignores_a_shift():
    rng = np.random.default_rng(0)
    z = rng.normal(0, 5, (6, 4))
    np.testing.assert_allclose(softmax(z).sum(axis=1), 1, rtol=1e-15)
    np.testing.assert_allclose(softmax(z + 1000), softmax(z), rtol=1e-12)
    np.testing.assert_array_equal(softmax([[8e307, -8e307], [-8e307, -8e307]]), [[1, 0], [0.5] * 2])


def test_softmax_jacobian_is_exact_and_full():
    z = np.array([0.3, -1.0, 2.0])
    exact = [complex_step_gradient(lambda z, k=k: softmax(z)[k], z) for k in range(3)]
    np.testing.assert_allclose(softmax_derivative(z), exact, rtol=1e-13)


def test_softmax_backward_is_the_jacobian_times_the_gradient():
    rng = np.random.default_rng(1)
    z, g = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    expected = [softmax_derivative(row).T @ gradient for row, gradient in zip(z, g, strict=True)]
    np.testing.assert_allclose(softmax_backward(softmax(z), g), expected, rtol=1e-12, atol=1e-16)
