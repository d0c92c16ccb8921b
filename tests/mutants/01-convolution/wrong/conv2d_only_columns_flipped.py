"""The kernel is turned left to right but not upside down."""

import numpy as np

LOSES = {"test_conv2d": 2.0}
HINT = "only-columns-flipped"


def conv2d(image, kernel):
    image, kernel = image.astype(float), kernel.astype(float)
    kernel = kernel[:, ::-1]
    K, L = kernel.shape
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + K, j : j + L] * kernel)
    return out
