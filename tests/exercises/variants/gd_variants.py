"""Honest ways to write the functions of unit `gd-variants`."""

import math

import numpy as np


def minibatches__generator(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    while len(order):
        rows, order = order[:batch_size], order[batch_size:]
        yield X[rows], y[rows]


def minibatches__shuffled_numbers(X, y, batch_size, rng):
    rows = np.arange(len(X))
    rng.shuffle(rows)
    parts = np.split(rows, np.arange(batch_size, len(rows), batch_size))
    return [(X.take(part, axis=0), y.take(part)) for part in parts]


def minibatches__views_of_a_shuffled_copy(X, y, batch_size, rng):
    order = rng.permutation(X.shape[0])
    X, y = X[order], y[order]
    count = math.ceil(len(X) / batch_size)
    cuts = [slice(k * batch_size, (k + 1) * batch_size) for k in range(count)]
    return tuple((X[cut], y[cut]) for cut in cuts)


def minibatches__lists(X, y, batch_size, rng):
    batches, rows = [], []
    for row in rng.permutation(len(X)):
        rows.append(row)
        if len(rows) == batch_size:
            batches.append([X[rows], y[rows]])
            rows = []
    if rows:
        batches.append([X[rows], y[rows]])
    return batches


def sgd_path__own_dealing(X, y, w, lr, batch_size, epochs, rng):
    n, w = len(X), np.array(w, dtype=float)
    path = [w.copy()]
    for _ in range(epochs):
        order = rng.permutation(n)
        for start in range(0, n, batch_size):
            rows = order[start : start + batch_size]
            errors = X[rows].dot(w) - y[rows]
            w -= 2 * lr * np.mean(errors[:, None] * X[rows], axis=0)
            path.append(w.copy())
    return path


def sgd_path__loops(X, y, w, lr, batch_size, epochs, rng):
    path = [list(w)]
    for _ in range(epochs):
        order = list(rng.permutation(len(X)))
        while order:
            rows, order = order[:batch_size], order[batch_size:]
            now, new = path[-1], list(path[-1])
            for i in rows:
                error = sum(a * b for a, b in zip(X[i], now, strict=True)) - y[i]
                for j in range(len(new)):
                    new[j] -= lr * 2 * error * X[i][j] / len(rows)
            path.append(new)
    return path


def hyperbolic__fraction(k, lr, tau):
    return lr / (1 + k / tau)


def linear__clipped(k, lr, tau):
    return np.clip(lr - lr * k / tau, 0, None)


def linear__if(k, lr, tau):
    if k > tau:
        return 0
    return (tau - k) / tau * lr


def exponential__power(k, lr, tau):
    return lr * math.e ** -(k / tau)


def exponential__inverse(k, lr, tau):
    return np.divide(lr, np.exp(np.float64(k) / tau))


def adagrad_step__loop(theta, grad, state=None, lr=0.01, eps=1e-10):
    G = [0.0] * len(theta) if state is None else list(state["G"])
    new = []
    for i, g in enumerate(grad):
        G[i] += g * g
        new.append(theta[i] - lr * g / (math.sqrt(G[i]) + eps))
    return new, {"t": 1 if state is None else state["t"] + 1, "G": G}


def adagrad_step__rates(theta, grad, state=None, lr=0.01, eps=1e-10):
    t, G = (0, 0.0) if state is None else (state["t"], state["G"])
    G = np.add(G, np.square(grad))
    rates = lr / (G**0.5 + eps)
    return theta - rates * grad, dict(t=t + 1, G=G)


def adadelta_step__two_roots(theta, grad, state=None, lr=1.0, rho=0.95, eps=1e-6):
    def average(old, new):
        return rho * old + (1 - rho) * new**2

    def rms(average):
        return np.sqrt(average + eps)

    zero = 0 * theta
    t, G, D = (0, zero, zero) if state is None else (state["t"], state["G"], state["D"])
    G = average(G, grad)
    delta = -rms(D) / rms(G) * grad
    return theta + lr * delta, {"t": t + 1, "G": G, "D": average(D, delta)}


def adadelta_step__copies_changed_in_place(theta, grad, state=None, lr=1.0, rho=0.95, eps=1e-6):
    names = ("G", "D")
    new = {k: np.zeros(len(theta)) if state is None else state[k].copy() for k in names}
    new["G"] += (1 - rho) * (grad * grad - new["G"])
    delta = grad * np.sqrt(new["D"] + eps) / np.sqrt(new["G"] + eps)
    new["D"] += (1 - rho) * (delta * delta - new["D"])
    theta = theta.copy()
    theta -= lr * delta
    return [theta, {**new, "t": (state["t"] if state else 0) + 1}]


INPUTS = np.array([[0.0, 1.0], [1.0, 0.5], [1.0, -0.5]])
TARGETS = np.array([0.0, 4.0, 0.0])


def sgd_fractal__one_draw_a_step(lr, steps, rng):
    points = [np.zeros(2)]
    for _ in range(steps):
        i = rng.integers(3)
        error = np.dot(INPUTS[i], points[-1]) - TARGETS[i]
        points.append(points[-1] - lr * error * INPUTS[i])
    return points[1:]


def sgd_fractal__numbers(lr, steps, rng):
    samples = list(zip(INPUTS.tolist(), TARGETS.tolist(), strict=True))
    w1 = w2 = 0.0
    points = []
    for _ in range(steps):
        (x1, x2), y = samples[rng.choice(3)]
        move = lr * (x1 * w1 + x2 * w2 - y)
        w1, w2 = w1 - move * x1, w2 - move * x2
        points.append((w1, w2))
    return np.array(points)


def sgd_fractal__affine_maps(lr, steps, rng):
    maps = [
        (np.eye(2) - lr * np.outer(x, x), lr * y * x) for x, y in zip(INPUTS, TARGETS, strict=True)
    ]
    w, points = np.zeros(2), np.zeros((steps, 2))
    for k, i in enumerate(rng.integers(0, 3, steps)):
        turn, shift = maps[i]
        points[k] = w = turn @ w + shift
    return points
