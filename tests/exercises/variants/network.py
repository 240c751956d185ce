"""Honest ways to write the functions of unit `network`."""

import math
from itertools import pairwise

import numpy as np

ACTIVATIONS = {
    "linear": np.positive,
    "sigmoid": lambda z: 0.5 + 0.5 * np.tanh(z / 2),
    "tanh": np.tanh,
    "relu": lambda z: z * (z > 0),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=-1)[..., None],
}


def multi_output__einsum(x, W, b, activation="sigmoid"):
    return ACTIVATIONS[activation](b + np.einsum("...m,mk->...k", x, W))


def multi_output__neuron_by_neuron(x, W, b, activation="sigmoid"):
    columns = [ACTIVATIONS[activation](x @ w + bias) for w, bias in zip(W.T, b, strict=True)]
    return np.stack(columns, axis=-1)


def multi_output__lists(x, W, b, activation="sigmoid"):
    if x.ndim == 2:
        return [multi_output__lists(row, W, b, activation) for row in x]
    sums = [b[j] + sum(x[k] * W[k, j] for k in range(len(x))) for j in range(len(b))]
    return ACTIVATIONS[activation](np.array(sums)).tolist()


def multi_output__bias_as_input(x, W, b, activation="sigmoid"):
    x = np.concatenate([np.ones((*x.shape[:-1], 1)), x], axis=-1)
    return ACTIVATIONS[activation](x @ np.vstack([b, W]))


def forward__recursion(X, layers, activations):
    if not layers:
        return [X]
    A = ACTIVATIONS[activations[0]](X @ layers[0][0] + layers[0][1])
    return [X, *forward__recursion(A, layers[1:], activations[1:])]


def forward__sample_by_sample(X, layers, activations):
    rows = []
    for x in X:
        row = [x]
        for (W, b), name in zip(layers, activations, strict=True):
            row.append(ACTIVATIONS[name](W.T @ row[-1] + b))
        rows.append(row)
    return tuple(np.array(parts) for parts in zip(*rows, strict=True))


def forward__own_arrays_in_place(X, layers, activations):
    outputs = [X.copy()]
    for i in range(len(layers)):
        Z = np.dot(outputs[i], layers[i][0])
        Z += layers[i][1]
        outputs += [ACTIVATIONS[activations[i]](Z)]
    return outputs


def forward__float32(X, layers, activations):
    outputs = [X.astype(np.float32)]
    for (W, b), name in zip(layers, activations, strict=True):
        Z = outputs[-1] @ W.astype(np.float32) + b.astype(np.float32)
        outputs.append(ACTIVATIONS[name](Z).astype(np.float32))
    return outputs


def collapse__probes(layers):
    def through(x):
        for W, b in layers:
            x = x @ W + b
        return x

    n = layers[0][0].shape[0]
    b = through(np.zeros(n))
    return through(np.eye(n)) - b, b


def collapse__last_first(layers):
    W, b = np.eye(layers[-1][0].shape[1]), 0
    for each, bias in reversed(layers):
        b = bias @ W + b
        W = each @ W
    return [W, b]


def collapse__one_matrix(layers):
    def with_bias(W, b):
        top = np.hstack([W, np.zeros((len(W), 1))])
        return np.vstack([top, np.append(b, 1)])

    whole = with_bias(*layers[0])
    for layer in layers[1:]:
        whole = whole @ with_bias(*layer)
    return whole[:-1, :-1], whole[-1, :-1]


def parameter_count__sizes(widths):
    shapes = [(widths[i], widths[i + 1]) for i in range(len(widths) - 1)]
    return sum(math.prod(shape) for shape in shapes) + sum(widths[1:])


def parameter_count__numpy(widths):
    w = np.array(widths)
    return np.dot(w[:-1] + 1, w[1:])


def layer_views__popping(theta, widths):
    rest, layers = theta, []
    for m, k in pairwise(widths):
        W, b, rest = np.split(rest, [m * k, m * k + k])
        layers.append([W.reshape(-1, k), b])
    return layers


def layer_views__copies_in_lists(theta, widths):
    numbers = iter(theta.tolist())
    return [
        ([[next(numbers) for _ in range(k)] for _ in range(m)], [next(numbers) for _ in range(k)])
        for m, k in pairwise(widths)
    ]


def xor_layers__two_sides():
    return [
        (np.array([[1, -1], [-1, 1]]), np.array([0, 0])),
        (np.array([[1], [1]]), np.array([0])),
    ]


def xor_layers__lists():
    return ([[1, 1], [1, 1]], [-1, 0]), ([[-2], [1]], [0])


def xor_layers__three_neurons():
    W = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    return [(W, np.array([0.0, 0.0, -1.0])), (np.array([[1.0], [1.0], [-2.0]]), np.zeros(1))]


def absolute_layers__scaled():
    return [[np.array([[2.0, -4.0]]), np.zeros(2)], [np.array([[0.5], [0.25]]), np.zeros(1)]]


def absolute_layers__around_the_corner():
    return [
        (np.array([[-1.0, 1.0, -1.0]]), np.zeros(3)),
        (np.array([[2.0], [1.0], [-1.0]]), np.array([0.0])),
    ]
