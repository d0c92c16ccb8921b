"""What the checks of assignment 01 share: inputs of stated kinds, and comparisons with SciPy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any

import numpy as np
import scipy  # which loads scipy.signal on first use
from numpy.random import Generator

from autograder.assignments.a01_convolution.misconceptions import (
    Array,
    wrapped_around,
    wrong_convolution,
    wrong_correlation,
    wrong_filter,
)
from autograder.assignments.catalogue import INTEGER_TRUNCATED
from autograder.checks import Student, expect_close
from autograder.checks.inputs import (
    SHAPES,
    SIGNALS,
    draw_image,
    draw_kernel,
    draw_signal,
    symmetric,
)

SINGLE_PRECISION = 1e-5  # float32 may be answered as exactly as it was asked
# Two cells beyond the border tell the paddings apart; one does not.
ODD_SIDES = {
    "wide": (3, 5),
    "tall": (1, 5),
    "square, odd sides": (3, 5),
    "one cell": (1,),
    "as large as the image": (5, 7),
}


def signals(rng: Generator) -> list[tuple[Array, Array]]:
    """Return a signal and a kernel of each kind."""
    return [draw_signal(rng, kind) for kind in SIGNALS]


def drawn(rng: Generator, kinds: Iterable[str]) -> list[tuple[Array, Array]]:
    """Return an image of each shape, with a kernel of each of these kinds."""
    images = [draw_image(rng, shape, (4, 7)) for shape in SHAPES]
    return [(image, draw_kernel(rng, kind, image)) for image in images for kind in kinds]


def expect_correlations(student: Student, pairs: list[tuple[Array, Array]]) -> None:
    """Compare cross_correlate2d with SciPy on each image and kernel."""
    for (image, kernel), got in zip(pairs, student.cross_correlate2d.each(pairs), strict=True):
        right = scipy.signal.correlate2d(image, kernel, "valid")
        expect_close(got, right, wrong_correlation(image, kernel))


def expect_convolutions(student: Student, pairs: list[tuple[Array, Array]]) -> None:
    """Compare conv2d with SciPy on each image and kernel."""
    for (image, kernel), got in zip(pairs, student.conv2d.each(pairs), strict=True):
        right = scipy.signal.convolve2d(image, kernel, "valid")
        expect_close(got, right, wrong_convolution(image, kernel))


def expect_exact_on_integers(function: Any, rng: Generator, border: int) -> None:
    """Compare with SciPy on images of integers; ``border`` cells of zeros surround them."""
    image, kernel = rng.integers(90, 128, (5, 7)), symmetric(rng.integers(-4, -2, (3, 3)))

    def correlated(image: Array, kernel: Array) -> Array:
        return np.asarray(scipy.signal.correlate2d(np.pad(image, border), kernel, "valid"))

    expect_exact(function, image, kernel, correlated, border)


def expect_exact(
    function: Any, x: Array, w: Array, right: Callable[[Array, Array], Array], border: int
) -> None:
    """Call with unsigned and signed bytes, wide integers and fractions, and compare.

    Sums of bytes are larger here than 16 bits hold, those of wide integers larger than 32 bits.

    Args:
        function: the student's.
        x: numbers from 90 to 127; the signed bytes are their negatives.
        w: negative bytes that make each product too large for a byte.
        right: what the function must return.
        border: cells of zeros around ``x`` that count.
    """
    unsigned = (2 * x).astype(np.uint8), (-w).astype(np.uint8)
    signed = (-x).astype(np.int8), w.astype(np.int8)
    wide = x << 20, w << 8
    single = (x / 2).astype(np.float32), (w / 64).astype(np.float32)
    results = function.each([unsigned, signed, wide, (x, w / 64), single])
    for (a, b), got in zip((unsigned, signed), results, strict=False):
        exact = right(a.astype(int), b.astype(int))
        expect_close(got, exact, wrapped_around(np.pad(a, border), b, exact))
    expect_close(next(results), right(*wide))
    fractions = right(x, w) / 64
    expect_close(next(results), fractions, {INTEGER_TRUNCATED: np.trunc(fractions)})
    expect_close(next(results), fractions / 2, tolerance=SINGLE_PRECISION)


def expect_border(student: Student, rng: Generator, padding: str) -> None:
    """Compare with SciPy on images of each shape, and under kernels of each shape."""
    images = cycle(draw_image(rng, shape, (5, 7)) for shape in rng.permutation(list(SHAPES)))
    kinds = (*ODD_SIDES.items(), *ODD_SIDES.items())
    pairs = [
        (image, draw_kernel(rng, kind, image, sides))
        for image, (kind, sides) in zip(images, kinds, strict=False)
    ]
    even = draw_image(rng, "wide", (6, 8))
    pairs.append((even, draw_kernel(rng, "wide", even, ODD_SIDES["wide"])))
    results = student.filter_image.each(pairs, padding=padding)
    for (image, kernel), got in zip(pairs, results, strict=True):
        right = scipy.ndimage.correlate(image, kernel, mode=padding)
        expect_close(got, right, wrong_filter(image, kernel, padding))
