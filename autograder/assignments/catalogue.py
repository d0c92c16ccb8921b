"""Misconceptions that come back in several assignments, each with where the book says more.

Their sentences stand in `convbook.misconceptions`, which the widgets read too. An assignment
imports those that it needs beside its own.
"""

from __future__ import annotations

from autograder.assignments.sections import (
    HOW_MANY_PLACES,
    ONE_PLACE_BY_HAND,
    ORDER_OF_AXES,
    PADDING,
    THE_FLIP,
)
from autograder.checks import Hint, Section
from convbook.misconceptions import MISCONCEPTIONS


def _known(name: str, section: Section | None = None) -> Hint:
    return Hint(name, MISCONCEPTIONS[name], section)


KERNEL_NOT_FLIPPED = _known("kernel-not-flipped", THE_FLIP)
KERNEL_FLIPPED = _known("kernel-flipped", THE_FLIP)
KERNEL_TRANSPOSED = _known("kernel-transposed", THE_FLIP)
IMAGE_TRANSPOSED = _known("image-transposed", ORDER_OF_AXES)
KERNEL_ASSUMED_SQUARE = _known("kernel-assumed-square", ORDER_OF_AXES)
ROWS_COLUMNS_SWAPPED = _known("rows-columns-swapped", ORDER_OF_AXES)
FULL_RETURNED = _known("full-returned", HOW_MANY_PLACES)
VALID_RETURNED = _known("valid-returned", PADDING)
OFF_BY_ONE = _known("off-by-one", HOW_MANY_PLACES)
INTEGER_OVERFLOW = _known("integer-overflow")
PRODUCT_OVERFLOW = _known("product-overflow")
INTEGER_TRUNCATED = _known("integer-truncated")
PRODUCT_NOT_SUM = _known("product-not-sum", ONE_PLACE_BY_HAND)
MEAN_NOT_SUM = _known("mean-not-sum", ONE_PLACE_BY_HAND)
BORDER_CONSTANT = _known("border-filled-with-zeros", PADDING)
BORDER_NEAREST = _known("border-repeats-edge", PADDING)
BORDER_MIRROR = _known("border-mirrored", PADDING)
BORDER_SYMMETRIC = _known("mirror-repeats-edge", PADDING)
BORDER_WRAP = _known("border-wrapped", PADDING)
