"""The two type names used all over: an array, and what can become one."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
ArrayLike = npt.ArrayLike
Rng = np.random.Generator
