"""Every sum as a product of Fourier transforms; right to rounding."""

import numpy as np


def conv1d(x, w, mode="full"):
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"mode is {mode!r}, but must be full, same or valid")
    size = len(x) + len(w) - 1
    full = np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(w, size), size)
    short = min(len(x), len(w))
    if mode == "same":
        return full[(short - 1) // 2 :][: max(len(x), len(w))]
    return full if mode == "full" else full[short - 1 : size - short + 1]


def cross_correlate2d(image, kernel):
    spectrum = np.fft.fft2(image) * np.conj(np.fft.fft2(kernel, image.shape))
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    return np.fft.ifft2(spectrum).real[:rows, :columns]


def conv2d(image, kernel):
    spectrum = np.fft.fft2(image) * np.fft.fft2(kernel, image.shape)
    return np.fft.ifft2(spectrum).real[kernel.shape[0] - 1 :, kernel.shape[1] - 1 :]


def filter_image(image, kernel, padding="constant"):
    if not all(side % 2 for side in kernel.shape):
        raise ValueError(f"kernel must have odd sides, not {kernel.shape}")
    names = {"constant": "constant", "nearest": "edge", "mirror": "reflect", "wrap": "wrap"}
    if padding not in names:
        raise ValueError(f"padding is {padding!r}, but must be one of {list(names)}")
    padded = np.pad(image, [(side // 2, side // 2) for side in kernel.shape], names[padding])
    spectrum = np.fft.fft2(padded) * np.conj(np.fft.fft2(kernel, padded.shape))
    return np.fft.ifft2(spectrum).real[: image.shape[0], : image.shape[1]]
