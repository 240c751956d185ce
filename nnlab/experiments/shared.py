"""Prepared data that all workers see and none copies: each array is a memory-mapped file.

A worker elsewhere, on a cluster, finds no such file and prepares the data itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nnlab._types import Array
from nnlab.datasets import Standardizer, load_digits, load_mnist, load_wine, split, unit_rows

_folder: Path | None = None


class Prepared(NamedTuple):
    """Training part and test part, inputs scaled, float32."""

    X_train: Array
    y_train: Array
    X_test: Array
    y_test: Array


@cache
def prepared(data: str, scaling: str) -> Prepared:
    """Return a data set with its inputs scaled: from the shared files if there are any."""
    if _folder is not None and (_folder / f"{data}-{scaling}").is_dir():
        files = _folder / f"{data}-{scaling}"
        # asarray drops the memmap class, whose every slice costs a microsecond
        return Prepared(*(np.asarray(np.load(files / f"{i}.npy", mmap_mode="r")) for i in range(4)))
    return _LOADERS[data](scaling)


@contextmanager
def share(names: Iterable[tuple[str, str]]) -> Iterator[Path | None]:
    """Prepare data sets once, in files for all workers to map; the files go away afterwards."""
    names = sorted(set(names))
    if not names:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="nnlab-data-", ignore_cleanup_errors=True) as folder:
        for data, scaling in names:
            files = Path(folder) / f"{data}-{scaling}"
            files.mkdir()
            for i, array in enumerate(_LOADERS[data](scaling)):
                np.save(files / f"{i}.npy", array)
        yield Path(folder)


def use(folder: Path | None) -> None:
    """Let `prepared` look in this folder first."""
    global _folder
    _folder = folder
    prepared.cache_clear()


def unit_columns_of_images(X: Array, side: int) -> Array:
    """Scale each column of each image to length 1: the thesis's normalisation, which goes along
    axis 1 of (n, side, side)."""
    images = X.reshape(-1, side, side)
    length = np.sqrt((images * images).sum(axis=1, keepdims=True))
    return (images / np.where(length > 0, length, 1)).reshape(len(X), -1)


def _mnist(scaling: str) -> Prepared:
    mnist = load_mnist()
    scale = _image_scaling(scaling, 28)
    return Prepared(scale(mnist.X_train), mnist.y_train, scale(mnist.X_test), mnist.y_test)


def _digits(scaling: str) -> Prepared:
    X, y = load_digits()
    train, test = split(X.astype(np.float32), y, [0.75, 0.25], rng=np.random.default_rng(0))
    scale = _image_scaling(scaling, 8)
    return Prepared(scale(train[0]), train[1], scale(test[0]), test[1])


def _image_scaling(scaling: str, side: int) -> Callable[[Array], Array]:
    return {
        "pixels": lambda X: X,
        "image columns": lambda X: unit_columns_of_images(X, side),
    }[scaling]


def _wine(scaling: str) -> Prepared:
    """The first 75 % of the rows train and the rest test, in the order of the file, as in the
    thesis."""
    wine = load_wine()
    X = np.column_stack([wine.X, wine.y]) if scaling == "rows with target" else wine.X
    cut = int(len(X) * 0.75)  # 3,673: the thesis rounds down
    (X_train, X_test), (y_train, y_test) = (np.split(array, [cut]) for array in (X, wine.y))
    if scaling == "all rows":  # the test part is among them: for comparing training losses only
        X_train, y_train = X, wine.y
    scale = Standardizer(X_train) if scaling == "columns" else unit_rows
    parts = [scale(X_train), y_train, scale(X_test), y_test]
    return Prepared(*(part.astype(np.float32) for part in parts))


_LOADERS = {"mnist": _mnist, "digits": _digits, "wine": _wine}
