"""The pooling explorer: see each window become one number, and what a shift of the image does."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from convbook.arithmetic.pooling import (
    KINDS,
    Kind,
    pool2d,
    pooled_shape,
    pooling_windows,
    unchanged_fraction,
    uniform_draws,
)
from convbook.widgets.output_cell import OutputCellWidget
from convbook.widgets.pooling_explorer.picture import explorer_picture
from convbook.widgets.pooling_explorer.presets import PRESETS
from convbook.widgets.predicting import PREDICTING_STYLES
from convbook.widgets.source import join_modules, join_styles
from convbook.widgets.traits import KeptDict, Matrix, limits_of, whole_number

LIMITS = limits_of("pooling_explorer")
SAMPLE_IMAGE = PRESETS["4×4 blocks"]["image"]


class PoolingExplorer(OutputCellWidget):
    """An image, pooled window by window, and how much of the output survives a shift.

    The reader's changes in the page arrive in the traits, and changes of the traits in the page.
    Rows and columns count from 0 here, as in NumPy; the page says them from 1.

    The window is square. Along a side on which the image has one cell, it has one cell too: a
    single row is pooled along the row. The shift moves cells sideways, and what leaves at one
    side comes in at the other. Stochastic pooling uses the same draws before and after a shift.

    Args:
        image: shape ``(H, W)``, finite numbers, at most 64 a side.
        kind: max, average, l2, weighted or stochastic, as in `convbook.arithmetic.pooling.pool2d`.
        size: cells along each side of the window, 1 to 8.
        stride: cells between neighbouring windows, 1 to 8; the size if not given.
        shift: cells by which the image is moved to the right, −3 to 3; to the left if negative.
        seed: of the draws of stochastic pooling, 0 to 9999.
        row: row of the output cell that is worked out.
        column: its column.
        predict: whether the output starts unfilled and the reader is asked for its numbers.

    Raises:
        traitlets.TraitError: a value breaks its rule; the message names value, rule and fix.

    >>> explorer = PoolingExplorer(image=[[0, 10, 9, 3], [4, 3, 2, 1]], column=1)
    >>> explorer.output.tolist(), explorer.window.tolist()
    ([[10.0, 9.0]], [[9.0, 3.0], [2.0, 1.0]])
    >>> explorer.shift = 2
    >>> explorer.unchanged
    0.0
    """

    for_a_larger_output = "a smaller size or stride"

    _esm = join_modules("pooling_explorer/widget.js")
    _css = join_styles(*PREDICTING_STYLES, "pooling_explorer/style.css")

    makes_outputs = ("image", "kind", "size", "stride", "shift", "seed")

    image = Matrix(SAMPLE_IMAGE).tag(sync=True)
    kind = traitlets.Enum[Kind](KINDS, "max").tag(sync=True)
    size = whole_number(2, **LIMITS["size"])
    stride = whole_number(2, **LIMITS["stride"])
    shift = whole_number(0, **LIMITS["shift"])
    seed = whole_number(0, **LIMITS["seed"])
    presets = KeptDict(default_value=PRESETS, read_only=True).tag(sync=True)

    def __init__(
        self,
        image: ArrayLike = SAMPLE_IMAGE,
        kind: Kind = "max",
        size: int = 2,
        stride: int | None = None,
        *,
        shift: int = 0,
        seed: int = 0,
        row: int = 0,
        column: int = 0,
        predict: bool = False,
        **kwargs: Any,
    ) -> None:
        """Set every trait; the class says what each means."""
        super().__init__(
            image=image,
            kind=kind,
            size=size,
            stride=size if stride is None else stride,
            shift=shift,
            seed=seed,
            row=row,
            column=column,
            predict=predict,
            **kwargs,
        )

    @property
    def shifted(self) -> NDArray[np.float64]:
        """The image after the shift, shape ``(H, W)``, float64."""
        return np.roll(np.array(self.image), self.shift, axis=1)

    @property
    def window_shape(self) -> tuple[int, int]:
        """Rows and columns of the window: the size, or 1 where the image has one cell."""
        rows, columns = (1 if cells == 1 else self.size for cells in np.shape(self.image))
        return rows, columns

    @property
    def output(self) -> NDArray[np.float64]:
        """The shifted image, pooled, float64. ValueError where no window fits."""
        return self._pooled(self.shifted)

    @property
    def before(self) -> NDArray[np.float64]:
        """The image without its shift, pooled, float64. ValueError where no window fits."""
        return self._pooled(self.image)

    @property
    def window(self) -> NDArray[np.float64]:
        """The cells of the shifted image under the chosen output cell, shape `window_shape`."""
        windows = pooling_windows(self.shifted, self.window_shape, self.stride)
        return np.array(windows[self.row, self.column])

    @property
    def draw(self) -> float:
        """The random number, 0 up to 1, with which stochastic pooling draws the chosen cell."""
        rows, columns = self.output_shape
        return float(uniform_draws(self.seed, rows * columns)[self.row * columns + self.column])

    @property
    def unchanged(self) -> float:
        """The share of output cells, 0 to 1, that the shift leaves equal."""
        return unchanged_fraction(self.before, self.output)

    @property
    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output. ValueError where the window fits nowhere."""
        return pooled_shape(np.shape(self.image), self.window_shape, self.stride)

    def picture(self) -> str:
        """Return the present state as one SVG element."""
        return explorer_picture(self)

    def __repr__(self) -> str:
        """Return the settings in one line, the same in every run."""
        shape = "×".join(map(str, np.shape(self.image)))
        return (
            f"PoolingExplorer(image {shape}, {self.kind}, size {self.size}, stride {self.stride}, "
            f"shift {self.shift}, row {self.row}, column {self.column})"
        )

    def _pooled(self, image: ArrayLike) -> NDArray[np.float64]:
        rows, columns = self.output_shape
        draws = uniform_draws(self.seed, rows * columns) if self.kind == "stochastic" else None
        return pool2d(image, self.kind, self.window_shape, self.stride, draws)

    @traitlets.observe("image", "size", "stride")
    def _keep_cell_inside(self, _change: Any) -> None:
        self.bring_cell_inside()
