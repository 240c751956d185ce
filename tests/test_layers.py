"""Forward and backward passes by hand, and the flat vector's views."""

import numpy as np
import pytest

from nnlab.layers import backward, forward, layer_views, parameter_count


def small():
    rng = np.random.default_rng(0)
    layers = layer_views(rng.normal(size=parameter_count([3, 4, 2])), [3, 4, 2])
    return rng.normal(size=(5, 3)), layers, rng.normal(size=(5, 2))


def test_views_share_memory_and_cover_every_parameter_once():
    theta = np.arange(float(parameter_count([2, 3, 1])))
    layers = layer_views(theta, [2, 3, 1])
    flat = np.concatenate([part.ravel() for layer in layers for part in layer])
    np.testing.assert_array_equal(flat, theta)
    layers[1][1][:] = -7
    assert theta[-1] == -7


def test_forward_sample_by_sample():
    X, layers, _ = small()
    (W1, b1), (W2, b2) = layers
    outputs = forward(X, layers, ["tanh", "sigmoid"])
    for i, x in enumerate(X):
        hidden = [np.tanh(b1[j] + sum(x[k] * W1[k, j] for k in range(3))) for j in range(4)]
        z = [b2[j] + sum(hidden[k] * W2[k, j] for k in range(4)) for j in range(2)]
        np.testing.assert_allclose(outputs[1][i], hidden, rtol=1e-13)
        np.testing.assert_allclose(outputs[2][i], 1 / (1 + np.exp(np.negative(z))), rtol=1e-13)
    assert outputs[0] is X


def test_backward_is_the_sum_over_samples():
    X, layers, dA = small()
    names = ["relu", "linear"]
    together = backward(forward(X, layers, names), layers, names, dA)
    alone = [
        backward(forward(X[i : i + 1], layers, names), layers, names, dA[i : i + 1])
        for i in range(len(X))
    ]
    for layer, (dW, db) in enumerate(together):
        np.testing.assert_allclose(dW, sum(part[layer][0] for part in alone), rtol=1e-12)
        np.testing.assert_allclose(db, sum(part[layer][1] for part in alone), rtol=1e-12)


def test_backward_writes_where_it_is_told():
    X, layers, dA = small()
    names = ["tanh", "linear"]
    fresh = backward(forward(X, layers, names), layers, names, dA)
    grad = np.full(parameter_count([3, 4, 2]), np.nan)
    views = layer_views(grad, [3, 4, 2])
    result = backward(forward(X, layers, names), layers, names, dA, out=views)
    assert all(a is b for a, b in zip(result[0], views[0], strict=True))
    np.testing.assert_array_equal(
        grad, np.concatenate([part.ravel() for layer in fresh for part in layer])
    )


def test_backward_does_not_touch_what_forward_kept():
    X, layers, dA = small()
    names = ["relu", "softmax"]
    outputs = forward(X, layers, names)
    before = [array.copy() for array in (*outputs, dA, *layers[0], *layers[1])]
    backward(outputs, layers, names, dA)
    for array, copy in zip((*outputs, dA, *layers[0], *layers[1]), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"need 23 parameters, got shape \(22,\)"):
        layer_views(np.zeros(22), [3, 4, 1, 1])
    with pytest.raises(ValueError, match=r"at least an input and an output width, got \[3\]"):
        parameter_count([3])
    with pytest.raises(ValueError, match="a layer's width must be at least 1, got 0"):
        parameter_count([3, 0, 1])
    with pytest.raises(TypeError, match=r"a layer's width must be a whole number, got 2\.0"):
        parameter_count([3, 2.0])
