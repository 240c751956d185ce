"""Where the checks get their random numbers, and where the book is that their messages point to.

Visible checks draw from the course's seed: the same numbers on every machine, so that a failure can be shown around.
Fresh checks (`check(..., fresh=True)`) draw from a secret seed, which a grader sets by `secret(seed)` or by the
environment variable NNLAB_SECRET_SEED; without one they draw anew every time.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

COURSE_SEED = os.environ.get("NNLAB_COURSE_SEED", "nnlab")
BOOK = os.environ.get("NNLAB_BOOK", "https://nnlab-course.github.io/nnlab/")

_secret: str | None = os.environ.get("NNLAB_SECRET_SEED")


@contextmanager
def secret(seed: str) -> Iterator[None]:
    """Let fresh checks draw from this seed: one seed, one set of inputs, however often."""
    global _secret
    before, _secret = _secret, seed
    try:
        yield
    finally:
        _secret = before


def generator(check: str, fresh: bool) -> np.random.Generator:
    """Return the random numbers of one check."""
    if not fresh:
        return _seeded(COURSE_SEED, check)
    return np.random.default_rng() if _secret is None else _seeded(f"secret {_secret}", check)


def _seeded(seed: str, check: str) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}/{check}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))
