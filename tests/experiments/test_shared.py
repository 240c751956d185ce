"""Workers map the prepared data from files; nobody holds a copy of their own."""

import mmap

import numpy as np
import pytest

from nnlab.experiments import shared
from nnlab.experiments.shared import prepared


@pytest.fixture(autouse=True)
def forgotten():
    """No test finds what another prepared."""
    shared.use(None)
    yield
    shared.use(None)


def owner(array):
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array.base


def test_shared_arrays_are_mapped_and_the_same_as_those_prepared_here():
    here = prepared("digits", "pixels")
    with shared.share([("digits", "pixels")] * 2) as folder:
        shared.use(folder)
        there = prepared("digits", "pixels")
        assert all(isinstance(owner(array), mmap.mmap) for array in there)
        assert all(type(array) is np.ndarray for array in there)
        for ours, theirs in zip(here, there, strict=True):
            np.testing.assert_array_equal(ours, theirs)
        assert prepared("digits", "image columns") is not there  # not shared: prepared here
    assert not folder.exists()


def test_wine_is_cut_as_in_the_thesis(wine):
    thesis, leaking, everything = (
        prepared("wine", scaling) for scaling in ("rows", "rows with target", "all rows")
    )
    assert thesis.X_train.shape == (3673, 11)
    assert thesis.X_test.shape == (1225, 11)
    assert leaking.X_train.shape == (3673, 12)
    assert everything.X_train.shape == (4898, 11)
    np.testing.assert_allclose(np.linalg.norm(thesis.X_train, axis=1), 1, rtol=1e-6)


def test_columns_are_standardised_on_the_training_part_alone(wine):
    columns = prepared("wine", "columns")
    np.testing.assert_allclose(columns.X_train.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(columns.X_train.std(axis=0), 1, rtol=1e-4)
    assert abs(columns.X_test.mean(axis=0)).max() > 0.05
