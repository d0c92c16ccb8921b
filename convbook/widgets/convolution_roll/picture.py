"""The still picture of the convolution roll: for paper, and for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convbook.palette import diverging_color, share_of, text_color
from convbook.widgets.convolution_roll import rolling
from convbook.widgets.svg import CELL, INK, MARGIN, format_number, numeral_size, picture

if TYPE_CHECKING:
    from convbook.widgets.convolution_roll import ConvolutionRoll

BAR = 48
LANE = 20 + BAR + 28
MUTED = "#4b5563"
# Up to here the cells of the matrix hold numerals.
MOST_COLUMNS, MOST_ROWS, MOST_DIGITS = 16, 20, 5


@dataclass(frozen=True)
class Lane:
    """A row of bars with numerals below them.

    Args:
        title: what it shows.
        bars: by column, counted from the first cell of x.
        scale: the numbers the bars are measured by; the largest fills the lane.
        chosen: the column with a frame.
    """

    title: str
    bars: dict[int, float]
    scale: Sequence[float]
    chosen: int | None = None


@np.errstate(over="ignore", invalid="ignore")
def roll_picture(roll: ConvolutionRoll) -> str:
    """Return ``roll`` as one SVG element: the signals, the products, the output, the matrix.

    Args:
        roll: its traits are read, nothing is changed.

    >>> from convbook.widgets import ConvolutionRoll
    >>> roll_picture(ConvolutionRoll())[:4]
    '<svg'
    """
    lanes = _lanes(roll)
    rows = rolling.kept(roll)
    left = min(0, rows.start - len(roll.w) + 1)
    columns = max(len(roll.x), rows.stop) - left
    drawn = (_lane(lane, left, MARGIN + LANE * i) for i, lane in enumerate(lanes))
    top = MARGIN + LANE * len(lanes)
    # The matrix would tell how w lies.
    matrix, width, height = ("", 0, 0) if roll.asks_for(roll.position) else _matrix(roll, top)
    label = "One signal rolls over another, and the output it computes"
    width = max(columns * CELL, width, 340) + 2 * MARGIN
    body = _window(roll, left) + "".join(drawn) + matrix
    return picture(label, rolling.describe(roll), width, top + height, body)


def _lanes(roll: ConvolutionRoll) -> list[Lane]:
    laid, terms, output = rolling.laid_weights(roll), rolling.terms(roll), roll.output
    first, start = rolling.first_column(roll), rolling.output_column(roll)
    reached = output if roll.show_all or roll.predict else output[: roll.position + 1]
    known = {start + i: value for i, value in enumerate(roll.shown(reached)) if not np.isnan(value)}
    products = {} if roll.asks_for(roll.position) else {term.column: term.product for term in terms}
    every_product = [value * weight for value, weight in product(roll.x, roll.w)]
    return [
        Lane("x", dict(enumerate(roll.x)), roll.x),
        Lane("w, flipped" if roll.flip else "w", dict(enumerate(laid, first)), roll.w),
        Lane("Products", products, every_product),
        Lane(
            f"Output, {roll.mode}",
            known,
            output.tolist(),
            start + roll.position,
        ),
    ]


def _lane(lane: Lane, left: int, top: int) -> str:
    # The halo parts the title from the frame that crosses it.
    halo = 'stroke="#ffffff" stroke-width="8" paint-order="stroke"'
    title = f'<text x="{MARGIN}" y="{top + 12}" font-weight="600" {halo}>{lane.title}</text>'
    low, high = min(0.0, *lane.scale), max(0.0, *lane.scale)
    largest = max(high, -low)
    top_share = share_of(high, largest)
    span = top_share - share_of(low, largest) or 1.0
    parts = [title]
    for column, value in lane.bars.items():
        x = MARGIN + (column - left) * CELL
        share = share_of(value, largest)
        upper = top + 20 + BAR * (top_share - max(share, 0.0)) / span
        size = max(BAR * abs(share) / span, 1)
        color = diverging_color(value, largest)
        text = format_number(value)
        parts.append(
            f'<rect x="{x + 4}" y="{upper:.1f}" width="{CELL - 8}" height="{size:.1f}" '
            f'fill="rgb{color}" stroke="{MUTED}"/>'
            f'<text x="{x + CELL // 2}" y="{top + BAR + 36}" text-anchor="middle" '
            f'font-size="{numeral_size(text)}">{text}</text>'
        )
    if lane.chosen is not None:
        x = MARGIN + (lane.chosen - left) * CELL
        parts.append(_frame(x + 1, top + BAR + 21, CELL - 2, 20))
    return "".join(parts)


def _window(roll: ConvolutionRoll, left: int) -> str:
    """The frame around the rolling signal, from x down to the products."""
    x = MARGIN + (rolling.first_column(roll) - left) * CELL
    return _frame(x + 1, MARGIN + 18, len(roll.w) * CELL - 2, 3 * LANE - 24)


def _frame(x: int, y: int, width: int, height: int) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" fill="none" '
        f'stroke="{INK}" stroke-width="2.5"/>'
    )


def _matrix(roll: ConvolutionRoll, top: int) -> tuple[str, int, int]:
    """The matrix below ``top``, its width and its height; zeros stay blank."""
    numbers = roll.matrix
    rows, columns = numbers.shape
    texts = [[format_number(value) if value else "" for value in row] for row in numbers]
    fits = max(len(text) for row in texts for text in row) <= MOST_DIGITS
    cell = 36 if rows <= MOST_ROWS and columns <= MOST_COLUMNS and fits else 14
    title = f'<text x="{MARGIN}" y="{top + 12}" font-weight="600">Matrix</text>'
    top += 20
    cells = (
        _matrix_cell(numbers, texts[i][j] if cell > 14 else "", i, j, top, cell)
        for i, j in np.ndindex(rows, columns)
    )
    frame = _frame(MARGIN, top + roll.position * cell, columns * cell, cell)
    return "".join([title, *cells, frame]), columns * cell, 20 + rows * cell


def _matrix_cell(
    numbers: NDArray[np.float64], text: str, i: int, j: int, top: int, cell: int
) -> str:
    value = float(numbers[i, j])
    color = diverging_color(value, float(abs(numbers).max())) if value else (243, 244, 246)
    x, y = MARGIN + j * cell, top + i * cell
    numeral = (
        f'<text x="{x + cell // 2}" y="{y + cell // 2 + 4}" text-anchor="middle" '
        f'font-size="{12 if len(text) < 5 else 10}" fill="{text_color(color)}">{text}</text>'
        if text
        else ""
    )
    place = f'x="{x + 0.5}" y="{y + 0.5}" width="{cell - 1}" height="{cell - 1}"'
    return f'<rect {place} fill="rgb{color}"/>{numeral}'
