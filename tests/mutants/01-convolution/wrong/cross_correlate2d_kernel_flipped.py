"""The kernel is flipped: that is convolution."""

import numpy as np

LOSES = {"test_cross_correlate2d": 2.0}
HINT = "kernel-flipped"


def cross_correlate2d(image, kernel):
    image, kernel = image.astype(float), kernel.astype(float)
    kernel = kernel[::-1, ::-1]
    K, L = kernel.shape
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + K, j : j + L] * kernel)
    return out
