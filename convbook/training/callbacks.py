"""What may happen between epochs: saving, stopping, logging, showing how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any, Literal

from torch import Tensor
from tqdm.auto import tqdm

from convbook.training.checkpoint import is_of_run, save_checkpoint
from convbook.training.history import Monitor, higher_is_better
from convbook.training.patience import Patience
from convbook.training.run import Callback, Run


class Checkpoint(Callback):
    """Writes the run to a file after each epoch, so that `fit` can go on from there.

    The file is replaced as a whole: a process killed at any moment leaves the last one. An epoch
    whose loss is not a number is not saved.

    Args:
        folder: where to write, made if need be.
        keep: ``"last"`` for ``checkpoint.safetensors`` after each epoch; ``"best"`` for
            ``best.safetensors`` after each that is better than all before it.
        monitor: what better means.
        overwrite: whether a fresh run may replace the file of an earlier one.

    Raises:
        ValueError: ``keep`` or ``monitor`` is not known.
        FileExistsError: in `fit`, when the file is that of a run which this one does not go on.
    """

    writes_checkpoints = True

    def __init__(
        self,
        folder: str | Path,
        keep: Literal["last", "best"] = "last",
        monitor: Monitor = "validation_loss",
        overwrite: bool = False,
    ) -> None:
        """Note what to write."""
        names = {"last": "checkpoint.safetensors", "best": "best.safetensors"}
        if keep not in names:
            raise ValueError(f"keep (={keep!r}) must be one of {', '.join(names)}")
        higher_is_better(monitor)
        self.path = Path(folder) / names[keep]
        self.keep, self.monitor, self.overwrite = keep, monitor, overwrite

    def on_train_begin(self, run: Run) -> None:
        """Refuse to replace the file of another run."""
        if self.overwrite or not self.path.exists():
            return
        if run.resumed_from is None:
            raise FileExistsError(
                f"{self.path} is of an earlier run, which this one would replace: go on with "
                "resume_from, choose another folder, or say overwrite=True"
            )
        if not is_of_run(run, self.path):
            raise FileExistsError(
                f"{self.path} is of another run than {run.resumed_from}, from which this one goes "
                "on: choose the folder of that run or a new one, or say overwrite=True"
            )

    def on_epoch_end(self, run: Run) -> None:
        """Write the file."""
        last = run.history.rows[-1]
        wanted = self.keep == "last" or run.history.best(self.monitor) is last
        if wanted and isfinite(last.train_loss + last.validation_loss):
            save_checkpoint(run, self.path)


class EarlyStopping(Callback):
    """Stops training when a number has not improved for some epochs (Prechelt, 1998).

    Args:
        patience: so many epochs without improvement are enough, at least 1.
        min_delta: by how much a number must be better to count.
        monitor: the loss or accuracy to watch.
        restore_best: whether the model ends with the weights of its best epoch, however
            training ends. Keras has False here.

    Raises:
        ValueError: an argument is out of its range.
    """

    def __init__(
        self,
        patience: int = 5,
        min_delta: float = 0.0,
        monitor: Monitor = "validation_loss",
        restore_best: bool = True,
    ) -> None:
        """Begin to wait."""
        self.patience = Patience(monitor, patience, min_delta)
        self.restore_best = restore_best
        self.weights: dict[str, Tensor] = {}

    def on_train_begin(self, run: Run) -> None:
        """Forget an earlier run; but one that was stopped stays so."""
        if not run.history.rows:
            self.patience.reset()
            self.weights = {}
        self._stop_if_over(run)

    def on_epoch_end(self, run: Run) -> None:
        """Keep the weights if they are the best, and stop if that was long ago."""
        if self.patience.improved(run.history.rows[-1]) and self.restore_best:
            self.weights = {name: value.clone() for name, value in run.model.state_dict().items()}
        self._stop_if_over(run)

    def on_train_end(self, run: Run) -> None:
        """Put the best weights back."""
        if self.weights:
            run.model.load_state_dict(self.weights)

    def state(self) -> dict[str, Any]:
        """Return the best so far, with its weights."""
        weights = {f"weights.{name}": value for name, value in self.weights.items()}
        return self.patience.state() | weights

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Take back what `state` returned."""
        self.patience.load_state(state)
        weights = {name: value for name, value in state.items() if name.startswith("weights.")}
        self.weights = {name.removeprefix("weights."): value for name, value in weights.items()}

    def _stop_if_over(self, run: Run) -> None:
        if self.patience.over:
            run.stop(
                f"{self.patience.monitor} has not improved on {self.patience.best:.4g} for "
                f"{self.patience.waited} epochs"
            )


class TerminateOnNaN(Callback):
    """Stops training after an epoch whose loss is not a finite number.

    It looks at the end of an epoch, since a look at every batch would wait for the device.
    `Checkpoint` has kept the weights from before.
    """

    def on_epoch_end(self, run: Run) -> None:
        """Look at both losses."""
        last = run.history.rows[-1]
        if not isfinite(last.train_loss + last.validation_loss):
            run.stop(
                f"the loss of epoch {last.epoch} is {last.train_loss:g}: lower the learning rate "
                f"(={last.learning_rate:g}), or look for images that are not in [0, 1]"
            )


class CSVLog(Callback):
    """Writes the history to a file after each epoch, with a header.

    The file always holds the whole run: one that goes on from a checkpoint rewrites what the
    broken-off one wrote, so no row is lost or comes twice.

    Args:
        path: where to write; an earlier file of that name is replaced.
    """

    def __init__(self, path: str | Path) -> None:
        """Note where to write."""
        self.path = Path(path)

    def on_epoch_end(self, run: Run) -> None:
        """Write all rows."""
        run.history.to_csv(self.path)


class Progress(Callback):
    """Shows a bar in the terminal or the notebook; silent where the output is a file."""

    bar: tqdm[Any] | None = None

    def on_train_begin(self, run: Run) -> None:
        """Draw the bar."""
        done, batches = len(run.history), run.batches
        total = max(run.epochs, done) * batches
        self.bar = tqdm(total=total, initial=done * batches, unit="batch", disable=None)

    def on_epoch_begin(self, run: Run) -> None:
        """Name the epoch."""
        if self.bar is not None:
            self.bar.set_description(f"epoch {run.epoch}/{run.epochs}", refresh=False)

    def on_batch_end(self, run: Run) -> None:
        """Move on."""
        if self.bar is not None:
            self.bar.update()

    def on_epoch_end(self, run: Run) -> None:
        """Show the accuracy."""
        if self.bar is not None:
            accuracy = run.history.rows[-1].validation_accuracy
            self.bar.set_postfix_str(f"validation {accuracy:.2%}".replace("%", " %"))

    def on_train_end(self, run: Run) -> None:
        """Leave the bar as it is."""
        if self.bar is not None:
            self.bar.close()
