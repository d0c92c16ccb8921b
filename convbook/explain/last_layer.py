"""Only the last layer trained: fixed kernels, pooling, and a linear classifier on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor
from torch.nn import functional

from convbook.data.dataset import Dataset, Split


@dataclass(frozen=True)
class LastLayer:
    """A linear classifier on fixed features, and how well it does.

    Args:
        features: numbers per image.
        parameters: the trained ones: a weight for each feature and class, and a bias.
        train_accuracy: share of the training images it gets right, 0 to 1.
        test_accuracy: share of the test images it gets right, 0 to 1.
    """

    features: int
    parameters: int
    train_accuracy: float
    test_accuracy: float


def train_last_layer(kernels: Tensor, data: Dataset, cells: int = 3) -> LastLayer:
    """Train the last layer alone, on what fixed kernels make of the images.

    Random kernels already go far (Jarrett, Kavukcuoglu, Ranzato and LeCun, 2009), and which of
    several kernels or sizes is best shows in minutes this way (Saxe et al., 2011). The classifier
    is logistic regression on standardised features.

    Args:
        kernels: shape ``(k, C, size, size)``.
        data: images of ``C`` channels.
        cells: as in `fixed_features`.

    Raises:
        ValueError: the kernels do not fit the images.
    """
    (train, labels), (test, test_labels) = (
        (_all_features(split, kernels, cells), split.labels.numpy(force=True))
        for split in (data.train, data.test)
    )
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    classifier.fit(train, labels)
    return LastLayer(
        features=train.shape[1],
        parameters=(train.shape[1] + 1) * len(data.class_names),
        train_accuracy=float(classifier.score(train, labels)),
        test_accuracy=float(classifier.score(test, test_labels)),
    )


def fixed_features(images: Tensor, kernels: Tensor, cells: int = 3) -> Tensor:
    """Return what fixed kernels see: convolution, ReLU of both signs, mean over a coarse grid.

    Args:
        images: shape ``(N, C, H, W)``, float32.
        kernels: shape ``(k, C, size, size)``, float32; padded so that odd sizes keep the map.
        cells: the grid has ``cells × cells``.

    Returns:
        Shape ``(N, 2 · k · cells²)``, at least 0.

    Raises:
        ValueError: the kernels do not fit the images.

    >>> fixed_features(torch.zeros(5, 1, 8, 8), torch.ones(4, 1, 3, 3), cells=2).shape
    torch.Size([5, 32])
    """
    if images.ndim != 4 or kernels.ndim != 4 or images.shape[1] != kernels.shape[1]:
        raise ValueError(
            f"kernels (shape {tuple(kernels.shape)}) must be (k, C, size, size) with the C of the "
            f"images (shape {tuple(images.shape)})"
        )
    if cells < 1:
        raise ValueError(f"cells (={cells}) must be at least 1")
    maps = functional.conv2d(images, kernels.to(images), padding=kernels.shape[-1] // 2)
    both = torch.cat([maps, -maps], 1).relu()
    return functional.adaptive_avg_pool2d(both, cells).flatten(1)


def _all_features(split: Split, kernels: Tensor, cells: int) -> np.ndarray[Any, np.dtype[Any]]:
    parts = [fixed_features(images, kernels, cells) for images, _ in split.batches(500)]
    return torch.cat(parts).numpy(force=True)
