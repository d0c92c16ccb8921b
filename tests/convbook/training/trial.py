"""A small run in which everything is random, whole or broken off by a signal."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from convbook.data.dataset import Card, Dataset, Split
from convbook.training import (
    Callback,
    Checkpoint,
    Compose,
    CSVLog,
    EarlyStopping,
    LearningRateSchedule,
    ReduceOnPlateau,
    Rotate,
    Shift,
    fit,
)

CARD = Card("synthetic", "made in the test", "none needed")
EPOCHS, CLASSES = 5, 3


def synthetic(count: int = 90, seed: int = 0, side: int = 8) -> Dataset:
    """A bright bar in one of three places, in noise."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % CLASSES
    images = 0.6 * torch.rand(count, 1, side, side, generator=generator)
    for image, label in zip(images, labels, strict=True):
        image[0, :, 2 * int(label) + 1] += 0.4
    whole = Split(images, labels)
    parts = torch.arange(count).split([count - 40, 20, 20])
    splits = [Split(*whole.take(part)) for part in parts]
    return Dataset("bars", *splits, class_names=("left", "middle", "right"), card=CARD)


def network(seed: int = 0, dropout: float = 0.3) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Conv2d(1, 4, 3),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Flatten(),
            nn.Linear(4 * 6 * 6, CLASSES),
        )


class Break(Callback):
    """Sends this process a signal: in an epoch, or between two."""

    def __init__(self, kind: str) -> None:
        self.kind, self.batches = kind, 0

    def on_epoch_begin(self, run):
        self.batches = 0
        if self.kind == "SIGKILL" and run.epoch == 4:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_batch_end(self, run):
        self.batches += 1
        if self.kind == "SIGINT" and (run.epoch, self.batches) == (3, 2):
            os.kill(os.getpid(), signal.SIGINT)


def run(folder: Path, optimizer: str, breaks: tuple[Callback, ...] = (), resume: bool = False):
    """Train, and return model and history."""
    model = network()
    made = {
        "adam": lambda: torch.optim.Adam(model.parameters(), 0.01),
        "momentum": lambda: torch.optim.SGD(model.parameters(), 0.05, momentum=0.9),
    }
    callbacks = [
        Checkpoint(folder),
        Checkpoint(folder, keep="best"),
        CSVLog(folder / "history.csv"),
        EarlyStopping(patience=2, min_delta=0.05),
        LearningRateSchedule("cosine") if optimizer == "adam" else ReduceOnPlateau(0.5, 1),
        *breaks,
    ]
    history = fit(
        model,
        synthetic(),
        EPOCHS,
        optimizer=made[optimizer](),
        batch_size=16,
        device="cpu",
        seed=3,
        augment=Compose(Shift(0.15), Rotate(10)),
        callbacks=callbacks,
        resume_from=folder / "checkpoint.safetensors" if resume else None,
    )
    return model, history


def rows(history):
    return [replace(row, seconds=0) for row in history.rows]


def assert_same_weights(one, other):
    theirs = other.state_dict()
    for name, value in one.state_dict().items():
        assert torch.equal(value, theirs[name]), name


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2], (Break(sys.argv[3]),))
