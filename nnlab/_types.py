"""The type names used all over: an array, what can become one, and where random numbers come from."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
ArrayLike = npt.ArrayLike
Rng = np.random.Generator
