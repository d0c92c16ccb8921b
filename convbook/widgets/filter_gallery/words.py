"""What a gallery says of an image and of a cell, in the same words as words.js."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from convbook.widgets.filter_gallery.packing import unpack

MOST_DIGITS = 12
COLOUR_DIGITS = 3


def image_sentence(group: Mapping[str, Any], index: int) -> str:
    """Return an image's name, place, size, range and note.

    >>> from convbook.widgets.filter_gallery.groups import GalleryGroup, pack_groups
    >>> [group] = pack_groups([GalleryGroup("conv1", "filters", [[[-1, 2]]])])
    >>> image_sentence(group, 0)
    'filter 1 (1 of 1): 1×2 cells, from −1.01 to 2'
    """
    image, count = group["images"][index], len(group["images"])
    values, digits = unpack(image), digits_of(image)
    least, most = number_text(values.min(), digits), number_text(values.max(), digits)
    colours = " in colour" if image["channels"] == 3 else ""
    note = f"; {image['note']}" if image["note"] else ""
    cells = "cell" if image["height"] == image["width"] == 1 else "cells"
    size = f"{image['height']}×{image['width']} {cells}{colours}"
    return f"{image['label']} ({index + 1} of {count}): {size}, from {least} to {most}{note}"


def cell_sentence(image: Mapping[str, Any], row: int, column: int) -> str:
    """Return the value of one cell in words. Rows and columns are said from 1.

    >>> from convbook.widgets.filter_gallery.packing import pack
    >>> cell_sentence(pack([[-1, 2]]), 0, 1)
    'Row 1, column 2: 2, positive'
    """
    value, digits = unpack(image)[row, column], digits_of(image)
    place = f"Row {row + 1}, column {column + 1}: "
    if image["channels"] == 3:
        names = zip(("red", "green", "blue"), value, strict=True)
        return place + ", ".join(f"{name} {number_text(part, digits)}" for name, part in names)
    sign = ", negative" if value < 0 else ", positive" if value > 0 else ""
    return place + number_text(float(value), digits) + sign


def digits_of(image: Mapping[str, Any]) -> int:
    """Return how many decimals tell the values of ``image`` apart."""
    return COLOUR_DIGITS if image["channels"] == 3 else decimals(image["limit"])


def decimals(limit: float) -> int:
    """Return how many decimals show three digits of ``limit``; from 2 to 12.

    >>> decimals(310), decimals(0.31), decimals(0.0031)
    (2, 3, 5)
    """
    digits = 2
    while 0 < limit * 10**digits < 100 and digits < MOST_DIGITS:
        digits += 1
    return digits


def number_text(value: float, digits: int) -> str:
    """Return ``value`` with at most ``digits`` decimals and a real minus sign.

    >>> number_text(-0.3125, 3)
    '−0.312'
    """
    # Half goes up, as in the page; adding zero turns −0 into 0.
    rounded = math.floor(value * 10**digits + 0.5) / 10**digits + 0.0
    return f"{rounded:.{digits}f}".rstrip("0").rstrip(".").replace("-", "−")
