"""Pooling in two dimensions, as plain NumPy: each window of an image becomes one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convbook.arithmetic.convolution import pad2d
from convbook.arithmetic.shapes import output_size
from convbook.wording import amount

Array = NDArray[np.float64]
Kind = Literal["max", "average", "l2", "weighted", "stochastic"]
Size = int | tuple[int, int]

KINDS: tuple[Kind, ...] = get_args(Kind)
_MOST_SEED = 2**32 - 1


def pool2d(
    image: ArrayLike,
    kind: Kind,
    size: Size = 2,
    stride: Size | None = None,
    draws: ArrayLike | None = None,
) -> Array:
    """Return ``image`` with each window replaced by one number.

    ``"max"`` is the largest cell, ``"average"`` the sum over the count, ``"l2"`` the square root
    of the sum of squares, ``"weighted"`` the mean under `distance_weights` (all four: Goodfellow,
    Bengio and Courville, 2016, section 9.3), and ``"stochastic"`` one cell, drawn as in
    `drawn_cell` (Zeiler and Fergus, 2013).

    Args:
        image: shape ``(H, W)``, any real dtype.
        kind: one of the five.
        size: rows and columns of the window, or one number for both, at least 1.
        stride: cells between neighbouring windows, in the same form; the size if not given.
        draws: for ``"stochastic"`` alone: a number from 0 up to 1 for each window, in reading
            order, as from `uniform_draws`.

    Returns:
        Shape `pooled_shape`, float64. Cells that no window reaches are left out.

    Raises:
        ValueError: an argument is out of its range, or the window is larger than the image.

    >>> pool2d([[0, 10, 9, 3], [4, 3, 2, 1]], "max").tolist()
    [[10.0, 9.0]]
    >>> pool2d([[0, 10, 9, 3], [4, 3, 2, 1]], "average").tolist()
    [[4.25, 3.75]]
    """
    if kind not in KINDS:
        raise ValueError(f"kind (={kind!r}) must be one of {', '.join(KINDS)}")
    windows = pooling_windows(image, size, stride)
    cells = windows.reshape(*windows.shape[:2], -1)
    if kind == "stochastic":
        return _drawn(cells, _one_a_window(draws, cells.shape[:2]))
    if kind == "weighted":
        return total(cells * distance_weights(windows.shape[2:]).ravel())
    return _SUMMARIES[kind](cells)


def pooled_shape(
    shape: tuple[int, ...], size: Size = 2, stride: Size | None = None
) -> tuple[int, int]:
    """Return rows and columns of the pooled image, by the rule of `output_size`.

    Args:
        shape: rows and columns of the image.
        size: as in `pool2d`.
        stride: as in `pool2d`.

    Raises:
        ValueError: a number is below 1, or the window is larger than the image.

    >>> pooled_shape((5, 7), size=2)
    (2, 3)
    """
    (height, width), (rows, columns) = shape, _pair("size", size)
    down, right = _pair("stride", size if stride is None else stride)
    if rows > height or columns > width:
        raise ValueError(
            f"size (={rows}×{columns}) must fit into the image of {height}×{width} cells: "
            f"use at most {amount(height, 'row')} and {amount(width, 'column')}"
        )
    return output_size(height, rows, down), output_size(width, columns, right)


def pooling_windows(image: ArrayLike, size: Size = 2, stride: Size | None = None) -> Array:
    """Return the window of each output cell, shape ``(rows, columns, K, L)``, float64.

    Arguments and errors are those of `pool2d`.

    >>> pooling_windows([[1, 2, 3, 4]], size=(1, 2), stride=1)[0, 2].tolist()
    [[3.0, 4.0]]
    """
    array = pad2d(image, 0)  # checks the shape
    rows, columns = pooled_shape(array.shape, size, stride)
    down, right = _pair("stride", size if stride is None else stride)
    everywhere = np.lib.stride_tricks.sliding_window_view(array, _pair("size", size))
    return everywhere[::down, ::right][:rows, :columns]


def distance_weights(size: Size) -> Array:
    """Return weights that fall with the distance ``d`` from the window's centre: ``1 / (1 + d)``.

    Args:
        size: as in `pool2d`.

    Returns:
        Shape ``(K, L)``, float64, with sum 1.

    >>> distance_weights((1, 3)).tolist()
    [[0.25, 0.5, 0.25]]
    """
    rows, columns = (np.arange(n) - (n - 1) / 2 for n in _pair("size", size))
    weights = 1 / (1 + np.sqrt(rows[:, None] ** 2 + columns**2))
    return weights / total(weights.ravel())


def probabilities(window: ArrayLike) -> Array:
    """Return how likely stochastic pooling draws each cell: its share of the positive parts.

    ``window`` has any shape; so has the result, all zero where no cell is positive.

    >>> probabilities([3, -5, 1]).tolist()
    [0.75, 0.0, 0.25]
    """
    cells = np.asarray(window, dtype=np.float64)
    positive = _positive(cells.reshape(1, -1)).reshape(cells.shape)
    whole = np.cumsum(positive)[-1]
    return positive / whole if whole > 0 else positive


def drawn_cell(window: ArrayLike, draw: float) -> int:
    """Return which cell stochastic pooling draws: the first whose running share passes ``draw``.

    ``window`` has any shape, ``draw`` is from 0 up to 1; the result is an index in reading
    order, 0 where no cell is positive.

    >>> [drawn_cell([3, -5, 1], draw) for draw in (0, 0.7, 0.8)]
    [0, 0, 2]
    """
    return int(_drawn_cells(np.asarray(window, dtype=np.float64).reshape(1, -1), draw)[0])


def uniform_draws(seed: int, count: int) -> Array:
    """Return ``count`` numbers, uniform from 0 up to 1: the same for a seed here and in the page.

    The generator is mulberry32 (Ettinger, 2017): 32 bits of state, good enough to look at.

    Args:
        seed: from 0 to 4294967295.
        count: how many.

    Returns:
        Shape ``(count,)``, float64, multiples of 2⁻³².

    Raises:
        ValueError: the seed is out of its range.

    >>> uniform_draws(0, 2).round(4).tolist()
    [0.2664, 0.0003]
    """
    if not 0 <= seed <= _MOST_SEED:
        raise ValueError(f"seed (={seed}) must be from 0 to {_MOST_SEED}")
    return np.array([_mixed(seed + step * 0x6D2B79F5) for step in range(1, count + 1)]) / 2**32


def unchanged_fraction(before: ArrayLike, after: ArrayLike) -> float:
    """Return the share of cells, 0 to 1, that are equal in two outputs.

    Raises:
        ValueError: ``before`` and ``after`` differ in shape.

    >>> unchanged_fraction([[1, 1, 1, 0.2]], [[0.3, 1, 1, 1]])
    0.5
    """
    old, new = np.asarray(before), np.asarray(after)
    if old.shape != new.shape:
        raise ValueError(
            f"before and after must have the same shape, not {old.shape} and {new.shape}: "
            "pool both with the same size and stride"
        )
    return float((old == new).mean())


def total(cells: Array) -> Array:
    """Return the sum along the last axis, exactly the same for the same cells in another order.

    >>> float(total(np.array([0.1, 0.2, 0.3])) - total(np.array([0.3, 0.2, 0.1])))
    0.0
    """
    return np.cumsum(np.sort(cells, axis=-1), axis=-1)[..., -1]


_SUMMARIES: dict[str, Callable[[Array], Array]] = {
    "max": lambda cells: np.max(cells, axis=-1),
    "average": lambda cells: total(cells) / cells.shape[-1],
    "l2": lambda cells: np.sqrt(total(cells**2)),
}


def _drawn(cells: Array, draws: Array) -> Array:
    index = _drawn_cells(cells, draws[..., None])
    return np.maximum(np.take_along_axis(cells, index[..., None], axis=-1)[..., 0], 0)


def _drawn_cells(cells: Array, draws: Array | float) -> NDArray[np.intp]:
    running = np.cumsum(_positive(cells), axis=-1)
    whole = running[..., -1:]
    # The second condition is for sums so small that a draw below 1 rounds up to the whole.
    first: NDArray[np.intp] = np.argmax((running > draws * whole) | (running == whole), axis=-1)
    return first


def _positive(cells: Array) -> Array:
    """The positive parts; where their sum would be infinite, all of them scaled alike."""
    positive = np.maximum(cells, 0)
    with np.errstate(over="ignore"):
        is_past = np.isinf(np.sum(positive, axis=-1, keepdims=True))
    return np.where(is_past, positive / cells.shape[-1], positive)


def _one_a_window(draws: ArrayLike | None, shape: tuple[int, ...]) -> Array:
    numbers = np.array([] if draws is None else draws, dtype=np.float64).ravel()
    windows = int(np.prod(shape))
    if numbers.size != windows:
        raise ValueError(
            f"draws has {numbers.size} numbers, but there are {windows} windows: "
            f"give one a window, such as uniform_draws(seed, {windows})"
        )
    outside = numbers[~((numbers >= 0) & (numbers < 1))]
    if outside.size:
        raise ValueError(
            f"draws holds {outside[0]:g}, but each must be at least 0 and below 1: "
            "take them from uniform_draws"
        )
    return numbers.reshape(shape)


def _mixed(state: int) -> int:
    state &= _MOST_SEED
    mixed = (state ^ state >> 15) * (state | 1) & _MOST_SEED
    mixed ^= mixed + (mixed ^ mixed >> 7) * (mixed | 61) & _MOST_SEED
    return mixed ^ mixed >> 14


def _pair(name: str, value: Size) -> tuple[int, int]:
    rows, columns = np.broadcast_to(value, 2).tolist()
    if rows < 1 or columns < 1:
        raise ValueError(f"{name} (={rows}×{columns}) must be at least 1 along each side")
    return rows, columns
