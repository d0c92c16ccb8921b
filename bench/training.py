"""What training costs beyond PyTorch itself, and what a GPU makes of it.

On any machine: the course's loop, with history and validation, against a bare PyTorch loop on the
same batches. Where a GPU is present: bfloat16, channels last and augmentation on the device against
plain float32, for a VGG with batch normalization, with its share of what the card reaches in one
large matrix product.

    python bench/training.py
    python bench/training.py --device cpu --images 64   # tries the code, not the speed
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import nn
from torch.nn.functional import cross_entropy

from convbook import data, models
from convbook.arithmetic.networks import TITLES
from convbook.data import Dataset
from convbook.models import describe
from convbook.training import Compose, Flip, Rotate, Shift, fit, resolve_device

ROUNDS, BATCH_SIZE = 16, 64
FAST_BATCH, FAST_EPOCHS = 512, 5
SIDE = 8192  # of the large matrices


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="auto", help="of the second part: auto is a GPU")
    parser.add_argument("--images", type=int, default=8000, help="that the second part trains on")
    options = parser.parse_args()
    overhead()
    device = resolve_device(options.device)
    if device.type == "cpu" and options.device == "auto":
        print("mixed precision, channels last, augmentation on the device: this part needs a GPU")
    else:
        plain_and_fast(device, options.images)


def overhead() -> None:
    """Print images per second of both loops, taking turns, and what ours costs more."""
    digits = data.load("digits")
    loops: dict[str, Callable[[nn.Module, Dataset], object]] = {
        "bare PyTorch": bare_loop,
        "convbook.training.fit": lambda model, data: fit(
            model, data, 1, batch_size=BATCH_SIZE, device="cpu"
        ),
    }
    seconds: dict[str, list[float]] = {name: [] for name in loops}
    for turn in range(ROUNDS):
        for name in sorted(loops, reverse=turn % 2 == 1):  # each goes first as often
            model = models.build("small-cnn", 10, digits.image_shape)
            seconds[name].append(timed(partial(loops[name], model, digits)))
    # Of each round by itself, since a machine's speed drifts.
    ratios = [ours / bare for bare, ours in zip(*seconds.values(), strict=True)]
    overheads = {
        "bare PyTorch": "",
        "convbook.training.fit": f"{statistics.median(ratios) - 1:+.1%}",
    }
    table = Table(title=f"small-cnn, digits, median of {ROUNDS}")
    for heading in ("loop", "images/s", "overhead"):
        table.add_column(heading, justify="left" if heading == "loop" else "right")
    for name, times in seconds.items():
        rate = len(digits.train) / statistics.median(times)
        table.add_row(name, f"{rate:,.0f}", overheads[name].replace("%", " %"))
    Console().print(table)


def bare_loop(model: nn.Module, data: Dataset) -> None:
    """Train for one epoch and count hits on the validation images, by PyTorch alone."""
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    model.train()
    for index in torch.randperm(len(data.train)).split(BATCH_SIZE):
        loss = cross_entropy(model(data.train.images[index]), data.train.labels[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    images, labels = data.validation.images, data.validation.labels
    with torch.inference_mode():
        for part, right in zip(images.split(BATCH_SIZE), labels.split(BATCH_SIZE), strict=True):
            (model(part).argmax(dim=1) == right).sum()


def plain_and_fast(device: torch.device, count: int) -> None:
    """Print images per second both ways, and the share of the device's own speed."""
    shapes = data.load("shapes", size=64, train=count)
    ways: dict[str, dict[str, Any]] = {
        "float32": {"precision": "float32", "channels_last": False},
        "bfloat16, channels last, augmented": {
            "precision": "auto" if device.type == "cuda" else "bfloat16",
            "channels_last": True,
            "augment": Compose(Flip(), Shift(), Rotate()),
        },
    }
    model = models.build("vgg-16-bn", len(shapes.class_names), shapes.image_shape)
    # A step is a forward pass and two of its size backward; a multiply-accumulate counts twice.
    operations = 2 * 3 * describe(model, shapes.image_shape).macs
    table = Table(title=f"{TITLES['vgg-16-bn']}, 64×64, {name_of(device)}")
    for heading in ("way", "images/s", "ratio", "TFLOP/s", "share of a bfloat16 product"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    peak, first = product_speed(device), 0.0
    for name, settings in ways.items():
        rate = training_rate(model, shapes, device, settings)
        first = first or rate
        speed = rate * operations
        ratio, share = f"{rate / first:.1f}", f"{100 * speed / peak:.0f} %"
        table.add_row(name, f"{rate:,.0f}", ratio, f"{speed / 1e12:.2f}", share)
    Console().print(table)


def training_rate(
    model: nn.Module, data: Dataset, device: torch.device, settings: dict[str, Any]
) -> float:
    """Return training images per second, after an epoch to warm up."""
    history = fit(model, data, FAST_EPOCHS, batch_size=FAST_BATCH, device=device, **settings)
    return len(data.train) / statistics.median(history.column("seconds")[1:])


def product_speed(device: torch.device) -> float:
    """Return operations per second of a large bfloat16 matrix product."""
    side = SIDE if device.type == "cuda" else SIDE // 8
    one, other = torch.randn(2, side, side, device=device, dtype=torch.bfloat16)

    def multiply() -> None:
        for _ in range(20):
            one @ other
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    multiply()
    return 20 * 2 * side**3 / timed(multiply)


def name_of(device: torch.device) -> str:
    """Return what the device is called."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
