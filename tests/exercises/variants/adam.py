"""Honest ways to write the functions of unit `adam`."""

import math
from types import SimpleNamespace

import numpy as np


def heavy_ball_step__loop(theta, grad, state=None, lr=0.01, beta=0.9):
    v = [0.0] * len(theta) if state is None else list(state["v"])
    new = []
    for i in range(len(theta)):
        v[i] = beta * v[i] - lr * grad[i]
        new.append(theta[i] + v[i])
    return new, {"t": (state or {"t": 0})["t"] + 1, "v": v}


def heavy_ball_step__copy_changed_in_place(theta, grad, state=None, lr=0.01, beta=0.9):
    theta = theta.copy()
    v = np.zeros(theta.shape) if not state else state["v"].copy()
    v *= beta
    v -= lr * grad
    theta += v
    return theta, dict(t=state["t"] + 1 if state else 1, v=v)


def heavy_ball_step__rate_factored_out(theta, grad, state=None, lr=0.01, beta=0.9):
    if state is None:
        state = dict(t=0, v=0)
    u = -np.asarray(state["v"]) / lr * beta + grad
    return theta - lr * u, {"v": -lr * u, "t": state["t"] + 1}


def heavy_ball_step__list_of_two(theta, grad, state=None, lr=0.01, beta=0.9):
    old = state.get("v") if state else 0 * theta
    v = np.subtract(np.multiply(beta, old), np.multiply(lr, grad))
    return [
        np.add(theta, v),
        {"t": np.int64(state["t"] if state else 0) + 1, "v": v, "note": "mine"},
    ]


def rmsprop_step__weighted_sum(theta, grad, state=None, lr=0.001, rho=0.9, eps=1e-8):
    G = np.zeros_like(theta) if state is None else state["G"]
    G = np.einsum("k,ki->i", [rho, 1 - rho], np.stack([G, grad * grad]))
    return theta - np.divide(lr, np.sqrt(G) + eps) * grad, {
        "t": 1 if state is None else state["t"] + 1,
        "G": G,
    }


def rmsprop_step__move_towards(theta, grad, state=None, lr=0.001, rho=0.9, eps=1e-8):
    t, G = (0, 0.0) if state is None else (state["t"], state["G"])
    G = G + (1 - rho) * (np.square(grad) - G)
    step = lr * grad / (G**0.5 + eps)
    return theta - step, {"t": t + 1, "G": G}


def rmsprop_step__entry_by_entry(theta, grad, state=None, lr=0.001, rho=0.9, eps=1e-8):
    def one(x, g, old):
        new = rho * old + (1 - rho) * g**2
        return x - lr * g / (math.sqrt(new) + eps), new

    old = [0.0] * len(theta) if state is None else state["G"]
    pairs = [one(*each) for each in zip(theta, grad, old, strict=True)]
    return np.array([p[0] for p in pairs]), {
        "t": 1 + (0 if state is None else state["t"]),
        "G": np.array([p[1] for p in pairs]),
    }


def bias_correction__sum_of_weights(average, beta, t):
    return average / sum((1 - beta) * beta**k for k in range(t))


def bias_correction__list(average, beta, t):
    return [value / (1 - math.pow(beta, t)) for value in average]


def adam_step__rates_folded(theta, grad, state=None, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    state = state or {"t": 0, "m": 0.0, "v": 0.0}
    t = state["t"] + 1
    m = state["m"] * beta1 + grad * (1 - beta1)
    v = state["v"] * beta2 + grad * grad * (1 - beta2)
    root = np.sqrt(1 - beta2**t)
    rate = lr * root / (1 - beta1**t)
    return theta - rate * m / (np.sqrt(v) + eps * root), {"t": t, "m": m, "v": v}


def adam_step__float32(theta, grad, state=None, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    theta, grad = np.float32(theta), np.float32(grad)
    state = state or {"t": 0, "m": np.zeros_like(theta), "v": np.zeros_like(theta)}
    t = state["t"] + 1
    m = np.float32(beta1 * state["m"] + (1 - beta1) * grad)
    v = np.float32(beta2 * state["v"] + (1 - beta2) * grad**2)
    step = lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return np.float32(theta - step), {"t": t, "m": m, "v": v}


def adam_step__helper_and_namespace(
    theta, grad, state=None, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8
):
    def average(old, new, beta):
        return beta * old + (1 - beta) * new

    zero = np.zeros(np.shape(theta))
    s = SimpleNamespace(**(state if state is not None else {"t": 0, "m": zero, "v": zero.copy()}))
    s.t += 1
    s.m, s.v = average(s.m, grad, beta1), average(s.v, grad**2, beta2)
    hats = s.m / (1 - beta1**s.t), s.v / (1 - beta2**s.t)
    return theta - lr * hats[0] / (np.sqrt(hats[1]) + eps), vars(s)


def adam_step__views_of_one_table(
    theta, grad, state=None, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8
):
    table = np.zeros((2, len(theta)))
    if state is not None:
        table[0], table[1] = state["m"], state["v"]
    betas = np.array([[beta1], [beta2]])
    table = betas * table + (1 - betas) * np.array([grad, grad**2])
    t = 1 if state is None else state["t"] + 1
    m_hat, v_hat = table / (1 - betas**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), {"t": t, "m": table[0], "v": table[1]}


def walk__list(step, gradient, start, steps, **settings):
    points, state = [list(start)], None
    while len(points) <= steps:
        here = np.array(points[-1])
        here, state = step(here, gradient(here), state, **settings)
        points.append(list(here))
    return points


def walk__table_filled_in(step, gradient, start, steps, **settings):
    points = np.empty((steps + 1, len(start)))
    points[0] = start
    memory = None
    for k in range(steps):
        points[k + 1], memory = step(points[k], gradient(points[k]), memory, **settings)
    return points
