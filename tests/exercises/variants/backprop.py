"""Honest ways to write the functions of unit `backprop`."""

import math

import numpy as np

SLOPES = {
    "linear": lambda a: 1.0,
    "sigmoid": lambda a: a - a * a,
    "tanh": lambda a: (1 - a) * (1 + a),
    "relu": np.sign,
}


def by_hand__rounded():
    return {
        "y_hat": 0.60080,
        "dw1": 0.02510,
        "dw2": 0.13757,
        "w1": 0.72490,
        "w2": 0.36243,
        "y_hat_after": 0.57287,
    }


def by_hand__differences():
    def g(z):
        return 0.5 * (1 + math.tanh(z / 2))

    def out(w1, w2):
        return g(w2 * g(2 * w1))

    def slope(f, w):
        return (f(w + 1e-6) - f(w - 1e-6)) / 2e-6

    dw1 = slope(lambda w: (out(w, 0.5) - 0.25) ** 2, 0.75)
    dw2 = slope(lambda w: (out(0.75, w) - 0.25) ** 2, 0.5)
    new = 0.75 - dw1, 0.5 - dw2
    return dict(y_hat=out(0.75, 0.5), dw1=dw1, dw2=dw2, w1=new[0], w2=new[1], y_hat_after=out(*new))


def softmax_cross_entropy_gradient__one_hot(z, y):
    p = np.exp(z - np.max(z, axis=1)[:, None])
    p = p / np.sum(p, axis=1)[:, None]
    return (p - np.eye(z.shape[1])[y]) / z.shape[0]


def softmax_cross_entropy_gradient__loops(z, y):
    rows = []
    for row, label in zip(z.tolist(), y.tolist(), strict=True):
        powers = [math.exp(value - max(row)) for value in row]
        rows.append([(e / sum(powers) - (k == label)) / len(z) for k, e in enumerate(powers)])
    return rows


def softmax_cross_entropy_gradient__log_space(z, y):
    top = z.max(axis=-1, keepdims=True)
    log_p = z - top - np.log(np.exp(z - top).sum(axis=-1, keepdims=True))
    right = np.arange(z.shape[-1]) == np.asarray(y)[:, np.newaxis]
    return np.mean([np.exp(log_p) - right], axis=0) / len(y)


def backward__einsum(outputs, layers, activations, dA):
    grads = [None] * len(layers)
    for i in range(len(layers) - 1, -1, -1):
        dZ = dA * SLOPES[activations[i]](outputs[i + 1])
        grads[i] = (np.einsum("ni,no->io", outputs[i], dZ), np.einsum("no->o", dZ))
        dA = np.einsum("no,io->ni", dZ, layers[i][0])
    return grads


def backward__sample_by_sample(outputs, layers, activations, dA):
    total = [[np.zeros(W.shape), np.zeros(b.shape)] for W, b in layers]
    for n in range(len(dA)):
        d = np.array(dA[n])
        for i in reversed(range(len(layers))):
            d = d * SLOPES[activations[i]](outputs[i + 1][n])
            total[i][0] += np.outer(outputs[i][n], d)
            total[i][1] += d
            d = layers[i][0] @ d
    return total


def backward__recursive(outputs, layers, activations, dA):
    if not layers:
        return []
    dZ = dA * SLOPES[activations[-1]](outputs[-1])
    W, _ = layers[-1]
    below = backward__recursive(outputs[:-1], layers[:-1], activations[:-1], dZ.dot(W.T))
    return [*below, (outputs[-2].T.dot(dZ), np.ones(len(dZ)) @ dZ)]


def backward__float32(outputs, layers, activations, dA):
    outputs = [np.float32(A) for A in outputs]
    layers = [(np.float32(W), np.float32(b)) for W, b in layers]
    return backward__einsum(outputs, layers, activations, np.float32(dA))


def backward__copy_changed_in_place(outputs, layers, activations, dA):
    grads, D = [], dA.copy()
    for A, (W, b), name, below in zip(
        outputs[:0:-1], layers[::-1], activations[::-1], outputs[-2::-1], strict=True
    ):
        D *= SLOPES[name](A)
        grads.insert(0, ((D.T @ below).T, D.sum(0).reshape(b.shape)))
        D = (W @ D.T).T
    return tuple(grads)


def numerical_gradient__bump_and_restore(f, theta, h=1e-5):
    theta = theta.copy()
    gradient = np.empty_like(theta)
    for i in range(theta.size):
        kept = theta[i]
        theta[i] = kept + h
        above = f(theta)
        theta[i] = kept - h
        gradient[i] = (above - f(theta)) / h / 2
        theta[i] = kept
    return gradient


def numerical_gradient__rows_of_the_identity(f, theta, h=1e-5):
    return [(f(theta + row) - f(theta - row)) / (2 * h) for row in h * np.eye(len(theta))]


def relative_error__by_sums(a, b):
    lengths = [sum(x * x for x in vector) ** 0.5 for vector in (a, b)]
    if max(lengths) == 0:
        return 0
    return math.dist(a, b) / max(lengths)


def relative_error__array_of_no_dimension(a, b):
    larger = np.maximum(np.sqrt(a @ a), np.sqrt(b @ b))
    return np.array(np.sqrt(((a - b) ** 2).sum()) / np.where(larger == 0, 1, larger))


def _outputs(X, layers, activations):
    functions = {"linear": np.positive, "tanh": np.tanh, "relu": lambda z: z * (z > 0)}
    outputs = [X]
    for (W, b), name in zip(layers, activations, strict=True):
        outputs.append(functions[name](np.einsum("ni,io->no", outputs[-1], W) + b[None, :]))
    return outputs


def loss_and_gradient__one_hot(X, y, layers, activations, loss):
    outputs = _outputs(X, layers, activations)
    out = outputs[-1]
    if loss == "squared_error":
        residual = out - y
        value, dA = (residual * residual).sum() / len(X), 2 / len(X) * residual
    else:
        log_p = out - np.logaddexp.reduce(out, axis=1)[:, None]
        Y = np.eye(out.shape[1])[y]
        value, dA = -(Y * log_p).sum() / len(X), (np.exp(log_p) - Y) / len(X)
    return float(value), backward__einsum(outputs, layers, activations, dA)
