"""Digits: 1,797 handwritten digits of 8 x 8 pixels, inside the package, so that everything runs
offline."""

import gzip
from importlib.resources import files

import numpy as np

from nnlab._types import Array


def load_digits() -> tuple[Array, Array]:
    """Return the images (1797, 64), scaled to 0 ... 1, and their labels 0 ... 9, in the order of
    the file.

    The file keeps each writer's digits together, so a split in file order tests on new writers, and
    a shuffled split does not: see `split`. These are the digits of scikit-learn (from Alpaydin and
    Kaynak, UCI 1998), not MNIST.

    >>> X, y = load_digits()
    >>> X.shape, y[:5]
    ((1797, 64), array([0, 1, 2, 3, 4]))

    Source: report section II.1.
    """
    packed = files("nnlab.datasets").joinpath("digits.csv.gz").read_bytes()
    text = gzip.decompress(packed).decode()
    table = np.array([row.split(",") for row in text.split()], dtype=np.float64)
    return table[:, :-1] / 16, table[:, -1].astype(np.intp)
