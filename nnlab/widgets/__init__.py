"""Explorers: pictures with controls. Each is a plain function of its settings, and `explore_...` puts
sliders over it in a notebook."""

from functools import partial

from nnlab.widgets.batch_sizes import batch_sizes
from nnlab.widgets.control import Control, Parameter, Picture, parameters
from nnlab.widgets.explore import explore
from nnlab.widgets.neurons import sigmoid, tanh_units, xor_features
from nnlab.widgets.paths import fractal, line_search, race
from nnlab.widgets.rates import rate_on_parabola, rate_on_polynomial

EXPLORERS = (
    rate_on_parabola,
    rate_on_polynomial,
    line_search,
    sigmoid,
    xor_features,
    tanh_units,
    race,
    fractal,
    batch_sizes,
)

explore_rate_on_parabola = partial(explore, rate_on_parabola)
explore_rate_on_polynomial = partial(explore, rate_on_polynomial)
explore_line_search = partial(explore, line_search)
explore_sigmoid = partial(explore, sigmoid)
explore_xor_features = partial(explore, xor_features)
explore_tanh_units = partial(explore, tanh_units)
explore_race = partial(explore, race)
explore_fractal = partial(explore, fractal)
explore_batch_sizes = partial(explore, batch_sizes)

__all__ = [
    "EXPLORERS",
    "Control",
    "Parameter",
    "Picture",
    "batch_sizes",
    "explore",
    "explore_batch_sizes",
    "explore_fractal",
    "explore_line_search",
    "explore_race",
    "explore_rate_on_parabola",
    "explore_rate_on_polynomial",
    "explore_sigmoid",
    "explore_tanh_units",
    "explore_xor_features",
    "fractal",
    "line_search",
    "parameters",
    "race",
    "rate_on_parabola",
    "rate_on_polynomial",
    "sigmoid",
    "tanh_units",
    "xor_features",
]
