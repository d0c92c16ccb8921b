"""The kernel explorer: step a kernel over an image and see each output computed."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from convbook.arithmetic.convolution import PaddingMode, convolve2d, correlate2d, pad2d
from convbook.arithmetic.named_kernels import KERNELS
from convbook.arithmetic.shapes import output_size
from convbook.widgets.kernel_explorer.photograph import (
    MOST_PIXELS,
    ImageOrPhotograph,
    unpack,
)
from convbook.widgets.kernel_explorer.picture import explorer_picture
from convbook.widgets.output_cell import OutputCellWidget
from convbook.widgets.predicting import PREDICTING_STYLES
from convbook.widgets.source import join_modules, join_styles
from convbook.widgets.traits import KeptDict, Matrix, limits_of, whole_number

LIMITS = limits_of("kernel_explorer")
LAST_CELL = MOST_PIXELS + 2 * LIMITS["padding"]["most"] - 1  # of the largest output
SAMPLE_IMAGE = [
    [0.0, 0.0, 9.0, 9.0, 9.0, 0.0],
    [0.0, 0.0, 9.0, 1.0, 9.0, 0.0],
    [0.0, 0.0, 9.0, 1.0, 9.0, 0.0],
    [0.0, 0.0, 9.0, 9.0, 9.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 9.0, 0.0],
    [0.0, 0.0, 9.0, 9.0, 9.0, 0.0],
]


class KernelExplorer(OutputCellWidget):
    """A kernel, an image, and one output cell worked out term by term.

    The reader's changes in the page arrive in the traits, and changes of the traits in the page.
    Rows and columns count from 0 here, as in NumPy; the page says them from 1.

    An image of more than 64 cells a side is a photograph: its pixels are painted instead of
    written out, its whole response follows every change, and the chosen output cell is worked out
    below. Its numbers are those of `pixels`.

    Args:
        image: shape ``(H, W)``, finite numbers; or in colours, shape ``(H, W, 3)``, of which the
            brightness is taken. A side above 256 pixels is made smaller.
        kernel: shape ``(K, L)``, or the name of a preset such as ``"Sobel x"``.
        stride: cells between neighbouring positions, 1 to 8.
        padding: cells added per side, 0 to 8.
        dilation: distance between neighbouring kernel cells, 1 to 8.
        mode: what the padding holds: constant (zeros), nearest, mirror or wrap.
        flip: whether the kernel is flipped both ways, which makes it a convolution.
        row: row of the output cell that is worked out.
        column: its column.
        show_all: whether the whole output is filled in, or only up to the chosen cell.
        predict: whether the output starts unfilled and the reader is asked for its numbers; not
            of a photograph, whose response is seen as a whole.
        presets: named kernels the reader can choose from.

    Raises:
        traitlets.TraitError: a value breaks its rule; the message names value, rule and fix.

    >>> explorer = KernelExplorer(image=[[1, 2], [3, 4]], kernel=[[1, 10]], row=1)
    >>> explorer.value
    43.0
    >>> explorer.output.shape
    (2, 1)
    """

    _esm = join_modules("kernel_explorer/widget.js")
    _css = join_styles(*PREDICTING_STYLES, "kernel_explorer/style.css")

    makes_outputs = ("image", "kernel", "stride", "padding", "dilation", "mode", "flip")

    image = ImageOrPhotograph(SAMPLE_IMAGE).tag(sync=True)
    row = whole_number(0, least=0, most=LAST_CELL)
    column = whole_number(0, least=0, most=LAST_CELL)
    kernel = Matrix(KERNELS["Sobel x"]).tag(sync=True)
    stride = whole_number(1, **LIMITS["stride"])
    padding = whole_number(0, **LIMITS["padding"])
    dilation = whole_number(1, **LIMITS["dilation"])
    mode = traitlets.Enum[PaddingMode](get_args(PaddingMode), "constant").tag(sync=True)
    flip = traitlets.Bool(False).tag(sync=True)
    show_all = traitlets.Bool(False).tag(sync=True)
    presets = KeptDict(Matrix(), default_value=KERNELS).tag(sync=True)

    def __init__(
        self,
        image: ArrayLike = SAMPLE_IMAGE,
        kernel: ArrayLike | str = "Sobel x",
        *,
        stride: int = 1,
        padding: int = 0,
        dilation: int = 1,
        mode: PaddingMode = "constant",
        flip: bool = False,
        row: int = 0,
        column: int = 0,
        show_all: bool = False,
        predict: bool = False,
        presets: dict[str, ArrayLike] | None = None,
        **kwargs: Any,
    ) -> None:
        """Set every trait; the class says what each means."""
        named = KERNELS if presets is None else presets
        super().__init__(
            image=image,
            kernel=_preset(named, kernel) if isinstance(kernel, str) else kernel,
            stride=stride,
            padding=padding,
            dilation=dilation,
            mode=mode,
            flip=flip,
            row=row,
            column=column,
            show_all=show_all,
            predict=predict,
            presets=named,
            **kwargs,
        )

    @property
    def is_photograph(self) -> bool:
        """Whether the image has so many cells that it is painted, not written out."""
        return isinstance(self.image, dict)

    @property
    def pixels(self) -> NDArray[np.float64]:
        """The image's numbers, shape ``(H, W)``, float64; of a photograph as the page holds it."""
        held: Any = self.image
        return unpack(held) if self.is_photograph else np.array(held)

    @property
    def output(self) -> NDArray[np.float64]:
        """The whole output, float64. ValueError where the kernel fits nowhere."""
        operation = convolve2d if self.flip else correlate2d
        return operation(
            self.pixels, self.kernel, self.stride, self.padding, self.dilation, self.mode
        )

    @property
    def weights(self) -> NDArray[np.float64]:
        """The kernel as applied, shape ``(K, L)``: flipped both ways where ``flip`` is set."""
        kernel = np.array(self.kernel)
        return kernel[::-1, ::-1] if self.flip else kernel

    @property
    def patch(self) -> NDArray[np.float64]:
        """The input cells under the kernel at the chosen output cell, shape ``(K, L)``."""
        rows, columns = self.output_shape
        top = self.stride * min(self.row, rows - 1)
        left = self.stride * min(self.column, columns - 1)
        padded = pad2d(self.pixels, self.padding, self.mode)
        height, width = (self.dilation * (size - 1) + 1 for size in self.weights.shape)
        return padded[top : top + height : self.dilation, left : left + width : self.dilation]

    @property
    def value(self) -> float:
        """The chosen output cell."""
        return float(self.output[self.row, self.column])

    @property
    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output. ValueError where the kernel fits nowhere."""
        pixels = self.pixels
        pad2d(pixels, self.padding, self.mode)
        options = (self.stride, self.padding, self.dilation)
        (height, width), (rows, columns) = pixels.shape, np.shape(self.kernel)
        return output_size(height, rows, *options), output_size(width, columns, *options)

    def asks_for(self, index: int) -> bool:
        """Return whether output ``index``, in reading order, is yet to be predicted."""
        return not self.is_photograph and super().asks_for(index)

    def picture(self) -> str:
        """Return the present state as one SVG element."""
        return explorer_picture(self)

    def __repr__(self) -> str:
        """Return the shapes in one line, the same in every run."""
        image, kernel = (
            "×".join(map(str, np.shape(numbers))) for numbers in (self.pixels, self.kernel)
        )
        return (
            f"KernelExplorer(image {image}, kernel {kernel}, row {self.row}, column {self.column})"
        )

    @traitlets.observe("image", "kernel", "stride", "padding", "dilation", "mode")
    def _keep_cell_inside(self, _change: Any) -> None:
        self.bring_cell_inside()


def _preset(presets: dict[str, Any], name: str) -> ArrayLike:
    if name not in presets:
        raise traitlets.TraitError(
            f"kernel (={name!r}) must be an array or the name of a preset: {', '.join(presets)}"
        )
    kernel: ArrayLike = presets[name]
    return kernel
