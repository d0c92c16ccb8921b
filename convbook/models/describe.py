"""A network layer by layer: shapes, parameters, work, memory, receptive fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from torch import nn

from convbook.arithmetic.counting import read_input_shape
from convbook.models.layouts import Pair
from convbook.models.trace import Call, trace

_HEADER = ("layer", "kind", "output", "parameters", "MACs", "output bytes", "receptive field")
_FIRST_NUMBER = 2
_LEFT, _RIGHT = "text-align: left", "text-align: right"


@dataclass(frozen=True)
class LayerRow:
    """What one layer makes and costs, for one image.

    Args:
        name: as in ``model.named_modules()``.
        kind: the module's class, such as ``"Conv2d"``.
        output_shape: ``(C, H, W)``, or ``(features,)``.
        parameters: the learned numbers; 0 where an earlier row has them.
        macs: multiply-accumulates of convolutions and products of matrices, by PyTorch's own
            formulas; nothing else counts. None where the layer does what they do not know.
        activation_bytes: of the output, in the network's own dtype.
        receptive_field: rows and columns of the input, padding included, that one output depends
            on; None where it sees everything.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    macs: int | None
    activation_bytes: int
    receptive_field: Pair | None


@dataclass(frozen=True)
class Description:
    """A network's layers in the order of their calls; a table where it is printed or shown.

    Args:
        model: the network's class.
        input_shape: ``(C, H, W)`` of one image.
        output_shape: what the network makes of it; of several outputs the first.
        rows: one for each call of a layer.
        parameters: all learned numbers, of layers that are not called too.
    """

    model: str
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    rows: tuple[LayerRow, ...]
    parameters: int

    @property
    def macs(self) -> int:
        """The multiply-accumulates of all layers whose work is known."""
        return sum(row.macs or 0 for row in self.rows)

    @property
    def activation_bytes(self) -> int:
        """The bytes of all outputs."""
        return sum(row.activation_bytes for row in self.rows)

    @property
    def title(self) -> str:
        """The network and its input in words."""
        return f"{self.model}, for one image of {_by(self.input_shape)}"

    def __str__(self) -> str:
        """Return the table as text."""
        table = Table(*_HEADER, title=self.title, box=SIMPLE_HEAD, show_footer=True)
        for column, cell in zip(table.columns, self._totals(), strict=True):
            column.footer, column.no_wrap = cell, True
        for column in table.columns[_FIRST_NUMBER:]:
            column.justify = "right"
        for row in self.rows:
            table.add_row(*_cells(row))
        text = StringIO()
        Console(file=text, width=200).print(table)
        return "\n".join(line.rstrip() for line in text.getvalue().rstrip().splitlines())

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        head = "".join(f'<th scope="col">{name}</th>' for name in _HEADER)
        body = "".join(_html_row(_cells(row)) for row in self.rows)
        return (
            f"<table><caption>{escape(self.title)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody><tfoot>{_html_row(self._totals())}</tfoot></table>"
        )

    def _totals(self) -> Sequence[str]:
        numbers = (self.parameters, self.macs, self.activation_bytes)
        return ("total", "", "", *(f"{number:,}" for number in numbers), "")


def describe(model: nn.Module, input_shape: Sequence[int]) -> Description:
    """Describe each layer of a network, without running it or touching its weights.

    It follows a copy on the meta device, so VGG-16 costs no more than a small network. A layer
    is a module without modules inside, or with weights of its own; one that is called twice has
    two rows. A module that multiplies matrices between its layers has a row of its own.

    Args:
        model: for images ``(N, C, H, W)``, on any device.
        input_shape: ``(C, H, W)``.

    Raises:
        ValueError: ``input_shape`` is not three whole numbers; a layer refuses what it is given,
            and the message names it; or the network gives no tensor.

    >>> described = describe(nn.Sequential(nn.Conv2d(1, 32, 3), nn.MaxPool2d(2)), (1, 28, 28))
    >>> described.output_shape, described.parameters, described.macs
    ((32, 13, 13), 320, 194688)
    >>> described.rows[-1].receptive_field
    (4, 4)
    """
    shape = read_input_shape(input_shape)
    calls, output = trace(model, shape)
    layers = dict(model.named_modules())
    counted: set[int] = set()
    rows = []
    for call in calls:
        own = {id(one): one.numel() for one in layers[call.name].parameters(recurse=False)}
        rows.append(_row(call, sum(own[one] for one in own.keys() - counted)))
        counted |= own.keys()
    parameters = sum(weights.numel() for weights in model.parameters())
    kind = type(model).__name__
    return Description(kind, shape, tuple(output.shape[1:]), tuple(rows), parameters)


def _row(call: Call, parameters: int) -> LayerRow:
    return LayerRow(
        name=call.name,
        kind=type(call.layer).__name__,
        output_shape=call.output_shape,
        parameters=parameters,
        macs=call.macs,
        activation_bytes=call.output_bytes,
        receptive_field=call.receptive_field,
    )


def _cells(row: LayerRow) -> Sequence[str]:
    macs = "not counted" if row.macs is None else f"{row.macs:,}"
    numbers = (f"{row.parameters:,}", macs, f"{row.activation_bytes:,}")
    field = _by(row.receptive_field) if row.receptive_field else "everything"
    return (row.name, row.kind, _by(row.output_shape), *numbers, field)


def _html_row(cells: Sequence[str]) -> str:
    name, kind, *numbers = map(escape, cells)
    words = f'<th scope="row" style="{_LEFT}">{name}</th><td style="{_LEFT}">{kind}</td>'
    right = "".join(f'<td style="{_RIGHT}">{number}</td>' for number in numbers)
    return f"<tr>{words}{right}</tr>"


def _by(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))
