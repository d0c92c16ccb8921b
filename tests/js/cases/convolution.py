"""Convolution in two dimensions: NumPy, SciPy and PyTorch."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import scipy.ndimage
import scipy.signal
import torch

SIZES = list(itertools.product((1, 5, 8, 28), (1, 3, 4, 7), (1, 2, 3), (0, 1, 2), (1, 2)))
# Image shape, kernel shape, stride, padding, dilation: non-square and rectangular throughout.
GEOMETRIES = [
    ((5, 7), (3, 3), 1, 0, 1),
    ((6, 4), (2, 3), 1, 1, 1),
    ((9, 7), (3, 2), 2, 1, 1),
    ((8, 9), (2, 3), 1, 2, 2),
    ((7, 10), (3, 3), 3, 3, 2),
    ((4, 5), (1, 1), 2, 0, 1),
    ((5, 4), (5, 4), 1, 0, 1),
]
NUMPY_MODES = {"constant": "constant", "nearest": "edge", "mirror": "reflect", "wrap": "wrap"}
IMPOSSIBLE = [
    ((2, 6), (3, 3), 1, 0, 1, "constant"),
    ((6, 2), (3, 3), 1, 0, 1, "constant"),
    ((5, 5), (3, 3), 1, 0, 3, "constant"),
    ((3, 5), (3, 3), 1, 3, 1, "mirror"),
    ((2, 5), (3, 3), 1, 3, 1, "wrap"),
    ((5, 5), (3, 3), 0, 0, 1, "constant"),
    ((5, 5), (3, 3), 1, -1, 1, "constant"),
    ((5, 5), (3, 3), 1, 0, 0, "constant"),
]


def sizes() -> list[dict[str, Any]]:
    """Output sizes as PyTorch's own Conv1d reports them; null where it refuses."""
    return [
        dict(zip(("n", "kernel_size", "stride", "padding", "dilation"), case, strict=True))
        | {"expected": _torch_size(*case)}
        for case in SIZES
    ]


def _torch_size(n: int, kernel_size: int, stride: int, padding: int, dilation: int) -> int | None:
    layer = torch.nn.Conv1d(1, 1, kernel_size, stride, padding, dilation, device="meta")
    try:
        return int(layer(torch.empty(1, 1, n, device="meta")).shape[-1])
    except RuntimeError:
        return None


def paddings() -> list[dict[str, Any]]:
    """Padded images from numpy.pad, in every mode and at every padding the image allows."""
    rng = np.random.default_rng(1)
    cases = []
    for shape, (mode, numpy_mode) in itertools.product([(3, 4), (5, 2)], NUMPY_MODES.items()):
        image = rng.integers(-9, 10, shape)
        for padding in range(min(shape) + (mode != "mirror")):
            padded = np.pad(image, padding, mode=numpy_mode)
            cases.append({"image": image, "padding": padding, "mode": mode, "expected": padded})
    return cases


def correlations() -> list[dict[str, Any]]:
    """Cross-correlations and convolutions from SciPy, in every padding mode."""
    rng = np.random.default_rng(2)
    cases = []
    for geometry, mode, flip in itertools.product(GEOMETRIES, NUMPY_MODES, (False, True)):
        image_shape, kernel_shape, stride, padding, dilation = geometry
        image = rng.integers(-9, 10, image_shape)
        kernel = rng.integers(-4, 5, kernel_shape) / 2
        options = {"stride": stride, "padding": padding, "dilation": dilation, "mode": mode}
        expected = _scipy(image, kernel, flip=flip, **options)
        cases.append(
            {"image": image, "kernel": kernel, "flip": flip, **options, "expected": expected}
        )
    return cases


def _scipy(
    image: np.ndarray,
    kernel: np.ndarray,
    *,
    flip: bool,
    stride: int,
    padding: int,
    dilation: int,
    mode: str,
) -> np.ndarray:
    padded = np.pad(image, padding, mode=NUMPY_MODES[mode])
    spread = np.zeros([dilation * (size - 1) + 1 for size in kernel.shape])
    spread[::dilation, ::dilation] = kernel
    operation = scipy.signal.convolve2d if flip else scipy.signal.correlate2d
    return operation(padded, spread, mode="valid")[::stride, ::stride]


def same_size() -> list[dict[str, Any]]:
    """Same-size filtering from scipy.ndimage, whose mode names the course takes over."""
    rng = np.random.default_rng(3)
    cases = []
    for shape, mode in itertools.product([(5, 8), (7, 4)], NUMPY_MODES):
        image = rng.integers(-9, 10, shape).astype(float)
        kernel = rng.integers(-4, 5, (3, 3)).astype(float)
        expected = scipy.ndimage.correlate(image, kernel, mode=mode)
        cases.append({"image": image, "kernel": kernel, "mode": mode, "expected": expected})
    return cases


def impossible() -> list[dict[str, Any]]:
    """Inputs that must be refused."""
    names = ("image_shape", "kernel_shape", "stride", "padding", "dilation", "mode")
    return [dict(zip(names, case, strict=True)) for case in IMPOSSIBLE]


GOLDEN = {
    "sizes": sizes,
    "paddings": paddings,
    "correlations": correlations,
    "same_size": same_size,
    "impossible": impossible,
}
