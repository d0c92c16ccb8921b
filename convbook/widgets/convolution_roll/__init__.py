"""The convolution roll: one signal rolls over another, one output at a time."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from convbook.arithmetic.convolution1d import Border
from convbook.widgets.convolution_roll import rolling
from convbook.widgets.convolution_roll.picture import roll_picture
from convbook.widgets.convolution_roll.presets import PRESETS
from convbook.widgets.predicting import PREDICTING_STYLES, PredictingWidget
from convbook.widgets.source import join_modules, join_styles
from convbook.widgets.traits import KeptDict, Vector, limits_of, whole_number

LIMITS = limits_of("convolution_roll")
MOST_X, MOST_W = LIMITS["x"]["most"], LIMITS["w"]["most"]


class ConvolutionRoll(PredictingWidget):
    """A signal ``x`` that stands still, a signal ``w`` that rolls over it, and their output.

    The reader's changes in the page arrive in the traits, and changes of the traits in the page.
    Positions count from 0 here, as in NumPy; the page says them from 1.

    Args:
        x: shape ``(n,)``, finite numbers, at most 24.
        w: shape ``(k,)``, finite numbers, at most 12; it may be longer than ``x``.
        mode: which outputs are kept: full, same or valid as in `numpy.convolve`; or periodic,
            where ``x`` repeats without end.
        flip: whether ``w`` is flipped, which makes it a convolution; otherwise it is a
            cross-correlation, in the order of `numpy.correlate`.
        position: the output that is worked out.
        show_all: whether all outputs are filled in, or only up to that one.
        predict: whether the output starts unfilled and the reader is asked for its numbers.

    Raises:
        traitlets.TraitError: a value breaks its rule; the message names value, rule and fix.

    >>> roll = ConvolutionRoll(x=[1, 2, 3], w=[10, 1], position=2)
    >>> roll.value, roll.products.tolist()
    (32.0, [2.0, 30.0])
    >>> roll.matrix.tolist()
    [[10.0, 0.0, 0.0], [1.0, 10.0, 0.0], [0.0, 1.0, 10.0], [0.0, 0.0, 1.0]]
    >>> ConvolutionRoll(**PRESETS["Difference"], mode="valid").output.tolist()
    [1.0, 2.0, 3.0, 0.0, 0.0, -4.0]
    """

    _esm = join_modules("convolution_roll/widget.js")
    _css = join_styles(*PREDICTING_STYLES, "convolution_roll/style.css")

    makes_outputs = ("x", "w", "mode", "flip")
    chooses_output = ("position",)

    x = Vector([1.0, 2.0, 3.0], most=MOST_X).tag(sync=True)
    w = Vector([10.0, 1.0], most=MOST_W).tag(sync=True)
    mode = traitlets.Enum[Border](get_args(Border), "full").tag(sync=True)
    flip = traitlets.Bool(True).tag(sync=True)
    position = whole_number(0, least=0, most=MOST_X + MOST_W - 2)
    show_all = traitlets.Bool(False).tag(sync=True)
    presets = KeptDict(default_value=PRESETS, read_only=True).tag(sync=True)

    def __init__(
        self,
        x: ArrayLike = (1, 2, 3),
        w: ArrayLike = (10, 1),
        mode: Border = "full",
        flip: bool = True,
        position: int = 0,
        *,
        show_all: bool = False,
        predict: bool = False,
        **kwargs: Any,
    ) -> None:
        """Set every trait; the class says what each means."""
        super().__init__(
            x=x,
            w=w,
            mode=mode,
            flip=flip,
            position=position,
            show_all=show_all,
            predict=predict,
            **kwargs,
        )

    @property
    def output(self) -> NDArray[np.float64]:
        """Every output that the mode keeps, float64."""
        return rolling.output(self)

    @property
    def products(self) -> NDArray[np.float64]:
        """The products that add up to the chosen output, in the order of ``x``."""
        return np.array([term.product for term in rolling.terms(self)])

    @property
    def value(self) -> float:
        """The chosen output."""
        return float(self.output[self.position])

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The matrix ``T`` with ``T @ x = output``: banded, or circulant where ``x`` repeats."""
        return rolling.matrix(self)

    def picture(self) -> str:
        """Return the present state as one SVG element."""
        return roll_picture(self)

    def __repr__(self) -> str:
        """Return sizes and position in one line, the same in every run."""
        operation = "convolution" if self.flip else "cross-correlation"
        sizes = f"x {len(self.x)}, w {len(self.w)}"
        return f"ConvolutionRoll({sizes}, {self.mode} {operation}, position {self.position})"

    @traitlets.validate("position")
    def _inside_the_output(self, proposal: Any) -> int:
        value, last = int(proposal.value), len(rolling.kept(self)) - 1
        if value > last:
            raise traitlets.TraitError(
                f"position (={value}) must be at most {last}, the last output: choose a smaller "
                "position, or a mode that keeps more outputs"
            )
        return value

    @traitlets.observe("x", "w", "mode")
    def _keep_position_inside(self, _change: Any) -> None:
        self.position = min(self.position, len(rolling.kept(self)) - 1)
