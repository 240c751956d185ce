"""Mini-batches deal every sample out exactly once, in a new order each epoch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlab.batches import minibatches


def dealt(n, size, rng):
    X = np.arange(n)[:, None] * [1.0, 10.0]
    return [(x, y) for x, y in minibatches(X, np.arange(n), size, rng)]


@given(n=st.integers(1, 60), size=st.integers(1, 60), seed=st.integers(0, 5))
def test_each_sample_exactly_once_in_batches_of_the_size(n, size, seed):
    size = min(size, n)
    batches = dealt(n, size, np.random.default_rng(seed))
    labels = np.concatenate([y for _, y in batches])
    np.testing.assert_array_equal(np.sort(labels), np.arange(n))
    lengths = [len(y) for _, y in batches]
    assert lengths[:-1] == [size] * (len(batches) - 1)
    assert lengths[-1] == (n - 1) % size + 1  # what is left, not dropped, not merged
    for x, y in batches:
        np.testing.assert_array_equal(x[:, 1], 10 * y)  # rows stay with their labels


def test_batches_differ_between_epochs_in_what_they_hold():
    rng = np.random.default_rng(0)
    epochs = [{frozenset(y) for _, y in dealt(40, 4, rng)} for _ in range(20)]
    assert len(set.union(*epochs)) > 150  # of 200; batches made once and shuffled would give 10


def test_every_order_is_equally_likely():
    rng, counts = np.random.default_rng(1), {}
    for _ in range(6000):
        order = tuple(np.concatenate([y for _, y in dealt(3, 2, rng)]))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 6
    assert max(abs(count - 1000) for count in counts.values()) < 5 * 1000**0.5


def test_one_seed_gives_one_order():
    a, b = (dealt(20, 3, np.random.default_rng(5)) for _ in range(2))
    for (x, y), (x2, y2) in zip(a, b, strict=True):
        np.testing.assert_array_equal(x, x2)
        np.testing.assert_array_equal(y, y2)


def test_without_rng_the_order_stays():
    assert [list(y) for _, y in dealt(5, 2, None)] == [[0, 1], [2, 3], [4]]


def test_a_full_batch_copies_nothing():
    X, y = np.zeros((5, 2)), np.zeros(5)
    ((same_X, same_y),) = minibatches(X, y, 5, np.random.default_rng(0))
    assert same_X is X
    assert same_y is y


def test_bad_sizes_are_refused_at_once():
    """At the call, not at the first batch."""
    X, y = np.zeros((5, 2)), np.zeros(5)
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        minibatches(X, y, 0)
    with pytest.raises(ValueError, match="at most the number of samples, 5; got 6"):
        minibatches(X, y, 6)
    with pytest.raises(TypeError, match=r"batch_size must be a whole number, got 2\.0"):
        minibatches(X, y, 2.0)
    with pytest.raises(ValueError, match="as many rows as each other, got 5 and 4"):
        minibatches(X, y[:4], 2)
