"""The numbered equations of the page on networks, against nnlab."""

from itertools import pairwise

import numpy as np
import pytest

from nnlab.activations import sigmoid, softmax, tanh
from nnlab.datasets import xor
from nnlab.layers import forward, parameter_count
from nnlab.network import Network

rng = np.random.default_rng(13)


def random_layers(*widths: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Random layers of these widths."""
    return [
        (rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)) for n_in, n_out in pairwise(widths)
    ]


@pytest.mark.formula("eq-hidden")
def test_outputs_are_sums_over_hidden_units_and_these_over_inputs() -> None:
    (W1, b1), (W2, b2) = layers = random_layers(4, 3, 2)
    x = rng.normal(size=4)
    z = [b1[j] + sum(x[k] * W1[k, j] for k in range(4)) for j in range(3)]
    y_hat = [b2[i] + sum(tanh(z[j]) * W2[j, i] for j in range(3)) for i in range(2)]
    assert forward(x[None], layers, ["tanh", "linear"])[-1][0] == pytest.approx(y_hat)


@pytest.mark.formula("eq-two-layer")
def test_two_layers_are_two_products_for_all_samples_at_once() -> None:
    (W1, b1), (W2, b2) = layers = random_layers(4, 3, 2)
    X = rng.normal(size=(6, 4))
    A = tanh(X @ W1 + b1)
    assert forward(X, layers, ["tanh", "linear"])[-1] == pytest.approx(A @ W2 + b2)
    one_by_one = [forward(x[None], layers, ["tanh", "linear"])[-1][0] for x in X]
    assert np.array(one_by_one) == pytest.approx(A @ W2 + b2)


@pytest.mark.formula("eq-collapse")
def test_two_layers_without_a_bend_are_one() -> None:
    (W1, b1), (W2, b2) = layers = random_layers(4, 3, 2)
    X = rng.normal(size=(6, 4))
    one = [(W1 @ W2, b1 @ W2 + b2)]
    flat = forward(X, one, ["linear"])[-1]
    assert forward(X, layers, ["linear", "linear"])[-1] == pytest.approx(flat)
    assert abs(forward(X, layers, ["tanh", "linear"])[-1] - flat).max() > 1e-3


@pytest.mark.formula("eq-deep")
def test_each_layer_takes_the_outputs_of_the_one_before() -> None:
    layers = random_layers(3, 5, 4, 2)
    X = rng.normal(size=(6, 3))
    outputs = forward(X, layers, ["tanh", "sigmoid", "linear"])
    A = X
    assert len(outputs) == 4 and outputs[0] is X
    for (W, b), g, output in zip(layers, (tanh, sigmoid, lambda z: z), outputs[1:], strict=True):
        A = g(A @ W + b)
        assert output == pytest.approx(A)


@pytest.mark.formula("eq-augmented")
def test_a_bias_is_the_weight_of_an_input_that_is_one() -> None:
    ((W, b),) = layers = random_layers(3, 2)
    A = rng.normal(size=(5, 3))
    Z = np.column_stack([np.ones(5), A]) @ np.vstack([b, W])
    assert forward(A, layers, ["linear"])[-1] == pytest.approx(Z)


@pytest.mark.formula("eq-xor")
def test_xor_is_two_relus() -> None:
    X, y = xor()
    total = X.sum(axis=1)
    assert (np.maximum(0, total) - 2 * np.maximum(0, total - 1) == y).all()
    layers = [(np.ones((2, 2)), np.array([0.0, -1.0])), (np.array([[1.0], [-2.0]]), np.zeros(1))]
    assert (forward(X, layers, ["relu", "linear"])[-1][:, 0] == y).all()


def staircase(f, N: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The layers of a network that climbs f on [-1, 1] in N stairs."""
    cuts = np.linspace(-1, 1, N + 1)
    s, middles = 4.0 * N, (cuts[1:] + cuts[:-1]) / 2
    heights = f(cuts[1:]) - f(cuts[:-1])
    return [(np.full((1, N), s), -s * middles), (heights[:, None], f(cuts[:1]))]


@pytest.mark.formula("eq-universal", "eq-staircase")
@pytest.mark.parametrize("f", [np.square, np.abs, np.exp, lambda x: np.sin(3 * x)])
def test_a_staircase_of_enough_units_is_as_near_as_one_likes(f) -> None:
    x = np.linspace(-1, 1, 501)
    for eps in (0.3, 0.1, 0.03, 0.01):
        N = 1
        while True:
            y_hat = forward(x[:, None], staircase(f, N), ["sigmoid", "linear"])[-1][:, 0]
            if abs(f(x) - y_hat).max() < eps:
                break
            N *= 2
            assert N <= 1024
    cuts = np.linspace(-1, 1, N + 1)
    by_hand = f(cuts[0]) + sum(
        (f(cuts[k]) - f(cuts[k - 1])) * sigmoid(4 * N * (x - (cuts[k] + cuts[k - 1]) / 2))
        for k in range(1, N + 1)
    )
    assert y_hat == pytest.approx(by_hand)


@pytest.mark.formula("eq-classes")
def test_a_classifier_puts_its_last_layer_through_softmax() -> None:
    net = Network([4, 5, 3], "tanh", loss="cross_entropy", rng=rng)
    net.theta[:] = rng.normal(size=net.theta.size)
    X = rng.normal(size=(6, 4))
    (W1, b1), (W2, b2) = net.layers
    P = softmax(tanh(X @ W1 + b1) @ W2 + b2)
    assert net.outputs(X) == pytest.approx(P)
    assert P.sum(axis=1) == pytest.approx(np.ones(6))


@pytest.mark.formula("eq-count")
@pytest.mark.parametrize("widths", [[784, 10], [784, 200, 10], [3, 5, 4, 2]])
def test_the_count_is_that_of_the_entries(widths: list[int]) -> None:
    formula = sum((widths[k - 1] + 1) * widths[k] for k in range(1, len(widths)))
    assert parameter_count(widths) == formula
    assert sum(W.size + b.size for W, b in Network(widths, rng=rng).layers) == formula
