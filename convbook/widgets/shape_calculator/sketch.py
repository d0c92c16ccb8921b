"""The still picture of a large input: a drawing to scale, without single cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from convbook.widgets.shape_calculator.words import axes
from convbook.widgets.svg import HEADING, INK, MARGIN, picture
from convbook.widgets.traits import limits_of

if TYPE_CHECKING:
    from convbook.widgets.shape_calculator import ShapeCalculator

LONGEST = 360
MOST_CELLS = limits_of("shape_calculator")["drawn"]["most"]
PLAIN, COVERED, DROPPED, EDGE = "#ffffff", "#c6d8ec", "#b3400b", "#6b7280"


def padded_shape(calculator: ShapeCalculator) -> tuple[int, int]:
    """Return rows and columns of the input with its padding."""
    padding = 2 * calculator.padding
    return calculator.height + padding, calculator.width + padding


def input_title(calculator: ShapeCalculator) -> str:
    """Return the input's size in words, and that with its padding where it has some."""
    rows, columns = padded_shape(calculator)
    padded = f", padded {rows} × {columns}" if calculator.padding else ""
    return f"Input {calculator.height} × {calculator.width}{padded}"


def is_sketched(calculator: ShapeCalculator) -> bool:
    """Tell whether there are too many cells to draw them one by one."""
    return max(padded_shape(calculator)) > MOST_CELLS


def sketch(label: str, sentence: str, calculator: ShapeCalculator) -> str:
    """Return ``calculator`` as one SVG element: input and output to one scale, as rectangles.

    Args:
        label: what the picture is.
        sentence: what it says now.
        calculator: its traits are read, nothing is changed.
    """
    rows, columns = padded_shape(calculator)
    scale = LONGEST / max(rows, columns)
    boards = {input_title(calculator): ((rows, columns), _input(calculator, scale))}
    try:
        shape = calculator.output_shape
        boards[f"Output {shape[0]} × {shape[1]}"] = (shape, _output(calculator, shape, scale))
    except ValueError:
        pass
    parts, left = [], MARGIN
    for title, ((_, wide), body) in boards.items():
        heading = f'<text x="0" y="0" font-weight="600">{title}</text>'
        board = f'{heading}<g transform="translate(0 10)">{body}</g>'
        parts.append(f'<g transform="translate({left} {MARGIN + 14})">{board}</g>')
        left += max(round(wide * scale), 9 * len(title)) + 2 * MARGIN
    said = f"{sentence} {_why(rows, columns)}"
    height = MARGIN + HEADING + round(rows * scale)
    return picture(label, said, max(left - MARGIN, 480), height, "".join(parts))


def _why(rows: int, columns: int) -> str:
    return f"A sketch to scale: {rows} × {columns} cells are too many to draw one by one."


def _input(calculator: ShapeCalculator, scale: float) -> str:
    padding, (rows, columns) = calculator.padding, padded_shape(calculator)
    height, width = calculator.height, calculator.width
    around = _rectangle(0, 0, columns, rows, scale, f'fill="{PLAIN}" {_stroke(dashed=True)}')
    place = (padding, padding, width, height, scale)
    try:
        down, across = axes(calculator)
    except ValueError:
        return around + _rectangle(*place, f'fill="{PLAIN}" {_stroke()}')
    bands = [
        *(
            _rectangle(padding, y + padding, width, n, scale, _DARK)
            for y, n in _missed(down.covered, padding)
        ),
        *(
            _rectangle(x + padding, padding, n, height, scale, _DARK)
            for x, n in _missed(across.covered, padding)
        ),
    ]
    covered = _rectangle(*place, f'fill="{COVERED}" {_stroke()}')
    return around + covered + "".join(bands) + _frame(calculator, scale)


_DARK = f'fill="{DROPPED}"'


def _missed(covered: Sequence[bool], padding: int) -> Iterator[tuple[int, int]]:
    """Yield first cell and length of each run of input cells that are never covered."""
    cells = enumerate(covered[padding : len(covered) - padding])
    for is_covered, run in groupby(cells, lambda cell: cell[1]):
        if not is_covered:
            found = [cell for cell, _ in run]
            yield found[0], len(found)


def _frame(calculator: ShapeCalculator, scale: float) -> str:
    left, top = (calculator.stride * at for at in (calculator.column, calculator.row))
    side = calculator.dilation * (calculator.kernel_size - 1) + 1
    return _rectangle(left, top, side, side, scale, f'fill="none" stroke="{INK}" stroke-width="2"')


def _output(calculator: ShapeCalculator, shape: tuple[int, int], scale: float) -> str:
    rows, columns = shape
    whole = _rectangle(0, 0, columns, rows, scale, f'fill="{PLAIN}" {_stroke()}')
    chosen = f'fill="{INK}" stroke="{INK}" stroke-width="2"'
    return whole + _rectangle(calculator.column, calculator.row, 1, 1, scale, chosen)


def _stroke(*, dashed: bool = False) -> str:
    return f'stroke="{EDGE}"' + (' stroke-dasharray="2 2"' if dashed else "")


def _rectangle(x: int, y: int, width: int, height: int, scale: float, look: str) -> str:
    left, top, wide, high = (f"{cells * scale:.2f}" for cells in (x, y, width, height))
    return f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" {look}/>'
