"""MNIST: 70,000 handwritten digits of 28 x 28 pixels, 60,000 to train on and 10,000 to test on."""

import struct
from typing import NamedTuple

import numpy as np

from nnlab._types import Array
from nnlab.datasets.files import DataError, DataFile, read

_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)


def _file(name: str, sha256: str) -> DataFile:
    return DataFile(name, sha256, tuple(mirror + name for mirror in _MIRRORS))


FILES = {
    "X_train": _file(
        "train-images-idx3-ubyte.gz",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    "y_train": _file(
        "train-labels-idx1-ubyte.gz",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    "X_test": _file(
        "t10k-images-idx3-ubyte.gz",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    "y_test": _file(
        "t10k-labels-idx1-ubyte.gz",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
}


class Mnist(NamedTuple):
    """Images as rows of 784 pixels, 0 (black) to 1 (white), and labels 0 ... 9."""

    X_train: Array
    y_train: Array
    X_test: Array
    y_test: Array


def load_mnist(dtype: type = np.float32) -> Mnist:
    """Return MNIST; looked for in $NNLAB_DATA and the cache, else downloaded once (11 MB) and
    checked.

    Source: LeCun et al. 1998; thesis section 3.1; lecture Example 6.1.
    """
    arrays = {key: parse_idx(read(file), file.name) for key, file in FILES.items()}
    return Mnist(
        _pixels(arrays["X_train"], dtype),
        arrays["y_train"].astype(np.intp),
        _pixels(arrays["X_test"], dtype),
        arrays["y_test"].astype(np.intp),
    )


def parse_idx(raw: bytes, name: str = "the file") -> Array:
    """Read an array in the idx format: two zero bytes, type, number of dimensions, each size, then
    the bytes.

    >>> parse_idx(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]))
    array([7, 9], dtype=uint8)
    """
    if len(raw) < 4 or raw[:3] != b"\0\0\x08":
        raise DataError(f"{name} is not an idx file of bytes: it begins with {raw[:4]!r}")
    start = 4 + 4 * raw[3]
    if len(raw) < start:
        raise DataError(f"{name} ends within its header: {len(raw)} bytes, {start} expected")
    shape = struct.unpack(f">{raw[3]}I", raw[4:start])
    data = np.frombuffer(raw, dtype=np.uint8, offset=start)
    if data.size != np.prod(shape):
        raise DataError(
            f"{name} should hold {np.prod(shape)} bytes of shape {shape}, has {data.size}"
        )
    return data.reshape(shape)


def _pixels(images: Array, dtype: type) -> Array:
    rows: Array = images.reshape(len(images), -1).astype(dtype)
    rows /= 255
    return rows
