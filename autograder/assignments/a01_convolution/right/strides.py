"""All patches at once as a strided view, summed by einsum; borders by index arrays."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv1d(x, w, mode="full"):
    short, long = sorted([x.astype(float), w.astype(float)], key=len)
    k = len(short) - 1
    margins = {"full": (k, k), "same": (k - (k // 2), k // 2), "valid": (0, 0)}
    if mode not in margins:
        raise ValueError(f"mode (={mode}) is unknown")
    return sliding_window_view(np.pad(long, margins[mode]), k + 1) @ short[::-1]


def cross_correlate2d(image, kernel):
    patches = sliding_window_view(image.astype(np.float64), kernel.shape)
    return np.einsum("ijmn,mn->ij", patches, kernel.astype(np.float64))


def conv2d(image, kernel):
    patches = sliding_window_view(image.astype(np.float64), kernel.shape)
    return np.einsum("ijmn,mn->ij", patches, kernel.astype(np.float64)[::-1, ::-1])


def filter_image(image, kernel, padding="constant"):
    if kernel.shape[0] % 2 != 1 or kernel.shape[1] % 2 != 1:
        raise ValueError("kernel_size must be odd")
    if padding not in {"constant", "nearest", "mirror", "wrap"}:
        raise ValueError(f"padding (={padding}) is unknown")
    padded = image.astype(np.float64)
    for axis, side in enumerate(kernel.shape):
        size, reach = image.shape[axis], side // 2
        beyond = np.arange(-reach, size + reach)
        index = {
            "nearest": np.clip(beyond, 0, size - 1),
            "wrap": beyond % size,
            "mirror": size - 1 - np.abs(size - 1 - np.abs(beyond)),
        }.get(padding, np.clip(beyond, 0, size - 1))
        padded = np.take(padded, index, axis=axis)
        if padding == "constant":
            outside = (beyond < 0) | (beyond >= size)
            padded[(slice(None),) * axis + (outside,)] = 0
    patches = sliding_window_view(padded, kernel.shape)
    return np.einsum("ijmn,mn->ij", patches, kernel.astype(np.float64))
