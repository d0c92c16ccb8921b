"""Trusted checks of assignment 01: convolution in one and two dimensions, and its borders.

The right values come from NumPy and SciPy. Kernels of the integer checks look the same flipped
and transposed: a mistake with the kernel's orientation costs nothing there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import scipy  # which loads scipy.signal on first use
from numpy.random import Generator

from autograder.assignments.a01_convolution.asking import (
    drawn,
    expect_border,
    expect_convolutions,
    expect_correlations,
    expect_exact,
    expect_exact_on_integers,
    signals,
)
from autograder.assignments.a01_convolution.misconceptions import (
    EVEN_KERNEL_ACCEPTED,
    MODE_NOT_CHECKED,
    PADDING_NOT_CHECKED,
    wrong_1d,
    wrong_filter,
)
from autograder.assignments.sections import DEFINITION, EVERY_PLACE, PADDING, THE_FLIP
from autograder.checks import Forbidden, Student, check, expect_close, expect_error
from autograder.checks.inputs import (
    DTYPES,
    KERNELS,
    ODD_KERNELS,
    SHAPES,
    SIGNALS,
    VALUES,
    Inputs,
    Kinds,
    draw_image,
    draw_kernel,
    symmetric,
)

FLAVOUR = "numpy"  # what the student's kernel may import
SECTIONS = {  # what to read again where no misconception is known
    "conv1d": DEFINITION,
    "cross_correlate2d": EVERY_PLACE,
    "conv2d": THE_FLIP,
    "filter_image": PADDING,
}
READY_MADE = Forbidden(
    *("numpy.convolve", "numpy.correlate", "numpy.polymul", "numpy.poly1d", "numpy.polynomial"),
    *("scipy", "skimage", "torch"),
)
NUMBERS: Kinds = {**DTYPES, **VALUES}
ON_IMAGES: Inputs = {("image",): {**SHAPES, **NUMBERS}, ("kernel",): NUMBERS}
INPUTS: Mapping[str, Inputs] = {  # what the checks of each function send
    "conv1d": {("x", "w"): SIGNALS, ("x",): NUMBERS, ("w",): NUMBERS},
    "cross_correlate2d": {**ON_IMAGES, ("kernel", "image"): KERNELS},
    "conv2d": {**ON_IMAGES, ("kernel", "image"): KERNELS},
    "filter_image": {**ON_IMAGES, ("kernel", "image"): ODD_KERNELS},
}
ORIENTED = ("wide", "tall", "square, odd sides", "square, even sides")
EXTREME = ("one cell", "as large as the image")


@check("conv1d", points=1)
def full_by_default(student: Student, rng: Generator) -> None:
    """conv1d flips the kernel and returns all n + k − 1 sums where no mode is named"""
    pairs = signals(rng)
    for (x, w), got in zip(pairs, student.conv1d.each(pairs), strict=True):
        expect_close(got, np.convolve(x, w), wrong_1d(x, w, "full"))


@check("conv1d", points=1)
def valid_keeps_whole_overlaps(student: Student, rng: Generator) -> None:
    """conv1d in mode "valid" keeps the sums of whole overlaps, whichever array is longer"""
    pairs = signals(rng)
    for (x, w), got in zip(pairs, student.conv1d.each(pairs, mode="valid"), strict=True):
        expect_close(got, np.convolve(x, w, "valid"), wrong_1d(x, w, "valid"))


@check("conv1d", points=1)
def same_keeps_the_middle(student: Student, rng: Generator) -> None:
    """conv1d in mode "same" keeps the middle max(n, k) sums, for even and for long kernels too"""
    pairs = signals(rng)
    for (x, w), got in zip(pairs, student.conv1d.each(pairs, mode="same"), strict=True):
        expect_close(got, np.convolve(x, w, "same"), wrong_1d(x, w, "same"))


@check("conv1d", points=1)
def integer_signals(student: Student, rng: Generator) -> None:
    """conv1d is exact on 8-bit integers, signed or not, and keeps a kernel's fractions"""
    x, w = rng.integers(90, 128, 20), symmetric(rng.integers(-49, -30, 5))
    expect_exact(student.conv1d, x, w, np.convolve, border=4)


@check("conv1d", points=1)
def unknown_mode(student: Student, rng: Generator) -> None:
    """conv1d raises a ValueError that names an unknown mode"""
    x, w = rng.normal(size=6), rng.normal(size=3)
    call = partial(student.conv1d, x, w, mode="circular")
    expect_error(call, "ValueError", MODE_NOT_CHECKED, mentions="circular")


@check("cross_correlate2d", points=1)
def correlate_shapes(student: Student, rng: Generator) -> None:
    """cross_correlate2d slides the kernel as it stands, be kernel and image wide, tall or square"""
    expect_correlations(student, drawn(rng, ORIENTED))


@check("cross_correlate2d", points=1)
def correlate_extremes(student: Student, rng: Generator) -> None:
    """cross_correlate2d takes a kernel of one cell and one as large as the image"""
    expect_correlations(student, drawn(rng, EXTREME))


@check("cross_correlate2d", points=1)
def correlate_integers(student: Student, rng: Generator) -> None:
    """cross_correlate2d is exact on 8-bit images, signed or not, and keeps a kernel's fractions"""
    expect_exact_on_integers(student.cross_correlate2d, rng, border=0)


@check("conv2d", points=1)
def convolve_shapes(student: Student, rng: Generator) -> None:
    """conv2d flips the kernel both ways, be kernel and image wide, tall or square"""
    expect_convolutions(student, drawn(rng, ORIENTED))


@check("conv2d", points=1)
def convolve_extremes(student: Student, rng: Generator) -> None:
    """conv2d takes a kernel of one cell and one as large as the image"""
    expect_convolutions(student, drawn(rng, EXTREME))


@check("conv2d", points=1)
def convolve_integers(student: Student, rng: Generator) -> None:
    """conv2d is exact on 8-bit images, signed or not, and keeps a kernel's fractions"""
    expect_exact_on_integers(student.conv2d, rng, border=0)


@check("filter_image", points=1)
def constant_border(student: Student, rng: Generator) -> None:
    """filter_image keeps the image's size and reads zeros beyond the border by default"""
    image = draw_image(rng, "wide")
    kernel = draw_kernel(rng, "wide", image, (3, 5))
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
    """filter_image is exact on 8-bit images, signed or not, and keeps a kernel's fractions"""
    expect_exact_on_integers(student.filter_image, rng, border=1)


@check("filter_image", points=1)
def refused_arguments(student: Student, rng: Generator) -> None:
    """filter_image raises ValueError for an even kernel side and for an unknown padding"""
    image = draw_image(rng, "wide")
    for shape in ((3, 2), (4, 3)):
        call = partial(student.filter_image, image, rng.normal(size=shape))
        expect_error(call, "ValueError", EVEN_KERNEL_ACCEPTED)
    call = partial(student.filter_image, image, rng.normal(size=(3, 3)), padding="reflect")
    expect_error(call, "ValueError", PADDING_NOT_CHECKED, mentions="reflect")
