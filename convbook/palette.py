"""The course's colours for numbers: blue below zero, grey at zero, orange above.

The table is ``palette.json``, which ``widgets/shared/palette.js`` reads too. The dark orange is for
text and lines on white, where the orange is too light.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

Color = tuple[int, int, int]

_TABLE = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def _color(name: str) -> Color:
    red, green, blue = _TABLE[name]
    return red, green, blue


BLUE, GREY, ORANGE = _color("blue"), _color("grey"), _color("orange")
DARK_ORANGE = _color("dark_orange")


def diverging_color(value: float, limit: float) -> Color:
    """Return red, green and blue (0…255) of ``value`` on a scale that ends at ±``limit``.

    >>> diverging_color(0, 5)
    (176, 176, 176)
    """
    share = abs(share_of(value, limit))
    end = BLUE if value < 0 else ORANGE
    red, green, blue = (
        int(grey + share * (tip - grey) + 0.5) for grey, tip in zip(GREY, end, strict=True)
    )
    return red, green, blue


def share_of(value: float, limit: float) -> float:
    """Return how far ``value`` reaches towards ±``limit``, −1 to 1, also where either is infinite.

    >>> share_of(-1, 4), share_of(float("inf"), float("inf"))
    (-0.25, 1.0)
    """
    if math.isinf(value):
        return math.copysign(1.0, value)
    if math.isnan(value) or limit <= 0:
        return 0.0
    return max(-1.0, min(value / limit, 1.0))


def text_color(color: Color) -> str:
    """Return black or white, whichever has the higher contrast (at least 4.5:1) on ``color``.

    >>> text_color((176, 176, 176))
    '#000000'
    """
    light = _luminance(color) + 0.05
    return "#000000" if light / 0.05 >= 1.05 / light else "#ffffff"


def _luminance(color: Color) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
