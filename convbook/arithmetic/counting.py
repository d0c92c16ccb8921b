"""Counting a network layer by layer: shapes, parameters, work, memory, receptive fields."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

from convbook.arithmetic.layer_kinds import CHANNELS, SIDE, Layer, details, place, read_layer
from convbook.arithmetic.layer_operations import Shape, operate
from convbook.arithmetic.layer_windows import Field, Pair, windows_of

FLOAT32_BYTES = 4
# From here on floating-point numbers, which the page computes with, skip whole numbers.
MOST_EXACT = 2**53


@dataclass(frozen=True)
class LayerCount:
    """What one layer makes and costs, for one input.

    Args:
        number: the layer's place, from 1.
        kind: its kind, such as ``"conv"``.
        details: its numbers in words, such as ``"3×3, 32 channels"``.
        output_shape: ``(C, H, W)``, or ``(features,)`` from flatten on.
        parameters: the learned numbers, biases included.
        macs: multiply-accumulates of convolutions and dense layers; nothing else counts as work.
        activations: elements of the layer's maps for one input: of its output and, inside a block,
            of what its convolutions, normalisations and pooling make.
        receptive_field: rows and columns of the input, padding included, that one output depends
            on; None where it depends on every output of the layer before.
    """

    number: int
    kind: str
    details: str
    output_shape: Shape
    parameters: int
    macs: int
    activations: int
    receptive_field: Pair | None

    @property
    def activation_bytes(self) -> int:
        """Bytes of the layer's maps in float32."""
        return FLOAT32_BYTES * self.activations


@dataclass(frozen=True)
class NetworkCount:
    """A network's layers counted one by one, and their totals.

    Args:
        input_shape: ``(C, H, W)`` of one input.
        rows: one count per layer.
    """

    input_shape: Shape
    rows: tuple[LayerCount, ...]

    @property
    def output_shape(self) -> Shape:
        """The last layer's output shape."""
        return self.rows[-1].output_shape if self.rows else self.input_shape

    @property
    def parameters(self) -> int:
        """The learned numbers of all layers."""
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        """The multiply-accumulates of all layers, for one input."""
        return sum(row.macs for row in self.rows)

    @property
    def activations(self) -> int:
        """The elements of all maps, for one input."""
        return sum(row.activations for row in self.rows)

    @property
    def activation_bytes(self) -> int:
        """The bytes of all maps in float32, for one input."""
        return FLOAT32_BYTES * self.activations


class LayerError(ValueError):
    """A layer that cannot be: the message says which and why.

    Args:
        message: the layer's place and kind, the value, the rule and the fix.
        number: the layer's place, from 1.
        counted: the layers before it.
    """

    def __init__(self, message: str, number: int, counted: NetworkCount) -> None:
        """Keep what could be counted beside the message."""
        super().__init__(message)
        self.number = number
        self.counted = counted


def count(layers: Sequence[Layer], input_shape: Sequence[int]) -> NetworkCount:
    """Count every layer of a network for one input.

    An ``activation`` named on a layer works in place; as a layer of its own it has an output of
    its own. Inside a block the outputs of convolutions, normalisations and pooling count; the sum
    of a shortcut and the joining of paths work in place. Convolution work is the kernel's weights
    times its positions. Sizes follow `convbook.arithmetic.shapes.output_size`.

    Args:
        layers: mappings with a ``kind`` and the fields of that kind in `layer_kinds.KINDS`.
        input_shape: ``(C, H, W)``, in the ranges of `layer_kinds.CHANNELS` and ``SIDE``.

    Returns:
        A count per layer, and the totals.

    Raises:
        ValueError: ``input_shape`` is not three whole numbers in range.
        LayerError: a layer's fields are wrong, or it cannot follow the ones before it; the error
            holds the count of those.

    >>> convolution = {"kind": "conv", "out_channels": 32, "kernel_size": 3}
    >>> counted = count([convolution], (1, 28, 28))
    >>> counted.output_shape, counted.parameters, counted.macs
    ((32, 26, 26), 320, 194688)
    """
    first: Shape = read_input_shape(input_shape)
    network = NetworkCount(first, ())
    fields: _Fields | None = (Field(), Field())
    for number, layer in enumerate(layers, 1):
        try:
            row, fields = _counted(number, read_layer(layer), network.output_shape, fields)
            longer = NetworkCount(first, (*network.rows, row))
            _require_exact(longer)
        except ValueError as error:
            message = f"{place(number, layer)}: {error}"
            raise LayerError(message, number, network) from None
        network = longer
    return network


def read_input_shape(input_shape: Sequence[int]) -> tuple[int, int, int]:
    """Return ``(C, H, W)`` as plain whole numbers.

    Raises:
        ValueError: there are not three, or one is out of its range.

    >>> read_input_shape([3, 224, 224])
    (3, 224, 224)
    """
    try:
        channels, rows, columns = map(operator.index, input_shape)
        if CHANNELS.holds(channels) and SIDE.holds(rows) and SIDE.holds(columns):
            return channels, rows, columns
    except (TypeError, ValueError):
        pass
    said = list(input_shape) if isinstance(input_shape, tuple) else input_shape
    raise ValueError(
        f"input_shape (={said!r}) must be three whole numbers [C, H, W]: C from {CHANNELS.least} "
        f"to {CHANNELS.most:,}, H and W from {SIDE.least} to {SIDE.most:,}"
    )


_Fields = tuple[Field, Field]  # along rows, along columns


def _counted(
    number: int, layer: Layer, shape: Shape, fields: _Fields | None
) -> tuple[LayerCount, _Fields | None]:
    made = operate(shape, layer)
    grown = None if fields is None or made.sees_all else _grown(fields, layer, shape)
    row = LayerCount(
        number=number,
        kind=layer["kind"],
        details=details(layer),
        output_shape=made.shape,
        parameters=made.parameters,
        macs=made.macs,
        activations=made.elements,
        receptive_field=(grown[0].size, grown[1].size) if grown else None,
    )
    return row, grown


def _grown(fields: _Fields, layer: Layer, shape: Shape) -> _Fields:
    rows, columns = fields
    for down, across in windows_of(layer, (shape[-2], shape[-1]) if len(shape) == 3 else None):
        rows, columns = rows.grown(down), columns.grown(across)
    return rows, columns


def _require_exact(network: NetworkCount) -> None:
    field = network.rows[-1].receptive_field
    for number, what in (
        (network.macs, "multiply-accumulates"),
        (network.activation_bytes, "bytes of activations"),
        (max(field or (0,)), "cells of receptive field"),
    ):
        if number >= MOST_EXACT:
            raise ValueError(
                f"{MOST_EXACT:,} {what} or more are past what is counted exactly: "
                "use fewer channels, a smaller input or less stride"
            )
