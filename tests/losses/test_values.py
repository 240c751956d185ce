"""Losses against exact arithmetic, also where careless formulas saturate or overflow."""

from decimal import Decimal, getcontext

import numpy as np
import pytest

from nnlab import losses

getcontext().prec = 50


def exact_softmax_cross_entropy(row, label):
    return (sum(Decimal(z).exp() for z in row)).ln() - Decimal(row[label])


def exact_binary(z, y):
    """-y ln p - (1-y) ln(1-p) for p = 1 / (1 + exp(-z)), which is ln(1 + exp(z)) - y z."""
    return (1 + Decimal(z).exp()).ln() - Decimal(y) * Decimal(z)


@pytest.mark.parametrize("label", [0, 1, 2])
@pytest.mark.parametrize("big", [0.5, 5.0, 50.0, 1000.0])
def test_softmax_cross_entropy_is_exact(big, label):
    getcontext().prec = 1000 if big == 1000 else 50  # e^-2000 beside 1 takes 900 digits
    for row in ([big, 0.0, -1.0], [-big, 0.0, 1.0], [big, big, 0.0], [-big, -big, -big]):
        exact = float(exact_softmax_cross_entropy(row, label))
        ours = losses.softmax_cross_entropy([row], [label])
        assert ours == pytest.approx(exact, rel=4e-15, abs=1e-323)


@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("z", [-1000.0, -50.0, -0.5, 0.0, 0.5, 50.0, 1000.0])
def test_binary_cross_entropy_from_logits_is_exact(z, y):
    getcontext().prec = 1000 if abs(z) == 1000 else 50
    exact = float(exact_binary(z, y))
    ours = losses.binary_cross_entropy_from_logits([z], [y])
    assert ours == pytest.approx(exact, rel=4e-15, abs=1e-323)


@pytest.mark.parametrize("z", [-1000.0, -50.0, 50.0, 1000.0])
def test_gradients_far_out_are_finite_and_right(z):
    binary = losses.binary_cross_entropy_from_logits_gradient([z], [1.0])
    exact = -float(1 / (1 + Decimal(z).exp()))  # e^-50 too: p - y must not cancel
    assert binary[0] == pytest.approx(exact, rel=4e-15, abs=1e-323)
    several = losses.softmax_cross_entropy_gradient([[z, 0.0]], [0])
    np.testing.assert_allclose(several, [[exact, -exact]], rtol=4e-15, atol=1e-323)


@pytest.mark.parametrize("p", [1e-300, 1e-20, 1e-9, 0.3, 0.5, 1 - 1e-9])
@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
def test_binary_cross_entropy_of_probabilities_is_exact(p, y):
    getcontext().prec = 400
    exact = -Decimal(y) * Decimal(p).ln() - (1 - Decimal(y)) * (1 - Decimal(p)).ln()
    ours = losses.binary_cross_entropy([p], [y])
    assert ours == pytest.approx(float(exact), rel=4e-15, abs=0)  # abs would default to 1e-12


def test_certain_and_wrong_costs_infinity_certain_and_right_nothing():
    assert losses.binary_cross_entropy([0.0], [1.0]) == np.inf
    assert losses.binary_cross_entropy([1.0], [0.0]) == np.inf
    assert losses.binary_cross_entropy([0.0, 1.0], [0.0, 1.0]) == 0


def test_from_logits_and_from_probabilities_agree():
    rng = np.random.default_rng(0)
    z, y = rng.normal(0, 2, (6, 2)), rng.integers(2, size=(6, 2))
    p = 1 / (1 + np.exp(-z))
    assert losses.binary_cross_entropy_from_logits(z, y) == pytest.approx(
        losses.binary_cross_entropy(p, y), rel=1e-13
    )


Y_HAT = np.array([[1.0, 2.0], [-3.0, 0.5], [0.0, 0.25]])
Y = np.array([[0.0, 4.0], [-3.0, 0.0], [2.0, 0.0]])


@pytest.mark.parametrize(
    ("loss", "rows"),
    [
        (losses.squared_error, [1 + 4, 0.25, 4 + 0.0625]),
        (losses.absolute_error, [1 + 2, 0.5, 2 + 0.25]),
        (losses.huber, [0.5 + 1.5, 0.125, 1.5 + 0.03125]),
    ],
)
def test_mean_over_samples_sum_over_outputs(loss, rows):
    assert loss(Y_HAT, Y) == pytest.approx(sum(rows) / 3, rel=1e-15)
    assert loss(Y_HAT[:, 0], Y[:, 0]) == pytest.approx(loss(Y_HAT[:, :1], Y[:, :1]), rel=1e-15)


@pytest.mark.parametrize("delta", [0.5, 1.0, 2.0])
def test_huber_bends_at_delta(delta):
    inside, outside = 0.9 * delta, 3 * delta
    assert losses.huber([inside], [0.0], delta) == pytest.approx(inside**2 / 2)
    assert losses.huber([outside], [0.0], delta) == pytest.approx(delta * (outside - delta / 2))
    np.testing.assert_allclose(
        losses.huber_gradient([inside, -outside], [0.0, 0.0], delta), [inside / 2, -delta / 2]
    )


def test_the_gradient_at_the_kink_of_the_absolute_error_is_zero():
    np.testing.assert_array_equal(losses.absolute_error_gradient([1.0, 2.0], [1.0, 0.0]), [0, 0.5])


def test_the_penalty_takes_weights_only_and_no_average():
    W = [np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0]])]
    assert losses.l2_penalty(W, 0.1) == pytest.approx(0.05 * (1 + 4 + 9 + 16 + 25))
    np.testing.assert_allclose(losses.l2_gradient(W[0], 0.1), 0.1 * W[0])


def test_one_hot_writes_rows_of_the_identity():
    np.testing.assert_array_equal(losses.one_hot([1, 0, 2], 3), np.eye(3)[[1, 0, 2]])
