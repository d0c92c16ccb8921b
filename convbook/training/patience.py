"""Waiting for a number to get better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from convbook.training.history import Epoch, Monitor, higher_is_better


@dataclass
class Patience:
    """Counts epochs without improvement.

    Args:
        monitor: the loss or accuracy to watch.
        epochs: how many without improvement are too many, at least 1.
        min_delta: by how much a number must be better to count, 0 or more.
        best: the best number so far.
        waited: epochs since.

    Raises:
        ValueError: an argument is out of its range.
    """

    monitor: Monitor
    epochs: int
    min_delta: float
    best: float | None = None
    waited: int = 0

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        higher_is_better(self.monitor)
        if self.epochs < 1:
            raise ValueError(f"patience (={self.epochs}) must be at least 1 epoch")
        if not self.min_delta >= 0:
            raise ValueError(f"min_delta (={self.min_delta}) must be 0 or more")

    @property
    def over(self) -> bool:
        """Whether it has waited long enough."""
        return self.waited >= self.epochs

    def improved(self, row: Epoch) -> bool:
        """Count an epoch, and return whether it is better than the best before it."""
        value = float(getattr(row, self.monitor))
        gain = value if self.best is None else value - self.best
        if not higher_is_better(self.monitor):
            gain = -gain
        # The first value counts whatever it is, unless it is not a number.
        better = gain == gain if self.best is None else gain > self.min_delta
        self.best, self.waited = (value, 0) if better else (self.best, self.waited + 1)
        return better

    def reset(self) -> None:
        """Begin anew."""
        self.best, self.waited = None, 0

    def state(self) -> dict[str, Any]:
        """Return what changes."""
        return {name: asdict(self)[name] for name in ("best", "waited")}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Take back what `state` returned."""
        self.best, self.waited = state["best"], state["waited"]
