"""Trusted checks of assignment 01: convolution in one and two dimensions, and its borders.

The right values come from NumPy and SciPy, the wrong ones beside them from the misconceptions
that would produce them. Kernels of the 8-bit checks look the same flipped, so that a wrong
flip costs no points there.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage, signal  # type: ignore[import-untyped]

from autograder.checks import Hint, Student, check, expect_close, expect_error
from autograder.trusted import a01_hints as hint

Array = NDArray[Any]
Hints = dict[Hint, Array]


def wrong_1d(x: Array, w: Array, mode: Literal["valid", "same", "full"]) -> Hints:
    """Return what each misconception makes of ``conv1d(x, w, mode)``."""
    full = np.convolve(x, w)
    right = np.convolve(x, w, mode)
    late = min(len(x), len(w)) // 2
    early = (len(w) - 1) // 2
    return {
        hint.KERNEL_NOT_FLIPPED: np.convolve(x, w[::-1], mode),
        hint.RESULT_REVERSED: right[::-1],
        hint.FULL_RETURNED: full,
        hint.OFF_BY_ONE: right[:-1],
        hint.SAME_SHIFTED: full[late : late + len(right)],
        hint.SAME_FOLLOWS_X: full[early : early + len(x)],
    }


def wrong_2d(image: Array, kernel: Array, right: Array) -> Hints:
    """Return what misconceptions other than those of the flip make of ``right``."""
    patches = sliding_window_view(image, kernel.shape)
    products = patches * (
        kernel if np.allclose(right, signal.correlate2d(image, kernel, "valid")) else flip(kernel)
    )
    return {
        hint.RESULT_REVERSED: flip(right),
        hint.OFF_BY_ONE: right[:-1, :-1],
        hint.ROWS_COLUMNS_SWAPPED: right.T,
        hint.PRODUCT_NOT_SUM: products.prod(axis=(2, 3)),
        hint.MEAN_NOT_SUM: products.mean(axis=(2, 3)),
    }


def flip(a: Array) -> Array:
    """Return ``a`` with both rows and columns in reverse order."""
    return a[::-1, ::-1]
