"""Learning rates that change from epoch to epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, pi
from typing import Any

from convbook.training.history import Monitor
from convbook.training.patience import Patience
from convbook.training.run import Callback, Run

Rate = Callable[[int, float], float]


def cosine(epoch: int, epochs: int) -> float:
    """Return half a wave of the cosine, from 1 at the first epoch to almost 0 at the last.

    ``(1 + cos(π(e − 1)/E)) / 2`` (Loshchilov and Hutter, 2017, equation 5, without restarts).

    >>> [round(cosine(epoch, 4), 3) for epoch in (1, 2, 3, 4)]
    [1.0, 0.854, 0.5, 0.146]
    """
    return (1 + cos(pi * (epoch - 1) / epochs)) / 2


def step(epoch: int, epochs: int) -> float:
    """Return 1, from half of the epochs on 0.1, and from three quarters on 0.01.

    As He et al. (2016, section 4.2) train on small images.

    >>> [step(epoch, 4) for epoch in (1, 2, 3, 4)]
    [1.0, 1.0, 0.1, 0.01]
    """
    done = (epoch - 1) / epochs
    return 0.01 if done >= 0.75 else 0.1 if done >= 0.5 else 1.0


FACTORS: dict[str, Callable[[int, int], float]] = {"cosine": cosine, "step": step}


class LearningRateSchedule(Callback):
    """Sets the learning rate before each epoch.

    Args:
        schedule: ``"cosine"`` or ``"step"``, which scale the rate that the optimizer has at the
            start over the epochs of the run (going on with more epochs stretches them from
            there); or a function of the epoch (from 1, not from 0 as in Keras) and the current
            rate that returns the new one.

    Raises:
        ValueError: the name is not known; in `fit`, the function returns no positive number.

    >>> halved = LearningRateSchedule(lambda epoch, rate: rate / 2 if epoch > 1 else rate)
    """

    def __init__(self, schedule: str | Rate = "cosine") -> None:
        """Note the schedule."""
        if isinstance(schedule, str) and schedule not in FACTORS:
            raise ValueError(
                f"schedule (={schedule!r}) must be one of {', '.join(FACTORS)}, or a function of "
                "the epoch and the rate"
            )
        self.schedule = schedule
        self.initial: list[float] = []

    def on_train_begin(self, run: Run) -> None:
        """Note the optimizer's rates before the first epoch."""
        if not run.history.rows:
            self.initial = [float(group["lr"]) for group in run.optimizer.param_groups]

    def on_epoch_begin(self, run: Run) -> None:
        """Set the rate of each group of parameters."""
        for group, initial in zip(run.optimizer.param_groups, self.initial, strict=True):
            if isinstance(self.schedule, str):
                rate = initial * FACTORS[self.schedule](run.epoch, run.epochs)
            else:
                rate = self.schedule(run.epoch, group["lr"])
            if not rate > 0:
                raise ValueError(
                    f"schedule returns {rate} for epoch {run.epoch}, but a learning rate must be "
                    "above 0: return one in every case"
                )
            group["lr"] = rate

    def state(self) -> dict[str, Any]:
        """Return the rates at the start."""
        return {"initial": self.initial}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Take back what `state` returned."""
        self.initial = state["initial"]


class ReduceOnPlateau(Callback):
    """Lowers the learning rate when a number has not improved for some epochs.

    Args:
        factor: what the rate is multiplied by, above 0 and below 1.
        patience: so many epochs without improvement are enough, at least 1.
        min_learning_rate: the rate goes no lower, 0 or more.
        monitor: the loss or accuracy to watch.
        min_delta: by how much a number must be better to count.

    Raises:
        ValueError: an argument is out of its range.
    """

    def __init__(
        self,
        factor: float = 0.1,
        patience: int = 10,
        min_learning_rate: float = 0.0,
        monitor: Monitor = "validation_loss",
        min_delta: float = 1e-4,
    ) -> None:
        """Begin to wait."""
        if not 0 < factor < 1:
            raise ValueError(f"factor (={factor}) must be above 0 and below 1, such as 0.1")
        if not min_learning_rate >= 0:
            raise ValueError(f"min_learning_rate (={min_learning_rate}) must be 0 or more")
        self.patience = Patience(monitor, patience, min_delta)
        self.factor, self.min_learning_rate = factor, min_learning_rate

    def on_train_begin(self, run: Run) -> None:
        """Forget an earlier run."""
        if not run.history.rows:
            self.patience.reset()

    def on_epoch_end(self, run: Run) -> None:
        """Lower the rates if nothing improved for long enough, and wait anew."""
        self.patience.improved(run.history.rows[-1])
        if self.patience.over:
            self.patience.waited = 0
            for group in run.optimizer.param_groups:
                lowered = max(group["lr"] * self.factor, self.min_learning_rate)
                group["lr"] = min(group["lr"], lowered)

    def state(self) -> dict[str, Any]:
        """Return the best so far."""
        return self.patience.state()

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Take back what `state` returned."""
        self.patience.load_state(state)
