"""The windows of a layer: which cells of the map below a neuron reads, and how its field grows."""

from __future__ import annotations

from typing import Any, NamedTuple

from convbook.arithmetic.layer_kinds import Layer, filled, pair, pools
from convbook.arithmetic.shapes import output_size

Pair = tuple[int, int]


class Window(NamedTuple):
    """A window that slides along one dimension."""

    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def reach(self) -> int:
        """Cells from the first to the last that one neuron reads, less one."""
        return self.dilation * (self.kernel_size - 1)

    def output_size(self, n: int) -> int:
        """Return how many places it has over ``n`` cells; ValueError where it has none."""
        return output_size(n, *self)


class Field(NamedTuple):
    """The receptive field of a level's neurons along one dimension, in input cells.

    ``size`` is the span from the first to the last cell, ``jump`` the distance between the
    fields of two neighbours, ``start`` the middle of the first neuron's field, counted from the
    middle of input cell 0.
    """

    size: int = 1
    jump: int = 1
    start: float = 0.0

    def grown(self, window: Window) -> Field:
        """Return the field of a neuron that reads a window of neurons with this one.

        ``r ← r + (k − 1)·d·j``, ``start ← start + (d(k − 1)/2 − p)·j``, then ``j ← j·s``
        (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks",
        Distill 2019).

        >>> Field(3, 2, 1.0).grown(Window(kernel_size=3, stride=2))
        Field(size=7, jump=4, start=3.0)
        """
        return Field(
            size=self.size + window.reach * self.jump,
            jump=self.jump * window.stride,
            start=self.start + (window.reach / 2 - window.padding) * self.jump,
        )


def windows_of(layer: Layer, sides: Pair | None = None) -> list[tuple[Window, Window]]:
    """Return the windows of a layer, along rows and along columns.

    A block has several, one after the other along its widest path; what works cell by cell has
    none.

    Args:
        layer: as `read_layer` gave it.
        sides: rows and columns of the map it reads; None where they are not known.

    Raises:
        ValueError: a pooling pads more than half its kernel, or the layer reads the whole map and
            its sides are not known.

    >>> windows_of({"kind": "residual", "stride": 2})[0][0]
    Window(kernel_size=3, stride=2, padding=1, dilation=1)
    """
    full = filled(layer)
    if "kernel_size" in full:
        return [_own_window(full)]
    if full["kind"] == "global_avg_pool":
        return [_whole_map(sides)]
    widest_path = {
        "residual": [Window(3, full.get("stride", 1), padding=1), Window(3, padding=1)],
        "inception": [Window(5, padding=2)],
    }
    return [(window, window) for window in widest_path.get(full["kind"], [])]


def _own_window(full: dict[str, Any]) -> tuple[Window, Window]:
    steps = (pair(full.get(name, 1)) for name in Window._fields)
    rows, columns = (Window(*numbers) for numbers in zip(*steps, strict=True))
    for window in (rows, columns) if pools(full["kind"]) else ():
        most = window.kernel_size // 2
        if window.padding > most:
            raise ValueError(
                f"padding (={window.padding}) must be at most {most}, half of kernel_size "
                f"(={window.kernel_size}): use less padding or a larger kernel"
            )
    return rows, columns


def _whole_map(sides: Pair | None) -> tuple[Window, Window]:
    if sides is None:
        raise ValueError(
            "it sees the whole map, whose size depends on the input's: give the input size n, or "
            "leave out this layer and those after it"
        )
    return Window(sides[0]), Window(sides[1])
