"""The products of a patch are multiplied with each other."""

import numpy as np

LOSES = {"test_cross_correlate2d": 3.0}
HINT = "product-not-sum"


def cross_correlate2d(image, kernel):
    image, kernel = image.astype(float), kernel.astype(float)
    K, L = kernel.shape
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.prod(image[i : i + K, j : j + L] * kernel)
    return out
