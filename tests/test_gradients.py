"""Every gradient that a network can compute, against the complex step through textbook formulas.

The formulas below are written out plainly and share nothing with nnlab; the complex step has no
error of its own (see `complex_step_gradient`), so the two must agree to 1e-12. Each case runs over
1, 2 and 3 outputs, depths 1, 2 and 3, with and without L2, on a full batch and on a short last one,
with biases that are not zero: zeros would hide mistakes.
"""

from itertools import pairwise, product

import numpy as np
import pytest

from nnlab.batches import minibatches
from nnlab.gradcheck import complex_step_gradient, relative_error
from nnlab.network import Network

SAMPLES, BATCH = 7, 4  # so that the second batch is short: 3 samples

ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: z * (z.real > 0),
    "leaky_relu": lambda z: z * np.where(z.real > 0, 1, 0.01),
    "linear": lambda z: z,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}


def size(r):
    """The absolute value, as something the complex step can go through."""
    return r * np.sign(r.real)


LOSSES = {
    "squared_error": lambda p, y: (p - y) ** 2,
    "absolute_error": lambda p, y: size(p - y),
    "huber": lambda p, y: np.where(size(p - y).real <= 1, (p - y) ** 2 / 2, size(p - y) - 1 / 2),
    "binary_cross_entropy": lambda p, y: -y * np.log(p) - (1 - y) * np.log(1 - p),
    "cross_entropy": lambda p, y: -y * np.log(p),
}

FUSED = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}
OUTPUTS = [
    (loss, output)
    for loss in LOSSES
    for output in ([FUSED[loss]] if loss in FUSED else ACTIVATIONS)
]


def cost(theta, X, y, widths, hidden, output, loss, l2):
    """The cost J of a network, straight from the definitions."""
    A, penalty, start = X, 0, 0
    for i, (n_in, n_out) in enumerate(pairwise(widths)):
        W = theta[start : start + n_in * n_out].reshape(n_in, n_out)
        start += n_in * n_out
        b = theta[start : start + n_out]
        start += n_out
        A = ACTIVATIONS[output if i == len(widths) - 2 else hidden](A @ W + b)
        penalty = penalty + l2 / 2 * (W**2).sum()
    return LOSSES[loss](A, y).sum() / len(X) + penalty


def targets(loss, output, n_out, rng):
    if loss == "cross_entropy":
        return rng.integers(n_out, size=SAMPLES)
    if loss == "binary_cross_entropy":
        return rng.integers(2, size=(SAMPLES, n_out)).astype(float)
    if output == "softmax" and n_out > 1:
        return rng.dirichlet(np.ones(n_out), size=SAMPLES)  # residuals of both signs in each row
    return rng.normal(0, 2, (SAMPLES, n_out))  # residuals on both sides of Huber's delta


@pytest.mark.parametrize("hidden", [name for name in ACTIVATIONS if name != "softmax"])
@pytest.mark.parametrize(("loss", "output"), OUTPUTS)
def test_gradient_is_exact(loss, output, hidden):
    depths = [1, 2, 3] if hidden == "tanh" else [2, 3]  # depth 1 has no hidden layer
    for n_out, depth, l2 in product([1, 2, 3], depths, [0.0, 0.3]):
        rng = np.random.default_rng([n_out, depth])
        widths = [*[3, 5, 4][:depth], n_out]
        network = Network(
            widths, hidden, loss=loss, output="linear" if loss in FUSED else output, l2=l2, rng=rng
        )
        network.theta[:] = rng.normal(0.1, 0.5, network.theta.size)
        network.layers[-1][1][:] += 1  # keeps ReLU outputs alive
        X, y = rng.normal(0, 1, (SAMPLES, 3)), targets(loss, output, n_out, rng)
        for X_part, y_part in minibatches(X, y, BATCH):
            J, gradient = network.loss_and_gradient(X_part, y_part)
            plain = np.eye(n_out)[y_part] if loss == "cross_entropy" else y_part

            def reference(theta, X=X_part, y=plain, widths=widths, l2=l2):
                return cost(theta, X, y, widths, hidden, output, loss, l2)

            exact = complex_step_gradient(reference, network.theta)
            here = f"{n_out} outputs, depth {depth}, l2 {l2}, batch of {len(X_part)}"
            assert J == pytest.approx(float(reference(network.theta)), rel=1e-12, abs=1e-15), here
            assert relative_error(gradient, exact) < 1e-12, here
            constant = output == "softmax" and n_out == 1 and not l2  # softmax of one number is 1
            assert constant or np.linalg.norm(gradient) > 1e-5, f"nothing to compare: {here}"


def test_one_hot_targets_give_the_gradient_of_labels():
    rng = np.random.default_rng(0)
    network = Network([3, 4, 3], loss="cross_entropy", rng=rng)
    X, labels = rng.normal(size=(6, 3)), rng.integers(3, size=6)
    J, gradient = network.loss_and_gradient(X, labels)
    gradient = gradient.copy()
    again, same = network.loss_and_gradient(X, np.eye(3)[labels])
    assert again == pytest.approx(J, rel=1e-15)
    np.testing.assert_allclose(same, gradient, rtol=1e-14, atol=1e-17)


def test_soft_targets_too():
    rng = np.random.default_rng(1)
    network = Network([3, 3], loss="cross_entropy", rng=rng)
    network.theta[:] = rng.normal(size=network.theta.size)
    X, y = rng.normal(size=(6, 3)), rng.dirichlet(np.ones(3), size=6)

    def reference(theta):
        return cost(theta, X, y, [3, 3], "relu", "softmax", "cross_entropy", 0)

    exact = complex_step_gradient(reference, network.theta)
    assert relative_error(network.loss_and_gradient(X, y)[1], exact) < 1e-12


def test_a_different_activation_in_each_layer():
    rng = np.random.default_rng(2)
    network = Network([2, 3, 3, 3, 1], ["sigmoid", "leaky_relu", "tanh"], rng=rng)
    network.theta[:] = rng.normal(size=network.theta.size)
    X, y = rng.normal(size=(5, 2)), rng.normal(size=(5, 1))

    def reference(theta):
        A, start = X, 0
        for name, (W, b) in zip(network.activations, network.layers, strict=True):
            end = start + W.size
            W, b = theta[start:end].reshape(W.shape), theta[end : end + b.size]
            A, start = ACTIVATIONS[name](A @ W + b), end + b.size
        return ((A - y) ** 2).sum() / len(X)

    exact = complex_step_gradient(reference, network.theta)
    assert relative_error(network.loss_and_gradient(X, y)[1], exact) < 1e-12
