"""Real handwritten digits, which come with scikit-learn: no download, and quick to learn."""

from __future__ import annotations

import torch
from torch.nn.functional import interpolate

from convbook.data.dataset import Card, Dataset, check_range, split_randomly

CARD = Card(
    title="handwritten digits",
    origin="E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository; in scikit-learn",
    licence="CC BY 4.0",
    note="Scanned as 8 × 8 cells of 17 grey levels; every other size is interpolated from those.",
)
SCANNED = 8
LEVELS = 16
LARGEST = 64
VALIDATION, TEST = 180, 360


def load(size: int = 28, seed: int = 0) -> Dataset:
    """Return the 1,797 digits, 180 of them for validation and 360 for the test.

    Args:
        size: rows and columns of an image, from 8 (as scanned) to 64.
        seed: of the choice of the splits.

    Raises:
        ValueError: the size is out of its range.

    >>> load(size=8).train.images.shape
    torch.Size([1257, 1, 8, 8])
    """
    from sklearn.datasets import load_digits  # here, since nothing else needs that second

    check_range("size", size, SCANNED, LARGEST)
    scanned = load_digits()
    images = torch.from_numpy(scanned.images).float().div(LEVELS)[:, None]
    if size != SCANNED:
        images = interpolate(images, (size, size), mode="bicubic").clamp(0, 1)
    labels = torch.from_numpy(scanned.target).long()
    splits = split_randomly(images, labels, VALIDATION, TEST, seed)
    return Dataset("digits", **splits, class_names=tuple("0123456789"), card=CARD)
