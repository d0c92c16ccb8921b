"""The number of cells in "valid" is counted as n − k."""

import numpy as np

LOSES = {"test_conv1d": 1.0}
HINT = "off-by-one"


def conv1d(x, w, mode="full"):
    short, long = min(len(x), len(w)), max(len(x), len(w))
    first = {"full": 0, "same": (short - 1) // 2, "valid": short - 1}
    size = {"full": len(x) + len(w) - 1, "same": long, "valid": long - short}
    if mode not in size:
        raise ValueError(f"unknown mode {mode}")
    x, w = x.astype(float), w.astype(float)
    full = np.zeros(len(x) + len(w) - 1)
    for j in range(len(w)):
        full[j : j + len(x)] += w[j] * x
    return full[first[mode] : first[mode] + size[mode]]
