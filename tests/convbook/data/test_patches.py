"""Patches: real photographs inside the package, regions that share no pixel, contrast."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skimage
import torch
from skimage.feature import match_template

from convbook.data import load
from convbook.data.patches import LEAST_CONTRAST, PHOTOGRAPHS, patch_corners

SPLITS = ("train", "validation", "test")


def covered(shape, corners, size):
    """Which pixels the patches cover."""
    pixels = np.zeros(shape, bool)
    for row, column in corners:
        pixels[row : row + size, column : column + size] = True
    return pixels


@pytest.mark.parametrize("size", [8, 32, 64])
@pytest.mark.parametrize("name", ["camera", "text", "galaxies"])
def test_when_corners_are_chosen_then_no_pixel_is_in_two_splits_and_contrast_is_there(name, size):
    photograph = PHOTOGRAPHS[name]()
    parts = [part[::7] for part in patch_corners(photograph, size, seed=0)]
    pixels = [covered(photograph.shape[:2], part, size) for part in parts]
    assert np.sum(pixels, axis=0).max() == 1
    grey = photograph.reshape(*photograph.shape[:2], -1).mean(2) / 255
    for row, column in np.concatenate(parts)[::40]:
        patch = grey[row : row + size, column : column + size]
        assert patch.shape == (size, size)
        assert patch.std() >= LEAST_CONTRAST - 1e-6


def test_when_another_size_is_wanted_then_every_photograph_still_serves_all_splits():
    for size in (8, 32, 64):
        for name, photograph in PHOTOGRAPHS.items():
            parts = patch_corners(photograph(), size, seed=1)
            assert min(map(len, parts)) > 100, name
            assert len(parts[0]) > len(parts[1])


def test_when_patches_are_loaded_then_each_is_found_in_the_photograph_of_its_label():
    data = load("patches", size=16, train=24, validation=12, test=12)
    photographs = [photograph() for photograph in PHOTOGRAPHS.values()]
    for split in data.splits.values():
        assert split.image_shape == (3, 16, 16)
        assert split.labels.bincount().unique().numel() == 1
    for image, label in zip(data.test.images, data.test.labels.tolist(), strict=True):
        photograph = photographs[label].reshape(*photographs[label].shape[:2], -1).mean(2)
        likeness = match_template(photograph, image.mean(0).double().numpy())
        assert likeness.max() > 0.97


def test_when_patches_are_equalized_then_brightness_and_contrast_are_those_of_all():
    images = load("patches", train=240, validation=12, test=12).train.images
    spread, mean = torch.std_mean(images, (1, 2, 3), correction=0)
    # A few bright stars are cut off, which lessens the spread.
    assert (mean - 0.5).abs().max() < 0.03
    assert (spread - 0.2).abs().quantile(0.75) < 0.02


def test_when_photographs_are_read_then_they_lie_in_the_package():
    shipped = {path.name for path in (Path(skimage.__file__).parent / "data").iterdir()}
    files = {"cat": "chelsea.png", "galaxies": "hubble_deep_field.jpg"}
    files |= {"rocket": "rocket.jpg", "tissue": "ihc.png"}
    assert {files.get(name, f"{name}.png") for name in PHOTOGRAPHS} <= shipped
    assert load("patches", size=8, train=12, validation=12, test=12).class_names == tuple(
        PHOTOGRAPHS
    )


def test_when_only_the_average_colour_is_known_then_most_photographs_are_confused():
    data = load("patches", train=1200, validation=12, test=600)
    means = data.train.images.mean((2, 3))
    centres = torch.stack([means[data.train.labels == label].mean(0) for label in range(12)])
    nearest = torch.cdist(data.test.images.mean((2, 3)), centres).argmin(1)
    assert (nearest == data.test.labels).float().mean() < 0.6
