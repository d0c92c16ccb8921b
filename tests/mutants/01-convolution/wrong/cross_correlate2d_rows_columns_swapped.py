"""The result has columns where its rows should be."""

import numpy as np

LOSES = {"test_cross_correlate2d": 3.0}
HINT = "rows-columns-swapped"


def cross_correlate2d(image, kernel):
    image, kernel = image.astype(float), kernel.astype(float)
    K, L = kernel.shape
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((columns, rows))
    for i in range(rows):
        for j in range(columns):
            out[j, i] = np.sum(image[i : i + K, j : j + L] * kernel)
    return out
