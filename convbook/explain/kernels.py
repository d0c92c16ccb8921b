"""Kernels that no network has learned: k-means on patches, Gabor waves, noise, hand-made ones.

Each has mean 0 and length 1 over all its weights, so that a flat patch gives 0 and responses
compare. As weights of a convolution their shape is ``(kernels, channels, size, size)``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from sklearn.cluster import KMeans
from torch import Tensor

from convbook.arithmetic.named_kernels import KERNELS

FLAT = 10 / 255  # added to a patch's deviation, so that flat patches are not blown up to noise
WHITENING = 0.1  # added to the variances, which are about 1: below it is mostly noise
KIRSCH_RING = (5.0, 5.0, 5.0, -3.0, -3.0, -3.0, -3.0, -3.0)
RING = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))
HAND_MADE = ("Sobel x", "Sobel y", "Prewitt x", "Laplacian")


def random_patches(
    images: Tensor, size: int, count: int, generator: torch.Generator | None = None
) -> Tensor:
    """Return square pieces of images, from anywhere.

    Args:
        images: shape ``(N, C, H, W)``.
        size: side in pixels, at most the shorter side of the images.
        count: how many.
        generator: of the places, a generator of the CPU.

    Returns:
        Shape ``(count, C, size, size)``.

    Raises:
        ValueError: the images are too small, or there are none.

    >>> random_patches(torch.zeros(3, 1, 8, 8), size=5, count=10).shape
    torch.Size([10, 1, 5, 5])
    """
    number, _, height, width = images.shape
    if not 1 <= size <= min(height, width) or number == 0:
        raise ValueError(
            f"size (={size}) must be from 1 to {min(height, width)}, the shorter side of the "
            f"{number} images"
        )

    def draw(below: int) -> list[int]:
        return torch.randint(below, (count,), generator=generator).tolist()

    places = zip(draw(number), draw(height - size + 1), draw(width - size + 1), strict=True)
    return torch.stack(
        [images[n, :, top : top + size, left : left + size] for n, top, left in places]
    )


def kmeans_kernels(patches: Tensor, k: int, generator: torch.Generator | None = None) -> Tensor:
    """Return the middles of ``k`` groups of patches, as kernels.

    Each patch loses its mean and is divided by its deviation; then all are whitened, so that no
    direction stands out, and grouped by k-means (Coates, Ng and Lee, 2011, section 3).

    Args:
        patches: shape ``(N, C, size, size)``, floating point in [0, 1], such as from
            `random_patches`; some thousands for good kernels.
        k: how many, from 1 to N.
        generator: of where the middles begin, a generator of the CPU.

    Returns:
        Shape ``(k, C, size, size)``, float32.

    Raises:
        ValueError: there are fewer patches than kernels.

    >>> kmeans_kernels(torch.rand(50, 1, 3, 3), k=4).shape
    torch.Size([4, 1, 3, 3])
    """
    if not 1 <= k <= len(patches):
        raise ValueError(f"k (={k}) must be from 1 to {len(patches)}, the number of patches")
    seed = int(torch.randint(2**31, (), generator=generator))
    means = KMeans(k, n_init=1, random_state=seed)
    middles = means.fit(whitened(patches).numpy()).cluster_centers_
    return normalized(torch.from_numpy(middles).view(k, *patches.shape[1:]))


def whitened(patches: Tensor) -> Tensor:
    """Return patches of mean 0, almost uncorrelated and of equal variance (ZCA whitening).

    Args:
        patches: shape ``(N, ...)``, floating point.

    Returns:
        Shape ``(N, weights)``, float64.

    >>> whitened(torch.rand(50, 1, 3, 3)).shape
    torch.Size([50, 9])
    """
    rows = patches.detach().cpu().double().flatten(1)
    rows = rows - rows.mean(1, keepdim=True)
    rows = rows / (rows.std(1, correction=0, keepdim=True) + FLAT)
    rows = rows - rows.mean(0)
    variances, directions = torch.linalg.eigh(rows.T @ rows / len(rows))
    scale = (variances.clamp(min=0) + WHITENING).rsqrt()
    result: Tensor = rows @ (directions * scale) @ directions.T
    return result


def gabor_bank(
    size: int,
    orientations: int = 4,
    wavelengths: Sequence[float] = (4.0,),
    phases: Sequence[float] = (0.0, math.pi / 2),
    deviation: float = 0.5,
) -> Tensor:
    """Return plane waves under a round Gaussian: ``exp(−r²/2σ²)·cos(2πx′/λ + φ)``.

    ``x′ = x·cos θ + y·sin θ``, with ``y`` pointing down; of such form are the simple cells of
    the visual cortex (Daugman, 1985).

    Args:
        size: side in cells, at least 2.
        orientations: how many ``θ``, evenly from 0 up to π.
        wavelengths: ``λ`` in cells, each above 0.
        phases: ``φ`` in radians: 0 gives a line, π/2 an edge.
        deviation: the Gaussian's ``σ``, in wavelengths.

    Returns:
        Shape ``(wavelengths · orientations · phases, 1, size, size)``, float32; phases change
        fastest, wavelengths slowest.

    Raises:
        ValueError: an argument is out of its range.

    >>> gabor_bank(7, orientations=8).shape
    torch.Size([16, 1, 7, 7])
    """
    for name, value in {"size − 1": size - 1, "orientations": orientations}.items():
        if value < 1:
            raise ValueError(f"{name} (={value}) must be at least 1")
    if min(*wavelengths, deviation) <= 0:
        raise ValueError(f"wavelengths (={list(wavelengths)}) and deviation must be above 0")
    cells = torch.arange(size, dtype=torch.float64) - (size - 1) / 2
    y, x = torch.meshgrid(cells, cells, indexing="ij")
    waves = [
        (-(x.square() + y.square()) / (2 * (deviation * wavelength) ** 2)).exp()
        * (2 * math.pi * (x * math.cos(angle) + y * math.sin(angle)) / wavelength + phase).cos()
        for wavelength in wavelengths
        for angle in (math.pi * turn / orientations for turn in range(orientations))
        for phase in phases
    ]
    return normalized(torch.stack(waves)[:, None])


def random_kernels(
    k: int, channels: int, size: int, generator: torch.Generator | None = None
) -> Tensor:
    """Return ``k`` kernels of Gaussian noise, shape ``(k, channels, size, size)``, float32.

    >>> random_kernels(4, channels=1, size=5).shape
    torch.Size([4, 1, 5, 5])
    """
    return normalized(torch.randn(k, channels, size, size, generator=generator))


def handmade_kernels() -> Tensor:
    """Return Sobel's, Prewitt's and Laplace's kernels and Kirsch's in 8 directions, all 3×3.

    Returns:
        Shape ``(12, 1, 3, 3)``, float32; the last 8 are Kirsch's (1971), from north clockwise.

    >>> (handmade_kernels()[4, 0] * 120**0.5).round().tolist()[0]
    [5.0, 5.0, 5.0]
    """
    named = torch.tensor([KERNELS[name] for name in HAND_MADE])
    compass = torch.zeros(len(RING), 3, 3)
    for direction, kernel in enumerate(compass):
        for place, (row, column) in enumerate(RING):
            kernel[row, column] = KIRSCH_RING[place - direction]
    return normalized(torch.cat([named, compass])[:, None])


def normalized(kernels: Tensor) -> Tensor:
    """Return ``kernels`` with mean 0 and length 1 each, float32; a flat one becomes 0.

    >>> normalized(torch.tensor([[[[1.0, 3.0]]]])).flatten().tolist()
    [-0.7071067690849304, 0.7071067690849304]
    """
    centred = kernels - kernels.mean((1, 2, 3), keepdim=True)
    lengths = centred.square().sum((1, 2, 3), keepdim=True).sqrt()
    return (centred / lengths.clamp(min=1e-12)).float()
