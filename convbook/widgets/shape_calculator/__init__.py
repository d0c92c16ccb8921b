"""The shape calculator: how large the output of a convolution is, and which cells it drops."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from convbook.arithmetic.shapes import covered as covered_cells
from convbook.arithmetic.shapes import output_size
from convbook.widgets.output_cell import OutputCellWidget
from convbook.widgets.shape_calculator.picture import calculator_picture
from convbook.widgets.source import join_modules, join_styles
from convbook.widgets.traits import limits_of, whole_number

LIMITS = limits_of("shape_calculator")


class ShapeCalculator(OutputCellWidget):
    """The output size worked out step by step, over a grid of what the kernel covers.

    The reader's changes in the page arrive in the traits, and changes of the traits in the page.
    Rows and columns count from 0 here, as in NumPy; the page says them from 1.

    Args:
        height: rows of the input, 1 to 1,024.
        width: columns of the input, 1 to 1,024.
        kernel_size: rows and columns of the square kernel, 1 to 11.
        stride: cells between neighbouring positions, 1 to 8.
        padding: cells added per side, 0 to 8.
        dilation: distance between neighbouring kernel cells, 1 to 8.
        row: row of the output whose kernel is outlined.
        column: its column.

    Raises:
        traitlets.TraitError: a value breaks its rule; the message names value, rule and fix.

    >>> calculator = ShapeCalculator(height=8, width=10, kernel_size=3, stride=3)
    >>> calculator.output_shape
    (2, 3)
    >>> calculator.covered.shape, calculator.dropped
    ((8, 10), 26)
    """

    _esm = join_modules("shape_calculator/widget.js")
    _css = join_styles("shared/widgets.css", "shape_calculator/style.css")

    height = whole_number(7, **LIMITS["height"])
    width = whole_number(9, **LIMITS["width"])
    kernel_size = whole_number(3, **LIMITS["kernel_size"])
    stride = whole_number(2, **LIMITS["stride"])
    padding = whole_number(0, **LIMITS["padding"])
    dilation = whole_number(1, **LIMITS["dilation"])

    def __init__(
        self,
        height: int = 7,
        width: int = 9,
        kernel_size: int = 3,
        stride: int = 2,
        padding: int = 0,
        dilation: int = 1,
        row: int = 0,
        column: int = 0,
        **kwargs: Any,
    ) -> None:
        """Set every trait; the class says what each means."""
        super().__init__(
            height=height,
            width=width,
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            row=row,
            column=column,
            **kwargs,
        )

    @property
    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output. ValueError where the kernel fits nowhere."""
        options = (self.kernel_size, self.stride, self.padding, self.dilation)
        return output_size(self.height, *options), output_size(self.width, *options)

    @property
    def covered(self) -> NDArray[np.bool_]:
        """Which input cells some position touches, shape ``(height, width)``.

        ValueError where the kernel fits nowhere.
        """
        options = (self.kernel_size, self.stride, self.padding, self.dilation)
        rows = covered_cells(self.height, *options)
        return np.outer(rows, covered_cells(self.width, *options))

    @property
    def dropped(self) -> int:
        """How many input cells no position touches. ValueError where the kernel fits nowhere."""
        return int((~self.covered).sum())

    def picture(self) -> str:
        """Return the present state as one SVG element."""
        return calculator_picture(self)

    def __repr__(self) -> str:
        """Return the sizes in one line, the same in every run."""
        return (
            f"ShapeCalculator(input {self.height}×{self.width}, kernel_size {self.kernel_size}, "
            f"stride {self.stride}, padding {self.padding}, dilation {self.dilation})"
        )

    @traitlets.observe("height", "width", "kernel_size", "stride", "padding", "dilation")
    def _keep_cell_inside(self, _change: Any) -> None:
        self.bring_cell_inside()
