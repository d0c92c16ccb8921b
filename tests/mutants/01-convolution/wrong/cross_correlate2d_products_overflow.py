"""The result is float64, but the products are computed in 8 bits."""

import numpy as np

LOSES = {"test_cross_correlate2d": 1.0}
HINT = "product-overflow"


def cross_correlate2d(image, kernel):
    K, L = kernel.shape
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + K, j : j + L] * kernel)
    return out
