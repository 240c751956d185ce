"""Paths downhill: how far a line search goes, how optimizers race in a ravine, what SGD draws."""

from typing import Annotated

import numpy as np

from nnlab import plots
from nnlab.descent import descend, steepest_descent
from nnlab.fractal import least_squares, sgd_fractal
from nnlab.functions import QUADRATIC, RAVINE
from nnlab.optimizers import optimizer
from nnlab.plots.look import COLORS, INK, MUTED, ORANGE, SEQUENTIAL
from nnlab.widgets.control import Control, Picture, span, whole

TEAMS = {
    "momentum": {
        "plain": "gd",
        "momentum": "heavy_ball",
        "momentum by μ": "mu_momentum",
        "moving average": "moving_average",
        "Nesterov": "nesterov",
    },
    "adaptive": {
        "AdaGrad": "adagrad",
        "Adadelta": "adadelta",
        "RMSProp": "rmsprop",
        "Adam": "adam",
        "AMSGrad": "amsgrad",
        "AdamW": "adamw",
    },
}
"""All optimizers by the names that the book calls them, in two teams that a picture can hold."""


def line_search(
    step: Annotated[int, Control("step k", whole(0, 6))] = 0,
    rate: Annotated[float, Control("rate η to try", span(0.0, 0.8, 0.01))] = 0.4,
) -> Picture:
    """Search along the direction of one step on the bowl of the thesis's Example 1."""
    trace = steepest_descent(QUADRATIC.f, QUADRATIC.gradient, [0.0, 0.0], steps=step + 1)
    x, best = trace.points[step], trace.rates[step]
    p = -QUADRATIC.gradient(x)
    tried = x + rate * p
    fig, axes = plots.figure(1, 2, height=3.1)
    ends = (-0.4, 1.6), (-0.3, 1.4)
    plots.contours(
        QUADRATIC, *ends, {"": trace.points[: step + 1]}, names=("$u$", "$v$"), ax=axes[0]
    )
    axes[0].plot(
        *np.array([x, x + 0.8 * p]).T, color=MUTED, linewidth=1, scalex=False, scaley=False
    )
    axes[0].plot(*tried, "D", color=ORANGE)
    rates = plots.look.span(0, 0.8, 101)
    axes[1].plot(rates, [QUADRATIC.f(x + each * p) for each in rates])
    axes[1].plot(rate, QUADRATIC.f(tried), "D", color=ORANGE)
    axes[1].axvline(best, color=INK, linewidth=1, linestyle=":")
    axes[1].set(xlabel=r"$\eta$", ylabel=r"$f(x_k + \eta\,p_k)$")
    words = (
        f"Rate {rate:g} changes the cost by {QUADRATIC.f(tried) - QUADRATIC.f(x):.3g}; "
        f"the best rate of step {step} is {best:.3g}, which changes it by "
        f"{trace.costs[step + 1] - trace.costs[step]:.3g}."
    )
    return Picture(fig, words)


def race(
    team: Annotated[str, Control("methods", tuple(TEAMS))] = "momentum",
    rate: Annotated[
        float, Control("learning rate η", (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9))
    ] = 0.1,
    steps: Annotated[int, Control("steps", whole(5, 100, 5))] = 30,
) -> Picture:
    """Run several optimizers down the same ravine with the same rate."""
    runs = {
        name: descend(RAVINE.f, RAVINE.gradient, RAVINE.start, optimizer(method, lr=rate), steps)
        for name, method in TEAMS[team].items()
    }
    fig, axes = plots.figure(1, 2, height=3.4)
    paths = {name: run.points for name, run in runs.items()}
    plots.contours(RAVINE, (-9, 4), (-2.2, 2.2), paths, ax=axes[0])
    axes[0].get_legend().remove()
    for (name, run), color in zip(runs.items(), COLORS, strict=False):
        axes[1].plot(run.costs.clip(1e-12), color=color, label=name)
    axes[1].set(yscale="log", xlabel="step $k$", ylabel="cost")
    axes[1].legend(fontsize=8)
    order = sorted(runs, key=lambda name: runs[name].costs[-1])
    places = ", ".join(f"{name} {runs[name].costs[-1]:.2g}" for name in order)
    return Picture(fig, f"Cost after {steps} steps with rate {rate:g}, best first: {places}.")


def fractal(
    rate: Annotated[float, Control("learning rate η", span(0.05, 1.2, 0.05))] = 0.7,
    thousands: Annotated[int, Control("thousand steps", (10, 50, 100, 200, 500))] = 100,
) -> Picture:
    """Draw where SGD with one sample a step spends its time: at high rates, on a fractal."""
    points = sgd_fractal(rate, thousands * 1000, rng=np.random.default_rng(0))[100:]
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.05 * (high - low)
    edges = [np.linspace(a - r, b + r, 301) for a, b, r in zip(low, high, room, strict=True)]
    visits, *_ = np.histogram2d(points[:, 0], points[:, 1], bins=edges)
    fig, ax = plots.figure(height=4.0)
    ax.imshow(
        np.ma.masked_equal(np.log1p(visits.T), 0), origin="lower", aspect="auto", cmap=SEQUENTIAL,
        extent=(edges[0][0], edges[0][-1], edges[1][0], edges[1][-1]), interpolation="nearest",
        vmin=-1,
    )  # fmt: skip
    ax.plot(*least_squares(), "x", color=ORANGE, markersize=9, markeredgewidth=2)
    ax.set(xlabel="$w_1$", ylabel="$w_2$")
    ax.grid(False)
    away = np.linalg.norm(points - least_squares(), axis=1).mean()
    visited = np.count_nonzero(visits) / visits.size
    words = (
        f"Rate {rate:g}: on average {away:.2f} away from the minimum, the cross; "
        f"{100 * visited:.0f} % of the picture was visited."
    )
    return Picture(fig, words)
