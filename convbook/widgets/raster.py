"""Pixels inside a still picture: PNG files of their own, and the SVG element that holds one."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from convbook.palette import diverging_color

Pixels = NDArray[np.uint8]  # shape (H, W, 3)

LEVELS = 255  # on either side of zero


def png(pixels: Pixels) -> bytes:
    """Return an image of shape ``(H, W, 3)`` as a PNG file (RFC 2083, no filters).

    >>> png(np.zeros((1, 1, 3), np.uint8))[1:4]
    b'PNG'
    """
    height, width, _ = pixels.shape
    lines = np.pad(pixels.reshape(height, 3 * width), ((0, 0), (1, 0)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def image_element(pixels: Pixels, x: float, y: float, width: float, height: float) -> str:
    """Return an SVG image of ``pixels`` at a place, enlarged without smoothing."""
    data = base64.b64encode(png(pixels)).decode("ascii")
    return (
        f'<image x="{x}" y="{y}" width="{width}" height="{height}" preserveAspectRatio="none" '
        f'image-rendering="pixelated" href="data:image/png;base64,{data}"/>'
    )


def signed_pixels(numbers: NDArray[np.float64], limit: float) -> Pixels:
    """Return ``numbers`` in the course's colours, zero neutral, on a scale that ends at ±limit.

    >>> signed_pixels(np.array([[-1.0, 0.0, 1.0]]), 1).tolist()
    [[[42, 111, 187], [176, 176, 176], [247, 178, 92]]]
    """
    steps = np.arange(-LEVELS, LEVELS + 1)
    table = np.array([diverging_color(float(step), LEVELS) for step in steps], np.uint8)
    levels = np.rint(numbers / (limit or 1) * LEVELS).clip(-LEVELS, LEVELS).astype(int)
    colors: Pixels = table[levels + LEVELS]
    return colors


def grey_pixels(numbers: NDArray[np.float64], low: float, high: float) -> Pixels:
    """Return ``numbers`` from black at ``low`` to white at ``high``.

    >>> grey_pixels(np.array([[0.0, 1.0]]), 0, 1).tolist()
    [[[0, 0, 0], [255, 255, 255]]]
    """
    levels = np.rint((numbers - low) / ((high - low) or 1) * 255).clip(0, 255).astype(np.uint8)
    return np.repeat(levels[..., None], 3, axis=2)


def _chunk(name: bytes, content: bytes) -> bytes:
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
