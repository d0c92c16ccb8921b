"""Showing what the course computes: grids of numbers and signed images."""

from __future__ import annotations

import numpy as np
from IPython.core.getipython import get_ipython
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib_inline.backend_inline import set_matplotlib_formats
from numpy.typing import ArrayLike

from convbook.palette import BLUE, GREY, ORANGE, diverging_color, text_color
from convbook.tables import numeral

FRAME = "#1a1a1a"
SIGNED = LinearSegmentedColormap.from_list("signed", np.array([BLUE, GREY, ORANGE]) / 255)

STYLE = {
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "figure.facecolor": "white",
    "font.size": 11,
    "image.cmap": "gray",
    "svg.hashsalt": "convbook",
}


def use_course_style() -> None:
    """Give every figure of a page the course's look: sharp SVG on a white card."""
    style.use(STYLE)
    if get_ipython() is not None:
        # The date would make two builds of one page differ.
        set_matplotlib_formats("svg", metadata={"Date": None})  # type: ignore[no-untyped-call]


def show_signed(axes: Axes, values: ArrayLike, limit: float | None = None) -> AxesImage:
    """Draw ``values`` blue below zero, grey at zero and orange above.

    Args:
        axes: where to draw.
        values: shape ``(H, W)``, any real dtype.
        limit: the magnitude at both ends of the scale; the largest magnitude by default.

    Returns:
        The image, for a colour bar.

    >>> from matplotlib.figure import Figure
    >>> show_signed(Figure().subplots(), [[-4, 0, 2]]).get_clim()
    (-4.0, 4.0)
    """
    array = np.asarray(values, dtype=float)
    end = float(np.abs(array).max() if limit is None else limit) or 1.0
    axes.set_axis_off()
    return axes.imshow(array, cmap=SIGNED, vmin=-end, vmax=end)


def show_grid(axes: Axes, values: ArrayLike, title: str = "", limit: float | None = None) -> None:
    """Draw ``values`` as a grid of coloured cells with the number in each.

    Args:
        axes: where to draw.
        values: shape ``(H, W)``, any real dtype.
        title: what stands above the grid.
        limit: the magnitude at both ends of the scale; the largest magnitude by default.
    """
    array = np.asarray(values, dtype=float)
    _, end = show_signed(axes, array, limit).get_clim()
    axes.set_title(title)
    for (row, column), value in np.ndenumerate(array):
        color = text_color(diverging_color(value, end))
        axes.text(column, row, numeral(value), ha="center", va="center", color=color)
        box(axes, row, column, 1, 1, color="white", linewidth=1)


def box(
    axes: Axes,
    top: float,
    left: float,
    rows: int,
    columns: int,
    color: str = FRAME,
    linewidth: float = 3,
) -> None:
    """Frame a block of cells.

    Args:
        axes: the axes of an image or a grid.
        top: the block's first row.
        left: the block's first column.
        rows: how many rows it spans.
        columns: how many columns it spans.
        color: of the frame.
        linewidth: of the frame, in points.
    """
    corner = (left - 0.5, top - 0.5)
    frame = Rectangle(corner, columns, rows, fill=False, ec=color, lw=linewidth, clip_on=False)
    axes.add_patch(frame)
