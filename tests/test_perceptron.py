"""The perceptron and its learning rule."""

import numpy as np
import pytest

from nnlab.perceptron import classify, learn, multi_output, neuron, perceptron_step


def test_a_neuron_is_a_weighted_sum_through_an_activation():
    x, w = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([0.5, -1.0])
    np.testing.assert_allclose(neuron(x, w, 0.25, "linear"), [-1.25, 1.25])
    np.testing.assert_allclose(neuron(x, w, 0.25, "relu"), [0, 1.25])
    np.testing.assert_allclose(neuron(x, w, 0.25), 1 / (1 + np.exp([1.25, -1.25])))


def test_several_outputs_are_neurons_side_by_side():
    rng = np.random.default_rng(0)
    x, W, b = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    alone = np.stack([neuron(x, W[:, j], b[j], "tanh") for j in range(2)], axis=1)
    np.testing.assert_allclose(multi_output(x, W, b, "tanh"), alone)


@pytest.mark.parametrize(("label", "expected"), [(1, ([2.0, 1.0], 1.0)), (0, ([0.0, 0.0], 0.0))])
def test_right_answers_change_nothing(label, expected):
    w, b = perceptron_step([0.0, 0.0], 0.0, [2.0, 1.0], label)  # 0 is answered with class 0
    np.testing.assert_array_equal(w, expected[0])
    assert b == expected[1]


def test_a_false_one_is_subtracted():
    w, b = perceptron_step([1.0, 0.0], 0.5, [2.0, 1.0], 0, lr=0.5)
    np.testing.assert_array_equal(w, [0.0, -0.5])
    assert b == 0.0


@pytest.mark.parametrize("seed", range(5))
def test_separable_data_are_learned_within_novikoffs_bound(seed):
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, (200, 2))
    normal, offset = np.array([0.6, -0.8]), 0.1
    distance = X @ normal + offset
    X, y = X[abs(distance) > 0.05], (distance > 0)[abs(distance) > 0.05]
    learned = learn(X, y, epochs=1000, rng=rng)
    np.testing.assert_array_equal(classify(X, learned.w, learned.b), y)
    assert learned.converged
    assert learned.mistakes[-1] == 0
    extended = np.column_stack([X, np.ones(len(X))])  # the bias is the weight of an input 1
    solution = np.append(normal, offset)
    margin = abs(extended @ solution).min() / np.linalg.norm(solution)
    radius = np.linalg.norm(extended, axis=1).max()
    assert sum(learned.mistakes) <= (radius / margin) ** 2


def test_each_epoch_takes_the_samples_in_a_new_order():
    X, y = np.random.default_rng(0).normal(size=(20, 2)), np.arange(20) % 2  # no line separates
    learned = learn(X, y, lr=0.5, epochs=3, rng=np.random.default_rng(1))
    rng, w, b = np.random.default_rng(1), np.zeros(2), 0.0
    for _ in range(3):
        for i in rng.permutation(20):
            w, b = perceptron_step(w, b, X[i], y[i], lr=0.5)
    np.testing.assert_array_equal(learned.w, w)
    assert learned.b == b


def test_an_epoch_without_a_mistake_counts_also_if_it_is_the_last():
    X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 0, 0, 1]
    needed = len(learn(X, y, rng=np.random.default_rng(0)).mistakes)
    assert learn(X, y, epochs=needed, rng=np.random.default_rng(0)).converged
    assert not learn(X, y, epochs=needed - 1, rng=np.random.default_rng(0)).converged


def test_what_no_line_separates_runs_out_of_epochs():
    X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    learned = learn(X, [0, 1, 1, 0], epochs=17, rng=np.random.default_rng(0))
    assert not learned.converged
    assert len(learned.mistakes) == 17
    assert min(learned.mistakes) > 0
