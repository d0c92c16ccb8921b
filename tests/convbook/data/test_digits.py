"""The digits of scikit-learn, as scanned and enlarged."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import zoom
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from convbook.data import load


def together(data):
    images = torch.cat([split.images for split in data.splits.values()])
    return images, torch.cat([split.labels for split in data.splits.values()])


def test_when_digits_are_as_scanned_then_each_of_scikit_learns_is_there_once():
    images, labels = together(load("digits", size=8))
    scanned = load_digits()
    found = {
        (image.tobytes(), label)
        for image, label in zip(images.numpy(), labels.tolist(), strict=True)
    }
    expected = (scanned.images / 16).astype(np.float32)
    assert found == {
        (image.tobytes(), label) for image, label in zip(expected, scanned.target, strict=True)
    }


def test_when_digits_are_enlarged_then_they_are_the_same_ones_smoothly():
    small, labels = together(load("digits", size=8))
    large, same = together(load("digits"))
    assert large.shape == (1797, 1, 28, 28)
    assert torch.equal(labels, same)
    smooth = zoom(small[:, 0].numpy(), (1, 3.5, 3.5), order=3, mode="nearest", grid_mode=True)
    assert np.abs(large[:, 0].numpy() - smooth.clip(0, 1)).mean() < 0.03


def test_when_neighbours_vote_then_digits_of_the_test_are_told_apart():
    data = load("digits")
    assert [len(split) for split in data.splits.values()] == [1257, 180, 360]
    model = KNeighborsClassifier(3).fit(data.train.images.flatten(1), data.train.labels)
    assert model.score(data.test.images.flatten(1), data.test.labels) > 0.95


@pytest.mark.parametrize("size", [7, 65])
def test_when_the_size_is_out_of_range_then_the_error_names_the_bounds(size):
    with pytest.raises(ValueError, match=rf"size \(={size}\) must be a whole number from 8 to 64"):
        load("digits", size=size)
