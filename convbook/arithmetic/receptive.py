"""Receptive fields: the cells of the input that one neuron depends on.

A layer is a mapping with ``kind`` (``"conv"`` or ``"pool"``), ``kernel_size``, ``stride``,
``padding`` per side and ``dilation``. Level 0 is the input, level 1 the map after the first
layer, and so on. Everything is said for one dimension; rows and columns follow it alike.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from convbook.arithmetic.shapes import output_size

LayerLike = Mapping[str, Any]
LEAST = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}


class Layer(NamedTuple):
    """A layer with every setting filled in."""

    kind: str
    kernel_size: int
    stride: int
    padding: int
    dilation: int


class Field(NamedTuple):
    """The receptive field of a level's neurons, in input cells.

    ``size`` is the span from the first to the last cell, ``jump`` the distance between the
    fields of two neighbours, ``start`` the middle of the first neuron's field, counted from the
    middle of input cell 0.
    """

    size: int
    jump: int
    start: float


@dataclass(frozen=True)
class Span:
    """What one neuron depends on in one level.

    Args:
        first: the first cell of its field; below 0 where the field passes the border.
        last: the last cell of its field, included.
        cells: the real cells it depends on, ascending. Dilation and large strides leave holes.
        padding: the cells past the border that the next layer pads here for it.
    """

    first: int
    last: int
    cells: tuple[int, ...]
    padding: tuple[int, ...]

    @property
    def clipped(self) -> tuple[int, int] | None:
        """First and last real cell, or None where there is only padding."""
        return (self.cells[0], self.cells[-1]) if self.cells else None


def checked_layers(layers: Sequence[LayerLike]) -> list[Layer]:
    """Return ``layers`` with every setting filled in.

    The defaults are stride 1, padding 0 and dilation 1; pooling's stride is its kernel size.

    Raises:
        ValueError: a setting is unknown, missing or out of its range; the message names the layer.

    >>> checked_layers([{"kind": "pool", "kernel_size": 2}])
    [Layer(kind='pool', kernel_size=2, stride=2, padding=0, dilation=1)]
    """
    return [_checked(number, layer) for number, layer in enumerate(layers, start=1)]


def receptive_field(layers: Sequence[LayerLike]) -> list[Field]:
    """Return size, jump and start after each layer.

    ``r ← r + (k − 1)·d·j``, ``start ← start + (d(k − 1)/2 − p)·j``, then ``j ← j·s``, from
    ``r = j = 1`` and ``start = 0`` (Araujo, Norris and Sim, "Computing Receptive Fields of
    Convolutional Neural Networks", Distill 2019).

    Args:
        layers: from the input upwards; see the module.

    Raises:
        ValueError: a layer's setting is out of its range.

    >>> [tuple(field) for field in receptive_field([{"kind": "conv", "kernel_size": 3}] * 3)]
    [(3, 1, 1.0), (5, 1, 2.0), (7, 1, 3.0)]
    """
    fields = [Field(1, 1, 0.0)]
    for layer in checked_layers(layers):
        size, jump, start = fields[-1]
        reach = layer.dilation * (layer.kernel_size - 1)
        start += (reach / 2 - layer.padding) * jump
        fields.append(Field(size + reach * jump, jump * layer.stride, start))
    return fields[1:]


def sizes_that_fit(layers: Sequence[LayerLike], n: int) -> tuple[list[int], str | None]:
    """Return the map size after each layer, up to the first that does not fit, and why not.

    >>> sizes_that_fit([{"kind": "conv", "kernel_size": 3}] * 2, 4)[0]
    [2]
    """
    if n < 1:
        raise ValueError(f"n (={n}) must be at least 1")
    sizes = [n]
    for _, *settings in checked_layers(layers):
        try:
            sizes.append(output_size(sizes[-1], *settings))
        except ValueError as error:
            return sizes[1:], str(error)
    return sizes[1:], None


def layer_sizes(layers: Sequence[LayerLike], n: int) -> list[int]:
    """Return the map size after each layer, for an input of ``n`` cells.

    Raises:
        ValueError: a setting is out of its range, or a layer does not fit; the message names it.

    >>> layer_sizes([{"kind": "conv", "kernel_size": 3}, {"kind": "pool", "kernel_size": 2}], 28)
    [26, 13]
    """
    sizes, why = sizes_that_fit(layers, n)
    if why is not None:
        number = len(sizes) + 1
        raise ValueError(misfit(number, checked_layers(layers)[len(sizes)], why))
    return sizes


def misfit(number: int, layer: Layer, why: str) -> str:
    """Return the message about a layer that does not fit."""
    return f"layer {number} ({layer.kind}) does not fit: {why}"


def field_of(layers: Sequence[LayerLike], level: int, index: int, n: int) -> list[Span]:
    """Return what one neuron depends on in its own level and in every level below.

    Args:
        layers: from the input upwards; those above ``level`` do not matter.
        level: the neuron's level, 0 for the input.
        index: the neuron in its level, from 0.
        n: input size in cells.

    Returns:
        One `Span` a level, the input first.

    Raises:
        ValueError: there is no such level or neuron, or a layer below does not fit.

    >>> field_of([{"kind": "conv", "kernel_size": 3, "padding": 1}], level=1, index=0, n=5)[0]
    Span(first=-1, last=1, cells=(0, 1), padding=(-1,))
    """
    if not 0 <= level <= len(layers):
        raise ValueError(f"level (={level}) must be from 0, the input, to {len(layers)}")
    stack = checked_layers(layers)[:level]
    sizes = [n, *layer_sizes(layers[:level], n)]
    if not 0 <= index < sizes[-1]:
        raise ValueError(
            f"index (={index}) must be from 0 to {sizes[-1] - 1}, the last of level {level}"
        )
    spans = [Span(index, index, (index,), ())]
    for layer, size in zip(reversed(stack), reversed(sizes[:-1]), strict=True):
        spans.append(_below(spans[-1], layer, size))
    return spans[::-1]


def coverage(layers: Sequence[LayerLike], n: int) -> float:
    """Return the share of an n×n input inside the field of one neuron of the last level.

    The field is the square from its first to its last cell, at most the whole input. At the
    border, and where there are holes, a neuron depends on fewer cells: `field_of` lists them.

    Raises:
        ValueError: a setting is out of its range, or a layer does not fit.

    >>> coverage([{"kind": "conv", "kernel_size": 3}] * 3, 28)
    0.0625
    """
    layer_sizes(layers, n)
    side = min(receptive_field(layers)[-1].size if layers else 1, n)
    return side * side / (n * n)


def without_pooling(layers: Sequence[LayerLike]) -> list[LayerLike]:
    """Return ``layers`` less those that pool.

    >>> len(without_pooling([{"kind": "conv", "kernel_size": 3}, {"kind": "pool"}]))
    1
    """
    return [layer for layer in layers if layer["kind"] != "pool"]


def same_place(field: Field, index: int, other: Field, size: int) -> int:
    """Return the neuron of another stack whose field's middle is nearest to that of ``index``.

    Args:
        field: of the neuron's level.
        index: the neuron.
        other: field of the other stack's level.
        size: how many neurons that level has.

    >>> same_place(Field(18, 4, 8.5), 1, Field(7, 1, 3.0), 22)
    10
    """
    middle = field.start + index * field.jump
    nearest = math.floor((middle - other.start) / other.jump + 0.5)
    return min(max(nearest, 0), size - 1)


def _below(span: Span, layer: Layer, size: int) -> Span:
    reach = layer.dilation * (layer.kernel_size - 1)
    read = {
        cell * layer.stride - layer.padding + offset
        for cell in span.cells
        for offset in range(0, reach + 1, layer.dilation)
    }
    return Span(
        first=span.first * layer.stride - layer.padding,
        last=span.last * layer.stride - layer.padding + reach,
        cells=tuple(sorted(cell for cell in read if 0 <= cell < size)),
        padding=tuple(sorted(cell for cell in read if not 0 <= cell < size)),
    )


def _checked(number: int, layer: LayerLike) -> Layer:
    unknown = [name for name in layer if name not in Layer._fields]
    if unknown:
        raise ValueError(
            f"layer {number}: {unknown[0]} is not a setting: use {', '.join(Layer._fields)}"
        )
    kind = layer.get("kind")
    if kind not in ("conv", "pool"):
        raise ValueError(f"layer {number}: kind (={kind!r}) must be 'conv' or 'pool'")
    stride = layer.get("kernel_size") if kind == "pool" else 1
    settings = {"kernel_size": None, "stride": stride, "padding": 0, "dilation": 1, **layer}
    values = {name: _whole(f"layer {number} ({kind})", name, settings[name]) for name in LEAST}
    return Layer(kind, **values)


def _whole(where: str, name: str, value: Any) -> int:
    try:
        whole = int(operator.index(value))
    except TypeError:
        whole = -1
    if whole < LEAST[name]:
        raise ValueError(
            f"{where}: {name} (={value!r}) must be a whole number of at least {LEAST[name]}"
        )
    return whole
