"""The kernel is said to fit n − k times, so the last row and column are missing."""

import numpy as np

LOSES = {"test_conv2d": 3.0}
HINT = "off-by-one"


def conv2d(image, kernel):
    image, kernel = image.astype(float), kernel.astype(float)
    kernel = kernel[::-1, ::-1]
    K, L = kernel.shape
    rows, columns = image.shape[0] - K, image.shape[1] - L
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + K, j : j + L] * kernel)
    return out
