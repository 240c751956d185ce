"""The numbered equations of the page on losses, against nnlab."""

import numpy as np
import pytest

from nnlab.activations import sigmoid, softmax, softmax_derivative
from nnlab.gradcheck import numerical_gradient
from nnlab.losses import (
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    binary_cross_entropy_from_logits_gradient,
    huber,
    l2_gradient,
    l2_penalty,
    one_hot,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    squared_error,
    squared_error_gradient,
)
from nnlab.network import Network

rng = np.random.default_rng(17)


@pytest.mark.formula("eq-squared", "eq-squared-gradient")
def test_the_squared_error_is_a_mean_over_samples_and_a_sum_over_outputs() -> None:
    y_hat, y = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    J = sum((y_hat[i, k] - y[i, k]) ** 2 for i in range(5) for k in range(3)) / 5
    assert squared_error(y_hat, y) == pytest.approx(J)
    assert squared_error_gradient(y_hat, y) == pytest.approx(2 / 5 * (y_hat - y))
    differences = numerical_gradient(lambda t: squared_error(t, y), y_hat)
    assert 2 / 5 * (y_hat - y) == pytest.approx(differences, abs=1e-8)


@pytest.mark.formula("eq-huber")
@pytest.mark.parametrize("delta", [0.5, 1.0, 3.0])
def test_huber_is_a_parabola_that_goes_over_into_lines(delta: float) -> None:
    for r in (-4.0, -1.0, -0.2, 0.0, 0.5, 0.9, 3.0, 7.0):
        expected = r**2 / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2)
        assert huber([r], [0.0], delta) == pytest.approx(expected)


@pytest.mark.formula("eq-bce", "eq-likelihood")
def test_binary_cross_entropy_is_the_logarithm_of_the_likelihood() -> None:
    p, y = rng.uniform(0.05, 0.95, 8), rng.integers(0, 2, 8)
    J = -sum(y[i] * np.log(p[i]) + (1 - y[i]) * np.log(1 - p[i]) for i in range(8)) / 8
    assert binary_cross_entropy(p, y) == pytest.approx(J)
    likelihood = np.prod([p[i] ** y[i] * (1 - p[i]) ** (1 - y[i]) for i in range(8)])
    assert binary_cross_entropy(p, y) == pytest.approx(-np.log(likelihood) / 8)


@pytest.mark.formula("eq-bce-logits")
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_the_form_from_logits_is_the_same_loss_and_its_slope_the_error(y: float) -> None:
    for z in rng.normal(scale=4, size=20):
        loss = binary_cross_entropy_from_logits([z], [y])
        assert loss == pytest.approx(np.log(1 + np.exp(z)) - z * y)
        assert loss == pytest.approx(max(0, z) - z * y + np.log(1 + np.exp(-abs(z))))
        assert loss == pytest.approx(binary_cross_entropy([sigmoid(z)], [y]))
        slope = binary_cross_entropy_from_logits_gradient([z], [y])[0]
        assert slope == pytest.approx(sigmoid(z) - y)


@pytest.mark.formula("eq-squared-sigmoid")
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_the_squared_error_of_a_probability_fades_twice(y: float) -> None:
    for z in rng.normal(scale=3, size=20):
        p = sigmoid(z)
        differences = numerical_gradient(lambda t: squared_error(sigmoid(t), [y]), [z])
        assert 2 * (p - y) * p * (1 - p) == pytest.approx(differences[0], abs=1e-9)


@pytest.mark.formula("eq-softmax", "eq-cross-entropy", "eq-shift")
def test_softmax_and_its_cross_entropy_and_what_a_shift_does() -> None:
    for z in rng.normal(scale=3, size=(10, 4)):
        p = np.exp(z) / sum(np.exp(z[k]) for k in range(4))
        assert softmax(z) == pytest.approx(p)
        m = z.max()
        assert softmax(z - m) == pytest.approx(p)
        logarithm = np.log(sum(np.exp(z)))
        assert m + np.log(sum(np.exp(z - m))) == pytest.approx(logarithm)
        for y in range(4):
            loss = softmax_cross_entropy(z[None], [y])
            assert loss == pytest.approx(-np.log(p[y]))
            assert loss == pytest.approx(-z[y] + logarithm)


@pytest.mark.formula("eq-error")
def test_through_the_jacobian_only_the_error_is_left() -> None:
    for z in rng.normal(size=(10, 5)):
        p, y = softmax(z), one_hot(rng.integers(0, 5, 1), 5)[0]
        jacobian = [[p[j] * ((j == k) - p[k]) for k in range(5)] for j in range(5)]
        long_way = [-sum(y[j] / p[j] * jacobian[j][k] for j in range(5)) for k in range(5)]
        assert long_way == pytest.approx(p - y)
        assert -(y / p) @ softmax_derivative(z) == pytest.approx(p - y)
        for target in (y[None], [y.argmax()]):
            assert softmax_cross_entropy_gradient(z[None], target)[0] == pytest.approx(p - y)


@pytest.mark.formula("eq-logreg-cost", "eq-logreg-gradient")
def test_logistic_regression_and_its_gradient() -> None:
    net = Network([4, 3], loss="cross_entropy", rng=rng)
    net.theta[:] = rng.normal(size=15)
    X, Y = rng.normal(size=(6, 4)), one_hot(rng.integers(0, 3, 6), 3)
    ((W, b),), ((dW, db),) = net.layers, net.gradients
    P = softmax(X @ W + b)
    J, _ = net.loss_and_gradient(X, Y)
    assert J == pytest.approx(
        -sum(Y[i, k] * np.log(P[i, k]) for i in range(6) for k in range(3)) / 6
    )
    assert dW == pytest.approx(X.T @ (P - Y) / 6)
    assert db == pytest.approx((P - Y).sum(axis=0) / 6)


@pytest.mark.formula("eq-l2")
def test_the_penalty_adds_lambda_times_the_weights() -> None:
    X, y = rng.normal(size=(6, 4)), rng.normal(size=6)
    plain = Network([4, 2, 3, 1], "tanh", rng=rng)
    theta = rng.normal(size=plain.theta.size)
    priced = Network(plain.widths, "tanh", l2=0.3, rng=rng)
    plain.theta[:] = priced.theta[:] = theta
    weights = [W for W, _ in plain.layers]
    squares = sum(np.linalg.norm(W) ** 2 for W in weights)
    assert l2_penalty(weights, 0.3) == pytest.approx(0.15 * squares)
    assert priced.loss(X, y) == pytest.approx(plain.loss(X, y) + 0.15 * squares)
    plain.loss_and_gradient(X, y)
    priced.loss_and_gradient(X, y)
    pairs = zip(plain.layers, plain.gradients, priced.gradients, strict=True)
    for (W, _), (dW, db), (dW_priced, db_priced) in pairs:
        assert dW_priced == pytest.approx(dW + 0.3 * W)
        assert l2_gradient(W, 0.3) == pytest.approx(0.3 * W)
        assert db_priced == pytest.approx(db)
