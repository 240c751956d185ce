"""A network: what it predicts and costs, its one vector of parameters, and its copies."""

import copy
import math
import pickle

import numpy as np
import pytest

from nnlab import initialization
from nnlab.losses import l2_penalty
from nnlab.network import Network

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4))


def network(**settings):
    return Network([4, 6, 3], **{"rng": np.random.default_rng(1), **settings})


def test_layers_and_gradients_are_views():
    net = network()
    net.theta[:] = 1
    assert all((W == 1).all() and (b == 1).all() for W, b in net.layers)
    _, grad = net.loss_and_gradient(X, np.zeros((50, 3)))
    assert grad is net.grad
    assert np.shares_memory(net.gradients[0][0], grad)


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])
def test_a_copy_is_whole(clone):
    """Its layers must be views of its own theta: else training would move one and not the other."""
    net = network(loss="cross_entropy")
    other = clone(net)
    other.theta[:] = 0
    assert all((W == 0).all() for W, _ in other.layers)
    assert not (net.theta == 0).all()
    y = np.arange(50) % 3
    assert other.loss(X, y) == pytest.approx(math.log(3))
    other.loss_and_gradient(X, y)
    assert np.shares_memory(other.grad, other.gradients[0][0])


def test_new_classifiers_cost_the_log_of_the_classes():
    net = network(loss="cross_entropy")
    net.theta[:] = 0
    assert net.loss(X, np.arange(50) % 3) == pytest.approx(math.log(3), rel=1e-15)
    np.testing.assert_allclose(net.outputs(X), 1 / 3)
    binary = network(loss="binary_cross_entropy")
    binary.theta[:] = 0
    assert binary.loss(X, np.ones((50, 3))) == pytest.approx(3 * math.log(2), rel=1e-15)
    np.testing.assert_allclose(binary.outputs(X), 1 / 2)
    assert not binary.predict(X).any()  # 1/2 is not more than 1/2


def test_outputs_are_probabilities_and_predictions_their_decision():
    net = network(loss="cross_entropy")
    p = net.outputs(X)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    np.testing.assert_array_equal(net.predict(X), p.argmax(axis=1))
    binary = Network([4, 1], loss="binary_cross_entropy", rng=RNG)
    assert binary.predict(X).shape == (50,)
    np.testing.assert_array_equal(binary.predict(X), binary.outputs(X)[:, 0] > 0.5)
    regression = Network([4, 1], rng=RNG)
    np.testing.assert_array_equal(regression.predict(X), regression.outputs(X)[:, 0])


def test_accuracy_counts_samples_that_are_right_in_every_output():
    net = network(loss="cross_entropy")
    y = net.predict(X)
    wrong = y.copy()
    wrong[:10] = (wrong[:10] + 1) % 3
    assert net.accuracy(X, y) == 1
    assert net.accuracy(X, wrong) == 0.8
    assert net.accuracy(X, np.eye(3)[wrong]) == 0.8
    binary = network(loss="binary_cross_entropy")
    bits = binary.predict(X).astype(float)
    bits[:5, 2] = 1 - bits[:5, 2]  # one output of three
    assert binary.accuracy(X, bits) == 0.9


def test_the_penalty_is_added_whatever_the_number_of_samples():
    y = np.arange(50) % 3
    plain, penalised = network(loss="cross_entropy"), network(loss="cross_entropy", l2=0.3)
    penalty = l2_penalty([W for W, _ in plain.layers], 0.3)
    for rows in (1, 7, 50):
        gap = penalised.loss(X[:rows], y[:rows]) - plain.loss(X[:rows], y[:rows])
        assert gap == pytest.approx(penalty, rel=1e-12)


def test_initial_weights_have_the_spread_their_name_promises():
    rng = np.random.default_rng(0)
    W = initialization.glorot(300, 500, rng)
    bound = math.sqrt(6 / 800)
    assert abs(W).max() <= bound
    assert W.std() == pytest.approx(bound / math.sqrt(3), rel=0.01)  # uniform over +-bound
    assert initialization.he(300, 500, rng).std() == pytest.approx(math.sqrt(2 / 300), rel=0.01)
    assert initialization.normal(300, 500, rng).std() == pytest.approx(0.1, rel=0.01)


@pytest.mark.parametrize("initial", initialization.INITIALIZATIONS)
def test_biases_start_at_zero_and_weights_come_from_rng_alone(initial):
    a, b = (network(initial=initial, rng=np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(a.theta, b.theta)
    assert all((bias == 0).all() and (W != 0).all() for W, bias in a.layers)
    assert not np.array_equal(a.theta, network(initial=initial, rng=RNG).theta)


def test_float32_starts_from_the_same_weights_and_stays_float32():
    wide, narrow = network(loss="cross_entropy"), network(loss="cross_entropy", dtype=np.float32)
    np.testing.assert_array_equal(narrow.theta, wide.theta.astype(np.float32))
    _, grad = narrow.loss_and_gradient(X, np.arange(50) % 3)
    assert grad.dtype == narrow.outputs(X).dtype == np.float32
    assert network(l2=0.1, dtype=np.float32).outputs(X).dtype == np.float32


def test_the_output_that_a_loss_brings_may_also_be_named():
    named = network(loss="cross_entropy", output="softmax")
    np.testing.assert_array_equal(named.outputs(X), network(loss="cross_entropy").outputs(X))


def test_repeated_calls_give_the_same_gradient_not_a_sum():
    net = network()
    y = np.ones((50, 3))
    first = net.loss_and_gradient(X, y)[1].copy()
    np.testing.assert_array_equal(net.loss_and_gradient(X, y)[1], first)
