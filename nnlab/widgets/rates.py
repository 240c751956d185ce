"""One rate decides: descent on the parabola and on the polynomial with two valleys."""

from typing import Annotated

import numpy as np

from nnlab import plots
from nnlab.descent import Trace, descend
from nnlab.functions import PARABOLA, POLYNOMIAL, Surface
from nnlab.widgets.control import Control, Picture, span, whole


def rate_on_parabola(
    rate: Annotated[float, Control("learning rate η", span(0.02, 1.1, 0.02))] = 0.1,
    steps: Annotated[int, Control("steps", whole(1, 40))] = 20,
) -> Picture:
    """Descend on x² from 1: each step multiplies x by 1 - 2η."""
    trace = _descend(PARABOLA, rate, steps)
    factor = 1 - 2 * rate
    if abs(factor) < 1e-9:
        each = "the first step lands on the minimum"
    elif abs(factor) > 1 + 1e-9:
        each = f"each step multiplies the distance by {abs(factor):.2f}, and it grows"
    elif abs(factor) > 1 - 1e-9:
        each = "it hops from side to side and comes no nearer"
    else:
        each = f"each step leaves {100 * abs(factor):.0f} % of the distance"
    words = f"Rate {rate:g}: {each}. Step {trace.steps} ends at x = {trace.end[0]:.3g}."
    return Picture(_draw(PARABOLA, trace, -1.6, 1.6), words)


def rate_on_polynomial(
    rate: Annotated[float, Control("learning rate η", span(0.1, 5.0, 0.1))] = 0.1,
    start: Annotated[float, Control("start x₀", span(-0.5, 24.0, 0.5))] = 0.0,
    steps: Annotated[int, Control("steps", whole(5, 200, 5))] = 40,
) -> Picture:
    """Descend on the polynomial of degree 6, whose deep valley is not the first one."""
    trace = _descend(POLYNOMIAL, rate, steps, start)
    end = float(trace.end[0])
    near = min(POLYNOMIAL.minima, key=lambda minimum: abs(minimum[0] - end))
    if trace.stopped == "diverged":
        where = f"step {trace.steps} leaves the picture for good"
    elif abs(near[0] - end) < 0.05:
        which = "deep" if near == POLYNOMIAL.minima[0] else "shallow"
        where = f"step {trace.steps} ends in the {which} valley, at {end:.2f}"
    else:
        where = f"step {trace.steps} ends at {end:.2f}, at no minimum"
    return Picture(_draw(POLYNOMIAL, trace, -1, 28), f"Rate {rate:g} from {start:g}: {where}.")


def _descend(surface: Surface, rate: float, steps: int, start: float | None = None) -> Trace:
    place = surface.start if start is None else (start,)
    return descend(surface.f, surface.gradient, place, rate, steps=steps)


def _draw(surface: Surface, trace: Trace, low: float, high: float) -> plots.Figure:
    fig, axes = plots.figure(1, 2, height=2.9)
    plots.descent_on(surface, trace, low, high, ax=axes[0])
    if surface is POLYNOMIAL:
        axes[0].set_ylim(-9, 25)
    lowest = min(surface.f(np.array(minimum)) for minimum in surface.minima)
    above = (trace.costs - lowest).clip(1e-12)
    plots.sequences({"": above}, y="cost above the minimum", log=True, ax=axes[1])
    return fig
