"""What a check compares with is right: references that the catalogue writes itself agree with nnlab."""

import numpy as np
import pytest

from nnlab.datasets import load_digits
from nnlab.fractal import INPUTS, TARGETS
from nnlab.fractal import sgd_fractal as fractal_of_nnlab
from nnlab.grading.catalogue.batch_size_study_accuracy import accuracy
from nnlab.grading.catalogue.batch_size_study_train import train
from nnlab.grading.catalogue.gd_variants_fractal import sgd_fractal
from nnlab.grading.catalogue.gd_variants_path import sgd_path
from nnlab.network import Network
from nnlab.optimizers import Adam, GradientDescent, adam_step
from nnlab.training import fit


def _network(widths=(64, 8, 10), loss="cross_entropy"):
    return Network(list(widths), loss=loss, rng=np.random.default_rng(3))


@pytest.mark.parametrize("batch_size", [1, 32, 50])
def test_train_is_fit(batch_size):
    X, y = (part[:50] for part in load_digits())
    network, fitted = _network(), _network()

    def f(theta, X, y):
        network.theta[:] = theta
        loss, gradient = network.loss_and_gradient(X, y)
        return loss, gradient.copy()

    rng = np.random.default_rng(7)
    theta, losses = train(f, adam_step, network.theta.copy(), X, y, 3, batch_size, rng, lr=0.01)
    history = fit(
        fitted,
        X,
        y,
        Adam(0.01),
        epochs=3,
        batch_size=batch_size,
        rng=np.random.default_rng(7),
        accuracy=True,
    )
    np.testing.assert_allclose(theta, fitted.theta, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(losses, history.loss, rtol=1e-12)


def test_accuracy_is_that_of_a_network():
    X, y = load_digits()
    network = _network()
    logits = network.outputs(X)  # probabilities; softmax keeps the order
    assert accuracy(logits, y) == network.accuracy(X, y)


@pytest.mark.parametrize("batch_size", [1, 4, 10])
def test_the_path_of_a_linear_model_ends_where_fit_ends(batch_size):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(10, 3)), rng.normal(size=10)
    network = _network([3, 1], "squared_error")
    start = network.theta.copy()
    fit(
        network,
        X,
        y[:, None],
        GradientDescent(0.1),
        epochs=2,
        batch_size=batch_size,
        rng=np.random.default_rng(1),
    )
    ones = np.column_stack([X, np.ones(10)])  # the network's bias, as a weight of the input 1
    points = sgd_path(ones, y, start, 0.1, batch_size, 2, np.random.default_rng(1))
    np.testing.assert_allclose(points[-1], network.theta, rtol=1e-12)


@pytest.mark.parametrize(
    "fractal", [sgd_fractal, lambda lr, n, rng: fractal_of_nnlab(lr, n, rng=rng)]
)
def test_every_step_of_the_fractal_goes_down_the_loss_of_one_sample(fractal):
    points = np.vstack([[0.0, 0.0], fractal(0.65, 300, np.random.default_rng(5))])
    errors = points[:-1] @ INPUTS.T - TARGETS
    possible = points[:-1, None] - 0.65 * errors[:, :, None] * INPUTS
    distance = np.linalg.norm(possible - points[1:, None], axis=2)
    assert (distance.min(axis=1) < 1e-12).all()
    assert set(distance.argmin(axis=1)) == {0, 1, 2}
