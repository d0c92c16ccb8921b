"""Images in a byte a value, as text for the page; packing.js reads it by the same rules."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from traitlets import TraitError

from convbook.galleries import Scale
from convbook.palette import diverging_color

Packed = Mapping[str, Any]  # height, width, channels, limit, data; its label and its note

LARGEST_SIDE = 256
LARGEST_VALUE = 1e12
STEPS = 127  # on either side of zero; zero itself is byte 128
ZERO = 128


def pack(pixels: ArrayLike, name: str = "pixels") -> dict[str, Any]:
    """Return an image as JSON-ready numbers and text, its values rounded to a byte each.

    Args:
        pixels: shape ``(H, W)``, signed numbers, rounded to 127 steps on either side of zero; or
            shape ``(H, W, 3)``, colours from 0 to 1, rounded to 255 steps.
        name: what an error calls it.

    Returns:
        Its size, its ``limit`` (the largest magnitude; 1 for colours), and the bytes in base64.

    Raises:
        TraitError: the shape is another, a side is longer than 256, or a value is out of range.

    >>> pack([[-1, 0, 2]])
    {'height': 1, 'width': 3, 'channels': 1, 'limit': 2.0, 'data': 'QID/'}
    """
    array = _numbers(pixels, name)
    colours = array.ndim == 3
    limit = 1.0 if colours else float(np.abs(array).max())
    levels = np.rint(array * 255) if colours else np.rint(array / (limit or 1) * STEPS) + ZERO
    return {
        "height": array.shape[0],
        "width": array.shape[1],
        "channels": 3 if colours else 1,
        "limit": limit,
        "data": base64.b64encode(levels.astype(np.uint8).tobytes()).decode("ascii"),
    }


def unpack(image: Packed) -> NDArray[np.float64]:
    """Return the values of a packed image, as the page shows them.

    Returns:
        Shape ``(H, W)``, or ``(H, W, 3)`` for colours, float64.

    >>> unpack(pack([[-1, 0, 2]])).round(2).tolist()
    [[-1.01, 0.0, 2.0]]
    """
    levels = _levels(image)
    if image["channels"] == 3:
        return levels / 255
    return (levels.astype(np.float64) - ZERO) / STEPS * float(image["limit"])


def color_pixels(image: Packed, limit: float) -> NDArray[np.uint8]:
    """Return the colours in which a packed image is shown.

    Args:
        image: as `pack` returns it.
        limit: the end of the colour scale; colours need none.

    Returns:
        Shape ``(H, W, 3)``, red, green and blue from 0 to 255.

    >>> color_pixels(pack([[-1, 0, 1]]), 1).tolist()
    [[[42, 111, 187], [176, 176, 176], [247, 178, 92]]]
    """
    levels = _levels(image)
    if image["channels"] == 3:
        return levels
    values = (np.arange(256.0) - ZERO) / STEPS * float(image["limit"])
    table = np.array([diverging_color(float(value), limit) for value in values], np.uint8)
    colors: NDArray[np.uint8] = table[levels]
    return colors


def scale_limit(group: Mapping[str, Any], index: int, scale: Scale) -> float:
    """Return the end of the colour scale of image ``index``: its own, or that of its group.

    >>> images = [pack([[1]]), pack([[-3]])]
    >>> scale_limit({"images": images}, 0, "image"), scale_limit({"images": images}, 0, "group")
    (1.0, 3.0)
    """
    image = group["images"][index]
    if scale == "image" or image["channels"] == 3:
        return float(image["limit"])
    return max(float(one["limit"]) for one in group["images"] if one["channels"] == 1)


def _levels(image: Packed) -> NDArray[np.uint8]:
    """Return the bytes in the image's shape."""
    shape = (image["height"], image["width"], image["channels"])
    levels = np.frombuffer(base64.b64decode(image["data"]), np.uint8).reshape(shape)
    return levels if image["channels"] == 3 else levels[:, :, 0]


def _numbers(pixels: ArrayLike, name: str) -> NDArray[np.float64]:
    try:
        array = np.asarray(pixels, dtype=np.float64)
    except (TypeError, ValueError):
        raise TraitError(f"{name} must be numbers in rows of equal length: pass an array") from None
    is_image = array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)
    if not is_image or not all(1 <= side <= LARGEST_SIDE for side in array.shape[:2]):
        raise TraitError(
            f"{name} has shape {array.shape}, but it must be (H, W) or (H, W, 3) with H and W from "
            f"1 to {LARGEST_SIDE}: take one channel, put colours last with numpy.moveaxis, or "
            "sample it more coarsely"
        )
    if not np.isfinite(array).all():
        raise TraitError(
            f"{name} holds {array[~np.isfinite(array)][0]}, but every value must be finite: "
            "replace it, for example with numpy.nan_to_num"
        )
    if array.ndim == 3 and not (array.min() >= 0 and array.max() <= 1):
        raise TraitError(
            f"{name} has colours from {array.min():g} to {array.max():g}, but they must lie from 0 "
            "to 1: rescale them, for example weights w as 0.5 + 0.5 * w / abs(w).max()"
        )
    if np.abs(array).max() > LARGEST_VALUE:
        raise TraitError(
            f"{name} has a value of magnitude {np.abs(array).max():g}, but the largest is "
            f"{LARGEST_VALUE:g}: divide it by a constant"
        )
    return array
