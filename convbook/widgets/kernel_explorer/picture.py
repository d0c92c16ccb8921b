"""The still picture of the kernel explorer: for paper, and for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convbook.arithmetic.convolution import pad2d
from convbook.widgets.kernel_explorer.still import photograph_picture
from convbook.widgets.svg import Board, boards_picture, factor_text, format_number, is_exact

if TYPE_CHECKING:
    from convbook.widgets.kernel_explorer import KernelExplorer

Array = NDArray[np.float64]

LABEL = "A kernel over an image, and the output it computes"


@np.errstate(over="ignore", invalid="ignore")
def explorer_picture(explorer: KernelExplorer) -> str:
    """Return ``explorer`` as one SVG element: image with window, kernel, output, and the sum.

    Args:
        explorer: its traits are read, nothing is changed.

    >>> from convbook.widgets import KernelExplorer
    >>> explorer_picture(KernelExplorer())[:4]
    '<svg'
    """
    shown, output = _image(explorer), _output(explorer)
    if explorer.is_photograph:
        window = _window(explorer, output)
        return photograph_picture(LABEL, describe(explorer), shown, output, window)
    flipped = explorer.flip and not explorer.is_asked
    boards = {
        "Image": Board(shown, _window(explorer, output), _edge(explorer, shown)),
        "Kernel, flipped" if flipped else "Kernel": Board(
            explorer.weights if flipped else np.array(explorer.kernel)
        ),
        "Output": Board(explorer.shown(output), {(explorer.row, explorer.column)}),
    }
    return boards_picture(LABEL, describe(explorer), boards)


@np.errstate(over="ignore", invalid="ignore")
def describe(explorer: KernelExplorer) -> str:
    """Return the sentence that the live widget says, what it asks, or why there is no output.

    >>> from convbook.widgets import KernelExplorer
    >>> describe(KernelExplorer(image=[[1, 2]], kernel=[[3, -4]]))
    'Output row 1, column 1: 1×3 + 2×(−4) = −5'
    """
    try:
        values, total = explorer.patch, explorer.value
    except ValueError as error:
        return f"No output: {error}."
    place = f"row {explorer.row + 1}, column {explorer.column + 1}"
    if explorer.is_asked:
        return f"What is output {place}?"
    factors = zip(values.flat, explorer.weights.flat, strict=True)
    terms = [f"{factor_text(value)}×{factor_text(weight)}" for value, weight in factors]
    if len(terms) > 9:
        terms = [terms[0], f"… ({len(terms)} products)", terms[-1]]
    sign = "=" if is_exact(total) else "≈"
    return f"Output {place}: {' + '.join(terms)} {sign} {format_number(total)}"


def _image(explorer: KernelExplorer) -> Array:
    try:
        return pad2d(explorer.pixels, explorer.padding, explorer.mode)
    except ValueError:
        return pad2d(explorer.pixels, explorer.padding)


def _output(explorer: KernelExplorer) -> Array:
    try:
        return explorer.output
    except ValueError:
        return np.empty((0, 0))


def _window(explorer: KernelExplorer, output: Array) -> set[tuple[int, int]]:
    if output.size == 0:
        return set()
    stride, dilation = explorer.stride, explorer.dilation
    return {
        (stride * explorer.row + dilation * m, stride * explorer.column + dilation * n)
        for m, n in np.ndindex(explorer.weights.shape)
    }


def _edge(explorer: KernelExplorer, shown: Array) -> Callable[[int, int], bool]:
    p, (height, width) = explorer.padding, shown.shape
    return lambda y, x: not (p <= y < height - p and p <= x < width - p)
