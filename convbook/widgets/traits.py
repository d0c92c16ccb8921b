"""Traits that the widgets share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from convbook.widgets.frozen import frozen

MOST_CELLS = 64
MOST_TYPED = 40  # characters of an answer that a reader types


class Limits(TypedDict):
    """The smallest and the largest whole number of a trait."""

    least: int
    most: int


def limits_of(widget: str) -> dict[str, Limits]:
    """Return the limits of a widget's traits, which its JavaScript reads from the same file.

    >>> limits_of("shape_calculator")["height"]
    {'least': 1, 'most': 1024}
    """
    path = Path(__file__).parent / widget / "limits.json"
    found: dict[str, Limits] = json.loads(path.read_text(encoding="utf-8"))
    return found


class Kept(traitlets.TraitType[Any, Any]):
    """A trait whose lists and dicts cannot be changed in place: see `frozen`."""

    def _validate(self, obj: Any, value: Any) -> Any:
        return frozen(super()._validate(obj, value), self.name)


class KeptList(Kept, traitlets.List[Any]):
    """A list that changes only as a whole."""


class KeptDict(Kept, traitlets.Dict):
    """A dict that changes only as a whole."""


class Matrix(Kept, traitlets.TraitType[list[list[float]], ArrayLike]):
    """Numbers in rows and columns: any two-dimensional array, kept as JSON-ready lists.

    Raises:
        traitlets.TraitError: the value is not two-dimensional, is empty, has more than 64 rows
            or columns (each cell is drawn), or holds something that is not a finite number.
    """

    info_text = "numbers of shape (H, W), each of H and W from 1 to 64"

    def validate(self, obj: Any, value: Any) -> list[list[float]]:
        """Return ``value`` as rows of floats."""
        rule = "numbers in rows of equal length: pass a list of lists or a two-dimensional array"
        array = _numbers(self.name, value, rule)
        if array.ndim != 2 or not all(1 <= size <= MOST_CELLS for size in array.shape):
            raise traitlets.TraitError(
                f"{self.name} has shape {array.shape}, but it must be (H, W) with each from 1 to "
                f"{MOST_CELLS}: take one channel, crop it or sample it more coarsely"
            )
        _require_finite(self.name, array)
        rows: list[list[float]] = array.tolist()
        return rows


class Vector(Kept, traitlets.TraitType[list[float], ArrayLike]):
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
        array = _numbers(
            self.name, value, "numbers in a row: pass a list or a one-dimensional array"
        )
        if array.ndim != 1 or not 1 <= array.size <= self.most:
            raise traitlets.TraitError(
                f"{self.name} has shape {array.shape}, but it must be (n,) with n from 1 to "
                f"{self.most}: take one row, a part of it, or sample it more coarsely"
            )
        _require_finite(self.name, array)
        numbers: list[float] = array.tolist()
        return numbers


def whole_number(default: int, least: int, most: int) -> traitlets.Int[int, int]:
    """Return an integer trait from ``least`` to ``most``, sent to the page."""
    return _WholeNumber(default, min=least, max=most).tag(sync=True)


class _WholeNumber(traitlets.Int[int, int]):
    def validate(self, obj: Any, value: Any) -> int:
        try:
            return int(super().validate(obj, value))
        except traitlets.TraitError:
            raise traitlets.TraitError(
                f"{self.name} (={value!r}) must be a whole number from {self.min} to {self.max}"
            ) from None


def typed_text(value: Any) -> str:
    """Return what a reader typed as an answer, if it is short enough to be one.

    Raises:
        traitlets.TraitError: it is longer; the message says how long it may be.

    >>> typed_text(" -4,5")
    ' -4,5'
    """
    typed = str(value)
    if len(typed) > MOST_TYPED:
        raise traitlets.TraitError(
            f"typed (={typed[:MOST_TYPED]!r}…) must have at most {MOST_TYPED} characters: "
            "type only the number"
        )
    return typed


def _numbers(name: str | None, value: Any, rule: str) -> NDArray[np.float64]:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise traitlets.TraitError(f"{name} (={value!r}) must be {rule}") from None


def _require_finite(name: str | None, array: NDArray[np.float64]) -> None:
    if not np.isfinite(array).all():
        raise traitlets.TraitError(
            f"{name} holds {array[~np.isfinite(array)][0]}, but every number must be "
            "finite: replace it, for example with numpy.nan_to_num"
        )
