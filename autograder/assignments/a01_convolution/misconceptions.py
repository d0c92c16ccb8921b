"""Misconceptions of assignment 01: what a student reads, and what each would have returned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import scipy  # which loads scipy.signal on first use
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from autograder.assignments.catalogue import (
    BORDER_CONSTANT,
    BORDER_MIRROR,
    BORDER_NEAREST,
    BORDER_SYMMETRIC,
    BORDER_WRAP,
    FULL_RETURNED,
    IMAGE_TRANSPOSED,
    INTEGER_OVERFLOW,
    KERNEL_ASSUMED_SQUARE,
    KERNEL_FLIPPED,
    KERNEL_NOT_FLIPPED,
    KERNEL_TRANSPOSED,
    MEAN_NOT_SUM,
    OFF_BY_ONE,
    PRODUCT_NOT_SUM,
    PRODUCT_OVERFLOW,
    ROWS_COLUMNS_SWAPPED,
    VALID_RETURNED,
)
from autograder.assignments.sections import PADDING, THE_FLIP
from autograder.checks import Hint, when_asked

Array = NDArray[Any]
Hints = dict[Hint, Array]

KERNEL_TURNED_BY_90 = Hint(
    "kernel-turned-by-90",
    "You turned the kernel by a quarter. Flipping both directions is a turn by half: 180°.",
    THE_FLIP,
)
ONLY_ROWS_FLIPPED = Hint(
    "only-rows-flipped",
    "You reversed the order of the kernel's rows, but each row still reads left to right.",
    THE_FLIP,
)
ONLY_COLUMNS_FLIPPED = Hint(
    "only-columns-flipped",
    "You reversed each row of the kernel, but the rows still come in their old order.",
    THE_FLIP,
)
RESULT_REVERSED = Hint(
    "result-reversed",
    "Your values are right but in reverse order. Flip the kernel, neither input nor result.",
    THE_FLIP,
)
SAME_SHIFTED = Hint(
    "same-shifted",
    "Your window on the full result starts one cell late. Where an odd number of cells is cut "
    "away, the extra one is cut at the end.",
)
SAME_FOLLOWS_X = Hint(
    "same-follows-x",
    "You returned as many values as x has. Mode 'same' follows the longer of the two arrays.",
)
MODE_NOT_CHECKED = Hint(
    "mode-not-checked",
    "A mode that does not exist is a mistake of the caller: a ValueError must say so, with the "
    "mode in its message.",
)
PADDING_ONE_SIDED = Hint(
    "padding-one-sided",
    "You added all cells below and to the right. Half of them belong above and to the left.",
    PADDING,
)
EVEN_KERNEL_ACCEPTED = Hint(
    "even-kernel-accepted",
    "A kernel with an even side has no middle cell: a ValueError must refuse it, for either side.",
)
PADDING_NOT_CHECKED = Hint(
    "padding-not-checked",
    "A padding that is none of the four must raise a ValueError with its name in the message. "
    "NumPy's own names are not among the four.",
    PADDING,
)

# SciPy's name of every border a student may have produced; its "reflect" repeats the edge cell.
BORDERS = {
    "constant": BORDER_CONSTANT,
    "nearest": BORDER_NEAREST,
    "mirror": BORDER_MIRROR,
    "reflect": BORDER_SYMMETRIC,
    "wrap": BORDER_WRAP,
}


def flip(a: Array) -> Array:
    """Return ``a`` with its rows and its columns in reverse order."""
    return a[::-1, ::-1]


@when_asked
def wrong_1d(x: Array, w: Array, mode: Literal["valid", "same", "full"]) -> Hints:
    """Return what each misconception makes of ``conv1d(x, w, mode)``."""
    full, right = np.convolve(x, w), np.convolve(x, w, mode)
    late, early = min(len(x), len(w)) // 2, (len(w) - 1) // 2
    return {
        KERNEL_NOT_FLIPPED: np.convolve(x, w[::-1], mode),
        RESULT_REVERSED: right[::-1],
        SAME_FOLLOWS_X: full[early : early + len(x)],
        OFF_BY_ONE: right[:-1],
        FULL_RETURNED: full,
        SAME_SHIFTED: full[late : late + len(right)],
    }


def wrong_sums(image: Array, kernel: Array) -> Hints:
    """Return what misconceptions about sizes and sums make of the sums of ``patch · kernel``."""
    products = sliding_window_view(image, kernel.shape) * kernel
    right = products.sum(axis=(2, 3))
    return {
        RESULT_REVERSED: flip(right),
        OFF_BY_ONE: right[:-1, :-1],
        ROWS_COLUMNS_SWAPPED: right.T,
        FULL_RETURNED: scipy.signal.correlate2d(image, kernel),
        PRODUCT_NOT_SUM: products.prod(axis=(2, 3)),
        MEAN_NOT_SUM: products.mean(axis=(2, 3)),
        KERNEL_ASSUMED_SQUARE: scipy.signal.correlate2d(image, kernel[:, : len(kernel)], "valid"),
    }


def slid(pairs: Mapping[Hint, tuple[Array, Array]]) -> Hints:
    """Return the sums of each image under its kernel, where the two fit together."""
    return {
        hint: scipy.signal.correlate2d(image, kernel, "valid")
        for hint, (image, kernel) in pairs.items()
        if kernel.shape[0] <= image.shape[0] and kernel.shape[1] <= image.shape[1]
    }


@when_asked
def wrong_correlation(image: Array, kernel: Array) -> Hints:
    """Return what each misconception makes of ``cross_correlate2d(image, kernel)``."""
    pairs = {
        KERNEL_FLIPPED: (image, flip(kernel)),
        KERNEL_TRANSPOSED: (image, kernel.T),
        IMAGE_TRANSPOSED: (image.T, kernel),
    }
    return {**slid(pairs), **wrong_sums(image, kernel)}


@when_asked
def wrong_convolution(image: Array, kernel: Array) -> Hints:
    """Return what each misconception makes of ``conv2d(image, kernel)``."""
    pairs = {
        KERNEL_NOT_FLIPPED: (image, kernel),
        ONLY_ROWS_FLIPPED: (image, kernel[::-1]),
        ONLY_COLUMNS_FLIPPED: (image, kernel[:, ::-1]),
        KERNEL_TURNED_BY_90: (image, np.rot90(kernel)),
        KERNEL_TRANSPOSED: (image, kernel.T),
        IMAGE_TRANSPOSED: (image.T, flip(kernel)),
    }
    return {**slid(pairs), **wrong_sums(image, flip(kernel))}


@when_asked
def wrong_filter(image: Array, kernel: Array, padding: str) -> Hints:
    """Return what each misconception makes of ``filter_image(image, kernel, padding)``."""
    p, q = kernel.shape[0] // 2, kernel.shape[1] // 2
    swapped, one_sided = np.pad(image, ((q, q), (p, p))), np.pad(image, ((0, 2 * p), (0, 2 * q)))
    borders = {h: scipy.ndimage.correlate(image, kernel, mode=m) for m, h in BORDERS.items()}
    del borders[BORDERS[padding]]
    return {
        KERNEL_FLIPPED: scipy.ndimage.convolve(image, kernel, mode=padding),
        VALID_RETURNED: scipy.signal.correlate2d(image, kernel, "valid"),
        ROWS_COLUMNS_SWAPPED: scipy.signal.correlate2d(swapped, kernel, "valid"),
        PADDING_ONE_SIDED: scipy.signal.correlate2d(one_sided, kernel, "valid"),
        KERNEL_TRANSPOSED: scipy.ndimage.correlate(image, kernel.T, mode=padding),
        IMAGE_TRANSPOSED: scipy.ndimage.correlate(image.T, kernel, mode=padding),
        **borders,
    }


@when_asked
def wrapped_around(padded: Array, kernel: Array, right: Array) -> Hints:
    """Return what 8-bit sums, and 8-bit products only, make of integer results."""
    products = sliding_window_view(padded, kernel.shape) * kernel
    axes = tuple(range(padded.ndim, 2 * padded.ndim))
    return {INTEGER_OVERFLOW: right.astype(padded.dtype), PRODUCT_OVERFLOW: products.sum(axis=axes)}
