"""The still picture of the kernel explorer: for paper, and for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from convbook.convolution import pad2d
from convbook.widgets.palette import diverging_color, text_color

if TYPE_CHECKING:
    from convbook.widgets.kernel_explorer import KernelExplorer

Array = NDArray[np.float64]

CELL = 40
MARGIN = 16
HEADING = 24
INK = "#111827"


def explorer_picture(explorer: KernelExplorer) -> str:
    """Return ``explorer`` as one SVG element: image with window, kernel, output, and the sum.

    Args:
        explorer: its traits are read, nothing is changed.

    Returns:
        SVG text without an XML declaration or ids, so that many fit on one page. It has
        ``role="img"``, a title and a description, and its own light background.

    >>> from convbook.widgets import KernelExplorer
    >>> explorer_picture(KernelExplorer())[:4]
    '<svg'
    """
    shown, sentence = _image(explorer), describe(explorer)
    output = _output(explorer)
    boards = [
        ("Image", _board(shown, _window(explorer, output), _edge(explorer, shown))),
        ("Kernel, flipped" if explorer.flip else "Kernel", _board(explorer.weights)),
        ("Output", _board(output, {(explorer.row, explorer.column)})),
    ]
    sizes = [shown.shape, explorer.weights.shape, output.shape]
    parts, left = [], MARGIN
    for (title, board), (_, columns) in zip(boards, sizes, strict=True):
        heading = f'<text x="0" y="0" font-weight="600">{title}</text>'
        parts.append(f'<g transform="translate({left} {MARGIN + 14})">{heading}{board}</g>')
        left += max(columns * CELL, 9 * len(title)) + 2 * MARGIN
    height = MARGIN + HEADING + max(rows for rows, _ in sizes) * CELL
    lines = _wrapped(sentence, (left - 2 * MARGIN) // 8)
    parts += [_line(line, height + 28 + 20 * i) for i, line in enumerate(lines)]
    return _svg(left - MARGIN, height + 28 + 20 * len(lines), sentence, "".join(parts))


def describe(explorer: KernelExplorer) -> str:
    """Return the sentence that the live widget says, or why the kernel fits nowhere.

    >>> from convbook.widgets import KernelExplorer
    >>> describe(KernelExplorer(image=[[1, 2]], kernel=[[3, -4]]))
    'Output row 1, column 1: 1×3 + 2×(−4) = −5'
    """
    try:
        values, total = explorer.patch, explorer.value
    except ValueError as error:
        return f"No output: {error}."
    factors = zip(values.flat, explorer.weights.flat, strict=True)
    terms = [f"{_factor(value)}×{_factor(weight)}" for value, weight in factors]
    if len(terms) > 9:
        terms = [terms[0], f"… ({len(terms)} products)", terms[-1]]
    sign = "=" if abs(round(total, 2) - total) < 1e-9 else "≈"
    place = f"Output row {explorer.row + 1}, column {explorer.column + 1}"
    return f"{place}: {' + '.join(terms)} {sign} {format_number(total)}"


def format_number(value: float) -> str:
    """Return ``value`` with at most two decimals and a real minus sign.

    >>> format_number(-1 / 9)
    '−0.11'
    """
    # Half goes up, as in the page; adding zero turns −0 into 0.
    rounded = np.floor(value * 100 + 0.5) / 100 + 0.0
    return f"{rounded:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def _factor(value: float) -> str:
    return f"({format_number(value)})" if value < 0 else format_number(value)


def _image(explorer: KernelExplorer) -> Array:
    try:
        return pad2d(explorer.image, explorer.padding, explorer.mode)
    except ValueError:
        return pad2d(explorer.image, explorer.padding)


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


def _board(
    numbers: Array,
    marked: set[tuple[int, int]] | None = None,
    dashed: Callable[[int, int], bool] = lambda y, x: False,
) -> str:
    limit = float(np.abs(numbers).max(initial=0))
    marks = marked or set()
    order = sorted(np.ndindex(numbers.shape), key=lambda place: place in marks)
    cells = (
        _cell(float(numbers[y, x]), limit, y, x, (y, x) in marks, dashed(y, x)) for y, x in order
    )
    return f'<g transform="translate(0 10)">{"".join(cells)}</g>'


def _cell(value: float, limit: float, y: int, x: int, marked: bool, dashed: bool) -> str:
    color = diverging_color(value, limit)
    text = format_number(value)
    stroke = f'stroke="{INK}" stroke-width="3"' if marked else 'stroke="#ffffff" stroke-width="2"'
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    if dashed and not marked:
        stroke = 'stroke="#6b7280" stroke-width="1"'
    middle_x, middle_y = x * CELL + CELL // 2, y * CELL + CELL // 2
    return (
        f'<rect x="{x * CELL + 1}" y="{y * CELL + 1}" width="{CELL - 2}" height="{CELL - 2}" '
        f'rx="3" fill="rgb{color}" {stroke}{dash}/>'
        f'<text x="{middle_x}" y="{middle_y + 5}" text-anchor="middle" '
        f'font-size="{14 if len(text) < 5 else 11}" fill="{text_color(color)}">{text}</text>'
    )


def _wrapped(sentence: str, most: int) -> list[str]:
    lines = [""]
    for word in sentence.split(" "):
        if len(lines[-1]) + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _line(text: str, y: int) -> str:
    return f'<text x="{MARGIN}" y="{y}" font-size="14">{escape(text)}</text>'


def _svg(width: int, height: int, sentence: str, body: str) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    label = "A kernel over an image, and the output it computes"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" {size} '
        f'style="max-width:100%;height:auto" font-family="system-ui, sans-serif" fill="{INK}">'
        f"<title>{label}</title><desc>{escape(sentence)}</desc>"
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>{body}</svg>'
    )
