"""What a callback is: something the loop calls at five moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convbook.training.run import Run


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


def in_order(callbacks: Sequence[Callback]) -> tuple[Callback, ...]:
    """Return callbacks as given, but what writes checkpoints last: it must see all the others did.

    Raises:
        TypeError: something is not a callback.
    """
    if isinstance(callbacks, Callback):
        raise TypeError(f"callbacks (={_name(callbacks)}) must be a list: put it in brackets")
    for one in callbacks:
        if not isinstance(one, Callback):
            fix = "write it with ()" if isinstance(one, type) else "derive its class from Callback"
            raise TypeError(f"callbacks holds {_name(one)}, which is no callback: {fix}")
    return tuple(sorted(callbacks, key=lambda one: one.writes_checkpoints))


def _name(one: object) -> str:
    return one.__name__ if isinstance(one, type) else type(one).__name__
