"""What the widgets share in which one cell of an output is worked out."""

from __future__ import annotations

from typing import Any

import traitlets

from convbook.widgets.predicting import PredictingWidget
from convbook.widgets.traits import limits_of, whole_number

_LARGEST = limits_of("shape_calculator")
# A kernel of one cell has a place on every cell of the largest input, padding included.
MOST_OUTPUTS = _LARGEST["height"]["most"] + 2 * _LARGEST["padding"]["most"]


class OutputCellWidget(PredictingWidget):
    """A widget with an output, of which the cell ``(row, column)`` is chosen, or asked for.

    The cell never lies outside: a larger row or column is refused, and a smaller output brings the
    cell along, if the subclass observes what its size depends on and calls `bring_cell_inside`.
    """

    for_a_larger_output = "add padding"

    row = whole_number(0, least=0, most=MOST_OUTPUTS - 1)
    column = whole_number(0, least=0, most=MOST_OUTPUTS - 1)

    @property
    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output. ValueError where there is none."""
        raise NotImplementedError(f"{type(self).__name__} must say how large its output is")

    @property
    def is_asked(self) -> bool:
        """Whether the chosen cell is yet to be predicted."""
        try:
            return self.asks_for(self.row * self.output_shape[1] + self.column)
        except ValueError:
            return False

    def bring_cell_inside(self) -> None:
        """Move the chosen cell to the output's nearest, where it has come to lie outside."""
        last = self._last_cell()
        self.row, self.column = min(self.row, last["row"]), min(self.column, last["column"])

    def _last_cell(self) -> dict[str, int]:
        try:
            rows, columns = self.output_shape
        except ValueError:
            rows = columns = 1
        return {"row": rows - 1, "column": columns - 1}

    @traitlets.validate("row", "column")
    def _inside_the_output(self, proposal: Any) -> int:
        name, value = proposal.trait.name, int(proposal.value)
        last = self._last_cell()[name]
        if value > last:
            raise traitlets.TraitError(
                f"{name} (={value}) must be at most {last}, the output's last {name}: "
                f"choose a smaller {name}, or {self.for_a_larger_output} for a larger output"
            )
        return value
