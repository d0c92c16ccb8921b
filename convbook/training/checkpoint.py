"""Weights and whole training runs in safetensors files: tensors by name, the rest as JSON.

Nothing is pickled, so a file from elsewhere can be opened without running its author's code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from convbook.models.names import renamed
from convbook.training.files import replacing
from convbook.training.history import History
from convbook.training.run import Run

# The one key of the file's metadata, and the prefixes of a checkpoint's tensors.
JSON = "convbook"
CHECKPOINT = "checkpoint"
MODEL, OPTIMIZER, CALLBACKS = "model.", "optimizer.", "callbacks."


def save_weights(
    model: nn.Module, path: str | Path, metadata: Mapping[str, Any] | None = None
) -> None:
    """Write a model's parameters and buffers; a file of that name is replaced as a whole.

    Args:
        model: its `state_dict` is what is written.
        path: where to, such as ``"model.safetensors"``.
        metadata: what else to keep; JSON must be able to hold it.

    Raises:
        DiskError: the folder is full or may not be written.
    """
    _write(Path(path), model.state_dict(), dict(metadata or {}))


def load_weights(model: nn.Module, path: str | Path) -> dict[str, Any]:
    """Put the weights of a file, or those of a checkpoint, into a model.

    Args:
        model: with the names and shapes of the file.
        path: what `save_weights`, `Checkpoint` or another library wrote; what `torch.compile` or
            ``DataParallel`` adds to names does not matter.

    Returns:
        The metadata that `save_weights` was given.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is not a safetensors file, or holds other names or shapes.
    """
    tensors, metadata = _read(Path(path))
    if CHECKPOINT in metadata:
        tensors = _under(MODEL, tensors)
    _load(model, tensors, Path(path))
    return metadata


def save_checkpoint(run: Run, path: Path) -> None:
    """Write all that a run needs to go on after the epochs it has behind it."""
    optimizer = run.optimizer.state_dict()
    values = {f"{MODEL}{name}": value for name, value in run.model.state_dict().items()}
    values |= _flat(OPTIMIZER, optimizer["state"])
    values |= _flat(CALLBACKS, dict(enumerate(one.state() for one in run.with_memory)))
    tensors = {name: value for name, value in values.items() if isinstance(value, Tensor)}
    rest = {
        "settings": run.settings,
        "history": run.history.to_dict(),
        "plain": {name: value for name, value in values.items() if name not in tensors},
        "groups": optimizer["param_groups"],
        "scaler": run.scaler.state_dict(),
    }
    _write(path, tensors, {CHECKPOINT: rest})


def load_checkpoint(run: Run, path: Path) -> None:
    """Bring a fresh run to where `save_checkpoint` was called.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is not a checkpoint, or one of a run with other settings.
    """
    tensors, metadata = _read(path)
    if CHECKPOINT not in metadata:
        raise ValueError(
            f"{path} is not a checkpoint: take a file of Checkpoint, or load_weights for weights"
        )
    rest = metadata[CHECKPOINT]
    _compare(run.settings, rest["settings"], path)
    _load(run.model, _under(MODEL, tensors), path)
    values = tensors | rest["plain"]
    state = {int(index): one for index, one in _nested(OPTIMIZER, values).items()}
    run.optimizer.load_state_dict({"state": state, "param_groups": rest["groups"]})
    run.scaler.load_state_dict(rest["scaler"])
    memories = _nested(CALLBACKS, values)
    for number, callback in enumerate(run.with_memory):
        callback.load_state(memories.get(str(number), {}))
    run.history = History.from_dict(rest["history"])
    run.history.stopped = ""  # callbacks decide anew: their patience may have been raised
    run.resumed_from = path


def is_of_run(run: Run, path: Path) -> bool:
    """Tell whether a checkpoint was written by ``run``, or by one that it goes on.

    Two runs with the same settings whose epochs came out the same, as far as both have got, are
    one. A file that cannot be read is of no run.
    """
    try:
        _, metadata = _read(path)
        stored = metadata[CHECKPOINT]
        rows = History.from_dict(stored["history"]).rows
    except (OSError, ValueError, LookupError, TypeError):
        return False
    pairs = zip(rows, run.history.rows, strict=False)
    return stored["settings"] == run.settings and all(
        replace(one, seconds=0) == replace(other, seconds=0) for one, other in pairs
    )


def _write(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, Any]) -> None:
    # Copies, since safetensors refuses tensors that share memory, as tied weights do.
    copies = {
        name: tensor.detach().clone(memory_format=torch.contiguous_format)
        for name, tensor in tensors.items()
    }
    with replacing(path) as part:
        part.write_bytes(save(copies, {JSON: json.dumps(metadata)}))


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: give the path of a .safetensors file")
    try:
        with safe_open(path, "pt") as file:
            metadata = json.loads((file.metadata() or {}).get(JSON, "{}"))
            # Copies, since the file's own memory is mapped from disk.
            return {name: file.get_tensor(name).clone() for name in file.keys()}, metadata  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(
            f"{path} is not a whole safetensors file ({error}): save it again with save_weights"
        ) from None


def _load(model: nn.Module, tensors: Mapping[str, Tensor], path: Path) -> None:
    """Copy tensors into a model, or name the first that does not fit."""
    names = renamed([*tensors], [*model.state_dict()])
    tensors = {names[name]: value for name, value in tensors.items()}
    wanted = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    found = {name: tuple(value.shape) for name, value in tensors.items()}
    for name in [*wanted, *found]:
        if wanted.get(name) != found.get(name):
            has, needs = (
                f"shape {shapes[name]}" if name in shapes else f"no {name}"
                for shapes in (found, wanted)
            )
            raise ValueError(
                f"{name} does not fit: {path} has {has}, but {type(model).__name__} has {needs}; "
                "build the model as it was when the file was written"
            )
    model.load_state_dict(tensors)


def _compare(settings: dict[str, Any], stored: dict[str, Any], path: Path) -> None:
    for name, value in settings.items():
        if value != stored[name]:
            raise ValueError(
                f"{name} (={value}) must be {stored[name]}, as in {path}, for the run to go on as "
                "it began: use that, or start anew without the checkpoint"
            )


def _flat(prefix: str, states: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        f"{prefix}{number}.{name}": value
        for number, state in states.items()
        for name, value in state.items()
    }


def _nested(prefix: str, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Undo `_flat`, except that the numbers are text."""
    states: dict[str, dict[str, Any]] = {}
    for key, value in _under(prefix, values).items():
        number, _, name = key.partition(".")
        states.setdefault(number, {})[name] = value
    return states


def _under(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(prefix): v for name, v in values.items() if name.startswith(prefix)}
