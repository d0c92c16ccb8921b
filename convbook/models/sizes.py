"""Sizes: what a stack of layers leaves of an image, and the smallest image it takes."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

from torch import nn

from convbook.arithmetic.counting import read_input_shape
from convbook.arithmetic.shapes import output_size

Shape = tuple[int, int, int]


def features_after(layers: nn.Module, input_shape: Shape) -> int:
    """Return how many numbers ``layers`` make of one image: what a dense layer after them reads.

    Args:
        layers: convolutions and poolings with square kernels, in the order of their calls, and
            anything that keeps shapes.
        input_shape: ``(C, H, W)`` of one image.

    Raises:
        ValueError: ``input_shape`` is not three whole numbers, or the image is too small.

    >>> features_after(nn.Sequential(nn.Conv2d(1, 32, 3), nn.MaxPool2d(2)), (1, 28, 28))
    5408
    """
    channels, *sides = read_input_shape(input_shape)
    least = smallest_side(layers)
    if min(sides) < least:
        raise ValueError(
            f"input_shape (={tuple(input_shape)}) must have at least {least} rows and {least} "
            "columns, or nothing is left for the last layers: enlarge the images, or use a "
            "model with fewer poolings"
        )
    for layer, kernel_size, stride, padding in _windows(layers):
        channels = getattr(layer, "out_channels", channels)
        sides = [output_size(side, kernel_size, stride, padding) for side in sides]
    return channels * prod(sides)


def smallest_side(layers: nn.Module) -> int:
    """Return the smallest square image's side of which ``layers`` leave one cell or more.

    From the last layer to the first: ``n ← s(n − 1) + k − 2p``, the size formula read backwards.

    >>> smallest_side(nn.Sequential(nn.Conv2d(1, 32, 3), nn.MaxPool2d(2)))
    4
    """
    side = 1
    for _, kernel_size, stride, padding in reversed(list(_windows(layers))):
        side = max(1, stride * (side - 1) + kernel_size - 2 * padding)
    return side


def require_positive(**numbers: int) -> None:
    """Refuse a number below 1, by its name.

    >>> require_positive(classes=0)
    Traceback (most recent call last):
    ValueError: classes (=0) must be a whole number of at least 1
    """
    for name, number in numbers.items():
        if not isinstance(number, int) or number < 1:
            raise ValueError(f"{name} (={number!r}) must be a whole number of at least 1")


def _windows(layers: nn.Module) -> Iterator[tuple[nn.Module, int, int, int]]:
    """Yield each convolution and pooling with kernel size, stride and padding."""
    for layer in layers.modules():
        if hasattr(layer, "kernel_size"):
            yield layer, _side(layer.kernel_size), _side(layer.stride), _side(layer.padding)


def _side(value: Any) -> int:
    return int(value[0] if isinstance(value, tuple) else value)
