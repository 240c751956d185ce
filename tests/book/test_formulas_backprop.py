"""The numbered equations of the page on backpropagation, against nnlab."""

from itertools import pairwise

import numpy as np
import pytest

from nnlab import layers as layers_module
from nnlab.activations import sigmoid, sigmoid_derivative, softmax, tanh, tanh_derivative
from nnlab.gradcheck import complex_step_gradient, numerical_gradient, relative_error
from nnlab.layers import backward, forward, layer_views, parameter_count
from nnlab.losses import (
    one_hot,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    squared_error,
    squared_error_gradient,
)

rng = np.random.default_rng(31)

WIDTHS = [3, 4, 5, 2]
NAMES = ["tanh", "tanh", "linear"]
THETA = rng.normal(size=parameter_count(WIDTHS))
LAYERS = layer_views(THETA, WIDTHS)


def sums(X: np.ndarray) -> list[np.ndarray]:
    """Z of every layer, by the definition."""
    found, A = [], X
    for W, b in LAYERS:
        found.append(A @ W + b)
        A = tanh(found[-1])
    return found


def loss_from(l: int, z: np.ndarray, y: np.ndarray) -> float:  # noqa: E741
    """The squared error as a function of the sums of layer l (from 0)."""
    for W, b in LAYERS[l + 1 :]:
        z = tanh(z) @ W + b
    return float(((z - y) ** 2).sum())


def signals(x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """d of every layer, by differences of the loss."""
    return [
        numerical_gradient(lambda z, l=l: loss_from(l, z, y), z[0])  # noqa: E741
        for l, z in enumerate(sums(x[None, :]))  # noqa: E741
    ]


@pytest.mark.formula("eq-hand-forward", "eq-hand-backward")
def test_the_neuron_by_hand() -> None:
    x, y, w1, w2 = rng.normal(size=4)
    z1 = w1 * x
    a = sigmoid(z1)
    z2 = w2 * a
    d2 = 2 * (sigmoid(z2) - y) * sigmoid_derivative(z2)
    d1 = d2 * w2 * sigmoid_derivative(z1)

    def J(w: np.ndarray) -> float:
        net = [(w[:1, None], np.zeros(1)), (w[1:, None], np.zeros(1))]
        return float((forward(np.array([[x]]), net, ["sigmoid"] * 2)[-1][0, 0] - y) ** 2)

    assert [d1 * x, d2 * a] == pytest.approx(numerical_gradient(J, [w1, w2]), abs=1e-9)


@pytest.mark.formula("eq-signal", "eq-parameter-gradient")
def test_a_weight_s_gradient_is_what_came_in_times_the_signal() -> None:
    x, y = rng.normal(size=3), rng.normal(size=2)
    A = forward(x[None, :], LAYERS, NAMES)
    grads = backward(A, LAYERS, NAMES, squared_error_gradient(A[-1], y[None, :]))
    for l, (d, (dW, db)) in enumerate(zip(signals(x, y), grads, strict=True)):  # noqa: E741
        for k, j in np.ndindex(dW.shape):
            assert dW[k, j] == pytest.approx(A[l][0, k] * d[j], abs=1e-7)
        assert db == pytest.approx(d, abs=1e-7)


@pytest.mark.formula("eq-last-signal")
def test_the_loss_hands_over_the_first_signal() -> None:
    z, y = rng.normal(size=4), rng.normal(size=4)
    assert squared_error_gradient(z[None], y[None])[0] == pytest.approx(2 * (z - y))
    label = one_hot([2], 4)
    handed = softmax_cross_entropy_gradient(z[None], label)[0]
    assert handed == pytest.approx(softmax(z) - label[0])
    for loss, target in ((squared_error, y[None]), (softmax_cross_entropy, label)):
        asked = numerical_gradient(lambda v, f=loss, t=target: f(v[None], t), z)
        exact = 2 * (z - y) if loss is squared_error else handed
        assert exact == pytest.approx(asked, abs=1e-8)


@pytest.mark.formula("eq-one-way", "eq-recursion", "eq-depth")
def test_a_signal_goes_one_layer_down_and_all_the_way() -> None:
    x, y = rng.normal(size=3), rng.normal(size=2)
    z = [row[0] for row in sums(x[None, :])]
    d = signals(x, y)
    product = d[-1]
    for l in (2, 1):  # noqa: E741
        W = LAYERS[l][0]
        slope = tanh_derivative(z[l - 1])
        for j in range(len(slope)):
            for r in range(W.shape[1]):
                one_way = numerical_gradient(
                    lambda v, l=l, r=r: (tanh(v) @ LAYERS[l][0] + LAYERS[l][1])[r],  # noqa: E741
                    z[l - 1],
                )[j]
                assert one_way == pytest.approx(W[j, r] * slope[j], abs=1e-8)
            assert d[l - 1][j] == pytest.approx(slope[j] * (W[j] @ d[l]), abs=1e-7)
        product = product @ W.T @ np.diag(slope)
    assert product == pytest.approx(d[0], abs=1e-7)


@pytest.mark.formula("eq-batch")
def test_a_batch_is_matrix_products() -> None:
    X, Y = rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
    A, Z = forward(X, LAYERS, NAMES), sums(X)
    D = squared_error_gradient(A[-1], Y)
    grads = backward(A, LAYERS, NAMES, D)
    for l in (2, 1, 0):  # noqa: E741
        assert grads[l][0] == pytest.approx(A[l].T @ D)
        assert grads[l][1] == pytest.approx(sum(D[i] for i in range(7)))
        if l:
            D = (D @ LAYERS[l][0].T) * tanh_derivative(Z[l - 1])


@pytest.mark.formula("eq-flops")
def test_the_multiplications_are_counted_right(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0
    dot = np.dot

    class Counting:
        def __getattr__(self, name: str) -> object:
            return getattr(np, name)

        def dot(self, a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
            nonlocal count
            count += a.shape[0] * a.shape[1] * b.shape[1]
            return dot(a, b, out=out)

    monkeypatch.setattr(layers_module, "np", Counting())
    X, n = rng.normal(size=(7, 3)), 7
    products = [i * o for i, o in pairwise(WIDTHS)]
    A = forward(X, LAYERS, NAMES)
    assert count == n * sum(products)
    count = 0
    backward(A, LAYERS, NAMES, np.ones_like(A[-1]))
    assert count == 2 * n * sum(products) - n * products[0]


@pytest.mark.formula("eq-central", "eq-relative-error")
def test_central_differences_err_by_the_square_of_the_step() -> None:
    def J(t: np.ndarray) -> float:
        return (np.sin(t) * t).sum()

    theta = np.array([0.3, -1.2])
    exact = complex_step_gradient(J, theta)
    first, second = (relative_error(numerical_gradient(J, theta, h), exact) for h in (1e-2, 5e-3))
    assert first / second == pytest.approx(4, rel=0.01)
    u, v = rng.normal(size=5), rng.normal(size=5)
    larger = max(np.linalg.norm(u), np.linalg.norm(v))
    assert relative_error(u, v) == pytest.approx(np.linalg.norm(u - v) / larger)
