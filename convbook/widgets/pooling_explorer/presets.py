"""Images to pool, each with the window it is about."""

from __future__ import annotations

from typing import Any

PRESETS: dict[str, dict[str, Any]] = {
    "4×4 blocks": {
        "image": [
            [0.0, 10.0, 9.0, 3.0],
            [4.0, 3.0, 2.0, 1.0],
            [10.0, 2.0, 10.0, 3.0],
            [3.0, -1.0, -3.0, -3.0],
        ],
        "size": 2,
        "stride": 2,
    },
    # Goodfellow, Bengio and Courville, 2016, section 9.3: shifted by one, every input changes
    # and half of the maxima do.
    "One row": {
        "image": [[0.3, 0.1, 1.0, 0.2, 0.1, 0.0]],
        "size": 3,
        "stride": 1,
    },
    "5×7 uneven": {
        "image": [
            [1.0, 5.0, 2.0, 0.0, 4.0, -2.0, 7.0],
            [3.0, 8.0, -1.0, 6.0, 2.0, 1.0, 5.0],
            [0.0, -4.0, 9.0, 3.0, -3.0, 2.0, 8.0],
            [2.0, 1.0, 4.0, 7.0, 0.0, 6.0, 3.0],
            [6.0, 3.0, 5.0, -5.0, 8.0, 4.0, 9.0],
        ],
        "size": 2,
        "stride": 2,
    },
}
