"""Data sets: handwritten digits, MNIST, white wine and small made-up problems, and a fair way to
split them."""

from nnlab.datasets.digits import load_digits
from nnlab.datasets.files import DataError
from nnlab.datasets.mnist import Mnist, load_mnist
from nnlab.datasets.splitting import Standardizer, split, unit_rows
from nnlab.datasets.toys import CURVES, curve, line, moons, xor
from nnlab.datasets.wine import Wine, load_wine

__all__ = [
    "CURVES",
    "DataError",
    "Mnist",
    "Standardizer",
    "Wine",
    "curve",
    "line",
    "load_digits",
    "load_mnist",
    "load_wine",
    "moons",
    "split",
    "unit_rows",
    "xor",
]
