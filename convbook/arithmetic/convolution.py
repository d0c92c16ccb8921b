"""Convolution and cross-correlation in two dimensions, as plain NumPy."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convbook.arithmetic.shapes import output_size

PaddingMode = Literal["constant", "nearest", "mirror", "wrap"]

# SciPy's names on the left, numpy.pad's on the right; "mirror" does not repeat the edge cell.
NUMPY_PAD_MODE: dict[str, Literal["constant", "edge", "reflect", "wrap"]] = {
    "constant": "constant",
    "nearest": "edge",
    "mirror": "reflect",
    "wrap": "wrap",
}


def pad2d(image: ArrayLike, padding: int, mode: PaddingMode = "constant") -> NDArray[np.float64]:
    """Return ``image`` with ``padding`` cells added on each of its four sides.

    Args:
        image: shape ``(H, W)``, any real dtype.
        padding: cells per side, at least 0.
        mode: ``"constant"`` (zeros), ``"nearest"`` (edge repeated), ``"mirror"`` (reflected
            without repeating the edge) or ``"wrap"`` (periodic).

    Returns:
        Shape ``(H + 2·padding, W + 2·padding)``, float64.

    Raises:
        ValueError: ``image`` is not two-dimensional, ``padding`` is negative, the mode is
            unknown, or the image is too small to be mirrored or wrapped that far.

    >>> pad2d([[1, 2, 3]], 1, "nearest")[0].tolist()
    [1.0, 1.0, 2.0, 3.0, 3.0]
    """
    array = _two_dimensional("image", image)
    if mode not in NUMPY_PAD_MODE:
        raise ValueError(f"mode (={mode!r}) must be one of {', '.join(NUMPY_PAD_MODE)}")
    if padding < 0:
        raise ValueError(f"padding (={padding}) must be at least 0")
    room = {"mirror": min(array.shape) - 1, "wrap": min(array.shape)}.get(mode, padding)
    if padding > room:
        raise ValueError(
            f"padding (={padding}) reaches past the image of shape {array.shape}: "
            f"mode {mode!r} allows at most {room} here"
        )
    return np.pad(array, padding, mode=NUMPY_PAD_MODE[mode])


def correlate2d(
    image: ArrayLike,
    kernel: ArrayLike,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    mode: PaddingMode = "constant",
) -> NDArray[np.float64]:
    """Return the cross-correlation of ``image`` with ``kernel``: the kernel is not flipped.

    ``out[i, j] = Σₘ Σₙ image[s·i + d·m − p, s·j + d·n − p] · kernel[m, n]``
    (Goodfellow, Bengio and Courville, 2016, eq. 9.6, with stride, dilation and padding).

    Args:
        image: shape ``(H, W)``, any real dtype.
        kernel: shape ``(K, L)``, any real dtype.
        stride: cells between neighbouring positions, at least 1.
        padding: cells added per side, at least 0.
        dilation: distance between neighbouring kernel cells, at least 1.
        mode: what the padding holds, as in `pad2d`.

    Returns:
        Shape ``(output_size(H, K, …), output_size(W, L, …))``, float64.

    Raises:
        ValueError: an argument is out of its range, or the kernel fits nowhere.

    >>> correlate2d([[1, 2], [3, 4]], [[1, 10]]).tolist()
    [[21.0], [43.0]]
    """
    weights = _two_dimensional("kernel", kernel)
    padded = pad2d(image, padding, mode)
    rows = output_size(padded.shape[0], weights.shape[0], stride, dilation=dilation)
    columns = output_size(padded.shape[1], weights.shape[1], stride, dilation=dilation)
    out = np.zeros((rows, columns))
    for (m, n), weight in np.ndenumerate(weights):
        top, left = dilation * m, dilation * n
        out += (
            weight
            * padded[
                top : top + stride * (rows - 1) + 1 : stride,
                left : left + stride * (columns - 1) + 1 : stride,
            ]
        )
    return out


def convolve2d(
    image: ArrayLike,
    kernel: ArrayLike,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    mode: PaddingMode = "constant",
) -> NDArray[np.float64]:
    """Return the mathematical convolution: `correlate2d` with the kernel flipped both ways.

    ``out[i, j] = Σₘ Σₙ image[i + K − 1 − m, j + L − 1 − n] · kernel[m, n]`` at stride 1 without
    padding (Goodfellow, Bengio and Courville, 2016, eq. 9.5, kept where the kernel fits).

    Arguments, result and errors are those of `correlate2d`.

    >>> convolve2d([[1, 2], [3, 4]], [[1, 10]]).tolist()
    [[12.0], [34.0]]
    """
    flipped = _two_dimensional("kernel", kernel)[::-1, ::-1]
    return correlate2d(image, flipped, stride, padding, dilation, mode)


def _two_dimensional(name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"{name} must have shape (H, W) with both at least 1, not {array.shape}")
    return array
