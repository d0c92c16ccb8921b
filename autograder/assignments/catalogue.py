"""Misconceptions that come back in several assignments; each name and sentence stands once.

An assignment imports those that it needs beside its own. A name stays what it is: reports that
were kept and pages of the course refer to it.
"""

from __future__ import annotations

from autograder.assignments.sections import HOW_MANY_PLACES, ORDER_OF_AXES, PADDING, THE_FLIP
from autograder.checks import Hint

KERNEL_NOT_FLIPPED = Hint(
    "kernel-not-flipped",
    "You slid the kernel over the input as it stands: that is cross-correlation. "
    "Convolution reads the kernel backwards, in every one of its directions.",
    THE_FLIP,
)
KERNEL_FLIPPED = Hint(
    "kernel-flipped",
    "You flipped the kernel: that is convolution. Here the kernel stays as it is.",
    THE_FLIP,
)
KERNEL_TRANSPOSED = Hint(
    "kernel-transposed",
    "You exchanged the kernel's rows and columns. To slide it as it stands exchanges nothing, and "
    "a flip reverses the order of the rows and of the columns, but keeps the shape.",
    THE_FLIP,
)
IMAGE_TRANSPOSED = Hint(
    "image-transposed",
    "You exchanged the image's rows and columns. Whatever its shape, index [i, j] is row i, "
    "column j.",
    ORDER_OF_AXES,
)
KERNEL_ASSUMED_SQUARE = Hint(
    "kernel-assumed-square",
    "You used the kernel's height as its width too. Read both numbers of its shape.",
    ORDER_OF_AXES,
)
ROWS_COLUMNS_SWAPPED = Hint(
    "rows-columns-swapped",
    "Rows and columns changed places. The first index of an array is the row, the second the "
    "column: follow each size through your code on an image that is not square.",
    ORDER_OF_AXES,
)
FULL_RETURNED = Hint(
    "full-returned",
    "You kept the positions where the kernel hangs over the border. Only those where it lies "
    "inside count here.",
    HOW_MANY_PLACES,
)
VALID_RETURNED = Hint(
    "valid-returned",
    "You kept only the positions where the kernel lies inside. Pad first: the result must have "
    "the size of the image.",
    PADDING,
)
OFF_BY_ONE = Hint(
    "off-by-one",
    "The last position is missing. A kernel of k cells fits n − k + 1 times into n cells: count "
    "for n = k.",
    HOW_MANY_PLACES,
)
INTEGER_OVERFLOW = Hint(
    "integer-overflow",
    "Your results wrapped around: 8 bits hold 256 different values. What dtype has the array you "
    "add to?",
)
PRODUCT_OVERFLOW = Hint(
    "product-overflow",
    "Your products wrapped around before you added them up: 8 bits times 8 bits stays at 8 bits. "
    "Change the dtype of the inputs first.",
)
INTEGER_TRUNCATED = Hint(
    "integer-truncated",
    "Your results lost their fractions: an integer array cannot hold them.",
)
