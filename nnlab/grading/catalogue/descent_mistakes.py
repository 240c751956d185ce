"""Unit `descent`: how a descent goes wrong, as twists of one loop."""
# mypy: allow-untyped-defs

import numpy as np

from nnlab.grading.catalogue.descent import DESCEND
from nnlab.grading.specification import Function


def _descend(twist: str) -> Function:
    """Return the loop with one thing wrong in it."""

    def descend(f, gradient, start, lr, steps=100, *, cost_change=None, gradient_norm=None):
        x = start if twist == "in-place" else np.array(start, dtype=float)
        first = gradient(x)
        points, costs, stopped = [x], [f(x)], "steps"
        limit = 1e6 * (1 + abs(costs[0]))
        for _ in range(steps):
            g = first if twist == "stale-gradient" else gradient(x)
            length = {"squared-norm": g @ g, "largest-entry": np.abs(g).max()}.get(
                twist, np.linalg.norm(g)
            )
            stop = gradient_norm is not None and length < gradient_norm
            if stop and twist not in ("one-step-more", "norm-late"):
                stopped = "gradient norm"
                break
            if twist in ("in-place", "one-array"):
                x -= lr * g
            else:
                x = x + (lr if twist == "uphill" else -lr) * g
            points.append(x)
            costs.append(f(x))
            change = costs[-1] - costs[-2]
            if twist != "signed-change":
                change = np.linalg.norm(x - points[-2]) if twist == "points-change" else abs(change)
            if twist == "norm-late" and gradient_norm is not None:
                stop = np.linalg.norm(gradient(x)) < gradient_norm
            if _too_far(costs[-1], limit, twist):
                stopped = "diverged"
                break
            if stop:
                stopped = "gradient norm"
                break
            if cost_change is not None and change < cost_change:
                stopped = "cost change"
                if twist == "last-dropped":
                    points.pop()
                    costs.pop()
                break
        if twist == "always-steps":
            stopped = "steps"
        if twist == "costs-late":
            costs = [*costs[1:], f(x)]
        if twist == "costs-behind":
            costs = [costs[0], *costs[:-1]]
        if twist == "not-cut":
            rest = steps + 1 - len(points)
            points, costs = [*points, *[0 * x] * rest], [*costs, *[0.0] * rest]
        cut = {"no-start": slice(1, None), "no-end": slice(0, -1)}.get(twist, slice(None))
        return np.array(points)[cut], np.array(costs)[cut], stopped

    return descend


def _too_far(cost: float, limit: float, twist: str) -> bool:
    if twist == "never-diverged":
        return False
    if twist == "nan-missed":
        return abs(cost) > limit
    if twist == "only-infinity":
        return not bool(np.isfinite(cost))
    if twist == "fixed-limit":
        return not abs(cost) <= 1e6
    if twist == "only-up":
        return not cost <= limit
    return not abs(cost) <= limit


for _id, _message in {
    "uphill": "You walk uphill: subtract lr times the gradient.",
    "stale-gradient": "You take the gradient at the start only: take it anew at every point.",
    "no-start": "The first point must be the start itself, with its cost: k steps make k + 1 points.",
    "no-end": "The last point is missing: k steps make k + 1 points, the start included.",
    "costs-late": "Your costs run one point ahead: costs[i] is f(points[i]), and the start has one too.",
    "costs-behind": "Your costs run one point behind: costs[i] is f(points[i]), so take it after the step.",
    "not-cut": "Your arrays keep their empty rows when you stop early: cut them after the last point.",
    "one-array": "All your points are one array, moved again and again (x -= ...): x = x - lr * g makes a new one.",
    "in-place": "You move start itself (x -= ...), and all points with it: write x = x - lr * g.",
    "signed-change": "A falling cost changes by a negative number, less than any bound: take the absolute value.",
    "points-change": "You measure how far the point moves: this rule asks how much the cost changes.",
    "last-dropped": "When you stop for a small change, the last point still counts: append first, then stop.",
    "one-step-more": "You step first and ask for the gradient's length then: stop before a step that is not needed.",
    "norm-late": "You ask for the gradient's length after the step only: ask before, for the start may be the bottom.",
    "squared-norm": "You compare the square of the gradient's length: its length is the root of that.",
    "largest-entry": "You compare the gradient's largest entry: its length is the root of the sum of squares.",
    "always-steps": "You stop, but do not say why: the third result is the rule that ended it.",
    "never-diverged": "You never notice that the cost runs away: stop when it is beyond the limit.",
    "nan-missed": "NaN > limit is False, and so is every comparison with NaN: ask `not abs(cost) <= limit`.",
    "fixed-limit": "Your limit is 10^6 whatever the start costs: it is 10^6 (1 + |f(x0)|).",
    "only-infinity": "You wait until the cost is infinite or NaN: stop as soon as it is beyond the limit.",
    "only-up": "A cost can run away downwards too: compare its absolute value with the limit.",
}.items():
    _link = None
    if _id in ("never-diverged", "nan-missed", "only-infinity", "only-up", "fixed-limit"):
        _link = "book/gradient-descent.html#src-c-f13"
    elif _id in ("signed-change", "points-change", "one-step-more", "norm-late", "squared-norm"):
        _link = "book/gradient-descent.html#src-r-gd"
    DESCEND.mistake(_id, _message, _link)(_descend(_id))
