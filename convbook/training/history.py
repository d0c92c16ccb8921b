"""What happened in training: one row an epoch, as numbers, a picture and a sentence."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from convbook.palette import BLUE, DARK_ORANGE
from convbook.training.files import replacing

Monitor = Literal["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"]

MONITORS: tuple[Monitor, ...] = get_args(Monitor)
TRAIN, VALIDATION = (tuple(channel / 255 for channel in color) for color in (BLUE, DARK_ORANGE))


@dataclass(frozen=True)
class Epoch:
    """One pass over the training images, and what the network was worth after it.

    Args:
        epoch: from 1.
        train_loss: mean cross entropy in nats over the epoch, while the weights changed.
        train_accuracy: share of right answers, 0 to 1, over the same.
        validation_loss: mean cross entropy in nats after the epoch.
        validation_accuracy: share of right answers, 0 to 1, after the epoch.
        learning_rate: with which the epoch was trained.
        seconds: that it took, validation included.
    """

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float


@dataclass
class History:
    """The epochs of a training run.

    Args:
        rows: one for each epoch.
        stopped: why training ended before its last epoch; empty if it did not.

    >>> history = History([Epoch(1, 0.9, 0.7, 0.5, 0.85, 1e-3, 2.0)])
    >>> history.best("validation_accuracy").epoch
    1
    """

    rows: list[Epoch] = field(default_factory=list)
    stopped: str = ""

    def __len__(self) -> int:
        """Return how many epochs there were."""
        return len(self.rows)

    def column(self, name: str) -> list[float]:
        """Return one number of every epoch, such as ``"train_loss"``."""
        return [getattr(row, name) for row in self.rows]

    def best(self, monitor: Monitor = "validation_loss") -> Epoch:
        """Return the earliest epoch with the lowest loss or the highest accuracy.

        Raises:
            ValueError: there is no epoch yet, or ``monitor`` is not a loss or an accuracy.
        """
        sign = -1 if higher_is_better(monitor) else 1
        if not self.rows:
            raise ValueError("there is no best epoch before the first: train first")
        return min(self.rows, key=lambda row: _or_infinity(sign * float(getattr(row, monitor))))

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; `from_dict` reads it."""
        return {"rows": [asdict(row) for row in self.rows], "stopped": self.stopped}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> History:
        """Return the history that `to_dict` wrote."""
        return cls([Epoch(**row) for row in stored["rows"]], stored["stopped"])

    def to_csv(self, path: str | Path) -> None:
        """Write a header and one line an epoch; a file of that name is replaced as a whole."""
        with replacing(Path(path)) as part, part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, [column.name for column in fields(Epoch)])
            writer.writeheader()
            writer.writerows(asdict(row) for row in self.rows)

    def plot(self, axes: Sequence[Axes]) -> None:
        """Draw the losses and the accuracies over the epochs.

        Args:
            axes: two, as from ``plt.subplots(1, 2, figsize=(9, 3.5))``.

        Raises:
            ValueError: there are not two axes.
        """
        if len(axes) != 2:
            raise ValueError(f"axes (={len(axes)}) must be two, for loss and accuracy")
        for one, what, label in zip(axes, ("loss", "accuracy"), _LABELS, strict=True):
            one.set(title=what.capitalize(), xlabel="epoch", ylabel=label)
            one.xaxis.set_major_locator(MaxNLocator(integer=True))
            for split, color, style in (("train", TRAIN, "o--"), ("validation", VALIDATION, "s-")):
                values = self.column(f"{split}_{what}")
                style = style if len(values) <= MARKED else style[1:]
                one.plot(self.column("epoch"), values, style, color=color, label=split, ms=4)
        axes[0].set_ylim(bottom=0)
        axes[1].yaxis.set_major_formatter(PercentFormatter(1))
        axes[1].legend(loc="lower right")

    def alt_text(self) -> str:
        """Return what `plot` shows, in words.

        >>> History([Epoch(1, 0.9, 0.7, 0.5, 0.85, 1e-3, 2.0)]).alt_text()
        'Loss and accuracy after 1 epoch: validation loss 0.5, validation accuracy 85.0 %.'
        """
        if not self.rows:
            return "Loss and accuracy: no epoch yet."
        first, last, best = self.rows[0], self.rows[-1], self.best("validation_accuracy")
        if len(self) == 1:
            return (
                f"Loss and accuracy after 1 epoch: validation loss {last.validation_loss:.3g}, "
                f"validation accuracy {last.validation_accuracy:.1%}.".replace("%", " %")
            )
        return (
            f"Loss and accuracy over {len(self)} epochs: validation loss goes from "
            f"{first.validation_loss:.3g} to {last.validation_loss:.3g}, validation accuracy from "
            f"{first.validation_accuracy:.1%} to {last.validation_accuracy:.1%}, with its best, "
            f"{best.validation_accuracy:.1%}, at epoch {best.epoch}.".replace("%", " %")
        )


MARKED = 40
_LABELS = ("cross entropy (nats)", "right answers")


def higher_is_better(monitor: str) -> bool:
    """Return True for an accuracy and False for a loss.

    Raises:
        ValueError: ``monitor`` is neither.
    """
    if monitor not in MONITORS:
        raise ValueError(f"monitor (={monitor!r}) must be one of {', '.join(MONITORS)}")
    return monitor.endswith("accuracy")


def _or_infinity(value: float) -> float:
    """Return infinity for a number that is none, so that it is never the least."""
    return float("inf") if value != value else value
