"""Still pictures of widgets: boards of numbers beside each other, a sentence below, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from convbook.palette import diverging_color, text_color

Array = NDArray[np.float64]

CELL = 40
MARGIN = 16
HEADING = 24
INK = "#111827"
# From here on a number is written with a power of ten, as 1e15.
LONG = 1e15


@dataclass(frozen=True)
class Board:
    """A grid of coloured numbers.

    Args:
        numbers: shape ``(H, W)``; a NaN is an empty cell.
        marked: the cells with a frame.
        dashed: whether the cell in a row and a column has a dashed edge, as padding has.
    """

    numbers: Array
    marked: set[tuple[int, int]] = field(default_factory=set)
    dashed: Callable[[int, int], bool] = lambda y, x: False


def boards_picture(label: str, sentence: str, boards: Mapping[str, Board]) -> str:
    """Return boards beside each other under their titles, and a sentence below, as one SVG.

    Args:
        label: what the picture is.
        sentence: what it says now.
        boards: by title, from left to right.
    """
    parts, left = [], MARGIN
    for title, board in boards.items():
        heading = f'<text x="0" y="0" font-weight="600">{escape(title)}</text>'
        parts.append(f'<g transform="translate({left} {MARGIN + 14})">{heading}{_cells(board)}</g>')
        left += max(board.numbers.shape[1] * CELL, 9 * len(title)) + 2 * MARGIN
    height = MARGIN + HEADING + max(board.numbers.shape[0] for board in boards.values()) * CELL
    return picture(label, sentence, left - MARGIN, height, "".join(parts))


def picture(label: str, sentence: str, width: int, height: int, body: str) -> str:
    """Return a drawing with a sentence below it as one SVG element.

    It has no ids, so that many fit on one page; ``role="img"``, a title, a description, and its
    own light background.

    Args:
        label: what the picture is.
        sentence: what it says now.
        width: of the drawing, in pixels.
        height: of the drawing.
        body: its SVG elements.
    """
    lines = _wrapped(sentence, (width - MARGIN) // 8)
    for number, line in enumerate(lines):
        place = f'x="{MARGIN}" y="{height + 28 + 20 * number}"'
        body += f'<text {place} font-size="14">{escape(line)}</text>'
    height += 28 + 20 * len(lines)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" {size} '
        f'font-family="system-ui, sans-serif" fill="{INK}">'
        f"<title>{escape(label)}</title><desc>{escape(sentence)}</desc>"
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>{body}</svg>'
    )


def numeral_size(text: str) -> int:
    """Return the size of figures at which ``text`` stays inside a cell of `CELL` pixels.

    >>> numeral_size("9"), numeral_size("−1.23e308")
    (14, 7)
    """
    return 14 if len(text) < 5 else min(11, 66 // len(text))


def format_number(value: float) -> str:
    """Return ``value`` with at most two decimals and a real minus sign.

    >>> format_number(-1 / 9), format_number(1e308)
    ('−0.11', '1e308')
    """
    if np.isnan(value):
        return "NaN"
    return _plain(value).replace("-", "−").replace("inf", "∞")


def factor_text(value: float) -> str:
    """Return ``value`` as `format_number`, in parentheses where it has a sign.

    >>> factor_text(-0.5), factor_text(-1e-9)
    ('(−0.5)', '0')
    """
    text = format_number(value)
    return f"({text})" if text.startswith("−") else text


def is_exact(value: float) -> bool:
    """Return whether `format_number` leaves nothing of ``value`` out.

    >>> is_exact(0.25), is_exact(1 / 3)
    (True, False)
    """
    if not np.isfinite(value):
        return False
    shown = float(_plain(value))
    return shown == value if abs(value) >= LONG else abs(shown - value) < 1e-9


def _plain(value: float) -> str:
    if not np.isfinite(value):
        return f"{value:.0f}"
    if abs(value) >= LONG:
        number, power = f"{value:.2e}".split("e")
        return f"{_short(number)}e{int(power)}"
    # Half goes up, as in the page; adding zero turns −0 into 0.
    return _short(f"{np.floor(value * 100 + 0.5) / 100 + 0.0:.2f}")


def _short(decimals: str) -> str:
    return decimals.rstrip("0").rstrip(".")


def _cells(board: Board) -> str:
    numbers, marked = board.numbers, board.marked
    limit = float(np.nanmax(np.abs(numbers), initial=0))
    order = sorted(np.ndindex(numbers.shape), key=lambda place: place in marked)
    cells = (
        _cell(float(numbers[y, x]), limit, y, x, (y, x) in marked, board.dashed(y, x))
        for y, x in order
    )
    return f'<g transform="translate(0 10)">{"".join(cells)}</g>'


def _cell(value: float, limit: float, y: int, x: int, marked: bool, dashed: bool) -> str:
    empty = np.isnan(value)
    color = (255, 255, 255) if empty else diverging_color(value, limit)
    text = "" if empty else format_number(value)
    stroke = f'stroke="{INK}" stroke-width="3"' if marked else 'stroke="#ffffff" stroke-width="2"'
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    if (dashed or empty) and not marked:
        stroke = 'stroke="#6b7280" stroke-width="1"'
    middle_x, middle_y = x * CELL + CELL // 2, y * CELL + CELL // 2
    return (
        f'<rect x="{x * CELL + 1}" y="{y * CELL + 1}" width="{CELL - 2}" height="{CELL - 2}" '
        f'rx="3" fill="rgb{color}" {stroke}{dash}/>'
        f'<text x="{middle_x}" y="{middle_y + 5}" text-anchor="middle" '
        f'font-size="{numeral_size(text)}" fill="{text_color(color)}">{text}</text>'
    )


def _wrapped(sentence: str, most: int) -> list[str]:
    lines = [""]
    for word in sentence.split(" "):
        if len(lines[-1]) + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
