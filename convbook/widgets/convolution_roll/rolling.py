"""What the convolution roll shows, computed from its traits, as state.js does in the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convbook.arithmetic.convolution1d import (
    circulant,
    convolve1d,
    correlate1d,
    kept_cells,
    toeplitz,
)
from convbook.widgets.svg import factor_text, format_number, is_exact

if TYPE_CHECKING:
    from convbook.widgets.convolution_roll import ConvolutionRoll

Array = NDArray[np.float64]

MOST_PRODUCTS_SAID = 9


@dataclass(frozen=True)
class Term:
    """A product of the chosen output: a cell of x and the weight over it.

    Args:
        column: where it is drawn, counted from the first cell of x; outside where x repeats.
        index: which cell of x it is.
        value: what that cell holds.
        weight: what lies over it.
    """

    column: int
    index: int
    value: float
    weight: float

    @property
    def product(self) -> float:
        """``value · weight``."""
        return self.value * self.weight


def laid_weights(roll: ConvolutionRoll) -> list[float]:
    """Return ``w`` as it lies over ``x``, from left to right: flipped for a convolution."""
    laid: list[float] = roll.w[::-1] if roll.flip else roll.w
    return laid


def kept(roll: ConvolutionRoll) -> range:
    """Return the cells of the full output that the mode keeps."""
    return kept_cells(len(roll.x), len(roll.w), roll.mode, roll.flip)


def output(roll: ConvolutionRoll) -> Array:
    """Return every output that the mode keeps."""
    operation = convolve1d if roll.flip else correlate1d
    return operation(roll.x, roll.w, roll.mode)


def first_column(roll: ConvolutionRoll) -> int:
    """Return over which cell of x the first of the laid weights lies; it may lie before x."""
    return kept(roll)[roll.position] - len(roll.w) + 1


def output_column(roll: ConvolutionRoll) -> int:
    """Return under which cell of x the first output stands: under w[0], flipped or not."""
    return kept(roll).start - (0 if roll.flip else len(roll.w) - 1)


def terms(roll: ConvolutionRoll) -> list[Term]:
    """Return the products of the chosen output, in the order of x."""
    n, first = len(roll.x), first_column(roll)
    places = enumerate(laid_weights(roll), start=first)
    if roll.mode == "periodic":
        return [Term(at, at % n, roll.x[at % n], weight) for at, weight in places]
    return [Term(at, at, roll.x[at], weight) for at, weight in places if 0 <= at < n]


def matrix(roll: ConvolutionRoll) -> Array:
    """Return the matrix that turns ``x`` into the output."""
    n = len(roll.x)
    if roll.mode == "periodic":
        # Correlation is the transposed convolution.
        return circulant(roll.w, n) if roll.flip else circulant(roll.w, n).T
    rows = kept(roll)
    return toeplitz(laid_weights(roll)[::-1], n)[rows.start : rows.stop]


@np.errstate(over="ignore", invalid="ignore")
def describe(roll: ConvolutionRoll) -> str:
    """Return the sentence that the live widget says: the products of the output and their sum.

    While that output is to be predicted, it is the question.

    >>> from convbook.widgets import ConvolutionRoll
    >>> describe(ConvolutionRoll([1, 2, 3], [10, -1], position=2))
    'Output 3: 2×(−1) + 3×10 = 28'
    """
    if roll.asks_for(roll.position):
        return f"What is output {roll.position + 1}?"
    total, products = roll.value, terms(roll)
    said = [f"{factor_text(term.value)}×{factor_text(term.weight)}" for term in products]
    if len(said) > MOST_PRODUCTS_SAID:
        said = [said[0], f"… ({len(said)} products)", said[-1]]
    numbers = [total, *(factor for term in products for factor in (term.value, term.weight))]
    sign = "=" if all(map(is_exact, numbers)) else "≈"
    return f"Output {roll.position + 1}: {' + '.join(said)} {sign} {format_number(total)}"
