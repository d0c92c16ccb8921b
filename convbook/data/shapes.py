"""Coloured shapes on a cluttered ground: any number of them, told apart by their form alone.

A form is written once, as the signed distance from its outline (negative inside) in a frame
where it fits the unit circle. It is drawn at any place, size and angle by moving the coordinates
of the pixels into that frame; the distance in pixels also softens the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, pi, sin, sqrt

import torch
from torch import Generator, Tensor
from torch.nn.functional import interpolate

from convbook.data.dataset import Card, Dataset, Split, check_range

CARD = Card(
    title="coloured shapes on a cluttered ground",
    origin="drawn on the spot by convbook.data.shapes",
    licence="none needed: every pixel is computed",
    note="The form is lighter than its ground. Place, size, angle and colour are random and say "
    "nothing about the class.",
)
SMALLEST, LARGEST = 16, 256  # rows and columns
PIXELS = 2**17  # drawn at once: few enough for the processor's cache
STROKES = 3
NOISE = 0.12


def circle(x: Tensor, y: Tensor) -> Tensor:
    """Return the distance from a disc."""
    return x.hypot(y) - 0.85


def ring(x: Tensor, y: Tensor) -> Tensor:
    """Return the distance from a disc with a hole."""
    return (x.hypot(y) - 0.72).abs() - 0.2


def crescent(x: Tensor, y: Tensor) -> Tensor:
    """Return the distance from a disc that another disc has bitten into."""
    return (x.hypot(y) - 1).maximum(0.8 - (x - 0.55).hypot(y))


def square(x: Tensor, y: Tensor) -> Tensor:
    """Return the distance from a square, the largest of those from its sides."""
    return x.abs().maximum(y.abs()) - 0.7


def triangle(x: Tensor, y: Tensor) -> Tensor:
    """Return the distance from an equilateral triangle, the largest of those from its sides."""
    return (sqrt(0.75) * x.abs() + y / 2).maximum(-y) - 0.5


def cross(x: Tensor, y: Tensor) -> Tensor:
    """Return the distance from two bars that cross."""
    x, y = x.abs(), y.abs()
    return (x.maximum(y) - 0.92).maximum(x.minimum(y) - 0.28)


def star(x: Tensor, y: Tensor) -> Tensor:
    """Return the distance from a star: five mirrors fold the plane until one edge is left."""
    x = x.abs()
    for across, along in ((cos(pi / 5), -sin(pi / 5)), (-cos(pi / 5), -sin(pi / 5))):
        beyond = 2 * (across * x + along * y).relu()
        x, y = x - across * beyond, y - along * beyond
    return cos(pi / 10) * x.abs() + sin(pi / 10) * (y - 1)


def heart(x: Tensor, y: Tensor) -> Tensor:
    """Return the distance from a square with half a disc on each of two sides."""
    x, y, side = x + 0.2, y + 0.2, 0.5
    discs = (x - side).hypot(y).minimum(x.hypot(y - side))
    return x.abs().maximum(y.abs()).minimum(discs) - side


FORMS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    form.__name__: form for form in (circle, ring, crescent, square, triangle, cross, star, heart)
}


def load(
    size: int = 32, train: int = 8000, validation: int = 1000, test: int = 2000, seed: int = 0
) -> Dataset:
    """Return the data set, drawn anew: the same arguments give the same images.

    Args:
        size: rows and columns of an image, from 16 to 256.
        train: how many images there are to learn from.
        validation: how many to choose by.
        test: how many to be judged on.
        seed: of all that is random, 0 or more; each split has a seed of its own from it.

    Raises:
        ValueError: an argument is out of its range.
    """
    check_range("seed", seed, 0)
    counts = {"train": train, "validation": validation, "test": test}
    splits = {}
    for number, (name, count) in enumerate(counts.items()):
        check_range(name, count, 1)
        parts = stream(count, size, len(counts) * seed + number)
        splits[name] = Split(*map(torch.cat, zip(*parts, strict=True)))
    return Dataset("shapes", **splits, class_names=tuple(FORMS), card=CARD)


def stream(count: int, size: int = 32, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield ``count`` images with their labels, a few at a time, so that none need be held.

    Args:
        count: how many in all; every form comes equally often, within one.
        size: rows and columns of an image, from 16 to 256.
        seed: of all that is random, 0 or more.

    Raises:
        ValueError: an argument is out of its range.

    >>> [len(labels) for _, labels in stream(300)]
    [128, 128, 44]
    """
    check_range("count", count, 1)
    check_range("size", size, SMALLEST, LARGEST)
    check_range("seed", seed, 0)
    generator = Generator().manual_seed(seed)
    labels = torch.randperm(count, generator=generator) % len(FORMS)
    for part in labels.split(max(PIXELS // size**2, 1)):
        yield render(part, size, generator), part


def render(labels: Tensor, size: int, generator: Generator) -> Tensor:
    """Return one image for each label: dark ground and strokes, the form in light, noise.

    Args:
        labels: shape ``(N,)``, int64, places in `FORMS`.
        size: rows and columns of an image, from 16 to 256.
        generator: what every choice is drawn from.

    Returns:
        Shape ``(N, 3, size, size)``, float32 in [0, 1].

    Raises:
        ValueError: the size is out of its range.

    >>> render(torch.tensor([0, 3]), 32, Generator()).shape
    torch.Size([2, 3, 32, 32])
    """
    check_range("size", size, SMALLEST, LARGEST)
    count = len(labels)
    dark = _between(0, 0.45, (count, 3, 1, 1), generator)
    images = _ground(dark, size, generator)
    for _ in range(STROKES):
        near = dark + _between(-0.3, 0.3, dark.shape, generator)
        images.lerp_(near, _stroke(count, size, generator))
    light = _between(0.45, 1, dark.shape, generator)
    images.lerp_(light, _form(labels, size, generator))
    images += _between(-NOISE, NOISE, images.shape, generator)
    return images.clamp_(0, 1)


def _ground(colors: Tensor, size: int, generator: Generator) -> Tensor:
    """Return soft blobs around ``colors``: a coarse random grid, interpolated."""
    coarse = colors + _between(-0.2, 0.2, (len(colors), 3, 4, 4), generator)
    return interpolate(coarse, (size, size), mode="bilinear")


def _stroke(count: int, size: int, generator: Generator) -> Tensor:
    """Return how much of each pixel a long thin bar covers, anywhere in the image."""
    middle = _between(0, size, (2, count, 1), generator)
    length = _between(0.15, 0.5, (count, 1, 1), generator) * size
    width = _between(0.015, 0.05, (count, 1, 1), generator) * size
    x, y = _in_frame(middle, torch.ones(count, 1), size, generator)
    return _coverage((x.abs() - length).maximum(y.abs() - width))


def _form(labels: Tensor, size: int, generator: Generator) -> Tensor:
    """Return how much of each pixel the form of each label covers; it lies inside the image."""
    radius = _between(0.26, 0.42, (len(labels), 1), generator) * size
    middle = radius + _between(0, 1, (2, *radius.shape), generator) * (size - 2 * radius)
    x, y = _in_frame(middle, radius, size, generator)
    distance = torch.empty_like(x)
    for label, form in enumerate(FORMS.values()):
        chosen = labels == label
        distance[chosen] = form(x[chosen], y[chosen])
    return _coverage(distance * radius[..., None])


def _in_frame(
    middle: Tensor, radius: Tensor, size: int, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Return x and y of each pixel in frames at ``middle``, turned by any angle."""
    across, down = (torch.arange(size) + 0.5 - middle) / radius
    turn = _between(0, 2 * pi, radius.shape, generator)
    across, down = across[:, None, :], down[:, :, None]
    cosine, sine = turn.cos()[..., None], turn.sin()[..., None]
    return cosine * across + sine * down, cosine * down - sine * across


def _coverage(distance: Tensor) -> Tensor:
    """Return the share of a pixel that lies inside, from the distance of its middle in pixels."""
    return (0.5 - distance).clamp_(0, 1)[:, None]


def _between(low: float, high: float, shape: tuple[int, ...], generator: Generator) -> Tensor:
    return torch.empty(shape).uniform_(low, high, generator=generator)
