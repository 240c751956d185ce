"""Initial weights are small, random and scaled to the layer, so that signals neither die out nor
blow up with depth."""

import math

from nnlab import _checks
from nnlab._types import Array, Rng


def glorot(fan_in: int, fan_out: int, rng: Rng) -> Array:
    r"""Glorot's uniform weights: between $\pm\sqrt{6/(\mathrm{in} + \mathrm{out})}$, for sigmoid,
    tanh, softmax.

    >>> import numpy as np
    >>> abs(glorot(100, 50, np.random.default_rng(0))).max() <= 0.2
    np.True_

    Source: Glorot and Bengio 2010. Elsewhere: the default of Keras; PyTorch takes $\pm
    1/\sqrt{\mathrm{in}}$ for weights and biases.
    """
    bound = math.sqrt(6 / (_checks.whole("fan_in", fan_in) + _checks.whole("fan_out", fan_out)))
    return _checks.generator(rng).uniform(-bound, bound, (fan_in, fan_out))


def he(fan_in: int, fan_out: int, rng: Rng) -> Array:
    r"""He's normal weights: standard deviation $\sqrt{2/\mathrm{in}}$, for ReLU, which throws half
    of its input away.

    >>> import numpy as np
    >>> round(float(he(200, 500, np.random.default_rng(0)).std()), 2)
    0.1

    Source: He et al. 2015. Elsewhere: Keras cuts the tails of the normal distribution at two
    standard deviations.
    """
    spread = math.sqrt(2 / _checks.whole("fan_in", fan_in))
    return _checks.generator(rng).normal(0, spread, (fan_in, fan_out))


def normal(fan_in: int, fan_out: int, rng: Rng, scale: float = 0.1) -> Array:
    """Plain normal weights: standard deviation `scale` whatever the layer's size.

    >>> import numpy as np
    >>> normal(2, 3, np.random.default_rng(0)).shape
    (2, 3)
    """
    spread = _checks.positive("scale", scale)
    return _checks.generator(rng).normal(0, spread, (fan_in, fan_out))


INITIALIZATIONS = {"glorot": glorot, "he": he, "normal": normal}
