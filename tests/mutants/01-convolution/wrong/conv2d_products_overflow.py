"""The result is float64, but the products are computed in 8 bits."""

import numpy as np

LOSES = {"test_conv2d": 1.0}
HINT = "product-overflow"


def conv2d(image, kernel):
    kernel = kernel[::-1, ::-1]
    K, L = kernel.shape
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + K, j : j + L] * kernel)
    return out
