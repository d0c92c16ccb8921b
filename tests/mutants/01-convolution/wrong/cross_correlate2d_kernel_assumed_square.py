"""The height of the kernel is used as its width too."""

import numpy as np

LOSES = {"test_cross_correlate2d": 2.0}
HINT = "kernel-assumed-square"


def cross_correlate2d(image, kernel):
    image, kernel = image.astype(float), kernel.astype(float)
    k = kernel.shape[0]
    rows, columns = image.shape[0] - k + 1, image.shape[1] - min(k, kernel.shape[1]) + 1
    out = np.zeros((rows, columns))
    for m in range(k):
        for n in range(min(k, kernel.shape[1])):
            out += kernel[m, n] * image[m : m + rows, n : n + columns]
    return out
