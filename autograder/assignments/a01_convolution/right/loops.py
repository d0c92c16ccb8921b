"""Nested loops over single cells, with Python's own numbers for the sums."""

import numpy as np


def conv1d(x, w, mode="full"):
    n, k = len(x), len(w)
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"{mode} is not a mode")
    sums = []
    for i in range(n + k - 1):
        total = 0.0
        for j in range(k):
            if 0 <= i - j < n:
                total += float(x[i - j]) * float(w[j])
        sums.append(total)
    cut = {"full": 0, "same": min(n, k) - 1, "valid": 2 * (min(n, k) - 1)}[mode]
    return np.array(sums[cut // 2 : len(sums) - (cut - cut // 2)])


def cross_correlate2d(image, kernel):
    rows = []
    for i in range(len(image) - len(kernel) + 1):
        row = []
        for j in range(len(image[0]) - len(kernel[0]) + 1):
            total = 0.0
            for m in range(len(kernel)):
                for n in range(len(kernel[0])):
                    total += float(image[i + m][j + n]) * float(kernel[m][n])
            row.append(total)
        rows.append(row)
    return np.array(rows)


def conv2d(image, kernel):
    rows = []
    for i in range(len(kernel) - 1, len(image)):
        row = []
        for j in range(len(kernel[0]) - 1, len(image[0])):
            total = 0.0
            for m in range(len(kernel)):
                for n in range(len(kernel[0])):
                    total += float(image[i - m][j - n]) * float(kernel[m][n])
            row.append(total)
        rows.append(row)
    return np.array(rows)


def filter_image(image, kernel, padding="constant"):
    if len(kernel) % 2 == 0 or len(kernel[0]) % 2 == 0:
        raise ValueError("an even kernel has no middle")
    if padding not in ("constant", "nearest", "mirror", "wrap"):
        raise ValueError(f"{padding} is not a padding")

    def place(i, size):
        if padding == "nearest":
            return min(max(i, 0), size - 1)
        if padding == "wrap":
            return i % size
        if padding == "mirror":
            return size - 1 - abs(size - 1 - abs(i))
        return i if 0 <= i < size else None

    out = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            for m in range(kernel.shape[0]):
                for n in range(kernel.shape[1]):
                    row = place(i + m - kernel.shape[0] // 2, image.shape[0])
                    column = place(j + n - kernel.shape[1] // 2, image.shape[1])
                    if row is not None and column is not None:
                        out[i, j] += float(image[row, column]) * float(kernel[m, n])
    return out
