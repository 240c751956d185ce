"""The data sets: their sizes, ranges and first rows, and the checks of their formats."""

import os
import struct

import numpy as np
import pytest
import sklearn.datasets

from nnlab.datasets import DataError, curve, line, load_digits, load_mnist, load_wine, moons, wine
from nnlab.datasets.mnist import parse_idx

DATA = os.environ.get("NNLAB_DATA")
needs_files = pytest.mark.skipif(not DATA, reason="NNLAB_DATA names no folder with MNIST and wine")


def test_r_data_digits_are_those_of_scikit_learn():
    X, y = load_digits()
    theirs = sklearn.datasets.load_digits()
    np.testing.assert_array_equal(X * 16, theirs.data)
    np.testing.assert_array_equal(y, theirs.target)
    assert (X.min(), X.max()) == (0, 1)


@needs_files
def test_mnist_is_whole():
    data = load_mnist()
    assert data.X_train.shape == (60_000, 784)
    assert data.X_test.shape == (10_000, 784)
    assert data.X_train.dtype == np.float32
    assert (data.X_train.min(), data.X_train.max()) == (0, 1)
    assert list(data.y_train[:10]) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    counts = np.bincount(data.y_test)
    assert (counts.min(), counts.max(), len(counts)) == (892, 1135, 10)


@needs_files
def test_t_f15_the_wine_table():
    X, y, names = load_wine()
    assert X.shape == (4898, 11)
    assert len(names) == 11
    assert (names[0], names[-1]) == ("fixed acidity", "alcohol")
    np.testing.assert_array_equal(X[0], [7, 0.27, 0.36, 20.7, 0.045, 45, 170, 1.001, 3, 0.45, 8.8])
    assert sorted(set(y)) == [3, 4, 5, 6, 7, 8, 9]
    assert len(X) - len(np.unique(np.column_stack([X, y]), axis=0)) == 937


def test_wine_reads_any_table_of_its_form(monkeypatch):
    text = b'"acid";"sugar";"quality"\n1;2.5;6\n3;0.5;7\n'
    monkeypatch.setattr(wine, "read", lambda file: text)
    X, y, names = load_wine()
    np.testing.assert_array_equal(X, [[1, 2.5], [3, 0.5]])
    np.testing.assert_array_equal(y, [6, 7])
    assert names == ("acid", "sugar")


def idx(array):
    shape = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes()


def test_mnist_is_read_from_idx_and_scaled(monkeypatch):
    import nnlab.datasets.mnist as mnist

    images = np.array([[[0, 255], [51, 102]], [[255, 0], [0, 0]]])
    raw = {"X": idx(images), "y": idx(np.array([7, 3]))}
    key = {file.name: name[0] for name, file in mnist.FILES.items()}
    monkeypatch.setattr(mnist, "read", lambda file: raw[key[file.name]])
    data = load_mnist(np.float64)
    assert data.X_train.dtype == np.float64
    np.testing.assert_allclose(data.X_train, [[0, 1, 0.2, 0.4], [1, 0, 0, 0]], rtol=1e-15)
    np.testing.assert_array_equal(data.y_test, [7, 3])


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "is not an idx file of bytes: it begins with b''"),
        (b"PNG and so on", "is not an idx file of bytes: it begins with b'PNG '"),
        (bytes([0, 0, 8, 3, 0, 0]), "x ends within its header: 6 bytes, 16 expected"),
        (idx(np.zeros((2, 3)))[:-1], r"x should hold 6 bytes of shape \(2, 3\), has 5"),
        (idx(np.zeros(4)) + b"more", r"x should hold 4 bytes of shape \(4,\), has 8"),
    ],
)
def test_a_file_that_is_not_idx_is_refused(raw, message):
    with pytest.raises(DataError, match=message):
        parse_idx(raw, "x")


def test_moons_hook_into_each_other():
    X, y = moons(101, noise=0, rng=np.random.default_rng(0))
    assert np.bincount(y).tolist() == [50, 51]
    np.testing.assert_allclose(np.linalg.norm(X[y == 0], axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(X[y == 1] - [1, 0.5], axis=1), 1)
    assert X[y == 0, 1].min() > -1e-9  # the upper half of its circle
    assert X[y == 1, 1].max() < 0.5 + 1e-9  # and the lower half
    noisy, _ = moons(20_000, noise=0.2, rng=np.random.default_rng(0))
    clean, _ = moons(20_000, noise=0, rng=np.random.default_rng(0))
    assert (noisy - clean).std() == pytest.approx(0.2, rel=0.02)


def test_the_line_has_the_slope_intercept_and_noise_asked_for():
    X, y = line(50_000, intercept=3.0, slope=-2.0, noise=0.5, rng=np.random.default_rng(1))
    slope, intercept = np.polyfit(X[:, 0], y, 1)
    assert (slope, intercept) == (pytest.approx(-2, abs=0.03), pytest.approx(3, abs=0.02))
    assert (y - 3 + 2 * X[:, 0]).std() == pytest.approx(0.5, rel=0.02)


def test_l_f53_the_four_curves():
    x = np.linspace(-1, 1, 50)
    for name, expected in {
        "square": x**2,
        "sine": np.sin(np.pi * x),
        "absolute": abs(x),
        "step": (x > 0) * 1.0,
    }.items():
        X, y = curve(name)
        np.testing.assert_array_equal(X[:, 0], x)
        np.testing.assert_allclose(y, expected, atol=1e-15)
    X, _ = curve("square", 100, rng=np.random.default_rng(0))
    assert (np.diff(X[:, 0]) > 0).all()
    assert -1 < X.min() < -0.9 < 0.9 < X.max() < 1
    np.testing.assert_array_equal(curve("step", 3)[1], [0, 0, 1])  # at 0 still 0
