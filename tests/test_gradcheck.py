"""The gradient check finds what it should find, says where, and does not cry wolf at kinks."""

import numpy as np
import pytest

from nnlab.gradcheck import complex_step_gradient, gradcheck, numerical_gradient, relative_error
from nnlab.layers import layer_views, parameter_count
from nnlab.network import Network

WIDTHS = [5, 6, 3]


@pytest.fixture
def problem():
    """A network's cost as a function of theta, its gradient, and the theta."""
    rng = np.random.default_rng(0)
    network = Network(WIDTHS, "tanh", loss="cross_entropy", l2=0.01, rng=rng)
    X, y = rng.normal(size=(8, 5)), rng.integers(3, size=8)
    theta = rng.normal(0, 0.5, network.theta.size)

    def f(values):
        network.theta[:] = values
        return network.loss(X, y)

    def gradient(values):
        network.theta[:] = values
        return network.loss_and_gradient(X, y)[1].copy()

    return f, gradient, theta


def test_a_right_gradient_passes(problem):
    result = gradcheck(*problem)
    assert result.passed
    assert result.error < 1e-8
    assert result.kinks == 0
    assert str(result).startswith("gradient right: relative error")


@pytest.mark.parametrize("index", [5 * 6 + 2, parameter_count(WIDTHS) - 1])
def test_one_percent_in_one_bias_is_found_and_named(problem, index):
    f, gradient, theta = problem
    wrong = gradient(theta)
    wrong[index] *= 1.01
    result = gradcheck(f, wrong, theta)
    assert not result.passed
    assert result.at == (index,)
    assert result.analytic == pytest.approx(1.01 * result.numeric, rel=1e-6)
    assert f"gradient WRONG: relative error {result.error:.1e}; worst at ({index},)" in str(result)


def test_a_part_in_a_hundred_thousand_is_too_much(problem):
    f, gradient, theta = problem
    assert not gradcheck(f, 1.00001 * gradient(theta), theta).passed


def test_nan_is_the_worst_entry(problem):
    f, gradient, theta = problem
    wrong = gradient(theta)
    wrong[[3, 7]] = 1e9, np.nan
    result = gradcheck(f, wrong, theta)
    assert (result.passed, result.at) == (False, (7,))


@pytest.mark.parametrize(
    "mistake",
    [
        lambda g: -g,
        lambda g: 8 * g,
        lambda g: g / 2,
        lambda g: np.concatenate([layer_views(g, WIDTHS)[0][0].T.ravel(), g[30:]]),
        lambda g: np.full_like(g, np.nan),
    ],
    ids=["sign", "sum for mean", "half", "transposed", "nan"],
)
def test_common_mistakes_fail(problem, mistake):
    f, gradient, theta = problem
    assert not gradcheck(f, lambda t: mistake(gradient(t)), theta).passed


def relu_sum(theta):
    return float(np.maximum(theta, 0).sum() + (theta**2).sum())


def relu_gradient(theta):
    return (theta > 0) + 2 * theta


@pytest.mark.parametrize("distance", [0.0, 0.1, 0.2, 0.25, 1 / 3, 0.5, 0.9, -0.3, -0.7])
def test_a_kink_within_h_is_left_out_and_counted(distance):
    h = 1e-5
    theta = np.array([0.7, distance * h, -1.3])
    result = gradcheck(relu_sum, relu_gradient, theta, h=h)
    assert result.kinks == 1
    assert result.passed
    assert "1 kink(s) left out" in str(result)


@pytest.mark.parametrize("distance", [1.5, 100, -1.5])
def test_a_kink_further_away_is_no_kink(distance):
    result = gradcheck(relu_sum, relu_gradient, np.array([0.7, distance * 1e-5]), h=1e-5)
    assert (result.kinks, result.passed) == (0, True)


def test_a_bend_is_no_kink_and_a_zero_gradient_hides_nothing():
    """At a minimum, left and right slopes have opposite signs; an entry that f ignores has only
    rounding for a slope. Neither is a kink, so a wrong gradient there is found."""

    def f(t):
        return float((t[0] - 1) ** 2 + 1 / 3 + (t[1] - t[1]) + (0.1 + t[2] - t[2]))

    theta = np.array([1.0, 2.0, 0.3])
    assert gradcheck(f, np.array([2e-9, 0.0, 0.0]), theta).kinks == 0
    for index in range(3):
        wrong = np.zeros(3)
        wrong[index] = 1e-3
        result = gradcheck(f, wrong, theta)
        assert not result.passed
        assert result.at == (index,)


def test_a_wrong_gradient_beside_a_kink_is_still_wrong():
    theta = np.array([0.7, 0.0])
    assert not gradcheck(relu_sum, lambda t: 1.01 * relu_gradient(t), theta).passed


def test_nothing_but_kinks_is_no_check():
    with pytest.raises(ValueError, match="every entry of theta sits on a kink"):
        gradcheck(lambda t: float(abs(t).sum()), np.sign, np.zeros(2))


def test_matrices_are_checked_as_matrices():
    W = np.array([[1.0, 2.0], [3.0, 4.0]])
    wrong = 2 * W
    wrong[1, 0] += 0.1
    assert gradcheck(lambda W: (W**2).sum(), lambda W: 2 * W, W).passed
    assert gradcheck(lambda W: (W**2).sum(), wrong, W).at == (1, 0)


def test_float32_is_checked_in_float64():
    theta = np.float32([0.5, -1.5])
    assert gradcheck(lambda t: float((t**2).sum()), lambda t: 2 * t, theta).passed


def test_both_numerical_gradients_on_a_function_known_by_heart():
    theta = np.array([0.3, -1.2, 2.0])
    exact = np.exp(theta) * np.cos(theta) - np.exp(theta) * np.sin(theta)

    def f(t):
        return (np.exp(t) * np.cos(t)).sum()

    np.testing.assert_allclose(numerical_gradient(f, theta), exact, rtol=1e-8)
    np.testing.assert_allclose(complex_step_gradient(f, theta), exact, rtol=1e-15)


def test_relative_error_is_symmetric_and_knows_zero():
    assert relative_error([1.0], [2.0]) == relative_error([2.0], [1.0]) == 0.5
    assert relative_error([0.0, 0.0], [0.0, 0.0]) == 0


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"must have the same shape, got \(2,\) and \(3,\)"):
        gradcheck(lambda t: 0.0, np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match="theta is empty"):
        gradcheck(lambda t: 0.0, np.zeros(0), np.zeros(0))
    with pytest.raises(TypeError, match=r"f\(theta\) must be a number, got array"):
        numerical_gradient(lambda t: t**2, np.ones(2))
    with pytest.raises(ValueError, match="h must be positive and finite, got 0"):
        numerical_gradient(lambda t: 0.0, np.zeros(2), h=0)
    with pytest.raises(TypeError, match="theta must hold numbers"):
        numerical_gradient(lambda t: 0.0, ["a"])
