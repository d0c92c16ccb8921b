"""The colours of numbers: NumPy's interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np


def palette() -> list[dict[str, Any]]:
    """Colours interpolated by numpy between the three anchors of the scale."""
    anchors = np.array([(42, 111, 187), (176, 176, 176), (247, 178, 92)])
    values = np.linspace(-5, 5, 41)
    channels = [np.floor(np.interp(values, [-4, 0, 4], anchors[:, i]) + 0.5) for i in range(3)]
    colors = np.stack(channels, axis=1).astype(int)
    return [
        {"value": value, "limit": 4, "expected": color}
        for value, color in zip(values, colors, strict=True)
    ]


GOLDEN = {"palette": palette}
