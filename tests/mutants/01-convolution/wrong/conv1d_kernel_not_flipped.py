"""The kernel slides over the signal as it stands: that is cross-correlation."""

import numpy as np

LOSES = {"test_conv1d": 3.0}
HINT = "kernel-not-flipped"


def conv1d(x, w, mode="full"):
    short, long = min(len(x), len(w)), max(len(x), len(w))
    first = {"full": 0, "same": (short - 1) // 2, "valid": short - 1}
    size = {"full": len(x) + len(w) - 1, "same": long, "valid": long - short + 1}
    if mode not in size:
        raise ValueError(f"unknown mode {mode}")
    x, w = x.astype(float), w.astype(float)
    full = np.zeros(len(x) + len(w) - 1)
    for j in range(len(w)):
        full[j : j + len(x)] += w[len(w) - 1 - j] * x
    return full[first[mode] : first[mode] + size[mode]]
