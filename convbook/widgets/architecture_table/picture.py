"""The still picture of the architecture table: for paper, and for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from convbook.arithmetic.counting import LayerCount, LayerError, NetworkCount
from convbook.arithmetic.layer_kinds import details, kind_text
from convbook.palette import BLUE, GREY, ORANGE
from convbook.widgets.architecture_table.words import (
    bytes_text,
    field_text,
    in_millions,
    shape_text,
    share_text,
)
from convbook.widgets.svg import INK, MARGIN, picture

if TYPE_CHECKING:
    from convbook.widgets.architecture_table import ArchitectureTable

Count = LayerCount | NetworkCount

WIDTH = 976
ROW = 36
BAR = 72
# Where each column's texts start, or, for numbers that stand under each other, end.
STARTS = {"Layer": MARGIN + 8, "Share": 290}
ENDS = {"Output": 530, "Parameters": 630, "MACs": 748, "Memory": 828, "Receptive field": 952}
TINT = "#dbe6f3"
FILLS = {"dense": ORANGE, "conv": BLUE, "residual": BLUE, "inception": BLUE}


@dataclass(frozen=True)
class Measure:
    """What the bars stand for.

    Args:
        name: what it is called.
        of: its value for a layer or a network.
        text: a value as people read it.
        unit: what the sentence calls the values.
    """

    name: str
    of: Callable[[Count], int]
    text: Callable[[int], str]
    unit: str


MEASURES = {
    "parameters": Measure("parameters", lambda one: one.parameters, "{:,}".format, "parameters"),
    "macs": Measure("MACs", lambda one: one.macs, "{:,}".format, "MACs"),
    "memory": Measure("memory", lambda one: one.activation_bytes, bytes_text, "of outputs"),
}


def table_picture(table: ArchitectureTable) -> str:
    """Return ``table`` as one SVG element: a row a layer, the totals, and the page's sentence.

    Args:
        table: its traits are read, nothing is changed.

    >>> from convbook.widgets import ArchitectureTable
    >>> table_picture(ArchitectureTable())[:4]
    '<svg'
    """
    network, error = table.counted
    measure = MEASURES[table.share]
    lines = [
        _headings(measure),
        _cells({"Layer": "input", "Output": shape_text(network.input_shape)}),
    ]
    lines += [_line(row, network, measure) for row in network.rows]
    if error:
        lines += [_skipped(table, number) for number in range(error.number, len(table.layers) + 1)]
    lines.append(_totals(network, error))
    chosen = (
        f'<rect x="{MARGIN}" y="-17" width="{WIDTH - 2 * MARGIN}" height="{ROW}" fill="{TINT}"/>'
    )
    lines[table.selected + 2] = chosen + lines[table.selected + 2]
    body = "".join(
        f'<g transform="translate(0 {MARGIN + ROW * at + 14})">{line}</g>'
        for at, line in enumerate(lines)
    )
    height = MARGIN + ROW * len(lines)
    label = "A network's layers, and what each makes and costs"
    return picture(label, describe(table), WIDTH, height, f'<g font-size="13">{body}</g>')


def describe(table: ArchitectureTable) -> str:
    """Return the sentence that the live widget says: the selected layer, or why none can be.

    >>> from convbook.widgets import ArchitectureTable
    >>> describe(ArchitectureTable(selected=5))
    'Layer 6 of 8, flatten: output 576; 0 of 93,322 parameters, 0 %.'
    """
    network, error = table.counted
    if error:
        return f"Not possible: {error}. Counted: {_layers(error.number - 1)}."
    row, measure = network.rows[table.selected], MEASURES[table.share]
    words = f" ({row.details})" if row.details else ""
    part, whole = measure.of(row), measure.of(network)
    return (
        f"Layer {row.number} of {len(network.rows)}, {kind_text(row.kind)}{words}: output "
        f"{shape_text(row.output_shape)}; {measure.text(part)} of {measure.text(whole)} "
        f"{measure.unit}, {share_text(part, whole)}."
    )


def _layers(number: int) -> str:
    if number < 2:
        return "layer 1" if number else "no layer"
    return f"layers 1 to {number}"


def _headings(measure: Measure) -> str:
    titles = {name: name for name in STARTS | ENDS}
    cells = _cells({**titles, "Share": f"Share of {measure.name}"})
    return f'<g font-weight="600">{cells}</g>' + _rule(10)


def _line(row: LayerCount, network: NetworkCount, measure: Measure) -> str:
    part, whole = measure.of(row), measure.of(network)
    fill, length = FILLS.get(row.kind, GREY), BAR * part / whole if whole else 0
    bar = (
        f'<rect x="{STARTS["Share"]}" y="-11" width="{length:.1f}" height="14" fill="rgb{fill}" '
        f'stroke="{INK}" stroke-width="0.5"/>'
        f'<text x="{STARTS["Share"] + BAR + 8}">{escape(share_text(part, whole))}</text>'
    )
    numbers = {**_costs(row), "Receptive field": field_text(row.receptive_field)}
    return _name(row.number, row.kind, row.details) + bar + _cells(numbers) + _millions(row)


def _skipped(table: ArchitectureTable, number: int) -> str:
    layer = table.layers[number - 1]
    why = "not counted" if number > len(table.table) + 1 else "not possible"
    return _name(number, layer["kind"], details(layer)) + _cells({"Share": why})


def _totals(network: NetworkCount, error: LayerError | None) -> str:
    name = f"Total of {_layers(len(network.rows))}" if error else "Total"
    cells = _cells({"Layer": name, **_costs(network)})
    return f'{_rule(-20)}<g font-weight="600">{cells}</g>' + _millions(network)


def _costs(count: Count) -> dict[str, str]:
    return {
        "Output": shape_text(count.output_shape),
        "Parameters": f"{count.parameters:,}",
        "MACs": f"{count.macs:,}",
        "Memory": bytes_text(count.activation_bytes),
    }


def _millions(count: Count) -> str:
    return _small(in_millions(count.macs), f'x="{ENDS["MACs"]}" text-anchor="end"')


def _name(number: int, kind: str, words: str) -> str:
    small = _small(words, f'x="{STARTS["Layer"]}"')
    return _cells({"Layer": f"{number} {kind_text(kind)}"}) + small


def _small(text: str, place: str) -> str:
    return f'<text {place} y="14" font-size="11">{escape(text)}</text>' if text else ""


def _cells(texts: dict[str, str]) -> str:
    starts = {name: f'<text x="{STARTS[name]}">' for name in STARTS}
    ends = {name: f'<text x="{ENDS[name]}" text-anchor="end">' for name in ENDS}
    tags = starts | ends
    return "".join(f"{tags[name]}{escape(text)}</text>" for name, text in texts.items())


def _rule(y: int) -> str:
    return f'<path d="M{MARGIN} {y}H{WIDTH - MARGIN}" stroke="{INK}"/>'
