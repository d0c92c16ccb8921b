"""Rows are padded by half the kernel's width, columns by half its height."""

import numpy as np

LOSES = {"test_filter_image": 4.0}
HINT = "rows-columns-swapped"


def filter_image(image, kernel, padding="constant"):
    image, kernel = image.astype(float), kernel.astype(float)
    modes = {"constant": "constant", "nearest": "edge", "mirror": "reflect", "wrap": "wrap"}
    if padding not in modes:
        raise ValueError(f"unknown padding {padding}")
    K, L = kernel.shape
    if K % 2 == 0 or L % 2 == 0:
        raise ValueError("both sides of the kernel must be odd")
    image = np.pad(image, ((L // 2, L // 2), (K // 2, K // 2)), mode=modes[padding])
    rows, columns = image.shape[0] - K + 1, image.shape[1] - L + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + K, j : j + L] * kernel)
    return out
