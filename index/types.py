"""The names of the arrays, and of the levels and legs of a search."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]  # row numbers and counts as they stand in files
Vectors = npt.NDArray[np.float32]  # (n, dimension) of unit length, or one of (dimension,)
Mask = npt.NDArray[np.bool_]

Level = Literal["article", "passage", "sentence"]
LegName = Literal["article", "passage", "sentence", "dense", "newest"]
