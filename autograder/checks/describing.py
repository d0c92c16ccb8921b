"""Values in words, as a student reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.jail.inside.protocol import is_tensor

DIGITS = (4, 6, 8, 10, 13, 17)  # shown of a value; the first where that tells two apart


def describe(value: object, limit: int = 800, digits: int = DIGITS[0]) -> str:
    """Return ``value`` as short text for the feedback: shape, dtype and values of an array.

    Args:
        value: anything that crosses from a notebook.
        limit: the most characters of the text.
        digits: of a value of an array, behind the point.

    Example:
        >>> print(describe(np.array([1 / 3], dtype=np.float32), digits=8))
        array of shape (1,), float32
        [0.33333334]
    """
    try:
        text = _text(value, digits)
    except ValueError:  # Python refuses to print integers of more than 4,300 digits
        text = f"{kind_of(value)}, too long to print"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _text(value: object, digits: int) -> str:
    if not isinstance(value, np.ndarray | np.generic) and not is_tensor(value):
        return repr(value)
    array = np.asarray(value)
    if not array.ndim:
        plain = array.dtype in (np.dtype(type(array.item())), np.dtype(object))
        return repr(array.item()) + ("" if plain else f", {array.dtype}")
    kind = "array" if array is value else "tensor"
    return f"{kind} of shape {array.shape}, {array.dtype}\n{_values(array, digits)}"


def _values(array: NDArray[Any], digits: int) -> str:
    return np.array2string(array, precision=digits, threshold=64, edgeitems=3)


def telling_digits(want: NDArray[Any], got: NDArray[Any]) -> int:
    """Return with how many digits the two are seen to differ."""
    if not want.ndim:
        return DIGITS[0]  # a number is shown whole
    for digits in DIGITS:
        if _values(want, digits) != _values(got, digits):
            return digits
    return DIGITS[0]


def kind_of(value: object) -> str:
    """Return what ``value`` is, in words: an array, a tensor, or its type."""
    if value is None:
        return "None"
    if is_tensor(value):
        return "a tensor"
    if isinstance(value, np.ndarray):
        return "an array"
    return f"a value of type {type(value).__name__}"
