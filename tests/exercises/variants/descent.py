"""Honest ways to write the functions of unit `descent`."""

import math
from fractions import Fraction

import numpy as np


def gd_step__loop(theta, grad, state=None, lr=0.01):
    new = [x - lr * g for x, g in zip(theta, grad, strict=True)]
    return new, {"t": (state or {"t": 0})["t"] + 1}


def gd_step__copy_changed_in_place(theta, grad, state=None, lr=0.01):
    new = theta.copy()
    new -= lr * grad
    state = dict(state) if state else {"t": 0}
    state["t"] += 1
    return [new, state]


def gd_step__float32(theta, grad, state=None, lr=0.01):
    t = np.int64(0 if state is None else state["t"])
    return (theta - lr * grad).astype(np.float32), {"t": t + 1, "note": "mine"}


def descend__while(f, gradient, start, lr, steps=100, *, cost_change=None, gradient_norm=None):
    def reason():
        if len(costs) > 1 and not (-limit <= costs[-1] <= limit):
            return "diverged"
        if len(costs) > 1 and cost_change and abs(costs[-2] - costs[-1]) < cost_change:
            return "cost change"
        if len(costs) > steps:
            return "steps"
        if gradient_norm and math.sqrt(sum(g * g for g in gradient(points[-1]))) < gradient_norm:
            return "gradient norm"
        return None

    points, costs = [np.array(start)], [f(np.array(start))]
    limit = 1e6 + 1e6 * abs(costs[0])
    while reason() is None:
        points.append(points[-1] - lr * np.asarray(gradient(points[-1])))
        costs.append(f(points[-1]))
    return points, costs, reason()


def descend__room_first(f, gradient, start, lr, steps=100, *, cost_change=0, gradient_norm=0):
    points = np.full((steps + 1, len(start)), np.nan)
    costs = np.full(steps + 1, np.nan)
    points[0], costs[0], stopped, last = start, f(start), "steps", 0
    for k in range(1, steps + 1):
        slope = gradient(points[k - 1])
        if (slope**2).sum() < (gradient_norm or 0) ** 2:
            stopped = "gradient norm"
            break
        last = k
        points[k] = points[k - 1] - lr * slope
        costs[k] = f(points[k])
        bad = math.isnan(costs[k]) or abs(costs[k]) > 1e6 * (1 + abs(costs[0]))
        if bad or abs(costs[k] - costs[k - 1]) < (cost_change or 0):
            stopped = "diverged" if bad else "cost change"
            break
    return points[: last + 1], costs[: last + 1], stopped


def descend__lists(f, gradient, start, lr, steps=100, *, cost_change=None, gradient_norm=None):
    x, points, costs = list(start), [list(start)], [f(np.array(start))]
    for _ in range(steps):
        g = gradient(np.array(x))
        if gradient_norm is not None and math.hypot(*g) < gradient_norm:
            return points, costs, "gradient norm"
        x = [a - lr * b for a, b in zip(x, g, strict=True)]
        points, costs = [*points, x], [*costs, float(f(np.array(x)))]
        if not (math.isfinite(costs[-1]) and abs(costs[-1]) <= 1e6 * (1 + abs(costs[0]))):
            return points, costs, "diverged"
        if cost_change is not None and abs(costs[-1] - costs[-2]) < cost_change:
            return points, costs, "cost change"
    return points, costs, "steps"


def parabola_fate__borders(lr):
    if lr == 0.5 or lr == 1:
        return {0.5: "arrives", 1: "never settles"}[lr]
    return "slides" if lr < 0.5 else "hops" if lr < 1 else "diverges"


def parabola_fate__tried_out(lr):
    first = 1 - Fraction(lr) * 2
    second = first - Fraction(lr) * 2 * first
    if first == 0:
        return "arrives"
    if abs(second) == abs(first) == 1:
        return "never settles"
    if abs(second) > abs(first):
        return "diverges"
    return "slides" if first * second > 0 else "hops"


def largest_rate__number(gradient, x, h=1e-5):
    left, right = (gradient(np.array([x[0] + s]))[0] for s in (-h, h))
    return float(4 * h / (right - left))


def largest_rate__array_of_one(gradient, x, h=1e-5):
    def slope(t):
        return np.asarray(gradient(x + t)).item()

    return np.divide(2.0, (slope(h) - slope(-h)) / h / 2)


def exact_line_search__bisection(f, gradient, x, p):
    low, high = 0.0, 1.0
    while gradient(x + high * p) @ p < 0:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if gradient(x + middle * p) @ p < 0 else (low, middle)
    return high


def exact_line_search__curvature(f, gradient, x, p):
    first = np.dot(p, gradient(x))
    curvature = np.dot(p, np.subtract(gradient(x + p), gradient(x - p))) / 2
    return -first / curvature


def exact_line_search__from_three_heights(f, gradient, x, p):
    left, here, right = f(x - p), f(x), f(x + p)
    return (left - right) / (2 * (left - 2 * here + right))


def armijo__while(f, gradient, x, p, guess=1.0, shrink=0.5, share=1e-4):
    promised = share * sum(g * q for g, q in zip(gradient(x), p, strict=True))
    power = 0
    while power < 100:
        rate = guess * shrink**power
        gain = f(x + rate * p) - f(x)
        if not math.isnan(gain) and gain <= promised * rate:
            return rate
        power += 1
    raise ValueError("uphill?")


def armijo__recursion(f, gradient, x, p, guess=1.0, shrink=0.5, share=1e-4, left=100):
    if left == 0:
        raise ValueError
    there = f(x + np.multiply(guess, p))
    if np.less_equal(there, f(x) + guess * share * np.inner(gradient(x), p)):
        return guess
    return armijo__recursion(f, gradient, x, p, shrink * guess, shrink, share, left - 1)


def steepest_descent__stacked(f, gradient, start, search, steps=100, *, gradient_norm=1e-12):
    points, rates = np.array([start], dtype=float), []
    while len(rates) < steps and np.sqrt(np.sum(gradient(points[-1]) ** 2)) >= gradient_norm:
        down = -gradient(points[-1])
        rates.append(search(f, gradient, points[-1], down))
        points = np.vstack([points, points[-1] + rates[-1] * down])
    return points, rates


def steepest_descent__lists(f, gradient, start, search, steps=100, *, gradient_norm=1e-12):
    points, rates = [start.copy()], []
    for _ in range(steps):
        g = gradient(points[-1])
        if np.linalg.norm(g) < gradient_norm:
            return points, rates
        rates += [search(f, gradient, points[-1].copy(), -g)]
        points += [points[-1] - rates[-1] * g]
    return [points, rates]


def least_squares__rounded():
    return [2, 1.3333]


def least_squares__solved():
    X, y = np.array([[0, 1], [1, 0.5], [1, -0.5]]), np.array([0, 4, 0])
    return np.linalg.lstsq(X, y, rcond=None)[0]


def least_squares__by_descent():
    w = [0.0, 0.0]
    for _ in range(200):
        w = [w[0] - 0.3 * (2 * w[0] - 4), w[1] - 0.3 * (1.5 * w[1] - 2)]
    return tuple(w)
