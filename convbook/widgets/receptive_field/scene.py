"""What the receptive field shows, computed from its traits; state.js does the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convbook.arithmetic.layer_kinds import Layer, pools
from convbook.arithmetic.layer_windows import Field
from convbook.arithmetic.receptive import (
    Span,
    field_of,
    misfit,
    receptive_field,
    same_place,
    sizes_that_fit,
)

if TYPE_CHECKING:
    from convbook.widgets.receptive_field import ReceptiveField


@dataclass(frozen=True)
class Scene:
    """A stack and one neuron of it.

    Args:
        numbers: of each level's layer among all layers, 0 for the input.
        layers: the layers drawn or not; level ``i`` is the map after layer ``i − 1``.
        sizes: of each level that has a map, the input first.
        problem: why the next layer has no map, or None.
        level: of the neuron, in this stack.
        row: of the neuron.
        column: its column.
        rows: what it depends on in each level, the input first; empty if the level has no map.
        columns: the same for its columns.
    """

    numbers: list[int]
    layers: Sequence[Layer]
    sizes: list[int]
    problem: str | None
    level: int
    row: int = 0
    column: int = 0
    rows: list[Span] = field(default_factory=list)
    columns: list[Span] = field(default_factory=list)

    @property
    def seen(self) -> tuple[int, int]:
        """How many input rows and columns the neuron depends on."""
        return len(self.rows[0].cells), len(self.columns[0].cells)

    @property
    def fields(self) -> list[Field]:
        """The field of the neurons of each level that has a map, the input first."""
        return [Field(), *receptive_field(self.layers[: len(self.sizes) - 1])]


def scene_of(widget: ReceptiveField) -> Scene:
    """Return the stack as given, with the chosen neuron."""
    layers = widget.layers
    place = (widget.level, widget.row, widget.column)
    return _scene(range(len(layers) + 1), layers, widget.input_size, place)


def scene_without_pooling(scene: Scene) -> Scene:
    """Return the same stack without its pooling layers, and the neuron at the same place there."""
    kept = [(n, layer) for n, layer in enumerate(scene.layers, 1) if not pools(layer["kind"])]
    numbers, layers = [0, *(n for n, _ in kept)], [layer for _, layer in kept]
    level = sum(0 < number <= scene.level for number in numbers)
    empty = _scene(numbers, layers, scene.sizes[0], None)
    if level >= len(empty.sizes):
        return empty
    here, there = scene.fields[scene.level], empty.fields[level]
    row, column = (
        same_place(here, index, there, empty.sizes[level]) for index in (scene.row, scene.column)
    )
    return _scene(numbers, layers, scene.sizes[0], (level, row, column))


def _scene(
    numbers: Sequence[int], layers: Sequence[Layer], n: int, place: tuple[int, int, int] | None
) -> Scene:
    sizes, why = sizes_that_fit(layers, n)
    levels, problem = [n, *sizes], None
    if why is not None:
        problem = misfit(numbers[len(levels)], layers[len(sizes)], why)
    if place is None:
        return Scene(list(numbers), layers, levels, problem, len(levels))
    level, row, column = place
    rows, columns = (field_of(layers, level, index, n) for index in (row, column))
    return Scene(list(numbers), layers, levels, problem, level, row, column, rows, columns)
