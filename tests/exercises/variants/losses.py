"""Honest ways to write the functions of unit `losses`."""

import math

import numpy as np


def one_hot__identity(labels, classes):
    return np.eye(classes)[labels]


def one_hot__comparison(labels, classes):
    return labels[:, None] == np.arange(classes)


def one_hot__lists(labels, classes):
    return [[int(label == j) for j in range(classes)] for label in labels]


def squared_error__loops(y_hat, y):
    total = 0.0
    for guess, truth in zip(np.ravel(y_hat), np.ravel(y), strict=True):
        total += (guess - truth) ** 2
    return total / len(y)


def squared_error__norm(y_hat, y):
    return np.linalg.norm(y_hat - y) ** 2 / y.shape[0]


def squared_error__mean_of_sums(y_hat, y):
    squares = np.square(np.subtract(y_hat, y)).reshape(len(y), -1)
    return float(squares.sum(axis=1).mean())


def squared_error__float32(y_hat, y):
    r = np.float32(y_hat) - np.float32(y)
    return np.sum(r * r) / np.float32(len(y))


def squared_error_gradient__folded(y_hat, y):
    out = np.array(y_hat)
    out -= y
    out *= 2 / len(out)
    return out


def squared_error_gradient__list(y_hat, y):
    return [2 / len(y) * (guess - truth) for guess, truth in zip(y_hat, y, strict=True)]


def binary_cross_entropy__masks(p, y):
    total = -np.log(p[y == 1]).sum() - np.log(1 - p[y == 0]).sum()
    return total / p.size


def binary_cross_entropy__loop(p, y):
    return sum(-math.log(q if t else 1 - q) for q, t in zip(p, y, strict=True)) / len(p)


def binary_cross_entropy__formula_with_zeros_put_right(p, y):
    terms = y * np.log(p) + (1 - y) * np.log(1 - p)
    return -np.nan_to_num(terms).mean()


def binary_cross_entropy__tiny_clip(p, y):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def binary_cross_entropy_from_logits__logaddexp(z, y):
    return np.mean(np.logaddexp(0, z) - z * y)


def binary_cross_entropy_from_logits__turned(z, y):
    return np.logaddexp(0, (1 - 2 * y) * z).sum() / len(y)


def binary_cross_entropy_from_logits__two_cases(z, y):
    costs = []
    for logit, truth in zip(z, y, strict=True):
        wrong = -logit if truth == 1 else logit
        costs.append(
            wrong + math.log1p(math.exp(-wrong)) if wrong > 0 else math.log1p(math.exp(wrong))
        )
    return np.array(costs).mean()


def binary_cross_entropy_from_logits_gradient__tanh(z, y):
    return (0.5 * (1 + np.tanh(z / 2)) - y) / np.size(y)


def binary_cross_entropy_from_logits_gradient__stable_sigmoid(z, y):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1, e) / (1 + e)
    return (p - y) / z.shape[0]


def softmax_cross_entropy__logaddexp(z, y):
    rows = np.arange(len(z))
    return (np.logaddexp.reduce(z, axis=1) - z[rows, y]).mean()


def softmax_cross_entropy__maximum_added_back(z, y):
    top = z.max(1)
    logsum = top + np.log(np.exp(z - top[:, None]).sum(1))
    return np.sum(logsum - np.take_along_axis(z, y[:, None], axis=1)[:, 0]) / len(y)


def softmax_cross_entropy__relative_to_the_truth(z, y):
    costs = [np.logaddexp.reduce(row - row[label]) for row, label in zip(z, y, strict=True)]
    return sum(costs) / len(costs)


def softmax_cross_entropy__log_softmax_and_one_hot(z, y):
    z = z - z.max(axis=1).reshape(-1, 1)
    log_p = z - np.log(np.exp(z) @ np.ones((z.shape[1], 1)))
    return -np.einsum("ij,ij->", log_p, np.eye(z.shape[1])[y]) / z.shape[0]


def softmax_cross_entropy_gradient__subtract_one(z, y):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / len(y)


def softmax_cross_entropy_gradient__rows(z, y):
    out = []
    for row, label in zip(z, y, strict=True):
        p = np.exp(row - np.logaddexp.reduce(row))
        out.append([(q - (j == label)) / len(z) for j, q in enumerate(p)])
    return out
