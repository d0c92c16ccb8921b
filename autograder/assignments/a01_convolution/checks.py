"""Trusted checks of assignment 01: convolution in one and two dimensions, and its borders.

The right values come from NumPy and SciPy. Kernels of the integer checks look the same flipped:
a wrong flip costs nothing there.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import scipy  # which loads scipy.signal on first use
from numpy.random import Generator

from autograder.assignments.a01_convolution.misconceptions import (
    EVEN_KERNEL_ACCEPTED,
    INTEGER_TRUNCATED,
    MODE_NOT_CHECKED,
    PADDING_NOT_CHECKED,
    Array,
    wrapped_around,
    wrong_1d,
    wrong_convolution,
    wrong_correlation,
    wrong_filter,
)
from autograder.checks import Forbidden, Student, check, expect_close, expect_error

FLAVOUR = "numpy"  # what the student's kernel may import
READY_MADE = Forbidden(
    *("numpy.convolve", "numpy.correlate", "numpy.polymul", "numpy.poly1d", "numpy.polynomial"),
    *("scipy", "skimage", "torch"),
)


@check("conv1d", points=1)
def full_by_default(student: Student, rng: Generator) -> None:
    """conv1d flips the kernel and returns all n + k − 1 sums where no mode is named"""
    pairs = signals(rng, (8, 3), (4, 7))
    for (x, w), got in zip(pairs, student.conv1d.each(pairs), strict=True):
        expect_close(got, np.convolve(x, w), wrong_1d(x, w, "full"))


@check("conv1d", points=1)
def valid_keeps_whole_overlaps(student: Student, rng: Generator) -> None:
    """conv1d in mode "valid" keeps the sums of whole overlaps, whichever array is longer"""
    pairs = signals(rng, (8, 3), (5, 5), (4, 7))
    for (x, w), got in zip(pairs, student.conv1d.each(pairs, mode="valid"), strict=True):
        expect_close(got, np.convolve(x, w, "valid"), wrong_1d(x, w, "valid"))


@check("conv1d", points=1)
def same_keeps_the_middle(student: Student, rng: Generator) -> None:
    """conv1d in mode "same" keeps the middle max(n, k) sums, for even and for long kernels too"""
    pairs = signals(rng, (8, 3), (8, 4), (4, 7))
    for (x, w), got in zip(pairs, student.conv1d.each(pairs, mode="same"), strict=True):
        expect_close(got, np.convolve(x, w, "same"), wrong_1d(x, w, "same"))


@check("conv1d", points=1)
def integer_signals(student: Student, rng: Generator) -> None:
    """conv1d is exact on 8-bit integers and keeps the fractions of a kernel of fractions"""
    x, w = rng.integers(60, 127, 20), rng.integers(-99, -60, 3)[[0, 1, 2, 1, 0]]
    results = student.conv1d.each([(x.astype(np.int8), w.astype(np.int8)), (x, w / 64)])
    right = np.convolve(x, w)
    wrong = wrapped_around(np.pad(x, 4).astype(np.int8), w.astype(np.int8), right)
    expect_close(next(results), right, wrong)
    fractions = right / 64
    expect_close(next(results), fractions, {INTEGER_TRUNCATED: np.trunc(fractions)})


@check("conv1d", points=1)
def unknown_mode(student: Student, rng: Generator) -> None:
    """conv1d raises a ValueError that names an unknown mode"""
    x, w = rng.normal(size=6), rng.normal(size=3)
    call = partial(student.conv1d, x, w, mode="circular")
    expect_error(call, "ValueError", MODE_NOT_CHECKED, mentions="circular")


@check("cross_correlate2d", points=1)
def correlate_rectangles(student: Student, rng: Generator) -> None:
    """cross_correlate2d slides a rectangular kernel, as it stands, over an image not square"""
    pairs = [(not_square(rng), rng.normal(size=shape)) for shape in ((2, 3), (3, 2))]
    expect_correlations(student, pairs)


@check("cross_correlate2d", points=1)
def correlate_extremes(student: Student, rng: Generator) -> None:
    """cross_correlate2d takes a kernel of one cell and one as large as the image"""
    image = not_square(rng)
    kernels = rng.normal(size=(1, 1)), rng.normal(size=image.shape)
    expect_correlations(student, [(image, kernel) for kernel in kernels])


@check("cross_correlate2d", points=1)
def correlate_integers(student: Student, rng: Generator) -> None:
    """cross_correlate2d is exact on 8-bit images and keeps the fractions of a kernel"""
    expect_exact_on_integers(student.cross_correlate2d, rng, border=0)


@check("conv2d", points=1)
def convolve_rectangles(student: Student, rng: Generator) -> None:
    """conv2d flips a rectangular kernel both ways, over an image not square"""
    pairs = [(not_square(rng), rng.normal(size=shape)) for shape in ((2, 3), (3, 2))]
    expect_convolutions(student, pairs)


@check("conv2d", points=1)
def convolve_extremes(student: Student, rng: Generator) -> None:
    """conv2d takes a kernel of one cell and one as large as the image"""
    image = not_square(rng)
    kernels = rng.normal(size=(1, 1)), rng.normal(size=image.shape)
    expect_convolutions(student, [(image, kernel) for kernel in kernels])


@check("conv2d", points=1)
def convolve_integers(student: Student, rng: Generator) -> None:
    """conv2d is exact on 8-bit images and keeps the fractions of a kernel"""
    expect_exact_on_integers(student.conv2d, rng, border=0)


@check("filter_image", points=1)
def constant_border(student: Student, rng: Generator) -> None:
    """filter_image keeps the image's size and reads zeros beyond the border by default"""
    image, kernel = not_square(rng), rng.normal(size=(3, 5))
    right = scipy.ndimage.correlate(image, kernel, mode="constant")
    wrong = wrong_filter(image, kernel, "constant")
    expect_close(student.filter_image(image, kernel), right, wrong)
    expect_border(student, rng, "constant")


@check("filter_image", points=1)
def nearest_border(student: Student, rng: Generator) -> None:
    """filter_image repeats the edge cell with padding "nearest" """
    expect_border(student, rng, "nearest")


@check("filter_image", points=1)
def mirror_border(student: Student, rng: Generator) -> None:
    """filter_image mirrors at the edge cell, without repeating it, with padding "mirror" """
    expect_border(student, rng, "mirror")


@check("filter_image", points=1)
def wrapped_border(student: Student, rng: Generator) -> None:
    """filter_image continues at the opposite side with padding "wrap" """
    expect_border(student, rng, "wrap")


@check("filter_image", points=1)
def filter_integers(student: Student, rng: Generator) -> None:
    """filter_image is exact on 8-bit images and keeps the fractions of a kernel"""
    expect_exact_on_integers(student.filter_image, rng, border=1)


@check("filter_image", points=1)
def refused_arguments(student: Student, rng: Generator) -> None:
    """filter_image raises ValueError for an even kernel side and for an unknown padding"""
    image = not_square(rng)
    for shape in ((3, 2), (4, 3)):
        call = partial(student.filter_image, image, rng.normal(size=shape))
        expect_error(call, "ValueError", EVEN_KERNEL_ACCEPTED)
    call = partial(student.filter_image, image, rng.normal(size=(3, 3)), padding="reflect")
    expect_error(call, "ValueError", PADDING_NOT_CHECKED, mentions="reflect")


def signals(rng: Generator, *sizes: tuple[int, int]) -> list[tuple[Array, Array]]:
    """Return a signal and a kernel per pair of lengths."""
    return [(rng.normal(size=n), rng.normal(size=k)) for n, k in sizes]


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
    """Call with 8-bit arrays, then with a kernel of fractions; ``border`` cells are zeros."""
    image, (a, b, c) = rng.integers(100, 256, (5, 7)), rng.integers(3, 28, 3)
    kernel = np.array([[a, b, a], [b, c, b], [a, b, a]])
    padded = np.pad(image, border)
    small = image.astype(np.uint8), kernel.astype(np.uint8)
    results = function.each([small, (image, kernel / -64)])
    right = scipy.signal.correlate2d(padded, kernel, "valid")
    wrong = wrapped_around(padded.astype(np.uint8), kernel.astype(np.uint8), right)
    expect_close(next(results), right, wrong)
    right = scipy.signal.correlate2d(padded, kernel / -64, "valid")
    expect_close(next(results), right, {INTEGER_TRUNCATED: np.trunc(right)})


def expect_border(student: Student, rng: Generator, padding: str) -> None:
    """Compare with SciPy on kernels wide, tall and as large as the image."""
    image = rng.normal(size=(5, 7))
    pairs = [(image, rng.normal(size=shape)) for shape in ((3, 5), (5, 1), (5, 7))]
    results = student.filter_image.each(pairs, padding=padding)
    for (_, kernel), got in zip(pairs, results, strict=True):
        right = scipy.ndimage.correlate(image, kernel, mode=padding)
        expect_close(got, right, wrong_filter(image, kernel, padding))


def not_square(rng: Generator) -> Array:
    """Return an image of 4 to 6 rows and up to 3 columns more."""
    height = int(rng.integers(4, 7))
    return rng.normal(size=(height, height + int(rng.integers(1, 4))))
