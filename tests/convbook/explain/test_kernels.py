"""Kernels without training: against scikit-image, by hand, and by how well they classify."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.linalg import norm
from scipy.signal import correlate2d
from skimage.filters import gabor_kernel
from sklearn.datasets import load_sample_image
from torch.nn import functional

from convbook.data.dataset import Card, Dataset, Split
from convbook.explain import (
    fixed_features,
    gabor_bank,
    handmade_kernels,
    kmeans_kernels,
    random_kernels,
    random_patches,
    train_last_layer,
)
from convbook.explain.kernels import whitened


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def data(digits):
    images, labels = digits
    places = torch.arange(len(labels)).split([1000, 300, 497])
    parts = [Split(images[some], labels[some]) for some in places]
    return Dataset("digits", *parts, tuple("0123456789"), Card("digits", "scikit-learn", "BSD"))


@settings(deadline=None, max_examples=30)
@given(
    st.integers(2, 6).map(lambda n: 2 * n + 1),
    st.integers(1, 5),
    st.floats(2.5, 8),
    st.floats(0, 3),
    st.floats(0.3, 1),
)
def test_when_a_gabor_bank_is_made_then_each_kernel_is_scikit_images(
    size, orientations, wavelength, phase, deviation
):
    bank = gabor_bank(size, orientations, [wavelength], [phase], deviation)
    assert bank.shape == (orientations, 1, size, size)
    for turn, kernel in enumerate(bank[:, 0]):
        sigma = deviation * wavelength
        wave = gabor_kernel(
            1 / wavelength, math.pi * turn / orientations, None, sigma, sigma, 30 / sigma, phase
        ).real
        middle, reach = np.array(wave.shape) // 2, size // 2
        cut = wave[tuple(slice(m - reach, m + reach + 1) for m in middle)]
        cut = cut - cut.mean()
        np.testing.assert_allclose(kernel, cut / norm(cut), atol=1e-5)


def test_when_a_bank_has_several_waves_then_phases_change_fastest():
    bank = gabor_bank(7, 2, [4.0, 6.0], [0.0, 1.0])
    assert bank.shape == (8, 1, 7, 7)
    torch.testing.assert_close(bank[3], gabor_bank(7, 2, [4.0], [1.0])[1])
    torch.testing.assert_close(bank[4], gabor_bank(7, 1, [6.0], [0.0])[0])


@pytest.mark.parametrize(
    "kernels",
    [
        gabor_bank(6),
        random_kernels(5, 3, 4, seeded()),
        handmade_kernels(),
        kmeans_kernels(torch.rand(60, 3, 4, 4, generator=seeded()), 5, seeded()),
    ],
)
def test_when_kernels_are_made_then_mean_and_length_are_0_and_1(kernels):
    assert kernels.dtype == torch.float32
    np.testing.assert_allclose(kernels.mean((1, 2, 3)), 0, atol=1e-6)
    np.testing.assert_allclose(kernels.square().sum((1, 2, 3)), 1, rtol=1e-5)


def test_when_kirschs_kernels_turn_then_each_finds_an_edge_in_its_own_direction():
    compass = handmade_kernels()[4:]
    north = np.array([[5, 5, 5], [-3, 0, -3], [-3, -3, -3]])
    east = np.array([[-3, -3, 5], [-3, 0, 5], [-3, -3, 5]])
    north_east = np.array([[-3, 5, 5], [-3, 0, 5], [-3, -3, -3]])
    for place, expected in {0: north, 1: north_east, 2: east}.items():
        np.testing.assert_allclose(compass[place, 0], expected / norm(expected), rtol=1e-6)
    assert torch.equal(compass[4, 0], compass[0, 0].flip(0))


def test_when_patches_are_drawn_then_each_is_a_piece_of_an_image():
    images = torch.arange(2 * 3 * 4 * 5.0).view(2, 3, 4, 5)
    patches = random_patches(images, 3, 200, seeded())
    assert patches.shape == (200, 3, 3, 3)
    windows = images.unfold(2, 3, 1).unfold(3, 3, 1).permute(0, 2, 3, 1, 4, 5).reshape(-1, 27)
    found = {tuple(row) for row in patches.flatten(1).tolist()}
    assert found == {tuple(row) for row in windows.tolist()}  # every place comes up
    assert torch.equal(patches, random_patches(images, 3, 200, seeded()))


def test_when_patches_are_whitened_then_directions_have_equal_variance():
    photograph = torch.tensor(load_sample_image("china.jpg").copy()).float().mean(2) / 255
    patches = random_patches(photograph[None, None], 5, 2000, seeded())
    before = np.linalg.eigvalsh(np.cov(patches.flatten(1).T))[1:]
    after = np.linalg.eigvalsh(np.cov(whitened(patches).T))[1:]  # the mean has none
    assert before[-1] / before[0] > 500
    assert after[-1] / after[0] < 3


def test_when_patches_come_in_groups_then_k_means_finds_their_shapes():
    torch.manual_seed(0)
    shapes = torch.tensor([[[1.0, 0, 0]] * 3, [[0, 0, 1.0]] * 3, [[1.0] * 3, [0] * 3, [0] * 3]])
    labels = torch.arange(600) % 3
    patches = (0.5 * shapes[labels] + 0.02 * torch.randn(600, 3, 3))[:, None].clamp(0, 1)
    kernels = kmeans_kernels(patches, 3, seeded())
    responses = functional.conv2d(patches, kernels)[..., 0, 0]
    winners = responses.argmax(1)
    assert sorted(winners[:3].tolist()) == [0, 1, 2]
    assert torch.equal(winners, winners[:3][labels])
    assert torch.equal(kernels, kmeans_kernels(patches, 3, seeded()))


def test_when_features_are_written_out_then_they_are_the_same():
    images = torch.rand(2, 2, 8, 8, generator=seeded())
    kernels = random_kernels(3, 2, 3, seeded())
    found = fixed_features(images, kernels, cells=2)
    expected = []
    for image in images.numpy():
        maps = [
            sum(correlate2d(x, w, "same") for x, w in zip(image, kernel, strict=True))
            for kernel in kernels.numpy()
        ]
        maps = np.maximum([*maps, *(-one for one in maps)], 0)
        expected.append(maps.reshape(6, 2, 4, 2, 4).mean((2, 4)).ravel())
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_when_only_the_last_layer_is_trained_then_kernels_beat_pixels_coarsely_seen(data):
    random = train_last_layer(random_kernels(16, 1, 3, seeded()), data)
    assert random.features == 2 * 16 * 9
    assert random.parameters == (288 + 1) * 10
    assert random.test_accuracy > 0.93
    blank = train_last_layer(torch.ones(1, 1, 3, 3) / 9, data)
    assert blank.test_accuracy < random.test_accuracy
    assert 0.93 < random.train_accuracy <= 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gabor_bank(1), r"size − 1 \(=0\) must be at least 1"),
        (lambda: gabor_bank(5, 0), r"orientations \(=0\) must be at least 1"),
        (lambda: gabor_bank(5, wavelengths=[4, -1]), r"wavelengths \(=\[4, -1\]\) and deviation "),
        (lambda: kmeans_kernels(torch.rand(4, 1, 3, 3), 5), r"k \(=5\) must be from 1 to 4, the n"),
        (lambda: random_patches(torch.rand(1, 1, 4, 9), 5, 1), r"size \(=5\) must be from 1 to 4"),
        (lambda: random_patches(torch.rand(0, 1, 4, 9), 2, 1), "shorter side of the 0 images"),
        (
            lambda: fixed_features(torch.rand(1, 3, 8, 8), torch.rand(2, 1, 3, 3)),
            r"kernels \(shape \(2, 1, 3, 3\)\) must be \(k, C, size, size\) with the C of",
        ),
        (
            lambda: fixed_features(torch.rand(1, 1, 8, 8), torch.rand(2, 1, 3, 3), 0),
            r"cells \(=0\) must be at least 1",
        ),
    ],
)
def test_when_an_argument_breaks_its_rule_then_the_error_names_it(call, message):
    with pytest.raises(ValueError, match=message):
        call()
