"""The still picture of a photograph and its response, each with the place that is worked out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convbook.widgets.raster import Pixels, grey_pixels, image_element, signed_pixels
from convbook.widgets.svg import HEADING, INK, MARGIN, format_number, picture

Array = NDArray[np.float64]
Places = set[tuple[int, int]]

SIDE = 256  # of the photograph as it is drawn
MOST_PIXELS = 128  # a side; a larger one is sampled, so that a page stays light
RING = 10  # pixels from its middle: the window itself may be a few pixels wide
TOP = MARGIN + HEADING


def photograph_picture(
    label: str, sentence: str, shown: Array, output: Array, window: Places
) -> str:
    """Return a photograph beside its response as one SVG element.

    Args:
        label: what the picture is.
        sentence: what it says now.
        shown: the photograph with its padding, shape ``(H, W)``.
        output: the response; empty where the kernel fits nowhere.
        window: the cells of ``shown`` that the chosen output cell is worked out from.
    """
    scale = SIDE / max(shown.shape)
    parts = [_panel(MARGIN, "Image", photograph_pixels(shown), shown.shape, scale)]
    parts.append(_ring(MARGIN, window, scale))
    width = 2 * MARGIN + shown.shape[1] * scale
    if output.size:
        limit = float(np.abs(output).max())
        pixels = signed_pixels(output, limit)
        parts.append(_panel(width, "Output", pixels, output.shape, scale))
        width += output.shape[1] * scale + MARGIN
        end = format_number(limit)
        sentence += f". Blue is {format_number(-limit)}, grey is 0, orange is {end}."
    height = TOP + shown.shape[0] * scale
    return picture(label, sentence, max(round(width), SIDE), round(height), "".join(parts))


def photograph_pixels(shown: Array) -> Pixels:
    """Return a photograph from black to white, or in the signed colours where it has a sign."""
    low, high = float(shown.min()), float(shown.max())
    if low < 0:
        return signed_pixels(shown, max(-low, high))
    return grey_pixels(shown, 0.0, high)


def _panel(x: float, title: str, pixels: Pixels, shape: tuple[int, ...], scale: float) -> str:
    step = -(-max(pixels.shape[:2]) // MOST_PIXELS)
    heading = f'<text x="{x:g}" y="{MARGIN + 14}" font-weight="600">{title}</text>'
    size = round(shape[1] * scale, 1), round(shape[0] * scale, 1)
    return heading + image_element(pixels[::step, ::step], round(x, 1), TOP, *size)


def _ring(x: float, window: Places, scale: float) -> str:
    if not window:
        return ""
    row, column = (np.mean(ends) + 0.5 for ends in zip(*window, strict=True))
    place = f'cx="{x + column * scale:.1f}" cy="{TOP + row * scale:.1f}" r="{RING}"'
    return (
        f'<circle {place} fill="none" stroke="#ffffff" stroke-width="5"/>'
        f'<circle {place} fill="none" stroke="{INK}" stroke-width="2"/>'
    )
