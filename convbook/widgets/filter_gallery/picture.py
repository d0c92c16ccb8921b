"""The still picture of a gallery: the first images of the chosen group."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from convbook.widgets.filter_gallery.packing import color_pixels, scale_limit
from convbook.widgets.filter_gallery.words import decimals, image_sentence, number_text
from convbook.widgets.raster import image_element
from convbook.widgets.svg import INK, MARGIN, picture

if TYPE_CHECKING:
    from convbook.widgets.filter_gallery import FilterGallery

SHOWN = 24
COLUMNS = 8
THUMBNAIL = 72
PITCH_X, PITCH_Y = 88, 100
MOST_PIXELS = 48  # a side of a thumbnail; larger images are sampled
LONGEST_LABEL = 13


def gallery_picture(gallery: FilterGallery) -> str:
    """Return ``gallery`` as one SVG element: a wall of at most 24 images, the chosen one framed.

    Args:
        gallery: its traits are read, nothing is changed.

    >>> from convbook.widgets import FilterGallery
    >>> group = {"title": "conv1", "kind": "filters", "images": [[[1.0]]]}
    >>> gallery_picture(FilterGallery([group]))[:4]
    '<svg'
    """
    group = gallery.chosen_group
    images = group["images"][:SHOWN]
    parts = [
        f'<text x="{MARGIN}" y="{MARGIN + 14}" font-weight="600">{escape(_title(group))}</text>'
    ]
    for index, image in enumerate(images):
        limit = scale_limit(group, index, gallery.scale)
        parts.append(_thumbnail(index, color_pixels(image, limit), image, index == gallery.image))
    rows = -(-len(images) // COLUMNS)
    width = 2 * MARGIN + (COLUMNS - 1) * PITCH_X + THUMBNAIL
    height = MARGIN + 28 + rows * PITCH_Y - 8
    return picture(
        "A gallery of images of a network", describe(gallery), width, height, "".join(parts)
    )


def describe(gallery: FilterGallery) -> str:
    """Return what the live gallery says of the chosen image, and of its colours.

    >>> from convbook.widgets import FilterGallery
    >>> group = {"title": "conv1", "kind": "filters", "images": [[[1.0]]]}
    >>> describe(FilterGallery([group]))
    'conv1, filter 1 (1 of 1): 1×1 cell, from 1 to 1. Blue is −1, grey is 0, orange is 1.'
    """
    group, index = gallery.chosen_group, gallery.image
    said = f"{group['title']}, {image_sentence(group, index)}."
    if group["images"][index]["channels"] == 3:
        return said
    limit = scale_limit(group, index, gallery.scale)
    end = number_text(limit, decimals(limit))
    low = number_text(-limit, decimals(limit))
    return f"{said} Blue is {low}, grey is 0, orange is {end}."


def _title(group: dict[str, object]) -> str:
    count = len(group["images"])  # type: ignore[arg-type]
    return f"{group['title']}: " + (f"{SHOWN} of {count}" if count > SHOWN else str(count))


def _thumbnail(index: int, pixels: NDArray[np.uint8], image: dict[str, str], chosen: bool) -> str:
    row, column = divmod(index, COLUMNS)
    x, y = MARGIN + column * PITCH_X, MARGIN + 28 + row * PITCH_Y
    step = -(-max(pixels.shape[:2]) // MOST_PIXELS)
    drawn = image_element(pixels[::step, ::step], x, y, THUMBNAIL, THUMBNAIL)
    label = image["label"]
    short = label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
    frame = f'stroke="{INK}" stroke-width="3"' if chosen else 'stroke="#d1d5db"'
    return (
        f'{drawn}<rect x="{x}" y="{y}" width="{THUMBNAIL}" height="{THUMBNAIL}" fill="none" '
        f"{frame}/>"
        f'<text x="{x}" y="{y + THUMBNAIL + 14}" font-size="11">{escape(short)}</text>'
    )
