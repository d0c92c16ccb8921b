"""Images of the kernel explorer: cells with a numeral each, or a photograph in a byte a pixel.

photograph.js reads a photograph by the same rules.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, TypedDict

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from convbook.widgets.traits import MOST_CELLS, Matrix

Array = NDArray[np.float64]

MOST_PIXELS = 256  # a side; what is larger is made smaller
LARGEST_VALUE = 1e12
BYTES = 255  # the largest byte
BRIGHTNESS = np.array([0.2126, 0.7152, 0.0722])  # of red, green and blue: Rec. 709


class Photograph(TypedDict):
    """A photograph as it travels: pixel ``b`` in ``data`` is worth ``low + step · b``."""

    height: int
    width: int
    low: float
    step: float
    data: str


class ImageOrPhotograph(Matrix):
    """An image of at most 64 a side, kept as rows of numbers; a larger one as a photograph.

    Colours, shape ``(H, W, 3)`` or with opacity ``(H, W, 4)``, become brightness. A side above 256
    pixels is made smaller. Whole numbers within 255 of each other are kept as they are, any others
    rounded to 255 steps.

    Raises:
        traitlets.TraitError: the value has another shape, is empty, or holds what is no finite
            number.
    """

    def validate(self, obj: Any, value: Any) -> Any:
        """Return ``value`` as rows of floats, or packed."""
        if isinstance(value, Mapping):
            return _checked(self.name, value)
        try:
            array = np.asarray(value)
        except ValueError:  # rows of unequal length
            return super().validate(obj, value)
        is_large = array.ndim == 3 or (array.ndim == 2 and max(array.shape) > MOST_CELLS)
        if not is_large or array.dtype.kind not in "biuf":
            return super().validate(obj, value)
        return pack(array, self.name or "image")


def pack(image: ArrayLike, name: str = "image") -> Photograph:
    """Return ``image`` as a photograph.

    Args:
        image: shape ``(H, W)``, ``(H, W, 3)`` or ``(H, W, 4)``, numbers or booleans.
        name: what an error calls it.

    Raises:
        traitlets.TraitError: the shape is another, or a value is not finite or too large.

    >>> pack([[0, 255, 8]])
    {'height': 1, 'width': 3, 'low': 0.0, 'step': 1.0, 'data': 'AP8I'}
    """
    given = np.asarray(image)
    _require_image(given, name)
    pixels = _shrunk(_brightness(given.astype(np.float64)))
    if given.dtype.kind in "iu":
        pixels = np.rint(pixels)
    low, step = _scale(pixels)
    levels = np.rint((pixels - low) / step).astype(np.uint8)
    height, width = levels.shape
    data = base64.b64encode(levels.tobytes()).decode("ascii")
    return Photograph(height=height, width=width, low=low, step=step, data=data)


def unpack(photograph: Photograph) -> Array:
    """Return the values of a photograph, shape ``(H, W)``, float64.

    >>> unpack(pack([[0, 255, 8]])).tolist()
    [[0.0, 255.0, 8.0]]
    """
    levels = np.frombuffer(base64.b64decode(photograph["data"]), np.uint8).astype(np.float64)
    shape = photograph["height"], photograph["width"]
    return photograph["low"] + photograph["step"] * levels.reshape(shape)


def _scale(pixels: Array) -> tuple[float, float]:
    low, high = float(pixels.min()), float(pixels.max())
    if high - low <= BYTES and bool((pixels == np.rint(pixels)).all()):
        return (0.0 if low >= 0 and high <= BYTES else low), 1.0
    if low >= 0 and high <= 1:
        return 0.0, 1 / BYTES
    return low, (high - low) / BYTES or 1.0


def _brightness(array: Array) -> Array:
    return array if array.ndim == 2 else np.array(array[..., :3] @ BRIGHTNESS, dtype=np.float64)


def _shrunk(pixels: Array) -> Array:
    share = MOST_PIXELS / max(pixels.shape)
    if share >= 1:
        return pixels
    from skimage.transform import resize  # which takes long to import

    shape = tuple(max(1, round(side * share)) for side in pixels.shape)
    small = resize(pixels, shape, anti_aliasing=True, preserve_range=True)  # type: ignore[no-untyped-call]
    return np.asarray(small, np.float64)


def _require_image(array: NDArray[Any], name: str) -> None:
    colours = array.ndim == 3 and array.shape[2] in (3, 4)
    if not (array.ndim == 2 or colours) or 0 in array.shape:
        raise traitlets.TraitError(
            f"{name} has shape {array.shape}, but it must be (H, W), or (H, W, 3) in colours: take "
            "one channel, or put colours last with numpy.moveaxis"
        )
    if not np.isfinite(array).all():
        raise traitlets.TraitError(
            f"{name} holds {array[~np.isfinite(array)][0]}, but every number must be finite: "
            "replace it, for example with numpy.nan_to_num"
        )
    if np.abs(array.astype(np.float64)).max() > LARGEST_VALUE:
        raise traitlets.TraitError(
            f"{name} has a value of magnitude {np.abs(array.astype(np.float64)).max():g}, but the "
            f"largest is {LARGEST_VALUE:g}: divide it by a constant"
        )


def _checked(name: str | None, value: Mapping[str, Any]) -> Photograph:
    """Return a photograph that came from the page, if it is one."""
    try:
        height, width = int(value["height"]), int(value["width"])
        low, step = float(value["low"]), float(value["step"])
        count = len(base64.b64decode(value["data"], validate=True))
    except (KeyError, TypeError, ValueError, binascii.Error):
        height = width = count = 0
        low = step = float("nan")
    sides = 1 <= height <= MOST_PIXELS and 1 <= width <= MOST_PIXELS
    ends = np.array([low, low + BYTES * step])
    if not (sides and count == height * width and bool((np.abs(ends) <= LARGEST_VALUE).all())):
        raise traitlets.TraitError(
            f"{name} (={str(value)[:80]}) must be an array, or a photograph as `pack` returns it: "
            "pass the array itself"
        )
    return Photograph(height=height, width=width, low=low, step=step, data=str(value["data"]))
