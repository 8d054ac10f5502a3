"""The types of arrays and grids in the project's signatures; shapes and units stand in docstrings."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
FloatArray = NDArray[np.float32]
# Sizes of a network's input axes: (rows, columns) or (slices, rows, columns).
Grid: TypeAlias = tuple[int, int] | tuple[int, int, int]
