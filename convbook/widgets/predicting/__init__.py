"""Predict, then reveal: a widget asks for its next number before it shows it."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from convbook.widgets.base import CourseWidget
from convbook.widgets.traits import KeptList, typed_text

PREDICTING_STYLES = ("shared/widgets.css", "shared/answers.css", "predicting/style.css")


class PredictingWidget(CourseWidget):
    """A widget whose output starts unfilled if ``predict`` is set, and that asks for its numbers.

    The page judges what is typed, names the misconception behind a wrong number, and goes on to
    the next output after a right one. An output is in ``known`` once it was found or revealed,
    by its position in reading order, from 0.
    """

    # Of these a subclass names those that make other outputs, and those that choose one.
    makes_outputs: ClassVar[tuple[str, ...]] = ()
    chooses_output: ClassVar[tuple[str, ...]] = ("row", "column")

    predict = traitlets.Bool(False).tag(sync=True)
    known = KeptList(traitlets.Int()).tag(sync=True)
    typed = traitlets.Unicode().tag(sync=True)
    checked = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        """Set every trait, then forget what is known whenever the outputs become others."""
        super().__init__(**kwargs)
        self.observe(self._ask_anew, list(self.makes_outputs))
        self.observe(self._clear_answer, list(self.chooses_output))

    def shown(self, output: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``output`` with NaN in place of what is yet to be predicted."""
        if not self.predict:
            return output
        known = np.isin(np.arange(output.size), self.known).reshape(output.shape)
        return np.where(known, output, np.nan)

    def asks_for(self, index: int) -> bool:
        """Return whether output ``index``, in reading order, is yet to be predicted."""
        return self.predict and index not in self.known

    @traitlets.validate("known")
    def _known_positions(self, proposal: Any) -> list[int]:
        known = sorted(proposal.value)
        if len(set(known)) < len(known) or (known and known[0] < 0):
            raise traitlets.TraitError(
                f"known (={proposal.value!r}) must hold positions of outputs, each once: count "
                "them from 0, in reading order"
            )
        return known

    @traitlets.validate("typed")
    def _short_text(self, proposal: Any) -> str:
        return typed_text(proposal.value)

    def _ask_anew(self, _change: Any) -> None:
        self.known = []
        self._clear_answer(_change)

    def _clear_answer(self, _change: Any) -> None:
        self.typed, self.checked = "", False
