"""The same convolution in six ways: a loop, two matrix products, a spectrum, two libraries.

Each takes ``x`` of shape ``(C, H, W)`` and ``w`` of shape ``(O, C, K, L)``, does not flip the
kernels (cross-correlation), and returns shape ``(O, rows, columns)``, float64.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import scipy.signal
import torch
from numpy.typing import ArrayLike, NDArray

from convbook.arithmetic.shapes import output_size

Array = NDArray[np.float64]
Way = Callable[[ArrayLike, ArrayLike, int, int], Array]

MOST_ENTRIES = 2**26  # of the Toeplitz matrix: half a gibibyte


def by_loop(x: ArrayLike, w: ArrayLike, stride: int = 1, padding: int = 0) -> Array:
    """Return the sum of products at every position, one position after the other.

    ``out[o, i, j] = Σ_c Σₘ Σₙ x[c, s·i + m − p, s·j + n − p] · w[o, c, m, n]``
    (Goodfellow, Bengio and Courville, 2016, eq. 9.8, with padding).

    Args:
        x: shape ``(C, H, W)``, any real dtype.
        w: shape ``(O, C, K, L)``, any real dtype.
        stride: cells between neighbouring positions, at least 1.
        padding: cells of zeros added per side, at least 0.

    Returns:
        Shape ``(O, rows, columns)`` with sizes by `output_size`, float64.

    Raises:
        ValueError: an argument is out of its range, the channels differ, or the kernel fits
            nowhere.

    >>> by_loop([[[1, 2], [3, 4]]], [[[[1, 10]]]]).tolist()
    [[[21.0], [43.0]]]
    """
    image, kernels, shape = _prepared(x, w, stride, padding)
    _, _, height, width = kernels.shape
    out = np.empty(shape)
    for o, i, j in np.ndindex(*shape):
        top, left = stride * i, stride * j
        out[o, i, j] = np.sum(image[:, top : top + height, left : left + width] * kernels[o])
    return out


def by_im2col(x: ArrayLike, w: ArrayLike, stride: int = 1, padding: int = 0) -> Array:
    """Return the kernels as a matrix times all patches as columns (Chellapilla et al., 2006).

    Arguments, result and errors are those of `by_loop`.

    >>> by_im2col([[[1, 2], [3, 4]]], [[[[1, 10]]]]).tolist()
    [[[21.0], [43.0]]]
    """
    _, kernels, shape = _prepared(x, w, stride, padding)
    columns = im2col(x, kernels.shape[2:], stride, padding)
    return (kernels.reshape(len(kernels), -1) @ columns).reshape(shape)


def im2col(x: ArrayLike, kernel_size: tuple[int, ...], stride: int = 1, padding: int = 0) -> Array:
    """Return every patch under the kernel as a column.

    Args:
        x: shape ``(C, H, W)``, any real dtype.
        kernel_size: rows and columns of the kernel, ``(K, L)``.
        stride: as in `by_loop`.
        padding: as in `by_loop`.

    Returns:
        Shape ``(C·K·L, rows·columns)``, float64: patches in reading order, each read channel by
        channel.

    Raises:
        ValueError: an argument is out of its range, or the kernel fits nowhere.

    >>> im2col([[[1, 2, 3]]], (1, 2)).tolist()
    [[1.0, 2.0], [2.0, 3.0]]
    """
    channels = np.shape(x)[0] if np.ndim(x) else 0
    image, _, _ = _prepared(x, np.empty((1, channels, *kernel_size)), stride, padding)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel_size, (1, 2))
    patches = windows[:, ::stride, ::stride].transpose(0, 3, 4, 1, 2)
    return patches.reshape(channels * kernel_size[0] * kernel_size[1], -1)


def by_toeplitz(x: ArrayLike, w: ArrayLike, stride: int = 1, padding: int = 0) -> Array:
    """Return one large, mostly empty matrix times the image as one column.

    Arguments and result are those of `by_loop`.

    Raises:
        ValueError: as in `by_loop`, or the matrix would be too large.

    >>> by_toeplitz([[[1, 2], [3, 4]]], [[[[1, 10]]]]).tolist()
    [[[21.0], [43.0]]]
    """
    image, kernels, shape = _prepared(x, w, stride, padding)
    entries = int(np.prod(shape)) * image.size
    if entries > MOST_ENTRIES:
        raise ValueError(
            f"the matrix would have {entries:,} entries, but {MOST_ENTRIES:,} are the most: "
            "use a smaller image, fewer kernels or a larger stride"
        )
    matrix = np.zeros((*shape, *image.shape))
    _, _, height, width = kernels.shape
    for i, j in np.ndindex(*shape[1:]):
        top, left = stride * i, stride * j
        matrix[:, i, j, :, top : top + height, left : left + width] = kernels
    return (matrix.reshape(-1, image.size) @ image.ravel()).reshape(shape)


def by_fft(x: ArrayLike, w: ArrayLike, stride: int = 1, padding: int = 0) -> Array:
    """Return the product of the spectra, transformed back (Mathieu, Henaff and LeCun, 2014).

    Correlating is multiplying by the conjugate spectrum. The transform wraps around the image,
    which spoils only the positions where the kernel would pass its end: they are left out.

    Arguments, result and errors are those of `by_loop`.

    >>> by_fft([[[1, 2], [3, 4]]], [[[[1, 10]]]]).round(9).tolist()
    [[[21.0], [43.0]]]
    """
    image, kernels, (_, rows, columns) = _prepared(x, w, stride, padding)
    size = image.shape[1:]
    spectra = np.fft.rfft2(image) * np.fft.rfft2(kernels, size).conj()
    everywhere = np.fft.irfft2(spectra.sum(axis=1), size)
    return everywhere[:, : stride * rows : stride, : stride * columns : stride]


def by_scipy(x: ArrayLike, w: ArrayLike, stride: int = 1, padding: int = 0) -> Array:
    """Return SciPy's direct correlation, of which a stride keeps some positions.

    Arguments, result and errors are those of `by_loop`.

    >>> by_scipy([[[1, 2], [3, 4]]], [[[[1, 10]]]]).tolist()
    [[[21.0], [43.0]]]
    """
    image, kernels, _ = _prepared(x, w, stride, padding)
    maps = [scipy.signal.correlate(image, kernel, "valid", "direct")[0] for kernel in kernels]
    return np.stack(maps)[:, ::stride, ::stride]


def by_pytorch(x: ArrayLike, w: ArrayLike, stride: int = 1, padding: int = 0) -> Array:
    """Return PyTorch's convolution.

    Arguments, result and errors are those of `by_loop`.

    >>> by_pytorch([[[1, 2], [3, 4]]], [[[[1, 10]]]]).tolist()
    [[[21.0], [43.0]]]
    """
    image, kernels, _ = _prepared(x, w, stride, padding)
    out = torch.conv2d(torch.tensor(image[None]), torch.tensor(kernels), stride=stride)
    result: Array = out[0].numpy()
    return result


WAYS: dict[str, Way] = {
    "loop": by_loop,
    "im2col": by_im2col,
    "Toeplitz": by_toeplitz,
    "FFT": by_fft,
    "SciPy": by_scipy,
    "PyTorch": by_pytorch,
}


class Timing(NamedTuple):
    """How one way did: seconds of its best run, and the largest difference from `by_loop`'s result.

    The difference is in units of the largest magnitude in that result.
    """

    seconds: float
    difference: float


def timings(
    x: ArrayLike,
    w: ArrayLike,
    stride: int = 1,
    padding: int = 0,
    ways: Sequence[str] = tuple(WAYS),
    repeats: int = 5,
) -> dict[str, Timing]:
    """Return how long each way takes and how well it agrees with the loop.

    The ways take turns and the best run counts, so that what else the machine does matters
    little. Building what a way needs, such as its matrix, is part of its time.

    Args:
        x: as in `by_loop`.
        w: as in `by_loop`.
        stride: as in `by_loop`.
        padding: as in `by_loop`.
        ways: names from `WAYS`.
        repeats: how often each way is timed, at least 1, after a run to warm up.

    Raises:
        ValueError: there is no such way, or an argument is out of its range.

    >>> list(timings([[[1, 2]]], [[[[1, 10]]]], ways=["im2col", "FFT"]))
    ['im2col', 'FFT']
    """
    if repeats < 1:
        raise ValueError(f"repeats (={repeats}) must be at least 1")
    unknown = [name for name in ways if name not in WAYS]
    if unknown:
        raise ValueError(f"there is no way {unknown[0]!r}: use some of {', '.join(WAYS)}")
    chosen = {name: WAYS[name] for name in ways}
    expected = by_loop(x, w, stride, padding)
    scale = np.abs(expected).max() or 1.0
    differences = {
        name: float(np.abs(way(x, w, stride, padding) - expected).max() / scale)
        for name, way in chosen.items()
    }
    best = dict.fromkeys(chosen, float("inf"))
    for _ in range(repeats):
        for name, way in chosen.items():
            start = time.perf_counter()
            way(x, w, stride, padding)
            best[name] = min(best[name], time.perf_counter() - start)
    return {name: Timing(best[name], differences[name]) for name in chosen}


def _prepared(
    x: ArrayLike, w: ArrayLike, stride: int, padding: int
) -> tuple[Array, Array, tuple[int, int, int]]:
    """Return the padded image, the kernels, and the shape of the output."""
    image, kernels = np.asarray(x, dtype=np.float64), np.asarray(w, dtype=np.float64)
    if image.ndim != 3 or kernels.ndim != 4 or image.shape[0] != kernels.shape[1]:
        raise ValueError(
            f"x (shape {image.shape}) and w (shape {kernels.shape}) must be (C, H, W) and "
            "(O, C, K, L) with the same C"
        )
    rows, columns = (
        output_size(n, k, stride, padding)
        for n, k in zip(image.shape[1:], kernels.shape[2:], strict=True)
    )
    padded = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
    return padded, kernels, (len(kernels), rows, columns)
