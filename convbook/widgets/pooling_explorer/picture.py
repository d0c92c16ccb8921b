"""The still picture of the pooling explorer, and the sentences it shares with the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convbook.arithmetic.pooling import distance_weights, drawn_cell, probabilities, total
from convbook.widgets.svg import Board, boards_picture, factor_text, format_number, is_exact

if TYPE_CHECKING:
    from convbook.widgets.pooling_explorer import PoolingExplorer

Array = NDArray[np.float64]

MOST_TERMS = 9


@np.errstate(over="ignore", invalid="ignore")
def explorer_picture(explorer: PoolingExplorer) -> str:
    """Return ``explorer`` as one SVG element: image with window, output, and the arithmetic.

    Args:
        explorer: its traits are read, nothing is changed.

    >>> from convbook.widgets import PoolingExplorer
    >>> explorer_picture(PoolingExplorer())[:4]
    '<svg'
    """
    shifted, output, before = explorer.shifted, _output(explorer), _output(explorer, before=True)
    boards = {
        "Image, shifted" if explorer.shift else "Image": _board(
            shifted, np.array(explorer.image), _window(explorer, output)
        ),
        "Output": _board(explorer.shown(output), before, {(explorer.row, explorer.column)}),
    }
    sentence = describe(explorer)
    if not explorer.predict:
        sentence += f" {describe_shift(explorer)}"
    if explorer.shift and not explorer.predict:
        sentence += " Dashed cells changed."
    return boards_picture("Pooling: each window becomes one number", sentence, boards)


@np.errstate(over="ignore", invalid="ignore")
def describe(explorer: PoolingExplorer) -> str:
    """Return the sentence that the live widget says, what it asks, or why no window fits.

    >>> from convbook.widgets import PoolingExplorer
    >>> describe(PoolingExplorer([[1, -2], [3, 4]], kind="average"))
    'Output row 1, column 1: (1 + (−2) + 3 + 4) / 4 = 6 / 4 = 1.5.'
    """
    try:
        cells = explorer.window.ravel()
    except ValueError as error:
        return f"No output: {error}."
    place = _place(explorer.row, explorer.column)
    if explorer.is_asked:
        draw = explorer.kind == "stochastic"
        given = f" The draw is {format_number(explorer.draw)}." if draw else ""
        return f"What is output {place}?{given}"
    work = {
        "max": _max,
        "average": _average,
        "l2": _l2,
        "weighted": _weighted,
        "stochastic": _stochastic,
    }[explorer.kind]
    return f"Output {place}: {work(explorer, cells)}."


@np.errstate(over="ignore", invalid="ignore")
def describe_shift(explorer: PoolingExplorer) -> str:
    """Return what the shift changed, as the live widget says it.

    >>> from convbook.widgets import PoolingExplorer
    >>> describe_shift(PoolingExplorer([[0.3, 0.1, 1, 0.2, 0.1, 0]], size=3, stride=1, shift=1))
    'Shifted 1 cell to the right: 6 of 6 input values changed, 2 of 4 pooled values did.'
    """
    count = abs(explorer.shift)
    if count == 0:
        return "Not shifted."
    move = f"{count} {'cell' if count == 1 else 'cells'} to the "
    move += "right" if explorer.shift > 0 else "left"
    changed = f"{_changed(explorer.image, explorer.shifted)} input values changed"
    output = _output(explorer)
    if output.size:
        changed += f", {_changed(_output(explorer, before=True), output)} pooled values did"
    return f"Shifted {move}: {changed}."


def _max(explorer: PoolingExplorer, cells: Array) -> str:
    winner = int(cells.argmax())
    first = "first " if (cells == cells[winner]).sum() > 1 else ""
    many = f"{cells.size} values"
    listed = many if cells.size > MOST_TERMS else ", ".join(map(format_number, cells))
    return (
        f"the largest of {listed} is {format_number(cells[winner])}, {first}at "
        f"{_cell_place(explorer, winner)}"
    )


def _average(_explorer: PoolingExplorer, cells: Array) -> str:
    whole, count = float(total(cells)), cells.size
    value = whole / count
    return (
        f"({_joined(map(factor_text, cells))}) / {count} {_sign(*cells, whole)} "
        f"{format_number(whole)} / {count} {_sign(whole, value)} {format_number(value)}"
    )


def _l2(_explorer: PoolingExplorer, cells: Array) -> str:
    whole = float(total(cells**2))
    value = float(np.sqrt(whole))
    terms = _joined(f"{factor_text(cell)}²" for cell in cells)
    return (
        f"√({terms}) {_sign(*cells, whole)} √{format_number(whole)} {_sign(whole, value)} "
        f"{format_number(value)}"
    )


def _weighted(explorer: PoolingExplorer, cells: Array) -> str:
    weights = distance_weights(explorer.window_shape).ravel()
    value = float(total(cells * weights))
    terms = (
        f"{factor_text(cell)}×{factor_text(w)}" for cell, w in zip(cells, weights, strict=True)
    )
    return f"{_joined(terms)} {_sign(*cells, *weights, value)} {format_number(value)}"


def _stochastic(explorer: PoolingExplorer, cells: Array) -> str:
    shares = probabilities(cells)
    if not shares.any():
        return "no cell is positive, so the output is 0"
    listed = f"{cells.size} probabilities"
    if cells.size <= MOST_TERMS:
        listed = f"probabilities {', '.join(map(format_number, shares))}"
    hit = drawn_cell(cells, explorer.draw)
    return (
        f"{listed}; the draw {format_number(explorer.draw)} hits {format_number(cells[hit])}, at "
        f"{_cell_place(explorer, hit)}"
    )


def _joined(terms: Iterable[str]) -> str:
    shown = list(terms)
    if len(shown) > MOST_TERMS:
        shown = [shown[0], f"… ({len(shown)} terms)", shown[-1]]
    return " + ".join(shown)


def _sign(*values: float) -> str:
    # Equal only if no number beside the sign was rounded.
    return "=" if all(map(is_exact, values)) else "≈"


def _place(row: int, column: int) -> str:
    return f"row {row + 1}, column {column + 1}"


def _cell_place(explorer: PoolingExplorer, index: int) -> str:
    m, n = divmod(index, explorer.window_shape[1])
    return _place(explorer.stride * explorer.row + m, explorer.stride * explorer.column + n)


def _changed(before: Array | list[list[float]], after: Array) -> str:
    return f"{int((np.array(before) != after).sum())} of {after.size}"


def _output(explorer: PoolingExplorer, *, before: bool = False) -> Array:
    try:
        return explorer.before if before else explorer.output
    except ValueError:
        return np.empty((0, 0))


def _board(numbers: Array, before: Array, marked: set[tuple[int, int]]) -> Board:
    return Board(numbers, marked, lambda y, x: bool(numbers[y, x] != before[y, x]))


def _window(explorer: PoolingExplorer, output: Array) -> set[tuple[int, int]]:
    if output.size == 0:
        return set()
    top, left = explorer.stride * explorer.row, explorer.stride * explorer.column
    return {(top + m, left + n) for m, n in np.ndindex(explorer.window_shape)}
