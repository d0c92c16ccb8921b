"""The trait of a signal: a short row of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray


class Vector(traitlets.TraitType[list[float], ArrayLike]):
    """A row of numbers: any one-dimensional array, kept as a JSON-ready list.

    Args:
        default: the value at first.
        most: how many numbers are drawn at most.

    Raises:
        traitlets.TraitError: the value is not one-dimensional, is empty, is longer than ``most``,
            or holds something that is not a finite number.
    """

    def __init__(self, default: list[float], most: int) -> None:
        """Set the default and the longest length."""
        super().__init__(default)
        self.most = most

    def validate(self, obj: Any, value: Any) -> list[float]:
        """Return ``value`` as a list of floats."""
        array = self._numbers(value)
        if array.ndim != 1 or not 1 <= array.size <= self.most:
            raise traitlets.TraitError(
                f"{self.name} has shape {array.shape}, but it must be (n,) with n from 1 to "
                f"{self.most}: take one row, a part of it, or sample it more coarsely"
            )
        if not np.isfinite(array).all():
            raise traitlets.TraitError(
                f"{self.name} holds {array[~np.isfinite(array)][0]}, but every number must be "
                "finite: replace it, for example with numpy.nan_to_num"
            )
        numbers: list[float] = array.tolist()
        return numbers

    def _numbers(self, value: Any) -> NDArray[np.float64]:
        try:
            return np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise traitlets.TraitError(
                f"{self.name} (={value!r}) must be numbers in a row: "
                "pass a list or a one-dimensional array"
            ) from None
