"""Convolution and cross-correlation in one dimension, and their matrices, as plain NumPy."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

Band = Literal["full", "same", "valid"]
Border = Literal["full", "same", "valid", "periodic"]


def convolve1d(x: ArrayLike, w: ArrayLike, mode: Border = "full") -> Array:
    """Return the convolution of ``x`` with ``w``: ``w`` is flipped and rolls over ``x``.

    ``out[i] = Σⱼ x[j] · w[i − j]``, summed in the order of ``j`` (Goodfellow, Bengio and
    Courville, 2016, eq. 9.3). Either argument may be the longer one.

    Args:
        x: shape ``(n,)``, any real dtype.
        w: shape ``(k,)``, any real dtype.
        mode: which of the ``n + k − 1`` cells with any overlap are kept, as in
            `numpy.convolve`: ``"full"`` all, ``"same"`` the ``max(n, k)`` in the middle,
            ``"valid"`` those where one lies wholly over the other. With ``"periodic"`` ``x``
            repeats without end: ``out[i] = Σₘ x[(i − m) mod n] · w[m]``, ``n`` cells.

    Returns:
        Shape ``(n + k − 1,)``, ``(max(n, k),)``, ``(max(n, k) − min(n, k) + 1,)`` or ``(n,)``,
        float64.

    Raises:
        ValueError: ``x`` or ``w`` is not one-dimensional or is empty, or the mode is unknown.

    >>> convolve1d([1, 2, 3], [10, 1]).tolist()
    [10.0, 21.0, 32.0, 3.0]
    >>> convolve1d([1, 2, 3], [10, 1], "periodic").tolist()
    [13.0, 21.0, 32.0]
    """
    signal, weights = _one_dimensional("x", x), _one_dimensional("w", w)
    return _rolled(signal, weights, mode, flip=True)


def correlate1d(x: ArrayLike, w: ArrayLike, mode: Border = "full") -> Array:
    """Return the cross-correlation of ``x`` with ``w``: ``w`` rolls over ``x`` as it is.

    In the order of `numpy.correlate`: ``out[i] = Σₘ x[i + m − (k − 1)] · w[m]``, so the first
    cell of ``"full"`` is ``x[0] · w[k − 1]``, and the result is that of `convolve1d` with ``w``
    reversed. One case differs by a cell: where ``w`` is longer than ``x`` and ``n`` is even,
    ``"same"`` leaves out ``n // 2`` cells at the start. With ``"periodic"``
    ``out[i] = Σₘ x[(i + m) mod n] · w[m]``.

    Arguments, result and errors are those of `convolve1d`.

    >>> correlate1d([1, 2, 3], [10, 1]).tolist()
    [1.0, 12.0, 23.0, 30.0]
    """
    signal, weights = _one_dimensional("x", x), _one_dimensional("w", w)
    return _rolled(signal, weights[::-1], mode, flip=False)


def kept_cells(n: int, kernel_size: int, mode: Border = "full", flip: bool = True) -> range:
    """Return which cells a mode keeps, counted in the full output.

    Cell ``i`` of the full output is computed where the last of the ``k`` cells of the rolling
    signal lies over ``x[i]``, and its first over ``x[i − k + 1]``.

    Args:
        n: cells of ``x``, at least 1.
        kernel_size: cells of ``w``, at least 1.
        mode: as in `convolve1d`.
        flip: whether ``w`` is flipped: `convolve1d`, or else `correlate1d`.

    Raises:
        ValueError: a size is below 1, or the mode is unknown.

    >>> kept_cells(5, kernel_size=3, mode="same")
    range(1, 6)
    """
    _require_at_least_1(n=n, kernel_size=kernel_size)
    _require_mode(mode, get_args(Border))
    shorter, longer = sorted((n, kernel_size))
    # NumPy correlates the longer signal with the shorter one and turns the result round.
    early = shorter // 2 if kernel_size > n and not flip else (shorter - 1) // 2
    start, count = {
        "full": (0, n + kernel_size - 1),
        "same": (early, longer),
        "valid": (shorter - 1, longer - shorter + 1),
        "periodic": (0 if flip else kernel_size - 1, n),
    }[mode]
    return range(start, start + count)


def toeplitz(w: ArrayLike, n: int, mode: Band = "full") -> Array:
    """Return the banded matrix ``T`` with ``T @ x = convolve1d(x, w, mode)``.

    ``T[i, j] = w[i − j]``, so each diagonal holds one weight (Goodfellow, Bengio and Courville,
    2016, section 9.1).

    Args:
        w: shape ``(k,)``, any real dtype.
        n: cells of ``x``, at least 1.
        mode: ``"full"``, ``"same"`` or ``"valid"``, as in `convolve1d`.

    Returns:
        Shape ``(cells of the output, n)``, float64.

    Raises:
        ValueError: ``w`` is not one-dimensional or is empty, ``n`` is below 1, or the mode is
            none of the three.

    >>> toeplitz([10, 1], 3, "valid").tolist()
    [[1.0, 10.0, 0.0], [0.0, 1.0, 10.0]]
    """
    weights = _one_dimensional("w", w)
    _require_mode(mode, get_args(Band))
    kept = kept_cells(n, weights.size, mode)
    matrix = np.zeros((n + weights.size - 1, n))
    for column in range(n):
        matrix[column : column + weights.size, column] = weights
    return matrix[kept.start : kept.stop]


def circulant(w: ArrayLike, n: int) -> Array:
    """Return the matrix ``C`` with ``C @ x = convolve1d(x, w, "periodic")``.

    Each column is the one before it, turned down by one cell. Where ``w`` is longer than ``x``,
    weights that meet the same cell add up.

    Args:
        w: shape ``(k,)``, any real dtype.
        n: cells of ``x``, at least 1.

    Returns:
        Shape ``(n, n)``, float64.

    Raises:
        ValueError: ``w`` is not one-dimensional or is empty, or ``n`` is below 1.

    >>> circulant([10, 1], 3).tolist()
    [[10.0, 0.0, 1.0], [1.0, 10.0, 0.0], [0.0, 1.0, 10.0]]
    """
    weights = _one_dimensional("w", w)
    _require_at_least_1(n=n)
    matrix, columns = np.zeros((n, n)), np.arange(n)
    for lag, weight in enumerate(weights):
        matrix[(columns + lag) % n, columns] += weight
    return matrix


def _rolled(signal: Array, weights: Array, mode: Border, flip: bool) -> Array:
    n, k = signal.size, weights.size
    kept = kept_cells(n, k, mode, flip)
    if mode == "periodic":
        around = np.arange(kept.start - k + 1, kept.stop)
        signal, kept = signal[around % n], range(k - 1, k - 1 + n)
    out = np.zeros(signal.size + k - 1)
    for j, value in enumerate(signal):
        out[j : j + k] += value * weights
    return out[kept.start : kept.stop]


def _one_dimensional(name: str, values: ArrayLike) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} must have shape (n,) with n at least 1, not {array.shape}")
    return array


def _require_at_least_1(**values: int) -> None:
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} (={value}) must be at least 1")


def _require_mode(mode: str, modes: tuple[str, ...]) -> None:
    if mode not in modes:
        raise ValueError(f"mode (={mode!r}) must be one of {', '.join(modes)}")
