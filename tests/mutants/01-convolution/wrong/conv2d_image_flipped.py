"""The image is flipped instead of the kernel, so that the result comes out backwards."""

import numpy as np

LOSES = {"test_conv2d": 3.0}
HINT = "result-reversed"


def conv2d(image, kernel):
    image, kernel = image.astype(float), kernel.astype(float)
    image = image[::-1, ::-1]
    K, L = kernel.shape
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + K, j : j + L] * kernel)
    return out
