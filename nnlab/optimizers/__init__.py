"""An optimizer moves a flat vector of parameters against its gradient; in order of increasing
memory."""

from nnlab import _checks
from nnlab.optimizers._base import Optimizer, Rate, State
from nnlab.optimizers.adam import Adam, AdamW, AMSGrad, adam_step, adamw_step, amsgrad_step
from nnlab.optimizers.adaptive import (
    Adadelta,
    AdaGrad,
    RMSProp,
    adadelta_step,
    adagrad_step,
    rmsprop_step,
)
from nnlab.optimizers.gradient_descent import GradientDescent, gd_step
from nnlab.optimizers.momentum import (
    HeavyBall,
    MovingAverage,
    MuMomentum,
    Nesterov,
    heavy_ball_step,
    moving_average_step,
    mu_momentum_step,
    nesterov_step,
)

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gd": GradientDescent,
    "heavy_ball": HeavyBall,
    "moving_average": MovingAverage,
    "mu_momentum": MuMomentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "adadelta": Adadelta,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
    "amsgrad": AMSGrad,
}


def optimizer(name: str, **settings: object) -> Optimizer:
    """Make an optimizer by name, for settings that come from a table or a command line.

    >>> optimizer("adam", lr=0.01)
    Adam(lr=0.01, beta1=0.9, beta2=0.999, eps=1e-08)
    """
    return OPTIMIZERS[_checks.choice("optimizer", name, OPTIMIZERS)](**settings)  # type: ignore[arg-type]


__all__ = [
    "OPTIMIZERS",
    "AMSGrad",
    "AdaGrad",
    "Adadelta",
    "Adam",
    "AdamW",
    "GradientDescent",
    "HeavyBall",
    "MovingAverage",
    "MuMomentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "Rate",
    "State",
    "adadelta_step",
    "adagrad_step",
    "adam_step",
    "adamw_step",
    "amsgrad_step",
    "gd_step",
    "heavy_ball_step",
    "moving_average_step",
    "mu_momentum_step",
    "nesterov_step",
    "optimizer",
    "rmsprop_step",
]
