"""Honest ways to write the functions of unit `batch-size-study`."""

import time

import numpy as np


def accuracy__count(z, y):
    right = 0
    for row, label in zip(z, y, strict=True):
        right += int(np.argmax(row)) == label
    return right / len(y)


def accuracy__truth_is_largest(z, y):
    return (z[np.arange(len(y)), y] >= z.max(axis=1)).mean()


def accuracy__float32(z, y):
    return np.float32(1) - np.float32(np.count_nonzero(np.argmax(z, 1) - y) / len(z))


def _deal(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


def train_epoch__running_mean(f, step, theta, state, X, y, batch_size, rng, **settings):
    mean, seen = 0.0, 0
    for inputs, targets in _deal(X, y, batch_size, rng):
        loss, gradient = f(theta, inputs, targets)
        theta, state = step(theta, gradient, state, **settings)
        seen += len(targets)
        mean += (loss - mean) * len(targets) / seen
    return theta, state, mean


def train_epoch__average(f, step, theta, state, X, y, batch_size, rng, **settings):
    losses, sizes = [], []
    for batch in _deal(X, y, batch_size, rng):
        loss, gradient = f(theta, *batch)
        theta, state = step(theta, gradient, state, **settings)
        losses.append(loss)
        sizes.append(len(batch[0]))
    return [theta, state, np.average(losses, weights=sizes)]


def train_epoch__while(f, step, theta, state, X, y, batch_size, rng, **settings):
    order, total = list(rng.permutation(len(X))), 0
    while order:
        rows, order = order[:batch_size], order[batch_size:]
        results = f(theta, X[rows], y[rows])
        theta, state = step(theta, results[1], state=state, **settings)
        total = total + results[0] * len(rows) / len(X)
    return theta, state, total


def train__own_epochs(f, step, theta, X, y, epochs, batch_size, rng, **settings):
    theta, state, losses = theta.copy(), None, np.zeros(epochs)
    for epoch in range(epochs):
        for inputs, targets in _deal(X, y, batch_size, rng):
            loss, gradient = f(theta, inputs, targets)
            theta, state = step(theta, gradient, state, **settings)
            losses[epoch] += loss * len(inputs)
    return theta, losses / len(X)


def train__recursion(f, step, theta, X, y, epochs, batch_size, rng, **settings):
    def go_on(theta, state, left):
        if left == 0:
            return theta, []
        new = train_epoch__average(f, step, theta, state, X, y, batch_size, rng, **settings)
        end, losses = go_on(new[0], new[1], left - 1)
        return end, [new[2], *losses]

    return go_on(theta, None, epochs)


def train__tuple_of_losses(f, step, theta, X, y, epochs, batch_size, rng, **settings):
    state, losses = None, ()
    while len(losses) < epochs:
        theta, state, loss = train_epoch__while(
            f, step, theta, state, X, y, batch_size, rng, **settings
        )
        losses += (loss,)
    return theta, losses


def study__comprehension(f, start, X, y, methods, batch_sizes, epochs, seed):
    def run(name, size):
        step, settings = methods[name]
        began = time.time_ns()
        rng = np.random.default_rng(seed)
        theta, losses = train__own_epochs(f, step, start, X, y, epochs, size, rng, **settings)
        return {
            "seconds": (time.time_ns() - began + 1) / 1e9,
            "theta": theta,
            "losses": list(losses),
            "updates": epochs * (-(-len(X) // size)),
            "batch_size": size,
            "method": name,
            "note": "mine",
        }

    return [run(name, size) for name in methods for size in batch_sizes]


def study__counted_updates(f, start, X, y, methods, batch_sizes, epochs, seed):
    rows = []
    for name in methods:
        step, settings = methods[name]
        for size in batch_sizes:
            count = [0]

            def counted(*arguments, step=step, count=count, **more):
                count[0] += 1
                return step(*arguments, **more)

            began = time.perf_counter()
            theta, losses = train__tuple_of_losses(
                f,
                counted,
                start.copy(),
                X,
                y,
                epochs,
                size,
                np.random.default_rng(seed),
                **settings,
            )
            row = dict(method=name, batch_size=size, updates=count[0], losses=losses, theta=theta)
            row["seconds"] = time.perf_counter() - began
            rows.append(row)
    return rows
