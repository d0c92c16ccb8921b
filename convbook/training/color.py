"""Augmentation of what an image's cells hold, where `augment` changes where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from convbook.training.run import Augment


@dataclass(frozen=True)
class Color:
    """Give each channel of each image another contrast and another brightness.

    Labels survive where colour does not name the thing: a digit in blue is the same digit, a
    ripe tomato in green is not ripe.

    Args:
        contrast: 0.4 is from 40 % less to 40 % more about the image's mean; 0 up to 1.
        brightness: what is added or taken away at most, 0 to 1.

    Raises:
        ValueError: an argument is out of its range.

    >>> Color()(torch.zeros(8, 3, 32, 32), torch.Generator()).shape
    torch.Size([8, 3, 32, 32])
    """

    contrast: float = 0.4
    brightness: float = 0.15

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check("contrast", self.contrast)
        _check("brightness", self.brightness)

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Return a new batch of the same shape and dtype, in [0, 1]."""
        shape = (*images.shape[:2], 1, 1)
        contrast, brightness = (
            most * (2 * torch.rand(shape, device=generator.device, generator=generator) - 1)
            for most in (self.contrast, self.brightness)
        )
        mean = images.mean((1, 2, 3), keepdim=True)
        changed = (images - mean) * (1 + contrast) + mean + brightness
        return changed.clamp_(0, 1)


@dataclass(frozen=True)
class Noise:
    """Add normal noise to every cell.

    Labels survive as long as a person can still read the image. Filters trained so are smooth:
    a filter that answers to single cells would answer to noise.

    Args:
        deviation: the noise's standard deviation, 0 to 1.

    Raises:
        ValueError: the deviation is out of its range.
    """

    deviation: float = 0.2

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check("deviation", self.deviation)

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Return a new batch of the same shape and dtype, in [0, 1]."""
        noise = torch.randn(images.shape, device=generator.device, generator=generator)
        return (images + self.deviation * noise).clamp_(0, 1)


@dataclass(frozen=True)
class InTurn:
    """Apply one augmentation after the other.

    Args:
        parts: from the first to the last.
    """

    parts: tuple[Augment, ...]

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Return what the last part makes of it."""
        for part in self.parts:
            images = part(images, generator)
        return images


def _check(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} (={value}) must be from 0 to 1: 0 leaves images as they are")
