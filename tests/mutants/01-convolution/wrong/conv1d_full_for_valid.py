""" "valid" keeps the cells where the kernel hangs over the border."""

import numpy as np

LOSES = {"test_conv1d": 1.0}
HINT = "full-returned"


def conv1d(x, w, mode="full"):
    short, long = min(len(x), len(w)), max(len(x), len(w))
    first = {"full": 0, "same": (short - 1) // 2, "valid": 0}
    size = {"full": len(x) + len(w) - 1, "same": long, "valid": len(x) + len(w) - 1}
    if mode not in size:
        raise ValueError(f"unknown mode {mode}")
    x, w = x.astype(float), w.astype(float)
    full = np.zeros(len(x) + len(w) - 1)
    for j in range(len(w)):
        full[j : j + len(x)] += w[j] * x
    return full[first[mode] : first[mode] + size[mode]]
