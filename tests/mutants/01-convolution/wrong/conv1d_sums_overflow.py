"""The result takes over the 8-bit dtype of the signal and wraps around."""

import numpy as np

LOSES = {"test_conv1d": 1.0}
HINT = "integer-overflow"


def conv1d(x, w, mode="full"):
    short, long = min(len(x), len(w)), max(len(x), len(w))
    first = {"full": 0, "same": (short - 1) // 2, "valid": short - 1}
    size = {"full": len(x) + len(w) - 1, "same": long, "valid": long - short + 1}
    if mode not in size:
        raise ValueError(f"unknown mode {mode}")
    full = np.zeros(len(x) + len(w) - 1, dtype=np.result_type(x, w))
    for j in range(len(w)):
        full[j : j + len(x)] += w[j] * x
    return full[first[mode] : first[mode] + size[mode]]
