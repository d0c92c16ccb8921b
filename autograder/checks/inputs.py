"""Kinds of input in which mistakes show, and in whose absence they hide.

Exchanged sides hide in square images, a transposed kernel in symmetric ones, a wrong padding at
stride 1. So the checks of an assignment state for each function which kinds they send:

    INPUTS = {"conv2d": {("image",): SHAPES, ("kernel", "image"): KERNELS}}

A kind is a name and its property, a function of the values of the arguments. What is drawn here
has the property, whatever the seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[Any]
Kinds = Mapping[str, Callable[..., bool]]
Inputs = Mapping[tuple[str, ...], Kinds]  # by the arguments of which a kind is a property


def views(a: Array) -> list[Array]:
    """Return the other views of ``a`` that have its shape: flipped, turned, transposed.

    Args:
        a: of one or two dimensions.

    Example:
        >>> len(views(np.ones((3, 3)))), len(views(np.ones((2, 3)))), len(views(np.ones(3)))
        (7, 3, 1)
    """
    if a.ndim == 1 or 1 in a.shape:
        return [np.flip(a)]
    turned = [np.rot90(view, quarter) for view in (a, a.T) for quarter in range(4)]
    return [view for view in turned[1:] if view.shape == a.shape]


def has_orientation(a: Array) -> bool:
    """Tell whether each flip, turn or transpose that keeps the shape of ``a`` changes its values.

    Example:
        >>> has_orientation(np.array([[1, 2], [3, 4]])), has_orientation(np.array([[1, 2], [2, 1]]))
        (True, False)
    """
    if a.size > 1 and len(set(a.ravel().tolist())) == a.size:
        return True  # each of them moves a cell, and no two cells are alike
    return not any(np.array_equal(a, view) for view in views(a))


def is_symmetric(a: Array) -> bool:
    """Tell whether no flip, turn or transpose that keeps the shape of ``a`` changes its values."""
    return all(np.array_equal(a, view) for view in views(a))


def symmetric(a: Array) -> Array:
    """Return the sum of ``a`` and of all its views, in which a wrong flip costs nothing."""
    return np.asarray(np.sum([a, *views(a)], axis=0))


SHAPES: Kinds = {
    "wide": lambda image: image.shape[0] < image.shape[1],
    "tall": lambda image: image.shape[0] > image.shape[1],
    "square": lambda image: image.shape[0] == image.shape[1] and has_orientation(image),
}
ODD_KERNELS: Kinds = {
    "wide": lambda kernel, image: SHAPES["wide"](kernel) and has_orientation(kernel),
    "tall": lambda kernel, image: SHAPES["tall"](kernel) and has_orientation(kernel),
    "square, odd sides": lambda kernel, image: SHAPES["square"](kernel) and kernel.shape[0] % 2 > 0,
    "one cell": lambda kernel, image: kernel.size == 1,
    "as large as the image": lambda kernel, image: kernel.shape == image.shape,
    "symmetric": lambda kernel, image: kernel.size > 1 and is_symmetric(kernel),
}
KERNELS: Kinds = {
    **ODD_KERNELS,
    "square, even sides": lambda kernel, image: (
        SHAPES["square"](kernel) and kernel.shape[0] % 2 == 0
    ),
}
SIGNALS: Kinds = {
    "odd kernel": lambda x, w: 1 < len(w) < len(x) and len(w) % 2 > 0 and has_orientation(w),
    "even kernel": lambda x, w: len(w) < len(x) and len(w) % 2 == 0 and has_orientation(w),
    "longer kernel": lambda x, w: 1 < len(x) < len(w) and has_orientation(w),
    "equal lengths": lambda x, w: 1 < len(x) == len(w) and has_orientation(w),
    "kernel of one cell": lambda x, w: len(w) == 1 < len(x),
    "signal of one cell": lambda x, w: len(x) == 1 < len(w),
}
DTYPES: Kinds = {
    name: partial(lambda name, a: a.dtype == name, name)
    for name in ("int8", "uint8", "int64", "float32", "float64")
}
VALUES: Kinds = {
    "negative": lambda a: bool(np.any(a < 0)),
    "negative bytes": lambda a: a.dtype == np.int8 and bool(np.any(a < 0)),
    "fractions": lambda a: bool(np.any(a % 1)),
}
STEPS: Kinds = {"1": lambda step: step == 1, "above 1": lambda step: step > 1}
PADDINGS: Kinds = {"none": lambda padding: padding == 0, "some": lambda padding: padding > 0}
BATCHES: Kinds = {  # of arrays (N, C, H, W)
    "one image": lambda x: x.shape[0] == 1,
    "several images": lambda x: x.shape[0] > 1,
    "one channel": lambda x: x.shape[1] == 1,
    "several channels": lambda x: x.shape[1] > 1,
}


def draw_image(rng: Generator, kind: str, sides: Sequence[int] = range(4, 9)) -> Array:
    """Return an image of the kind ``kind`` of `SHAPES`.

    Args:
        rng: where all chance comes from.
        kind: its name.
        sides: the numbers of rows and columns to choose from.

    Raises:
        ValueError: none of the sides makes such an image.
    """
    return rng.normal(size=_size(rng, kind, SHAPES[kind], sides, _an_image))


def draw_kernel(
    rng: Generator, kind: str, image: Array, sides: Sequence[int] = range(1, 5)
) -> Array:
    """Return a kernel of the kind ``kind`` of `KERNELS` for ``image``.

    Args:
        rng: where all chance comes from.
        kind: its name.
        image: what the kernel will lie on.
        sides: the numbers of rows and columns to choose from.

    Raises:
        ValueError: none of the sides makes such a kernel.
    """
    if kind == "as large as the image":
        return rng.normal(size=image.shape)
    if kind == "symmetric":
        numbers = rng.normal(size=_size(rng, kind, KERNELS[kind], sides, _symmetric))
        return symmetric(np.round(numbers * 1024) / 1024)  # whose sums are exact in any order
    return rng.normal(size=_size(rng, kind, KERNELS[kind], sides, _a_kernel))


def draw_signal(
    rng: Generator, kind: str, lengths: Sequence[int] = range(1, 10)
) -> tuple[Array, Array]:
    """Return a signal and a kernel of the kind ``kind`` of `SIGNALS`, with lengths to choose from.

    Raises:
        ValueError: no two of the lengths make such a pair.
    """
    n, k = _size(rng, kind, SIGNALS[kind], lengths, _signals)
    return rng.normal(size=n), rng.normal(size=k)


# From numbers that all differ, as drawn ones do: what is asked whether it is of a kind.
Example = Callable[[Array], tuple[Array, ...]]


def _an_image(numbers: Array) -> tuple[Array, ...]:
    return (numbers,)


def _a_kernel(numbers: Array) -> tuple[Array, ...]:
    return numbers, numbers  # the image plays no part


def _symmetric(numbers: Array) -> tuple[Array, ...]:
    return symmetric(numbers), numbers


def _signals(numbers: Array) -> tuple[Array, ...]:
    return numbers[:, 0], numbers[0]


def _size(
    rng: Generator, kind: str, holds: Callable[..., bool], sides: Sequence[int], example: Example
) -> tuple[int, int]:
    sizes = _sizes(holds, tuple(sides), example)
    if not sizes:
        raise ValueError(f"kind (={kind!r}) has none of the sizes {list(sides)}: offer others")
    return sizes[rng.integers(len(sizes))]


@cache
def _sizes(
    holds: Callable[..., bool], sides: tuple[int, ...], example: Example
) -> list[tuple[int, int]]:
    """Return the pairs of sides at which drawn numbers are of a kind."""
    pairs = list(product(sides, sides))
    return [pair for pair in pairs if holds(*example(np.arange(np.prod(pair)).reshape(pair)))]
