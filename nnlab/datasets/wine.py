"""White wine: 4,898 wines, eleven measurements each, and the quality that tasters gave them, 3 to
9."""

from typing import NamedTuple

import numpy as np

from nnlab._types import Array
from nnlab.datasets.files import DataFile, read

FILE = DataFile(
    "winequality-white.csv",
    "76c3f809815c17c07212622f776311faeb31e87610d52c26d87d6e361b169836",
    (
        "https://archive.ics.uci.edu/ml/machine-learning-databases/wine-quality/winequality-white.csv",
        "https://raw.githubusercontent.com/zygmuntz/wine-quality/master/winequality/winequality-white.csv",
    ),
)


class Wine(NamedTuple):
    """Measurements (4898, 11), quality (4898,), and the names of the measurements."""

    X: Array
    y: Array
    names: tuple[str, ...]


def load_wine() -> Wine:
    """Return the white wines in the order of the file; found like MNIST, else downloaded once (264
    kB).

    937 of the rows repeat another row exactly: split with `together=True`, or the test part holds
    wines seen in training.

    Source: Cortez et al. 2009; thesis section 3.2.
    """
    header, *rows = read(FILE).decode().split("\n")
    table = np.array([row.split(";") for row in rows if row], dtype=np.float64)
    names = tuple(name.strip('"') for name in header.split(";")[:-1])
    return Wine(table[:, :-1], table[:, -1], names)
