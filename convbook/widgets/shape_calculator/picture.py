"""The still picture of the shape calculator: for paper, and for readers without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convbook.widgets.shape_calculator.sketch import (
    input_title,
    is_sketched,
    padded_shape,
    sketch,
)
from convbook.widgets.shape_calculator.words import axes, describe, formula
from convbook.widgets.svg import HEADING, INK, MARGIN, picture

if TYPE_CHECKING:
    from convbook.widgets.shape_calculator import ShapeCalculator

Array = NDArray[np.int_]

LABEL = "The input of a convolution, what its kernel covers, and its output"
PLAIN, DROPPED, COVERED, TOUCHED = range(4)
FILLS = {PLAIN: "#ffffff", DROPPED: "#ffffff", COVERED: "#c6d8ec", TOUCHED: "#c6d8ec"}
SIGNS = {DROPPED: "×", TOUCHED: "●"}
CROSS, EDGE = "#b3400b", "#6b7280"
WIDEST = 640


def calculator_picture(calculator: ShapeCalculator) -> str:
    """Return ``calculator`` as one SVG element: padded input, output, the formula filled in.

    Args:
        calculator: its traits are read, nothing is changed.

    >>> from convbook.widgets import ShapeCalculator
    >>> calculator_picture(ShapeCalculator())[:4]
    '<svg'
    """
    if is_sketched(calculator):
        return sketch(LABEL, _sentence(calculator), calculator)
    boards = _boards(calculator)
    size = max(10, min(28, WIDEST // sum(looks.shape[1] for looks in boards.values())))
    parts: list[str] = []
    left = MARGIN
    for title, looks in boards.items():
        is_input = not parts
        cells = _cells(looks, size, calculator.padding if is_input else 0)
        if is_input and len(boards) > 1:
            cells += _frame(calculator, size)
        heading = f'<text x="0" y="0" font-weight="600">{title}</text>'
        parts.append(_moved(left, MARGIN + 14, heading + _moved(0, 10, cells)))
        left += max(looks.shape[1] * size, 9 * len(title)) + 2 * MARGIN
    height = MARGIN + HEADING + max(looks.shape[0] for looks in boards.values()) * size
    return picture(LABEL, _sentence(calculator), max(left - MARGIN, 480), height, "".join(parts))


def _sentence(calculator: ShapeCalculator) -> str:
    try:
        rows, columns = calculator.output_shape
    except ValueError:
        return describe(calculator)
    down = formula(calculator, calculator.height, rows)
    across = formula(calculator, calculator.width, columns)
    return f"{describe(calculator)} Rows: {down}. Columns: {across}."


def _boards(calculator: ShapeCalculator) -> dict[str, Array]:
    """Return what each cell is, by title: the input, and the output where there is one."""
    title, padded = input_title(calculator), padded_shape(calculator)
    try:
        rows, columns = calculator.output_shape
    except ValueError:
        return {title: np.full(padded, PLAIN)}
    down, across = axes(calculator)
    looks = np.where(np.outer(down.covered, across.covered), COVERED, DROPPED)
    looks[np.outer(down.touched, across.touched)] = TOUCHED
    output = np.full((rows, columns), PLAIN)
    output[calculator.row, calculator.column] = TOUCHED
    return {title: looks, f"Output {rows} × {columns}": output}


def _cells(looks: Array, size: int, padding: int = 0) -> str:
    inner = np.zeros(looks.shape, dtype=bool)
    height, width = looks.shape
    inner[padding : height - padding, padding : width - padding] = True
    return "".join(
        _cell(x * size, y * size, size, int(look), bool(inner[y, x]))
        for (y, x), look in np.ndenumerate(looks)
    )


def _cell(left: int, top: int, size: int, look: int, is_input: bool) -> str:
    dash = "" if is_input else ' fill-opacity="0.4" stroke-dasharray="2 2"'
    place = f'x="{left + 1}" y="{top + 1}" width="{size - 2}" height="{size - 2}"'
    cell = f'<rect {place} rx="2" fill="{FILLS[look]}" stroke="{EDGE}"{dash}/>'
    if look not in SIGNS:
        return cell
    color = INK if look == TOUCHED else CROSS if is_input else EDGE
    middle = f'x="{left + size / 2:g}" y="{top + 0.75 * size:g}" text-anchor="middle"'
    return f'{cell}<text {middle} font-size="{0.7 * size:g}" fill="{color}">{SIGNS[look]}</text>'


def _frame(calculator: ShapeCalculator, size: int) -> str:
    """Return the outline of the kernel at the chosen output."""
    left, top = (calculator.stride * at * size for at in (calculator.column, calculator.row))
    side = (calculator.dilation * (calculator.kernel_size - 1) + 1) * size
    place = f'x="{left}" y="{top}" width="{side}" height="{side}"'
    return f'<rect {place} rx="3" fill="none" stroke="{INK}" stroke-width="3"/>'


def _moved(x: int, y: int, body: str) -> str:
    return f'<g transform="translate({x} {y})">{body}</g>'
