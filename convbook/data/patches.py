"""Patches of real photographs, which come with scikit-image: tell from which each was cut.

Every photograph is divided into blocks, and each block belongs to one split. Patches are cut
inside a block, so that no pixel of a test patch was ever seen in training.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter
from skimage import data
from torch import Tensor

from convbook.data.dataset import WHITE, Card, Dataset, Split, check_range, random_parts

Photograph = NDArray[np.uint8]
Corners = NDArray[np.int64]

CARD = Card(
    title="patches of photographs, each to be told from the others",
    origin="the photographs of skimage.data; no download",
    licence="CC0, public domain or no known restrictions: skimage.data says it for each",
    note="Grey photographs are repeated to three channels; all patches have equal brightness and "
    "contrast. No pixel is in two splits.",
)
# Grey ones differ in structure alone; those in like colours need structure and colour.
PHOTOGRAPHS: dict[str, Callable[[], Photograph]] = {
    "astronaut": data.astronaut,
    "brick": data.brick,
    "camera": data.camera,
    "cat": data.cat,
    "coffee": data.coffee,
    "coins": data.coins,
    "galaxies": data.hubble_deep_field,
    "grass": data.grass,
    "gravel": data.gravel,
    "rocket": data.rocket,
    "text": data.text,
    "tissue": data.immunohistochemistry,
}
SMALLEST, LARGEST = 8, 64  # rows and columns
VALIDATION, TEST = 0.1, 0.2  # shares of the blocks
LEAST_CONTRAST = 0.05  # standard deviation of the brightness
MEAN, DEVIATION = 0.5, 0.2  # of every patch
LEAST_CORNERS = 0.3  # share of a block's places for a patch that have this contrast


def load(
    size: int = 32, train: int = 8000, validation: int = 1000, test: int = 2000, seed: int = 0
) -> Dataset:
    """Return the data set; each photograph gives equally many patches, within one.

    Places without contrast, such as an even sky, are left out, and patches are `equalized`.

    Args:
        size: rows and columns of a patch, from 8 to 64.
        train: how many patches there are to learn from.
        validation: how many to choose by.
        test: how many to be judged on.
        seed: of the choice of blocks and places, 0 or more.

    Raises:
        ValueError: an argument is out of its range.
    """
    check_range("size", size, SMALLEST, LARGEST)
    check_range("seed", seed, 0)
    counts = {"train": train, "validation": validation, "test": test}
    photographs = [photograph() for photograph in PHOTOGRAPHS.values()]
    corners = [patch_corners(photograph, size, seed) for photograph in photographs]
    generator = np.random.default_rng(seed)
    splits = {}
    for number, (name, count) in enumerate(counts.items()):
        check_range(name, count, 1)
        places = [parts[number] for parts in corners]
        splits[name] = _cut(photographs, places, count, size, generator)
    return Dataset("patches", **splits, class_names=tuple(PHOTOGRAPHS), card=CARD)


def patch_corners(photograph: Photograph, size: int, seed: int) -> list[Corners]:
    """Return where patches may be cut for training, for validation and for the test.

    The photograph is divided into blocks whose sides are at least twice that of a patch. Each
    patch lies in one block and each block in one split, so that no two splits share a pixel.

    Args:
        photograph: shape ``(H, W)`` or ``(H, W, 3)``, uint8, with room for three blocks.
        size: rows and columns of a patch.
        seed: of the choice of the blocks.

    Returns:
        For each of the three, the upper left corners of patches: shape ``(n, 2)``, int64.

    >>> train, validation, test = patch_corners(data.camera(), size=32, seed=0)
    """
    good = _contrast(photograph, size) >= LEAST_CONTRAST
    blocks = []
    for rows, columns in product(*(_stretches(side, size) for side in photograph.shape[:2])):
        found = good[rows, columns]
        if found.mean() >= LEAST_CORNERS:
            blocks.append(np.argwhere(found) + np.array([rows.start, columns.start]))
    sizes = (max(round(share * len(blocks)), 1) for share in (VALIDATION, TEST))
    parts = random_parts(len(blocks), *sizes, seed=seed)
    return [np.concatenate([blocks[number] for number in part]) for part in parts]


def equalized(patches: Tensor) -> Tensor:
    """Return patches with one mean and one standard deviation, over all channels together.

    So neither brightness nor contrast says from where a patch is. Coates, Ng and Lee (2011,
    section 3.1.1) prepare patches for k-means in this way.

    Args:
        patches: shape ``(N, C, H, W)``, any real dtype; no patch may be of one value alone.

    Returns:
        The same shape, float32 in [0, 1]: what leaves the range is cut off.

    >>> equalized(torch.tensor([[[[10, 30]]]]))
    tensor([[[[0.3000, 0.7000]]]])
    """
    values = patches.float()
    spread, mean = torch.std_mean(values, (1, 2, 3), correction=0, keepdim=True)
    return ((values - mean) * (DEVIATION / spread) + MEAN).clamp_(0, 1)


def _contrast(photograph: Photograph, size: int) -> NDArray[np.float64]:
    """Return the standard deviation of the brightness of the patch that begins at each pixel."""
    grey = photograph.reshape(*photograph.shape[:2], -1).mean(axis=2) / WHITE
    mean, square = uniform_filter(grey, size), uniform_filter(grey**2, size)
    half, rest = size // 2, (size - 1) // 2
    inside = (slice(half, -rest), slice(half, -rest))
    deviation: NDArray[np.float64] = np.sqrt(np.maximum(square - mean**2, 0))[inside]
    return deviation


def _stretches(side: int, size: int) -> list[slice]:
    """Return where patches may begin along one side of the photograph, block by block."""
    edges = np.linspace(0, side, side // (2 * size) + 1).astype(int).tolist()
    return [slice(start, end - size + 1) for start, end in pairwise(edges)]


def _cut(
    photographs: list[Photograph],
    corners: list[Corners],
    count: int,
    size: int,
    generator: np.random.Generator,
) -> Split:
    labels = generator.permutation(np.arange(count) % len(photographs))
    images = np.empty((count, 3, size, size), np.uint8)
    for label, photograph in enumerate(photographs):
        mine = labels == label
        rows, columns = generator.choice(corners[label], mine.sum()).T
        channels = photograph.reshape(*photograph.shape[:2], -1)
        images[mine] = sliding_window_view(channels, (size, size), (0, 1))[rows, columns]
    return Split(equalized(torch.from_numpy(images)), torch.from_numpy(labels))
