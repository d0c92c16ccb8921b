"""The result is an integer array wherever the signal is one, and loses the fractions."""

import numpy as np

LOSES = {"test_conv1d": 1.0}
HINT = "integer-truncated"


def conv1d(x, w, mode="full"):
    short, long = min(len(x), len(w)), max(len(x), len(w))
    first = {"full": 0, "same": (short - 1) // 2, "valid": short - 1}
    size = {"full": len(x) + len(w) - 1, "same": long, "valid": long - short + 1}
    if mode not in size:
        raise ValueError(f"unknown mode {mode}")
    integer = x.dtype.kind in "iu"
    x, w = x.astype(float), w.astype(float)
    full = np.zeros(len(x) + len(w) - 1)
    for j in range(len(w)):
        full[j : j + len(x)] += w[j] * x
    dtype = np.int64 if integer else float
    return full[first[mode] : first[mode] + size[mode]].astype(dtype)
