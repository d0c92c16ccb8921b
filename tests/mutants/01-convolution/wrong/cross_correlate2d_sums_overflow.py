"""The result takes over the 8-bit dtype of the image and wraps around."""

import numpy as np

LOSES = {"test_cross_correlate2d": 1.0}
HINT = "integer-overflow"


def cross_correlate2d(image, kernel):
    K, L = kernel.shape
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((rows, columns), dtype=np.result_type(image, kernel))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + K, j : j + L] * kernel)
    return out
