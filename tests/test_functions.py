"""Each surface's gradient, minima and start are what it says."""

import numpy as np
import pytest

from nnlab.functions import DOUBLE_WELL, SURFACES
from nnlab.gradcheck import complex_step_gradient, gradcheck


@pytest.mark.parametrize("name", SURFACES)
def test_the_gradient_is_that_of_the_function(name):
    surface = SURFACES[name]
    rng = np.random.default_rng(0)
    for _ in range(5):
        x = np.array(surface.start) + rng.normal(0, 0.3, len(surface.start))
        assert gradcheck(surface.f, surface.gradient, x).passed
        if name != "polynomial":  # which calls float()
            exact = complex_step_gradient(surface.f, x)
            np.testing.assert_allclose(surface.gradient(x), exact, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", SURFACES)
def test_the_minima_are_minima_and_the_best_comes_first(name):
    surface = SURFACES[name]
    rng = np.random.default_rng(1)
    values = []
    for point in surface.minima:
        x = np.array(point)
        values.append(surface.f(x))
        assert np.linalg.norm(surface.gradient(x)) < 1e-8
        for _ in range(20):
            assert surface.f(x + rng.normal(0, 1e-2, len(x))) > values[-1]
    assert values == sorted(values)
    assert surface.f(np.array(surface.start)) > values[0]


def test_the_double_well_has_two_and_the_left_one_is_deeper():
    (left,), (right,) = DOUBLE_WELL.minima
    assert left < 0 < right
    assert DOUBLE_WELL.f(np.array([left])) < DOUBLE_WELL.f(np.array([right]))
