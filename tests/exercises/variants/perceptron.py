"""Honest ways to write the functions of unit `perceptron`."""

import math

import numpy as np


def sigmoid__tanh(z, a=1.0):
    return 0.5 * (1 + np.tanh(a * np.asarray(z) / 2))


def sigmoid__entry_by_entry(z, a=1.0):
    return np.vectorize(lambda each: 1 / (1 + math.exp(-a * each)))(z)


def sigmoid__float32(z, a=1.0):
    return np.float32(1) / (1 + np.exp(-np.float32(a) * np.asarray(z, dtype=np.float32)))


def sigmoid_derivative__quotient(z, a=1.0):
    e = np.exp(-a * z)
    return a * e / (1 + e) ** 2


def sigmoid_derivative__square(z, a=1.0):
    g = np.reciprocal(1 + np.exp(-a * z))
    return a * (g - np.square(g))


def relu__maximum(z):
    return np.maximum(0, z)


def relu__copy_changed_in_place(z):
    z = np.array(z)
    z[z < 0] = 0
    return z


def relu__half_sum(z):
    return (z + np.abs(z)) / 2


def relu_derivative__booleans(z):
    return z > 0


def relu_derivative__loop(z):
    return [1 if each > 0 else 0 for each in z]


def relu_derivative__heaviside(z):
    return np.heaviside(z, 0)


ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "relu": lambda z: z * (z > 0),
    "tanh": np.tanh,
    "linear": np.positive,
}


def neuron__einsum(x, w, b=0.0, activation="sigmoid"):
    return ACTIVATIONS[activation](b + np.einsum("...m,m->...", x, w))


def neuron__row_by_row(x, w, b=0.0, activation="sigmoid"):
    if x.ndim == 2:
        return np.array([neuron__row_by_row(row, w, b, activation) for row in x])
    z = b
    for each, weight in zip(x, w, strict=True):
        z += weight * each
    return ACTIVATIONS[activation](z)


def neuron__bias_as_input(x, w, b=0.0, activation="sigmoid"):
    ones = np.ones((*x.shape[:-1], 1))
    z = np.concatenate([ones, x], axis=-1) @ np.concatenate([[b], w])
    return ACTIVATIONS[activation](z)


def classify__astype(x, w, b):
    return np.asarray(np.dot(x, w) + b > 0).astype(np.int8)


def classify__floats(x, w, b):
    return np.ceil(np.clip(np.sign(x @ w + b), 0, 1))


def classify__cases(x, w, b):
    if x.ndim == 1:
        return 1 if sum(x * w) + b > 0 else 0
    return [classify__cases(row, w, b) for row in x]


def perceptron_step__cases(w, b, x, y, lr=1.0):
    answer = w @ x + b > 0
    if y == 1 and not answer:
        return [w + lr * x, b + lr]
    if y == 0 and answer:
        return [w - lr * x, b - lr]
    return [w, b]


def perceptron_step__one_vector(w, b, x, y, lr=1.0):
    weights, inputs = np.append(w, b), np.append(x, 1)
    weights = weights + lr * (y - (weights @ inputs > 0)) * inputs
    return weights[:-1], weights[-1]


def perceptron_step__copy_changed_in_place(w, b, x, y, lr=1.0):
    w = w.copy()
    error = y - int(np.inner(w, x) + b > 0)
    w += lr * error * x
    b += lr * error
    return w, b


def learn__while(X, y, lr=1.0, epochs=100, *, rng):
    w, b, mistakes = np.zeros(len(X[0])), 0, []
    while len(mistakes) < epochs and 0 not in mistakes:
        mistakes += [0]
        for i in rng.permutation(len(y)):
            error = y[i] - (X[i] @ w + b > 0)
            w, b = w + lr * error * X[i], b + lr * error
            mistakes[-1] += error != 0
    return w, b, mistakes, 0 in mistakes


def learn__shuffled_rows(X, y, lr=1.0, epochs=100, *, rng):
    w, mistakes = [0.0] * (X.shape[1] + 1), []
    for _ in range(epochs):
        order, before = rng.permutation(len(X)), list(w)
        wrong = 0
        for row, label in zip(X[order].tolist(), y[order].tolist(), strict=True):
            row.append(1.0)
            answer = sum(a * c for a, c in zip(w, row, strict=True)) > 0
            wrong += answer != label
            w = [a + lr * (label - answer) * c for a, c in zip(w, row, strict=True)]
        mistakes.append(np.int64(wrong))
        if w == before and wrong == 0:
            return np.array(w[:-1]), w[-1], np.array(mistakes), True
    return np.array(w[:-1]), w[-1], np.array(mistakes), False
