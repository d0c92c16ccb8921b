"""Splits larger than memory: written to a folder piece by piece, read from it batch by batch.

The folder holds ``images.npy``, uint8 of shape ``(N, C, H, W)``, and ``labels.npy``, int64 of
shape ``(N,)``. NumPy reads both without this module.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from itertools import chain
from math import prod
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import write_array_header_1_0
from torch import Tensor

from convbook.data.dataset import WHITE, Split
from convbook.data.disk import writing

Parts = Iterable[tuple[Tensor, Tensor]]
IMAGES, LABELS = "images.npy", "labels.npy"
ELSEWHERE = "choose a folder elsewhere"


def write_split(folder: Path | str, parts: Parts, count: int) -> Split:
    """Write images and labels as they come, and open them as `open_split` does.

    Everything is written beside ``folder`` first and gets its name when it is whole.

    Args:
        folder: a new one; the folders above it are made.
        parts: images of shape ``(n, C, H, W)``, float32 in [0, 1], which are rounded to 256
            levels, and their labels, int64 of shape ``(n,)``; only one part is held at a time.
        count: how many images there are in all parts.

    Raises:
        FileExistsError: ``folder`` is there already.
        ValueError: the parts do not hold ``count`` images of one shape.
        DiskError: the disk is full, or the folder cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from convbook.data.shapes import stream
    >>> with TemporaryDirectory() as folder:
    ...     write_split(Path(folder, "train"), stream(150), 150).images.shape
    (150, 3, 32, 32)
    """
    folder = Path(folder)
    if folder.exists():
        raise FileExistsError(f"{folder} is there already: remove it, or {ELSEWHERE}")
    parts = iter(parts)
    first = next(parts, None)
    if first is None:
        raise ValueError(f"parts are empty, but {count:,} images are announced: give them")
    shape = (count, *Split(*first).image_shape)
    beside = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    needed = prod(shape) + 8 * count
    with writing(folder.parent, f"{folder.name} ({needed:,} bytes)", ELSEWHERE):
        beside.mkdir(parents=True)
        try:
            _write_files(beside, chain([first], parts), shape)
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return open_split(folder)


def open_split(folder: Path | str) -> Split:
    """Return the split in ``folder``; its images stay on the disk until a batch needs them.

    Raises:
        FileNotFoundError: ``folder`` does not hold a split.
        ValueError: a file in it is damaged.
    """
    folder = Path(folder)
    try:
        images = np.load(folder / IMAGES, mmap_mode="r")
        labels = np.load(folder / LABELS)
        return Split(images, torch.from_numpy(labels))
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{error.filename} is missing: write the split with write_split"
        ) from None
    except (ValueError, EOFError, TypeError) as error:
        raise ValueError(
            f"{folder} holds a damaged split ({error}): remove it, and write it again"
        ) from error


def _write_files(folder: Path, parts: Parts, shape: tuple[int, ...]) -> None:
    count, written = shape[0], 0
    with (folder / IMAGES).open("wb") as pixels, (folder / LABELS).open("wb") as numbers:
        for file, kind, lengths in ((pixels, "|u1", shape), (numbers, "<i8", (count,))):
            header = {"descr": kind, "fortran_order": False, "shape": lengths}
            write_array_header_1_0(file, header)
        for images, labels in parts:
            _check(Split(images, labels), shape)
            pixels.write(images.mul(WHITE).round_().to(torch.uint8).numpy().tobytes())
            numbers.write(labels.numpy().astype("<i8").tobytes())
            written += len(labels)
    if written != count:
        raise ValueError(
            f"count (={count:,}) must be that of all parts, which hold {written:,} images"
        )


def _check(part: Split, shape: tuple[int, ...]) -> None:
    if part.image_shape != shape[1:]:
        raise ValueError(
            f"one part has images of shape {part.image_shape}, but the first has {shape[1:]}: "
            "bring all to one shape"
        )
    low, high = part.images.min(), part.images.max()
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"images (from {low:g} to {high:g}) must be in [0, 1]: divide by their largest value"
        )
