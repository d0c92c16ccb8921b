"""Weights of the course's own: small trained networks, wherever the course is installed.

They lie in ``convbook/weights``, each with a summary beside it: the command that made it, its
seed, its accuracy on the test images. ``make weights`` makes them anew.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import nn

from convbook import data as data_sets
from convbook import models
from convbook.data.dataset import Dataset
from convbook.training.checkpoint import load_weights
from convbook.training.command import train
from convbook.training.options import Options, parse_model_options

FOLDER = Path(__file__).with_name("weights")

RUNS = {
    "digits": Options(model="small-cnn", data="digits"),
    "shapes": Options(model="small-cnn", data="shapes"),
    # Strong decay and noise leave a first layer of smooth edges and patches of colour.
    "patches": Options(
        model="patch-cnn",
        data="patches",
        epochs=60,
        batch_size=128,
        learning_rate=3e-3,
        weight_decay=1.0,
        augment="flip,color,noise",
    ),
}


@dataclass(frozen=True)
class Trained:
    """A trained network and what it was trained on.

    Args:
        model: in evaluation mode, on the CPU.
        data: the data set, with the same splits as in training.
        summary: command, seed, versions, test accuracy and more, as ``convbook train`` wrote it.
    """

    model: nn.Module
    data: Dataset
    summary: dict[str, Any]


def load_trained(name: str) -> Trained:
    """Return one of the course's trained networks.

    Args:
        name: one of `RUNS`.

    Raises:
        ValueError: there is none of this name.

    >>> load_trained("digits").summary["seed"]
    0
    """
    if name not in RUNS:
        raise ValueError(f"name (={name!r}) must be one of {', '.join(RUNS)}")
    run = RUNS[name]
    data = data_sets.load(run.data)
    settings = parse_model_options(run.model_options)
    model = models.build(run.model, len(data.class_names), data.image_shape, **settings)
    load_weights(model, FOLDER / f"{name}.safetensors")
    summary = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return Trained(model.eval(), data, summary)


def make() -> None:
    """Train every network anew, in ``runs/``, and keep its weights and its summary."""
    FOLDER.mkdir(exist_ok=True)
    for name, run in RUNS.items():
        train(replace(run, overwrite=True))
        shutil.copy(run.folder / "weights.safetensors", FOLDER / f"{name}.safetensors")
        shutil.copy(run.folder / "summary.json", FOLDER / f"{name}.json")


if __name__ == "__main__":
    make()
