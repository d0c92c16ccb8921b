"""Receptive fields: the cells of the input that one neuron depends on.

Layers are in the course's one language (`layer_kinds`); channels and features may be left out.
Level 0 is the input, level 1 the map after the first layer, and so on, to the last map: flatten
ends it, and after it a neuron has no place. A layer without a window changes nothing. Windows are
square, so that everything is said for one dimension; rows and columns follow it alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from convbook.arithmetic.layer_kinds import Layer, ends_map, place, pools, read_layer, refusal
from convbook.arithmetic.layer_windows import Field, Window, windows_of


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


def map_layers(layers: Sequence[Layer]) -> list[dict[str, Any]]:
    """Return the layers that make maps, as `read_layer` gives them: those before flatten.

    Raises:
        ValueError: a field is unknown, missing or out of its range, also after flatten, or a
            layer cannot follow the one before it; the message names the layer.

    >>> map_layers([{"kind": "conv", "kernel_size": 3}, {"kind": "flatten"}, {"kind": "dense"}])
    [{'kind': 'conv', 'kernel_size': 3}]
    """
    found: list[dict[str, Any]] = []
    is_map = True
    for number, layer in enumerate(layers, 1):
        try:
            read = read_layer(layer, counted=False)
            why = refusal(read["kind"], is_map)
            if why:
                raise ValueError(f"its input is {'a map' if is_map else 'a vector'}, but {why}")
        except ValueError as error:
            raise ValueError(f"{place(number, layer)}: {error}") from None
        is_map = is_map and not ends_map(read["kind"])
        found += [read] if is_map else []
    return found


def receptive_field(layers: Sequence[Layer], n: int | None = None) -> list[Field]:
    """Return size, jump and start after each layer that makes maps; the rule is `Field.grown`'s.

    Args:
        layers: from the input upwards; see the module.
        n: input size in cells; only what sees the whole map, as global_avg_pool, needs it.

    Returns:
        One `Field` a layer, up to flatten: the last is that of the last map's neurons.

    Raises:
        ValueError: a layer's field is out of its range, its windows are not square, or it does
            not fit or needs ``n``; the message names it.

    >>> [tuple(field) for field in receptive_field([{"kind": "conv", "kernel_size": 3}] * 3)]
    [(3, 1, 1.0), (5, 1, 2.0), (7, 1, 3.0)]
    """
    stack = map_layers(layers)
    sizes: Sequence[int | None] = [None] * len(stack)
    if n is not None:
        sizes = [n, *layer_sizes(layers, n)][:-1]
    fields = [Field()]
    for number, (layer, size) in enumerate(zip(stack, sizes, strict=True), 1):
        try:
            fields.append(reduce(Field.grown, _windows(layer, size), fields[-1]))
        except ValueError as error:
            raise ValueError(f"{place(number, layer)}: {error}") from None
    return fields[1:]


def sizes_that_fit(layers: Sequence[Layer], n: int) -> tuple[list[int], str | None]:
    """Return the map size after each layer, up to the first that does not fit, and why not.

    >>> sizes_that_fit([{"kind": "conv", "kernel_size": 3}] * 2, 4)[0]
    [2]
    """
    if n < 1:
        raise ValueError(f"n (={n}) must be at least 1")
    sizes = [n]
    for layer in map_layers(layers):
        try:
            sizes.append(_sizes_inside(layer, sizes[-1])[-1])
        except ValueError as error:
            return sizes[1:], str(error)
    return sizes[1:], None


def layer_sizes(layers: Sequence[Layer], n: int) -> list[int]:
    """Return the map size after each layer, for an input of ``n`` cells.

    Raises:
        ValueError: a field is out of its range, or a layer does not fit; the message names it.

    >>> layer_sizes([{"kind": "conv", "kernel_size": 3}, {"kind": "relu"}], 28)
    [26, 26]
    """
    sizes, why = sizes_that_fit(layers, n)
    if why is not None:
        raise ValueError(misfit(len(sizes) + 1, layers[len(sizes)], why))
    return sizes


def misfit(number: int, layer: Layer, why: str) -> str:
    """Return the message about a layer that does not fit."""
    return f"{place(number, layer)} does not fit: {why}"


def field_of(layers: Sequence[Layer], level: int, index: int, n: int) -> list[Span]:
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

    >>> layers = [{"kind": "conv", "kernel_size": 3, "padding": 1}]
    >>> field_of(layers, level=1, index=0, n=5)[0]
    Span(first=-1, last=1, cells=(0, 1), padding=(-1,))
    """
    stack = map_layers(layers)
    if not 0 <= level <= len(stack):
        raise ValueError(f"level (={level}) must be from 0, the input, to {len(stack)}")
    sizes = [n, *layer_sizes(stack[:level], n)]
    if not 0 <= index < sizes[-1]:
        raise ValueError(
            f"index (={index}) must be from 0 to {sizes[-1] - 1}, the last of level {level}"
        )
    spans = [Span(index, index, (index,), ())]
    for layer, size in zip(reversed(stack[:level]), reversed(sizes[:-1]), strict=True):
        spans.append(_below(spans[-1], layer, size))
    return spans[::-1]


def coverage(layers: Sequence[Layer], n: int) -> float:
    """Return the share of an n×n input inside the field of one neuron of the last map.

    The field is the square from its first to its last cell, at most the whole input. At the
    border, and where there are holes, a neuron depends on fewer cells: `field_of` lists them.

    Raises:
        ValueError: a field is out of its range, or a layer does not fit.

    >>> coverage([{"kind": "conv", "kernel_size": 3}] * 3, 28)
    0.0625
    """
    layer_sizes(layers, n)
    side = min([1, *(field.size for field in receptive_field(layers, n))][-1], n)
    return side * side / (n * n)


def without_pooling(layers: Sequence[Layer]) -> list[Layer]:
    """Return ``layers`` less those that pool.

    >>> without_pooling([{"kind": "conv", "kernel_size": 3}, {"kind": "avg_pool"}])
    [{'kind': 'conv', 'kernel_size': 3}]
    """
    return [layer for layer in layers if not pools(layer["kind"])]


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


def _windows(layer: Layer, size: int | None) -> list[Window]:
    """Return the layer's windows over a map of so many cells, where rows and columns are alike."""
    windows = windows_of(layer, None if size is None else (size, size))
    for rows, columns in windows:
        for name, row, column in zip(Window._fields, rows, columns, strict=True):
            if row != column:
                raise ValueError(
                    f"{name} (=[{row}, {column}]) must be the same for rows and columns here: "
                    "`convbook.arithmetic.counting.count` follows both"
                )
    return [rows for rows, _ in windows]


def _sizes_inside(layer: Layer, n: int) -> list[int]:
    """Return the sizes of the map a layer reads and of what each of its windows makes."""
    sizes = [n]
    for window in _windows(layer, n):
        sizes.append(window.output_size(sizes[-1]))
    return sizes


def _below(span: Span, layer: Layer, size: int) -> Span:
    below = Span(span.first, span.last, span.cells, ())
    sizes = _sizes_inside(layer, size)[:-1]
    for window, inside in zip(reversed(_windows(layer, size)), reversed(sizes), strict=True):
        below = _read(below, window, inside)
    return below


def _read(span: Span, window: Window, size: int) -> Span:
    read = {
        cell * window.stride - window.padding + offset
        for cell in span.cells
        for offset in range(0, window.reach + 1, window.dilation)
    }
    return Span(
        first=span.first * window.stride - window.padding,
        last=span.last * window.stride - window.padding + window.reach,
        cells=tuple(sorted(cell for cell in read if 0 <= cell < size)),
        padding=tuple(sorted(cell for cell in read if not 0 <= cell < size)),
    )
