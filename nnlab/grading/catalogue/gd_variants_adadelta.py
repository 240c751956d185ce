"""Unit `gd-variants`: Adadelta, and the ways people get it wrong."""
# mypy: allow-untyped-defs

import numpy as np

from nnlab.grading.catalogue._steps import count_mistakes, mistakes_of
from nnlab.grading.catalogue.gd_variants_adagrad import with_defaults
from nnlab.grading.specification import Function, Specification
from nnlab.optimizers import adadelta_step

ADADELTA = Specification(
    "adadelta_step",
    adadelta_step,
    "book/gd-variants.html#src-s-adadelta",
    with_defaults(
        ("G", "D"),
        {"lr": (0.1, 2), "rho": (0.5, 0.95), "eps": (1e-7, 1e-3)},
        "many_steps",
        "state",
    ),
    returns=("theta", "state"),
)


_wrong = mistakes_of(ADADELTA, "G", "D")
count_mistakes(ADADELTA)


def _delta(
    id: str,
    message: str,
    *,
    squares: Function = lambda rho, old, x: rho * old + (1 - rho) * x**2,
    length: Function = lambda G, D, eps: np.sqrt((D + eps) / (G + eps)),
    kept: Function = lambda delta, g, lr: delta,
    end: Function = lambda theta, delta, lr: theta - lr * delta,
    late: bool = False,
    early: bool = False,
    in_place: bool = False,
    d_kept: bool = False,
) -> None:
    """Catalogue Adadelta with one of its parts replaced; late divides by the old G, early updates D first."""

    @_wrong(id, message)
    def _(theta, g, t, old_G, old_D, lr, rho, eps):
        G = squares(rho, old_G, g)
        D = squares(rho, old_D, g) if early else old_D
        delta = length(old_G if late else G, D, eps) * g
        D = squares(rho, old_D, kept(delta, g, lr))
        if d_kept:
            D = old_D
        if in_place:
            old_G[:], old_D[:] = G, D
        return end(theta, delta, lr), {"t": t, "G": G, "D": D}


_delta(
    "no-epsilon-above",
    "Without epsilon above the line nothing ever moves: D starts at zero, so add eps to it too.",
    length=lambda G, D, eps: np.sqrt(D / (G + eps)),
)
_delta(
    "eps-outside-root",
    "Epsilon stands outside your roots; in Adadelta it is inside: sqrt(D + eps) / sqrt(G + eps).",
    length=lambda G, D, eps: (np.sqrt(D) + eps) / (np.sqrt(G) + eps),
)
_delta(
    "no-root",
    "The roots are missing: the step is sqrt(D + eps) / sqrt(G + eps) times the gradient.",
    length=lambda G, D, eps: (D + eps) / (G + eps),
)
_delta(
    "upside-down",
    "The fraction is upside down: D (past steps) above the line, G (past gradients) below.",
    length=lambda G, D, eps: np.sqrt((G + eps) / (D + eps)),
)
_delta(
    "no-d",
    "D is missing: without sqrt(D + eps) above the line this is RMSProp.",
    length=lambda G, D, eps: 1 / np.sqrt(G + eps),
)
_delta(
    "gradient-in-d",
    "D averages the squared steps (delta), not the squared gradients.",
    kept=lambda delta, g, lr: g,
)
_delta(
    "d-not-kept",
    "The D you return is the old one: put the square of this step into it, for the next.",
    d_kept=True,
)
_delta(
    "rate-in-d",
    "You keep lr times delta in D; D averages delta itself, before the rate.",
    kept=lambda delta, g, lr: lr * delta,
)
_delta(
    "d-too-early",
    "D takes part in this step already: first the step with the old D, then put its square into D.",
    early=True,
)
_delta("old-average", "You divide by the old G; update G with this gradient first.", late=True)
_delta(
    "weights-swapped",
    "The old average gets the weight rho, the new square 1 - rho; yours are swapped.",
    squares=lambda rho, old, x: (1 - rho) * old + rho * x**2,
)
_delta(
    "sums",
    "Your G and D only grow, as in AdaGrad: both forget, rho times the old, 1 - rho times the new.",
    squares=lambda rho, old, x: old + x**2,
)
_delta(
    "no-rate",
    "The rate is missing: theta moves by lr times delta (Zeiler's lr is 1, and the default).",
    end=lambda theta, delta, lr: theta - delta,
)
_delta(
    "uphill",
    "You add the step; a minimum lies against the gradient, so subtract it.",
    end=lambda theta, delta, lr: theta + lr * delta,
)
_delta(
    "in-place",
    "You change the old G or D in place: build new arrays, and leave the old state alone.",
    in_place=True,
)
