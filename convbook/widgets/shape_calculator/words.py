"""The shape calculator in one sentence, the same as the live widget's; positions from 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convbook.arithmetic.shapes import covered
from convbook.wording import amount

if TYPE_CHECKING:
    from convbook.widgets.shape_calculator import ShapeCalculator

# More are not read any more.
MOST_RUNS = 16


@dataclass(frozen=True)
class Axis:
    """What happens along the rows, or along the columns, where the kernel fits.

    Args:
        n: cells of the input.
        padding: cells added on each side.
        covered: for each padded cell, whether some position touches it.
        touched: for each padded cell, whether the chosen position touches it.
    """

    n: int
    padding: int
    covered: list[bool]
    touched: list[bool]

    def cells(self, which: Sequence[bool]) -> list[int]:
        """Return the input cells, counted without the padding, where ``which`` holds."""
        return [cell for cell in range(self.n) if which[cell + self.padding]]


def axes(calculator: ShapeCalculator) -> tuple[Axis, Axis]:
    """Return what happens along rows and along columns.

    Raises:
        ValueError: the kernel fits nowhere.
    """
    rows = _axis(calculator, calculator.height, calculator.row)
    return rows, _axis(calculator, calculator.width, calculator.column)


def _axis(calculator: ShapeCalculator, n: int, at: int) -> Axis:
    kernel_size, stride, dilation = calculator.kernel_size, calculator.stride, calculator.dilation
    padded = n + 2 * calculator.padding
    under = {stride * at + dilation * cell for cell in range(kernel_size)}
    return Axis(
        n=n,
        padding=calculator.padding,
        covered=covered(padded, kernel_size, stride, dilation=dilation),
        touched=[cell in under for cell in range(padded)],
    )


def describe(calculator: ShapeCalculator) -> str:
    """Return what the live widget says at first, or why the kernel fits nowhere.

    >>> from convbook.widgets import ShapeCalculator
    >>> describe(ShapeCalculator(height=4, width=3, kernel_size=2))
    'Output 2 × 1. 4 of 12 input cells are dropped: column 3 is never covered. Output row 1, \
column 1 touches input rows 1–2 and columns 1–2.'
    """
    try:
        rows, columns = calculator.output_shape
    except ValueError as error:
        return f"No output: {error}."
    return f"Output {rows} × {columns}. {_dropped(calculator)} {_position(calculator)}"


def formula(calculator: ShapeCalculator, n: int, outputs: int) -> str:
    """Return the rule for the output size with the numbers of one axis filled in.

    >>> from convbook.widgets import ShapeCalculator
    >>> formula(ShapeCalculator(), 7, 3)
    '⌊(7 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = 3'
    """
    reach = f"{calculator.dilation}·({calculator.kernel_size} − 1)"
    inside = f"{n} + 2·{calculator.padding} − {reach} − 1"
    return f"⌊({inside}) / {calculator.stride}⌋ + 1 = {outputs}"


def _dropped(calculator: ShapeCalculator) -> str:
    dropped = calculator.dropped
    if dropped == 0:
        return "Every input cell is covered."
    rows, columns = (axis.cells([not one for one in axis.covered]) for axis in axes(calculator))
    lines = " and ".join(filter(None, [places("row", rows), places("column", columns)]))
    cells = f"{dropped:,} of {amount(calculator.height * calculator.width, 'input cell')}"
    return f"{cells} {_be(dropped)} dropped: {lines} {_be(len(rows) + len(columns))} never covered."


def _position(calculator: ShapeCalculator) -> str:
    rows, columns = (axis.cells(axis.touched) for axis in axes(calculator))
    touched = calculator.kernel_size**2
    padding = touched - len(rows) * len(columns)
    cells = f"{amount(padding, 'cell')} of padding"
    place = f"Output row {calculator.row + 1}, column {calculator.column + 1} touches"
    if padding == touched:
        return f"{place} {cells} and no input."
    rest = f", and {cells}" if padding else ""
    return f"{place} input {places('row', rows)} and {places('column', columns)}{rest}."


def places(name: str, indices: Sequence[int]) -> str:
    """Return rising ``indices`` as people count, or nothing where there are none.

    Of many, the first three runs and the last are said.

    >>> places("row", [1, 3, 4, 5])
    'rows 2 and 4–6'
    """
    if not indices:
        return ""
    known = set(indices)
    starts = [index for index in indices if index - 1 not in known]
    ends = [index for index in indices if index + 1 not in known]
    runs = [
        f"{start + 1}" if start == end else f"{start + 1}–{end + 1}"
        for start, end in zip(starts, ends, strict=True)
    ]
    if len(runs) > MOST_RUNS:
        runs = [*runs[:3], "…", runs[-1]]
    listed = f"{', '.join(runs[:-1])} and {runs[-1]}" if len(runs) > 1 else runs[0]
    return f"{name}{'s' if len(indices) > 1 else ''} {listed}"


def _be(number: int) -> str:
    return "is" if number == 1 else "are"
