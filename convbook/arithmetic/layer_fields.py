"""What a field of a layer may hold: whole numbers, also rows and columns apart; flags; words."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Whole:
    """A field that is a whole number; with ``pair`` also two of them, rows and columns.

    Args:
        least: the smallest number.
        most: the largest.
        default: what a layer without the field has.
        like: the field whose value it takes instead. Without either it must be given.
        pair: whether rows and columns may differ.
        counts: whether it is a number of channels or features, which no receptive field needs.
    """

    least: int
    most: int
    default: int | None = None
    like: str = ""
    pair: bool = False
    counts: bool = False

    @property
    def rule(self) -> str:
        """What the field must be."""
        one = f"a whole number from {self.least:,} to {self.most:,}"
        return f"{one}, or two of them as [rows, columns]" if self.pair else one

    def read(self, value: Any) -> int | list[int] | None:
        """Return ``value`` as plain whole numbers, or None where it breaks the rule."""
        if self.pair and isinstance(value, (list, tuple)) and len(value) == 2:
            both = [whole for whole in map(self._one, value) if whole is not None]
            return both if len(both) == 2 else None
        return self._one(value)

    def holds(self, number: int) -> bool:
        """Tell whether a whole number is in the range."""
        return self.least <= number <= self.most

    def _one(self, value: Any) -> int | None:
        if isinstance(value, bool):
            return None
        try:
            whole = operator.index(value)
        except TypeError:
            return None
        return whole if self.holds(whole) else None


@dataclass(frozen=True)
class Flag:
    """A field that is true or false."""

    default: bool

    rule = "True or False"

    def read(self, value: Any) -> bool | None:
        """Return ``value``, or None where it is not a truth value."""
        return value if isinstance(value, bool) else None


@dataclass(frozen=True)
class Choice:
    """A field that is one of a few words."""

    values: list[str]
    default: str

    @property
    def rule(self) -> str:
        """What the field must be."""
        return f"one of {', '.join(self.values)}"

    def read(self, value: Any) -> str | None:
        """Return ``value``, or None where it is not one of the words."""
        return value if isinstance(value, str) and value in self.values else None


Field = Whole | Flag | Choice
