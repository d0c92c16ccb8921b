"""Training: the loop, in the order in which things happen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from convbook.data.dataset import Dataset
from convbook.training.checkpoint import load_checkpoint
from convbook.training.device import Compute, Precision
from convbook.training.evaluate import Tally
from convbook.training.history import History
from convbook.training.run import Augment, Callback, Run


def fit(
    model: nn.Module,
    data: Dataset,
    epochs: int,
    *,
    optimizer: torch.optim.Optimizer | None = None,
    batch_size: int = 64,
    learning_rate: float = 1e-3,
    weight_decay: float = 0.01,
    device: str | torch.device = "auto",
    seed: int = 0,
    augment: Augment | None = None,
    callbacks: Sequence[Callback] = (),
    precision: Precision = "auto",
    channels_last: bool | Literal["auto"] = "auto",
    resume_from: str | Path | None = None,
) -> History:
    """Train a network to name the classes of images, from the weights that it has.

    The same seed gives the same weights on the processor, bit for bit, also when the run was
    broken off and goes on from a checkpoint; only another number of threads rounds otherwise. At
    the end the model is on the device, in evaluation mode; PyTorch's own random generator is as
    it was. A part of the model that is in evaluation mode while the model is not stays frozen.

    Args:
        model: maps float32 images ``(N, C, H, W)`` in [0, 1] to logits ``(N, classes)``.
        data: what to learn from and, after each epoch, to validate on.
        epochs: how often to go through the training images, those before a checkpoint included.
        optimizer: made with the model's parameters; AdamW (Loshchilov and Hutter, 2019) if None.
        batch_size: images for each step.
        learning_rate: of AdamW; an optimizer of your own has its own.
        weight_decay: of AdamW; the more, the smoother the filters of a first layer.
        device: as in `resolve_device`.
        seed: of order, augmentation and dropout, 0 or more; not of the weights at the start.
        augment: maps the images of a batch and a generator to new images, such as `Shift`.
        callbacks: what happens between the epochs, such as `Checkpoint`.
        precision: ``"float32"``, ``"bfloat16"``, ``"float16"``, or what suits the device.
        channels_last: the order of channels in memory; True on CUDA by default.
        resume_from: a file of `Checkpoint`. A run that is finished trains no more.

    Returns:
        One row for each epoch.

    Raises:
        ValueError: an argument is out of its range, the model does not fit the data, or the
            checkpoint does not fit the run.
        FileNotFoundError: there is no such checkpoint.
    """
    compute = Compute.choose(device, precision, channels_last)
    compute.place(model)
    optimizer = (
        _checked(optimizer, model) if optimizer else _adamw(model, learning_rate, weight_decay)
    )
    place = compute.move(data)
    run = Run(model, place, optimizer, compute, epochs, batch_size, seed, augment, callbacks)
    if resume_from is not None:
        load_checkpoint(run, Path(resume_from))
    with run.session():
        _train(run)
    return run.history


def _train(run: Run) -> None:
    model, optimizer, scaler, compute = run.model, run.optimizer, run.scaler, run.compute
    while run.goes_on():
        order, noise = run.begin_epoch()
        tally = Tally(compute.device)
        for batch in run.data.train.batches(run.batch_size, order):
            images, labels = compute.batch(*batch)
            if run.augment is not None:
                images = run.augment(images, noise)
            with compute.autocast():
                logits = model(images)
            loss = cross_entropy(logits.float(), labels)
            optimizer.zero_grad()
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            tally.add(loss, logits, labels)
            run.call("on_batch_end")
        run.end_epoch(*tally.means())


def _adamw(model: nn.Module, learning_rate: float, weight_decay: float) -> torch.optim.Optimizer:
    if not learning_rate > 0:
        raise ValueError(f"learning_rate (={learning_rate}) must be above 0, such as 0.001")
    if not weight_decay >= 0:
        raise ValueError(f"weight_decay (={weight_decay}) must be at least 0, such as 0.01")
    learned = [weights for weights in model.parameters() if weights.requires_grad]
    if not learned:
        raise ValueError(
            "model has no parameters to learn: set requires_grad of those that shall change"
        )
    return torch.optim.AdamW(learned, learning_rate, weight_decay=weight_decay)


def _checked(optimizer: torch.optim.Optimizer, model: nn.Module) -> torch.optim.Optimizer:
    owned = set(map(id, model.parameters()))
    held = [weights for group in optimizer.param_groups for weights in group["params"]]
    if not all(id(weights) in owned for weights in held):
        raise ValueError(
            "optimizer holds parameters that are not the model's: make it anew with "
            "model.parameters()"
        )
    return optimizer
