"""The still picture of a receptive field: for paper, and for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from convbook.palette import ORANGE
from convbook.widgets.receptive_field.scene import Scene, scene_of, scene_without_pooling
from convbook.widgets.receptive_field.words import describe, layer_name, lit_note, percent, seen
from convbook.widgets.svg import INK, MARGIN, picture

if TYPE_CHECKING:
    from convbook.widgets.receptive_field import ReceptiveField

LARGEST = 150
SMALLEST = 80
CAPTION = 64
CHOSEN = "#1d5fae"
BOARD = "#eef0f3"
# More lit rectangles than this would make a heavy page.
MOST_BLOCKS = 1000

Runs = list[tuple[int, int]]


def field_picture(widget: ReceptiveField) -> str:
    """Return ``widget`` as one SVG element: every level's map with the field lit in it.

    Args:
        widget: its traits are read, nothing is changed.

    >>> from convbook.widgets import ReceptiveField
    >>> field_picture(ReceptiveField())[:4]
    '<svg'
    """
    scene = scene_of(widget)
    strips = {"With pooling" if widget.compare else "Levels": scene}
    if widget.compare:
        strips["Without pooling"] = scene_without_pooling(scene)
    largest = max(size for strip in strips.values() for size in strip.sizes)
    width, body, top = 0, "", MARGIN
    for title, strip in strips.items():
        drawn, right, height = _strip(title, strip, largest)
        body += f'<g transform="translate({MARGIN} {top})">{drawn}</g>'
        width, top = max(width, right + MARGIN), top + height
    label = "A stack of layers, and what one of its neurons sees"
    return picture(label, describe(widget), width, top - MARGIN, body)


def _strip(title: str, scene: Scene, largest: int) -> tuple[str, int, int]:
    if scene.rows:
        title = f"{title}: the neuron sees {seen(scene)} input cells ({percent(scene)})"
    parts = [f'<text x="0" y="14" font-weight="600">{escape(title)}</text>']
    sides = [max(SMALLEST, round(LARGEST * size / largest)) for size in scene.sizes]
    left, bottom = 0, 28 + max(sides)
    for level, side in enumerate(sides):
        caption = _caption(scene, level)
        wide = max(side, *(7 * len(line) for line in caption))
        place = f"translate({left + (wide - side) / 2:g} {bottom - side})"
        texts = "".join(
            f'<text x="{side / 2:g}" y="{side + down}" font-size="12" text-anchor="middle">'
            f"{escape(line)}</text>"
            for line, down in zip(caption, (18, 36, 54), strict=True)
        )
        parts.append(f'<g transform="{place}">{_map(scene, level, side)}{texts}</g>')
        left += wide + MARGIN
    return "".join(parts), max(left, 8 * len(title)), bottom + CAPTION + MARGIN


def _caption(scene: Scene, level: int) -> tuple[str, str, str]:
    size = scene.sizes[level]
    name = f"{scene.numbers[level]} {layer_name(scene.layers[level - 1])}" if level else "Input"
    return name, f"{size} × {size}", lit_note(scene, level)


def _map(scene: Scene, level: int, side: int) -> str:
    cell = side / scene.sizes[level]
    board = f'<rect width="{side}" height="{side}" fill="{BOARD}" stroke="#6b7280"/>'
    if level >= len(scene.rows):
        return board
    rows, columns = scene.rows[level], scene.columns[level]
    fill = CHOSEN if level == scene.level else f"rgb{ORANGE}"
    if not (rows.cells and columns.cells):
        return board
    (top, bottom), (left, right) = (
        (span.cells[0] * cell, (span.cells[-1] + 1) * cell) for span in (rows, columns)
    )
    frame = _rectangle(left, top, right - left, bottom - top, "none", stroke=True)
    return board + _lit(list(_runs(rows.cells)), list(_runs(columns.cells)), cell, fill) + frame


def _lit(rows: Runs, columns: Runs, cell: float, fill: str) -> str:
    """Draw the lit cells; where they are many, one rectangle and the gaps over it."""
    if len(rows) * len(columns) <= MOST_BLOCKS:
        return _blocks(rows, columns, cell, fill)
    whole_rows, whole_columns = _whole(rows), _whole(columns)
    gaps = [(_between(rows), whole_columns), (whole_rows, _between(columns))]
    over = "".join(_blocks(down, across, cell, BOARD) for down, across in gaps)
    return _blocks(whole_rows, whole_columns, cell, fill) + over


def _blocks(rows: Runs, columns: Runs, cell: float, fill: str) -> str:
    return "".join(
        _rectangle(left * cell, top * cell, width * cell, height * cell, fill)
        for top, height in rows
        for left, width in columns
    )


def _whole(runs: Runs) -> Runs:
    return [(runs[0][0], sum(runs[-1]) - runs[0][0])]


def _between(runs: Runs) -> Runs:
    return [(sum(one), other[0] - sum(one)) for one, other in pairwise(runs)]


def _rectangle(
    x: float, y: float, width: float, height: float, fill: str, *, stroke: bool = False
) -> str:
    line = f' stroke="{INK}" stroke-width="2"' if stroke else ""
    place = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
    return f'<rect {place} fill="{fill}"{line}/>'


def _runs(cells: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield first cell and length of each run of neighbours."""
    for _, run in groupby(enumerate(cells), lambda pair: pair[1] - pair[0]):
        group = list(run)
        yield group[0][1], len(group)
