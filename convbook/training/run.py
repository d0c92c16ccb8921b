"""A training run: what the loop works on, and the callbacks that see it at five moments."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor, nn

from convbook.data.dataset import Dataset
from convbook.training.checks import check_last_batch, check_output
from convbook.training.device import Compute
from convbook.training.evaluate import measure
from convbook.training.history import Epoch, History
from convbook.training.modes import Modes, set_modes, training_modes

Augment = Callable[[Tensor, Generator], Tensor]


class Callback:
    """Does nothing at any moment; a subclass overrides the moments it needs.

    >>> class Counter(Callback):
    ...     def on_epoch_end(self, run):
    ...         print(f"{run.history.rows[-1].validation_accuracy:.1%}")
    """

    writes_checkpoints = False

    def on_train_begin(self, run: Run) -> None:
        """Be called once before the first epoch, or before the first after a checkpoint."""

    def on_epoch_begin(self, run: Run) -> None:
        """Be called before an epoch; a learning rate set here is the epoch's."""

    def on_batch_end(self, run: Run) -> None:
        """Be called after each batch; what waits for the device here slows training down."""

    def on_epoch_end(self, run: Run) -> None:
        """Be called after validation; the epoch is the last row of ``run.history``."""

    def on_train_end(self, run: Run) -> None:
        """Be called once at the end, after an error or Ctrl-C too."""

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint shall remember: tensors, and what JSON can hold."""
        return {}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Take back what `state` returned; called before `on_train_begin`."""


@dataclass
class Run:
    """One call of `fit`: its settings, and how far it is.

    Args:
        model: the network, on its device.
        data: the images; where they fit, on the device too.
        optimizer: of the model's parameters.
        compute: device and precision.
        epochs: how many there shall be.
        batch_size: images at a time.
        seed: of all that is random.
        augment: what is done to the images of each batch; None for nothing.
        callbacks: in the order in which they are called.
        history: the epochs so far.
        resumed_from: the checkpoint from which it goes on.
    """

    model: nn.Module
    data: Dataset
    optimizer: torch.optim.Optimizer
    compute: Compute
    epochs: int
    batch_size: int
    seed: int
    augment: Augment | None = None
    callbacks: Sequence[Callback] = ()
    history: History = field(default_factory=History)
    resumed_from: Path | None = None
    modes: Modes = field(init=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be trained."""
        for name, least in (("epochs", 1), ("batch_size", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or value < least:
                raise ValueError(f"{name} (={value!r}) must be a whole number, at least {least}")
        self.callbacks = _in_order(self.callbacks)
        self.scaler = self.compute.scaler()
        self.modes = training_modes(self.model)
        check_output(self.model, self.data, self.compute)
        check_last_batch(self.model, self.modes, self.data.train, self.batch_size)

    @property
    def epoch(self) -> int:
        """The number of the epoch under way, from 1; after training that of the next."""
        return len(self.history) + 1

    @property
    def learning_rate(self) -> float:
        """The optimizer's, of its first group of parameters."""
        return float(self.optimizer.param_groups[0]["lr"])

    @property
    def batches(self) -> int:
        """How many there are in an epoch."""
        return -(-len(self.data.train) // self.batch_size)

    @property
    def settings(self) -> dict[str, Any]:
        """What must be the same for a run to go on as it began; JSON can hold it."""
        defaults = ", ".join(f"{name}={value}" for name, value in self.optimizer.defaults.items())
        return {
            "seed": self.seed,
            "batch_size": self.batch_size,
            "data": f"{self.data.name}, {len(self.data.train):,} images",
            "model": type(self.model).__name__,
            "optimizer": f"{type(self.optimizer).__name__}({defaults})",
            "precision": str(self.compute.dtype).removeprefix("torch."),
            "augment": getattr(self.augment, "__name__", repr(self.augment)),
            "callbacks with memory": [type(one).__name__ for one in self.with_memory],
        }

    @property
    def with_memory(self) -> list[Callback]:
        """The callbacks that a checkpoint remembers."""
        return [one for one in self.callbacks if type(one).state is not Callback.state]

    def goes_on(self) -> bool:
        """Return whether there is another epoch to train."""
        return self.epoch <= self.epochs and not self.history.stopped

    def stop(self, reason: str) -> None:
        """Make this epoch the last; the reason is kept in the history."""
        self.history.stopped = reason

    def call(self, hook: str) -> None:
        """Call one hook of every callback."""
        for callback in self.callbacks:
            getattr(callback, hook)(self)

    @contextmanager
    def session(self) -> Iterator[None]:
        """Prepare for training, and at the end, however it comes, put things back.

        PyTorch's own generator is as before, the model in evaluation mode, callbacks are told.
        """
        device = self.compute.device
        cuda = [device] if device.type == "cuda" else []
        with torch.random.fork_rng(cuda), self.compute.switches():
            try:
                self.call("on_train_begin")
                yield
            finally:
                self.model.eval()
                self.call("on_train_end")

    def begin_epoch(self) -> tuple[Generator, Generator]:
        """Return what shuffles and what augments; dropout draws from PyTorch's own generator.

        All three depend on the run's seed and the epoch alone, so a checkpoint needs none of them.
        """
        self.began = time.perf_counter()
        sequence = np.random.SeedSequence([self.seed, self.epoch])
        order, noise, dropout = map(int, sequence.generate_state(3))
        torch.manual_seed(dropout)
        set_modes(self.modes)
        self.call("on_epoch_begin")
        device = self.compute.device
        return Generator().manual_seed(order), Generator(device).manual_seed(noise)

    def end_epoch(self, train_loss: float, train_accuracy: float) -> None:
        """Judge on the validation images, add a row to the history, tell the callbacks."""
        judged = measure(self.model, self.data.validation, self.batch_size, self.compute)
        rate, seconds = self.learning_rate, time.perf_counter() - self.began
        measured = (train_loss, train_accuracy, judged.loss, judged.accuracy, rate, seconds)
        self.history.rows.append(Epoch(self.epoch, *measured))
        self.call("on_epoch_end")


def _in_order(callbacks: Sequence[Callback]) -> tuple[Callback, ...]:
    """Return callbacks as given, but what writes checkpoints last: it must see all the others did.

    Raises:
        TypeError: something is not a callback.
    """
    if isinstance(callbacks, Callback):
        raise TypeError(f"callbacks (={_said(callbacks)}) must be a list: put it in brackets")
    for one in callbacks:
        if not isinstance(one, Callback):
            fix = "write it with ()" if isinstance(one, type) else "derive its class from Callback"
            raise TypeError(f"callbacks holds {_said(one)}, which is no callback: {fix}")
    return tuple(sorted(callbacks, key=lambda one: one.writes_checkpoints))


def _said(one: object) -> str:
    return one.__name__ if isinstance(one, type) else type(one).__name__
