"""The receptive field: choose a neuron and see the cells it depends on light up below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from convbook.arithmetic.layer_kinds import Layer
from convbook.arithmetic.layer_windows import Field
from convbook.arithmetic.receptive import Span, field_of, receptive_field, sizes_that_fit
from convbook.widgets.base import CourseWidget
from convbook.widgets.receptive_field.picture import field_picture
from convbook.widgets.receptive_field.stack import LIMITS, MOST_LAYERS, SMALL_NETWORK, Stack
from convbook.widgets.source import join_modules, join_styles
from convbook.widgets.traits import whole_number

# Padding may make every map larger than the one below.
MOST_SIDE = LIMITS["input_size"]["most"] + 2 * LIMITS["padding"]["most"] * MOST_LAYERS


class ReceptiveField(CourseWidget):
    """A stack of layers over a square input, and what one neuron of it sees.

    Level 0 is the input, level 1 the map after the first layer, and so on. Rows and columns
    count from 0 here; the page says them from 1. Layers from the first that does not fit are
    left out of the maps, and the page says why.

    Args:
        layers: at most 8 layers in the course's language (`convbook.arithmetic.layer_kinds`),
            of the kinds ``"conv"``, ``"max_pool"`` and ``"avg_pool"``, each with a
            ``kernel_size`` (1 to 11) and, unless at its default, ``stride`` (1 to 11),
            ``padding`` per side (0 to 5) and ``dilation`` (1 to 8).
        input_size: cells on each side of the input, 4 to 1,024.
        level: of the chosen neuron; the last level unless given.
        row: of the chosen neuron; the middle unless given.
        column: its column; the middle unless given.
        compare: whether the same stack without its pooling layers is shown beside it.

    Raises:
        traitlets.TraitError: a value breaks its rule; the message names value, rule and fix.

    >>> small = ReceptiveField()
    >>> (small.size, small.jump, small.field)
    (18, 4, ((4, 21), (4, 21)))
    >>> f"{small.coverage:.1%}"
    '41.3%'
    """

    _esm = join_modules("receptive_field/widget.js")
    _css = join_styles("shared/widgets.css", "receptive_field/style.css")

    layers = Stack(SMALL_NETWORK).tag(sync=True)
    input_size = whole_number(28, **LIMITS["input_size"])
    level = whole_number(0, least=0, most=MOST_LAYERS)
    row = whole_number(0, least=0, most=MOST_SIDE - 1)
    column = whole_number(0, least=0, most=MOST_SIDE - 1)
    compare = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        layers: Sequence[Layer] = SMALL_NETWORK,
        input_size: int = 28,
        *,
        level: int | None = None,
        row: int | None = None,
        column: int | None = None,
        compare: bool = False,
        **kwargs: Any,
    ) -> None:
        """Set every trait; the class says what each means."""
        super().__init__(layers=layers, input_size=input_size, compare=compare, **kwargs)
        self.level = len(self.sizes) - 1 if level is None else level
        middle = (self.sizes[self.level] - 1) // 2
        self.row = middle if row is None else row
        self.column = middle if column is None else column

    @property
    def sizes(self) -> list[int]:
        """The map size of each level, the input first, up to the first layer that does not fit."""
        return [self.input_size, *sizes_that_fit(self.layers, self.input_size)[0]]

    @property
    def size(self) -> int:
        """The span of the chosen level's field in input cells, from the first to the last."""
        return self._field.size

    @property
    def jump(self) -> int:
        """How many input cells lie between the fields of two neighbours of the chosen level."""
        return self._field.jump

    @property
    def spans(self) -> tuple[list[Span], list[Span]]:
        """What the chosen neuron depends on in every level, rows and columns, the input first."""
        rows, columns = (
            field_of(self.layers, self.level, index, self.input_size)
            for index in (self.row, self.column)
        )
        return rows, columns

    @property
    def field(self) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """First and last input row, first and last input column that the chosen neuron sees.

        Both ends are real cells and included; None where the neuron sees only padding.
        """
        rows, columns = self.spans
        return rows[0].clipped, columns[0].clipped

    @property
    def coverage(self) -> float:
        """The share of the input's cells that the chosen neuron depends on, holes left out."""
        rows, columns = self.spans
        return len(rows[0].cells) * len(columns[0].cells) / self.input_size**2

    def picture(self) -> str:
        """Return the present state as one SVG element."""
        return field_picture(self)

    def __repr__(self) -> str:
        """Return the stack and the neuron in one line, the same in every run."""
        kinds = ", ".join(f"{layer['kind']} {layer['kernel_size']}" for layer in self.layers)
        neuron = f"level {self.level}, row {self.row}, column {self.column}"
        return f"ReceptiveField([{kinds}], input {self.input_size}×{self.input_size}, {neuron})"

    @property
    def _field(self) -> Field:
        return [Field(), *receptive_field(self.layers[: self.level])][-1]

    @traitlets.validate("level")
    def _existing_level(self, proposal: Any) -> int:
        value, last = int(proposal.value), len(self.sizes) - 1
        if value > last:
            raise traitlets.TraitError(
                f"level (={value}) must be at most {last}, the last level with a map: "
                "choose a smaller level, or add layers that fit"
            )
        return value

    @traitlets.validate("row", "column")
    def _inside_the_map(self, proposal: Any) -> int:
        name, value = proposal.trait.name, int(proposal.value)
        last = self.sizes[min(self.level, len(self.sizes) - 1)] - 1
        if value > last:
            raise traitlets.TraitError(
                f"{name} (={value}) must be at most {last}, the last {name} of level "
                f"{self.level}: choose a smaller {name}, or another level"
            )
        return value

    @traitlets.observe("layers", "input_size", "level")
    def _keep_neuron_inside(self, _change: Any) -> None:
        sizes = self.sizes
        level = min(self.level, len(sizes) - 1)
        self.row, self.column = (min(at, sizes[level] - 1) for at in (self.row, self.column))
        self.level = level
