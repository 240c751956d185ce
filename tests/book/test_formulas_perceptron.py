"""The numbered equations of the page on the perceptron, against nnlab."""

import numpy as np
import pytest

from nnlab.activations import softmax, softmax_derivative, tanh
from nnlab.gradcheck import numerical_gradient
from nnlab.perceptron import classify, multi_output, neuron, perceptron_step

rng = np.random.default_rng(11)


@pytest.mark.formula("eq-neuron", "eq-bias")
def test_a_neuron_bends_the_sum_of_weighted_inputs_and_bias() -> None:
    x, w = rng.normal(size=4), rng.normal(size=4)
    z = sum(x[j] * w[j] for j in range(4))
    assert neuron(x, w, activation="tanh") == pytest.approx(tanh(z))
    assert neuron(x, w, 0.7, "tanh") == pytest.approx(tanh(0.7 + z))


@pytest.mark.formula("eq-half")
@pytest.mark.parametrize(("w", "b"), [(1, 0), (3, 0), (1, -3), (1, 3), (-2, 5)])
def test_a_sigmoid_neuron_crosses_one_half_at_minus_bias_over_weight(w: float, b: float) -> None:
    assert neuron([-b / w], [w], b) == pytest.approx(0.5)


@pytest.mark.formula("eq-softmax-jacobian")
def test_each_probability_depends_on_every_logit() -> None:
    z = rng.normal(size=5)
    p = softmax(z)
    jacobian = softmax_derivative(z)
    for l in range(5):  # noqa: E741
        assert jacobian[l] == pytest.approx([p[l] * ((l == k) - p[k]) for k in range(5)])
        by_differences = numerical_gradient(lambda t, l=l: softmax(t)[l], z)  # noqa: E741
        assert jacobian[l] == pytest.approx(by_differences, abs=1e-9)


@pytest.mark.formula("eq-perceptron-rule")
@pytest.mark.parametrize("y", [0, 1])
def test_the_rule_moves_by_the_error_times_the_sample(y: int) -> None:
    for _ in range(20):
        x, w, b = rng.normal(size=3), rng.normal(size=3), rng.normal()
        error = y - classify(x, w, b)
        new_w, new_b = perceptron_step(w, b, x, y, lr=0.5)
        assert new_w == pytest.approx(w + 0.5 * error * x)
        assert new_b == pytest.approx(b + 0.5 * error)


@pytest.mark.formula("eq-multi-output")
def test_each_output_is_a_neuron_with_its_own_column() -> None:
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    answers = multi_output(X, W, b, "tanh")
    for j in range(2):
        z = b[j] + sum(X[:, k] * W[k, j] for k in range(3))
        assert answers[:, j] == pytest.approx(tanh(z))
