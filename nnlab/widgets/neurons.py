"""What a few neurons can do: one sigmoid, the feature space of XOR, a sum of three tanh units."""

from typing import Annotated

import numpy as np

from nnlab import plots
from nnlab._types import Array
from nnlab.activations import ACTIVATIONS
from nnlab.activations import sigmoid as logistic
from nnlab.datasets import CURVES, curve, xor
from nnlab.plots.look import BLUE, INK, MUTED, ORANGE
from nnlab.plots.regions import CLASSES, MARKERS
from nnlab.widgets.control import Control, Picture, minus, span


def sigmoid(
    weight: Annotated[float, Control("weight w", span(-5, 5, 0.25))] = 1.0,
    bias: Annotated[float, Control("bias b", span(-5, 5, 0.25))] = 0.0,
) -> Picture:
    """One neuron: the weight sets how steep its sigmoid is, the bias where it passes one half."""
    fig, ax = plots.figure(height=3.0)
    x = plots.look.span(-6, 6)
    if (weight, bias) != (1, 0):
        ax.plot(x, logistic(x), color=MUTED, linewidth=1, label="w = 1, b = 0")
    here = minus(f"w = {weight:g}, b = {bias:g}")
    ax.plot(x, logistic(weight * x + bias), color=BLUE, label=here)
    ax.set(ylim=(-0.05, 1.05), xlabel="$x$", ylabel=r"$\sigma(wx + b)$")
    plots.legend(ax)
    if weight == 0:
        return Picture(fig, f"Weight 0: the answer is {logistic(bias):.2f}, whatever x is.")
    middle = -bias / weight + 0.0  # no -0.0
    ax.axvline(middle, color=ORANGE, linewidth=1, linestyle=":")
    words = f"It passes one half at x = {middle:.2f}, where its slope is {weight / 4:.2f}."
    return Picture(fig, words)


def xor_features(
    first: Annotated[float, Control("bias of unit 1", span(-2, 1, 0.1))] = 0.0,
    second: Annotated[float, Control("bias of unit 2", span(-2, 1, 0.1))] = -1.0,
    activation: Annotated[str, Control("activation", ("relu", "tanh", "linear"))] = "relu",
) -> Picture:
    """Two hidden units, both with weights 1 and 1, move the four points of XOR to a new plane."""
    X, y = xor()
    H = ACTIVATIONS[activation].function(X @ np.ones((2, 2)) + np.array([first, second]))
    normal, offset, margin = _widest_gap(H, y)
    fig, axes = plots.figure(1, 2, height=3.1)
    for points, ax in ((X, axes[0]), (H, axes[1])):
        for k in (0, 1):
            style = {"s": 70, "edgecolor": INK, "zorder": 3, "label": f"class {k}"}
            ax.scatter(*points[y == k].T, c=CLASSES[k], marker=MARKERS[k], **style)
        low, high = points.min(axis=0) - 0.4, points.max(axis=0) + 0.4
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        plots.legend(ax)
    plots.look.label(axes[0], "input $x_1$", "input $x_2$")
    plots.look.label(axes[1], "hidden unit $h_1$", "hidden unit $h_2$")
    if margin <= 1e-9:
        return Picture(fig, "No line separates the two classes in the plane of the hidden units.")
    along = np.array([-normal[1], normal[0]])
    ends = offset * normal + np.outer([-9, 9], along)
    axes[1].plot(*ends.T, color=INK, linewidth=1.2, scalex=False, scaley=False)
    words = f"A line separates the two classes, {margin / 2:.2f} away from the nearest points."
    return Picture(fig, words)


def _widest_gap(H: Array, y: Array) -> tuple[Array, float, float]:
    """The direction in which the classes lie furthest apart, the place between them, the width."""
    angles = np.radians(np.arange(0, 360, 0.5))
    normals = np.stack([np.cos(angles), np.sin(angles)])
    along = H @ normals
    low, high = along[y == 0].max(axis=0), along[y == 1].min(axis=0)
    best = int(np.argmax(high - low))
    return normals[:, best], (high[best] + low[best]) / 2, float(high[best] - low[best])


def tanh_units(
    target: Annotated[str, Control("curve to fit", tuple(CURVES))] = "square",
    left: Annotated[float, Control("middle of unit 1", span(-1, 1, 0.05))] = -0.6,
    centre: Annotated[float, Control("middle of unit 2", span(-1, 1, 0.05))] = 0.0,
    right: Annotated[float, Control("middle of unit 3", span(-1, 1, 0.05))] = 0.6,
    weight: Annotated[float, Control("input weight", span(0.5, 20, 0.5))] = 2.5,
) -> Picture:
    """Three tanh units where you put them; their output weights are the best there are for that."""
    x, y = curve(target)
    hidden = np.tanh(weight * (x - np.array([left, centre, right])))
    design = np.column_stack([hidden, np.ones(len(x))])
    outgoing = np.linalg.lstsq(design, y, rcond=None)[0]
    fit = design @ outgoing
    fig, axes = plots.figure(1, 2, height=2.9)
    for k in range(3):
        axes[0].plot(x, outgoing[k] * hidden[:, k], label=f"unit {k + 1}")
    axes[1].plot(x, y, "o", color=MUTED, markersize=3, label="points")
    axes[1].plot(x, fit, color=ORANGE, label="sum and bias")
    axes[0].set(xlabel="$x$")
    axes[1].set(xlabel="$x$", ylim=(y.min() - 0.4, y.max() + 0.4))
    for ax in axes:
        plots.legend(ax, handlelength=1.2, columnspacing=1)
    error = float(np.mean((fit - y) ** 2))
    return Picture(fig, f"Mean squared error {error:.2g}, largest miss {abs(fit - y).max():.2g}.")
