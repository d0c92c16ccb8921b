"""Augmentation: every image of a batch drawn anew, flipped, shifted, turned, zoomed or cropped.

Each transform is a matrix that says, for a cell of the result, where to look in the image. The
coordinates run from −1 to 1 from edge to edge, so matrices of several transforms multiply, and the
whole batch is sampled once, on the device where it lies (Jaderberg et al., 2015, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import radians
from typing import Literal, get_args

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, grid_sample

Outside = Literal["zeros", "border", "reflection"]
Side = tuple[int, int]

OUTSIDE: tuple[Outside, ...] = get_args(Outside)


class Augmentation:
    """A random affine transform of images; what it is called with decides where it computes."""

    outside: Outside = "zeros"

    def _matrices(self, count: int, side: Side, generator: Generator) -> Tensor:
        """Return a matrix for each of ``count`` images, shape ``(count, 3, 3)``."""
        raise NotImplementedError

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Return a new batch, each image with its own draw.

        Args:
            images: shape ``(N, C, H, W)``, float32 in [0, 1].
            generator: what every choice is drawn from.

        Returns:
            The same shape, dtype, device and range; cells between cells are interpolated.

        Raises:
            ValueError: ``images`` has another shape or dtype.
        """
        if images.ndim != 4 or images.dtype != torch.float32:
            raise ValueError(
                f"images (shape {tuple(images.shape)}, {images.dtype}) must have shape "
                "(N, C, H, W) and be float32 in [0, 1]"
            )
        count, _, height, width = images.shape
        matrices = self._matrices(count, (height, width), generator)[:, :2].to(images.device)
        grid = affine_grid(matrices, list(images.shape), align_corners=False)
        sampled = grid_sample(images, grid, padding_mode=self.outside, align_corners=False)
        return sampled.clamp_(0, 1)  # the weights of neighbours sum to 1 but for rounding


@dataclass(frozen=True)
class Flip(Augmentation):
    """Mirror images left to right, or top to bottom.

    Labels survive where mirrored things keep their name: clothes, animals, the course's shapes.
    A mirrored digit or letter is none, or another: 2 and 5, b and d.

    Args:
        probability: with which an image is mirrored, 0 to 1.
        upside_down: whether top and bottom change places, in place of left and right.

    Raises:
        ValueError: the probability is out of its range.
    """

    probability: float = 0.5
    upside_down: bool = False

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check("probability", self.probability, 1)

    def _matrices(self, count: int, side: Side, generator: Generator) -> Tensor:
        mirrored = _uniform(count, generator) < self.probability
        matrices, axis = _identity(count, generator), int(self.upside_down)
        matrices[:, axis, axis] = 1 - 2 * mirrored.float()
        return matrices


@dataclass(frozen=True)
class Shift(Augmentation):
    """Move images by whole cells, up to a share of their side each way.

    Labels survive as long as the thing stays inside the image: keep the share below the margin.

    Args:
        share: of the rows and of the columns, 0 to 1; cells are rounded down.
        outside: what comes in from beyond the edge: ``"zeros"``, the ``"border"`` again, or a
            ``"reflection"``.

    Raises:
        ValueError: an argument is out of its range.
    """

    share: float = 0.1
    outside: Outside = "zeros"

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check("share", self.share, 1, self.outside)

    def _matrices(self, count: int, side: Side, generator: Generator) -> Tensor:
        matrices = _identity(count, generator)
        for axis, cells in enumerate(reversed(side)):
            most = int(self.share * cells)
            moved = (_uniform(count, generator) * (2 * most + 1)).floor() - most
            matrices[:, axis, 2] = -2 * moved / cells
        return matrices


@dataclass(frozen=True)
class Rotate(Augmentation):
    """Turn images about their middle.

    Labels survive small angles. Turned by 180 degrees a 6 is a 9; turned by 45 a + is a ×.

    Args:
        degrees: the largest angle either way, 0 to 180.
        outside: as in `Shift`.

    Raises:
        ValueError: an argument is out of its range.
    """

    degrees: float = 10
    outside: Outside = "zeros"

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check("degrees", self.degrees, 180, self.outside)

    def _matrices(self, count: int, side: Side, generator: Generator) -> Tensor:
        angle = _between(count, generator) * radians(self.degrees)
        matrices, (height, width) = _identity(count, generator), side
        matrices[:, 0, 0] = matrices[:, 1, 1] = angle.cos()
        # A cell is a step of 2/W across but 2/H down: without the ratio a wide image would shear.
        matrices[:, 0, 1] = -angle.sin() * height / width
        matrices[:, 1, 0] = angle.sin() * width / height
        return matrices


@dataclass(frozen=True)
class Zoom(Augmentation):
    """Make images larger or smaller about their middle.

    Labels survive as long as the thing stays inside the image and its size does not name it.

    Args:
        share: 0.1 is from 10 % smaller to 10 % larger; 0 up to 0.9.
        outside: as in `Shift`.

    Raises:
        ValueError: an argument is out of its range.
    """

    share: float = 0.1
    outside: Outside = "zeros"

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check("share", self.share, 0.9, self.outside)

    def _matrices(self, count: int, side: Side, generator: Generator) -> Tensor:
        scale = 1 + self.share * _between(count, generator)
        matrices = _identity(count, generator)
        matrices[:, 0, 0] = matrices[:, 1, 1] = 1 / scale
        return matrices


@dataclass(frozen=True)
class Crop(Augmentation):
    """Cut out a part anywhere in the image and enlarge it to the image's size.

    Labels survive where a part shows what the whole is, as in photographs; not where the thing
    may be cut off, as a stroke of a digit: an 8 without its top is a 0.

    Args:
        least: the smallest part, as a share of each side, above 0 and up to 1.

    Raises:
        ValueError: ``least`` is out of its range.
    """

    least: float = 0.8

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        if not 0 < self.least <= 1:
            raise ValueError(f"least (={self.least}) must be above 0 and at most 1, such as 0.8")

    def _matrices(self, count: int, side: Side, generator: Generator) -> Tensor:
        matrices = _identity(count, generator)
        part = self.least + (1 - self.least) * _uniform(count, generator)
        for axis in (0, 1):
            matrices[:, axis, axis] = part
            matrices[:, axis, 2] = _between(count, generator) * (1 - part)
        return matrices


class Compose(Augmentation):
    """Several transforms, one after the other, sampled in one go.

    Labels survive it if they survive each part.

    Args:
        parts: from the first to the last.
        outside: as in `Shift`; the parts' own are not used.

    Raises:
        ValueError: ``outside`` is not known.

    >>> augment = Compose(Shift(0.1), Rotate(10))
    >>> augment(torch.zeros(8, 1, 28, 28), torch.Generator().manual_seed(0)).shape
    torch.Size([8, 1, 28, 28])
    """

    def __init__(self, *parts: Augmentation, outside: Outside = "zeros") -> None:
        """Keep the parts."""
        _check("parts", 0, 0, outside)
        self.parts, self.outside = parts, outside

    def __repr__(self) -> str:
        """Return how to write it."""
        return f"Compose({', '.join(map(repr, self.parts))}, outside={self.outside!r})"

    def _matrices(self, count: int, side: Side, generator: Generator) -> Tensor:
        product = _identity(count, generator)
        for part in self.parts:
            product = product @ part._matrices(count, side, generator)
        return product


def _identity(count: int, generator: Generator) -> Tensor:
    return torch.eye(3, device=generator.device).repeat(count, 1, 1)


def _uniform(count: int, generator: Generator) -> Tensor:
    return torch.rand(count, device=generator.device, generator=generator)


def _between(count: int, generator: Generator) -> Tensor:
    """Return numbers from −1 to 1."""
    return 2 * _uniform(count, generator) - 1


def _check(name: str, value: float, most: float, outside: str = "zeros") -> None:
    if not 0 <= value <= most:
        raise ValueError(f"{name} (={value}) must be from 0 to {most}: 0 leaves images as they are")
    if outside not in OUTSIDE:
        raise ValueError(f"outside (={outside!r}) must be one of {', '.join(OUTSIDE)}")
