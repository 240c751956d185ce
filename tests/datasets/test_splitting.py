"""Splits that do not leak, and a scale that only the training part decides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlab.datasets import Standardizer, split, unit_rows

RNG = np.random.default_rng(0)


@given(n=st.integers(5, 80), seed=st.integers(0, 3))
def test_every_sample_is_in_one_part_with_its_target(n, seed):
    X = np.arange(n)[:, None] * [1.0, 2.0]
    parts = split(X, np.arange(n), [0.6, 0.2, 0.2], rng=np.random.default_rng(seed))
    together = np.concatenate([y for _, y in parts])
    np.testing.assert_array_equal(np.sort(together), np.arange(n))
    for part_X, part_y in parts:
        np.testing.assert_array_equal(part_X[:, 0], part_y)
    for (_, part_y), share in zip(parts, [0.6, 0.2, 0.2], strict=True):
        assert abs(len(part_y) - share * n) <= 1


def test_parts_are_rounded_to_whole_samples():
    """0.29 * 100 is 28.999999999999996 in floating point."""
    first, second = split(np.zeros((100, 1)), np.zeros(100), [0.29, 0.71], rng=None)
    assert (len(first[1]), len(second[1])) == (29, 71)


def test_it_is_shuffled_with_rng_and_in_order_without():
    X, y = np.zeros((100, 1)), np.arange(100)
    (_, first), (_, second) = split(X, y, [0.7, 0.3], rng=None)
    np.testing.assert_array_equal(first, np.arange(70))
    np.testing.assert_array_equal(second, np.arange(70, 100))
    (_, shuffled), _ = split(X, y, [0.7, 0.3], rng=np.random.default_rng(0))
    assert shuffled.max() > 70
    assert not np.array_equal(shuffled, np.sort(shuffled))


@pytest.mark.parametrize("rng", [None, np.random.default_rng(1)])
def test_together_keeps_copies_of_a_sample_in_one_part(rng):
    kinds = np.random.default_rng(2).integers(50, size=300)
    X = np.stack([kinds, kinds**2], axis=1).astype(float)
    parts = split(X, np.arange(300), [0.5, 0.25, 0.25], rng=rng, together=True)
    seen = [set(part[:, 0]) for part, _ in parts]
    assert not seen[0] & seen[1] | seen[0] & seen[2] | seen[1] & seen[2]
    assert sorted(np.concatenate([y for _, y in parts])) == list(range(300))
    in_order = [bool((np.diff(y) > 0).all()) for _, y in parts]
    assert in_order == [rng is None] * 3


def test_near_is_not_the_same():
    X = np.linspace(0, 1e-9, 10)[:, None]
    parts = split(X, np.arange(10), [0.5, 0.5], rng=np.random.default_rng(0), together=True)
    assert [len(y) for _, y in parts] == [5, 5]


def test_the_scale_is_that_of_the_training_part():
    train, test = RNG.normal(5, 3, (200, 4)), RNG.normal(0, 1, (50, 4))
    scale = Standardizer(train)
    np.testing.assert_allclose(scale(train).mean(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose(scale(train).std(axis=0), 1, rtol=1e-13)
    expected = (test - train.mean(axis=0)) / train.std(axis=0)
    np.testing.assert_allclose(scale(test), expected, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("value", [0.0, 0.1, 1e6 + 0.1])
def test_a_constant_column_is_only_centred(dtype, value):
    """Even where rounding gives it a spread, which dividing by would blow up to 1."""
    X = np.full((1000, 1), value, dtype)
    result = Standardizer(X)(X)
    assert result.dtype == dtype
    assert abs(result).max() <= 1e-5 * max(1, value)


def test_rows_of_length_one_and_a_row_of_zeros():
    X = np.array([[3.0, 4.0], [0.0, 0.0], [-5.0, 12.0]])
    np.testing.assert_allclose(unit_rows(X), [[0.6, 0.8], [0, 0], [-5 / 13, 12 / 13]])
