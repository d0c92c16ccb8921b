"""Pairs of signals with a name, offered by the widget."""

from __future__ import annotations

import numpy as np

Preset = dict[str, list[float]]

# A position that jumps from 2 to 8, read by a sensor whose error looks irregular.
_TIMES = np.arange(12)
_POSITION = np.round(np.where(_TIMES < 6, 2, 8) + np.sin(_TIMES**2), 1)
# Newest first: what was read longer ago counts for less; together they are 1.
_BY_AGE = np.arange(4, 0, -1) / 10

PRESETS: dict[str, Preset] = {
    "Box over a box": {"x": [1.0] * 4, "w": [1.0] * 4},
    "Smoothing a noisy position": {"x": _POSITION.tolist(), "w": _BY_AGE.tolist()},
    "Difference": {"x": [0.0, 1.0, 3.0, 6.0, 6.0, 6.0, 2.0], "w": [1.0, -1.0]},
    "Echo": {"x": [8.0, -4.0, 2.0, 0.0, 0.0, 6.0, -2.0], "w": [1.0, 0.0, 0.0, 0.5]},
}
