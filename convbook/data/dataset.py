"""What every data set of the course looks like: three splits, class names and a card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Stored = NDArray[np.uint8]
WHITE = 255


@dataclass(frozen=True)
class Card:
    """Where a data set comes from and what may be done with it.

    Args:
        title: what it is, in a few words.
        origin: who made it, and how it gets here.
        licence: under which terms.
        note: what a reader should know before using it.
    """

    title: str
    origin: str
    licence: str
    note: str = ""


@dataclass(frozen=True)
class Split:
    """Images with their labels.

    Args:
        images: shape ``(N, C, H, W)``: a float32 tensor in [0, 1], or a uint8 array, such as a
            memory map, of which each batch is read and divided by 255 when its turn comes.
        labels: shape ``(N,)``, int64, from 0.

    Raises:
        ValueError: the shapes or dtypes are others.

    >>> split = Split(torch.zeros(5, 1, 8, 8), torch.arange(5))
    >>> split
    Split(5 images of 1×8×8)
    >>> [len(labels) for _, labels in split.batches(2)]
    [2, 2, 1]
    """

    images: Tensor | Stored
    labels: Tensor

    def __post_init__(self) -> None:
        """Refuse images and labels that do not belong together."""
        shape, kind = tuple(self.images.shape), self.images.dtype
        if len(shape) != 4 or kind not in (torch.float32, np.dtype(np.uint8)):
            raise ValueError(
                f"images (shape {shape}, {kind}) must have shape (N, C, H, W) and be a float32 "
                "tensor in [0, 1] or a uint8 array"
            )
        if tuple(self.labels.shape) != shape[:1] or self.labels.dtype != torch.int64:
            raise ValueError(
                f"labels (shape {tuple(self.labels.shape)}, {self.labels.dtype}) must be int64, "
                f"one for each of the {shape[0]:,} images"
            )

    def __repr__(self) -> str:
        """Return the size in one line, where tensors would fill a page."""
        shape = "×".join(map(str, self.image_shape))
        return f"Split({len(self):,} images of {shape})"

    def __len__(self) -> int:
        """Return how many images there are."""
        return len(self.labels)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """``(C, H, W)`` of one image."""
        _, channels, height, width = self.images.shape
        return channels, height, width

    def take(self, index: Tensor | slice) -> tuple[Tensor, Tensor]:
        """Return the images and labels at ``index``, the images as a float32 tensor in [0, 1]."""
        if isinstance(self.images, Tensor):
            return self.images[index], self.labels[index]
        if isinstance(index, slice):
            read = np.array(self.images[index])
        else:  # in the order of the file, which a disk reads faster
            order = index.argsort()
            read = np.empty((len(index), *self.image_shape), np.uint8)
            read[order.numpy()] = self.images[index[order].numpy()]
        return torch.from_numpy(read).float().div_(WHITE), self.labels[index]

    def batches(
        self, batch_size: int, generator: torch.Generator | None = None
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield images and labels, ``batch_size`` at a time; the last batch may be smaller.

        Args:
            batch_size: at least 1.
            generator: what to shuffle with, a generator of the CPU; without it the order is
                that of the split.

        Raises:
            ValueError: ``batch_size`` is below 1.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size (={batch_size}) must be at least 1")
        starts = range(0, len(self), batch_size)
        if generator is None:
            yield from (self.take(slice(start, start + batch_size)) for start in starts)
            return
        order = torch.randperm(len(self), generator=generator)
        if isinstance(self.images, Tensor):
            order = order.to(self.images.device)
        yield from (self.take(order[start : start + batch_size]) for start in starts)

    def to(self, device: torch.device | str) -> Split:
        """Return the split on ``device``; images on disk stay there, and so do their labels."""
        if not isinstance(self.images, Tensor):
            return self
        return Split(self.images.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Dataset:
    """Images to learn from, to choose by and to be judged on.

    Args:
        name: as `convbook.data.load` knows it.
        train: what a network learns from.
        validation: what its settings are chosen by.
        test: what it is judged on, once.
        class_names: one for each label.
        card: origin and licence.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    class_names: tuple[str, ...]
    card: Card

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """``(C, H, W)`` of one image."""
        return self.train.image_shape

    @property
    def splits(self) -> dict[str, Split]:
        """The three splits by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def to(self, device: torch.device | str) -> Dataset:
        """Return the data set with its splits on ``device``."""
        train, validation, test = (split.to(device) for split in self.splits.values())
        return replace(self, train=train, validation=validation, test=test)

    def facts(self) -> dict[str, str]:
        """Return what the card says, and the sizes counted."""
        channels, height, width = self.image_shape
        sizes = ", ".join(f"{len(split):,} {name}" for name, split in self.splits.items())
        images = sum(map(len, self.splits.values()))
        facts = {
            "data set": f"{self.name}: {self.card.title}",
            "images": f"{channels} × {height} × {width} (C, H, W), {sizes}",
            "size": f"{4 * images * prod(self.image_shape) / 1e6:,.1f} MB as float32",
            "classes": f"{len(self.class_names)}: {', '.join(self.class_names)}",
            "origin": self.card.origin,
            "licence": self.card.licence,
            "note": self.card.note,
        }
        return {name: text for name, text in facts.items() if text}

    def __str__(self) -> str:
        """Return the facts in lines of text."""
        return "\n".join(f"{name:9} {text}" for name, text in self.facts().items())


def check_range(name: str, value: object, low: int, high: int | None = None) -> None:
    """Refuse an option that is not a whole number from ``low`` to ``high``, both included.

    Args:
        name: what a reader calls the option.
        value: what was given.
        low: the least that will do.
        high: the most that will do; no limit by default.

    Raises:
        ValueError: the value will not do.

    >>> check_range("size", 7, 8, 64)
    Traceback (most recent call last):
    ValueError: size (=7) must be a whole number from 8 to 64
    """
    if isinstance(value, int | np.integer) and low <= value <= (value if high is None else high):
        return
    bounds = f", at least {low}" if high is None else f" from {low} to {high}"
    raise ValueError(f"{name} (={value!r}) must be a whole number{bounds}")


def random_parts(count: int, *sizes: int, seed: int) -> list[Tensor]:
    """Return disjoint random index sets: first what is left, then one of each size.

    Args:
        count: how many items there are.
        sizes: how many of them go into each part after the first.
        seed: of the choice, 0 or more.

    Raises:
        ValueError: nothing would be left for the first part, or the seed is below 0.

    >>> [len(part) for part in random_parts(10, 2, 3, seed=0)]
    [5, 2, 3]
    """
    check_range("seed", seed, 0)
    left = count - sum(sizes)
    if left < 1 or min(sizes, default=0) < 0:
        raise ValueError(
            f"sizes (={list(sizes)}) must be 0 or more and leave at least 1 of {count:,} items"
        )
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    return list(order.split([left, *sizes]))


def split_randomly(
    images: Tensor, labels: Tensor, validation: int, test: int, seed: int
) -> dict[str, Split]:
    """Return the three splits of a `Dataset` by name; what is not set aside is for training.

    Args:
        images: shape ``(N, C, H, W)``, float32 in [0, 1].
        labels: shape ``(N,)``, int64.
        validation: how many images to set aside for validation.
        test: how many for the test.
        seed: of the choice, 0 or more.

    Raises:
        ValueError: nothing would be left for training, or the seed is below 0.
    """
    parts = random_parts(len(labels), validation, test, seed=seed)
    names = ("train", "validation", "test")
    whole = Split(images, labels)
    return {name: Split(*whole.take(part)) for name, part in zip(names, parts, strict=True)}
