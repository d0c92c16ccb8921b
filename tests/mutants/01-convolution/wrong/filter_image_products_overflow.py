"""The result is float64, but the products are computed in 8 bits."""

import numpy as np

LOSES = {"test_filter_image": 1.0}
HINT = "product-overflow"


def filter_image(image, kernel, padding="constant"):
    modes = {"constant": "constant", "nearest": "edge", "mirror": "reflect", "wrap": "wrap"}
    if padding not in modes:
        raise ValueError(f"unknown padding {padding}")
    K, L = kernel.shape
    if K % 2 == 0 or L % 2 == 0:
        raise ValueError("both sides of the kernel must be odd")
    padded = np.pad(image, ((K // 2, K // 2), (L // 2, L // 2)), mode=modes[padding])
    rows, columns = image.shape[0], image.shape[1]
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(padded[i : i + K, j : j + L] * kernel)
    return out
