"""The result takes over the integer dtype of the image and loses the fractions."""

import numpy as np

LOSES = {"test_cross_correlate2d": 1.0}
HINT = "integer-truncated"


def cross_correlate2d(image, kernel):
    wide = np.int64 if image.dtype.kind in "iu" else float
    K, L = kernel.shape
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((rows, columns), dtype=wide)
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + K, j : j + L].astype(float) * kernel)
    return out
