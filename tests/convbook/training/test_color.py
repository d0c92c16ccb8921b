"""Augmentation of colours: what each draw changes, and what it leaves."""

from __future__ import annotations

import pytest
import torch

from convbook.training import Color, InTurn, Noise, Shift

IMAGES = torch.linspace(0.4, 0.6, 2 * 3 * 4 * 5).reshape(2, 3, 4, 5)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("augment", [Color(0, 0), Noise(0), InTurn(())])
def test_when_the_strength_is_zero_then_images_are_as_they_were(augment):
    torch.testing.assert_close(augment(IMAGES, generator()), IMAGES)


def test_when_colours_change_then_each_channel_of_each_image_is_scaled_and_moved_as_a_whole():
    changed = Color(contrast=0.4, brightness=0.1)(IMAGES, generator())
    slopes = changed.diff(dim=3) / IMAGES.diff(dim=3)
    first = slopes[:, :, :1, :1]
    torch.testing.assert_close(slopes, first.expand_as(slopes), rtol=1e-3, atol=1e-3)
    assert first.flatten().unique().numel() == 6
    assert 0.6 <= first.min() < 1 < first.max() <= 1.4
    moved = changed.mean((2, 3)) - IMAGES.mean((2, 3))
    assert moved.abs().max() <= 0.1 + 0.4 * 0.1  # the channel's own distance from the mean


def test_when_noise_is_added_then_it_has_the_deviation_and_stays_in_range():
    grey = torch.full((4, 3, 64, 64), 0.5)
    noisy = Noise(0.1)(grey, generator())
    assert noisy.std().item() == pytest.approx(0.1, rel=0.02)
    loud = Noise(1)(grey, generator())
    assert (loud.min(), loud.max()) == (0, 1)


def test_when_the_generator_is_the_same_then_so_are_the_images_and_the_given_ones_are_left():
    augment, before = InTurn((Shift(0.3), Color(), Noise())), IMAGES.clone()
    assert torch.equal(augment(IMAGES, generator(3)), augment(IMAGES, generator(3)))
    assert not torch.equal(augment(IMAGES, generator(3)), augment(IMAGES, generator(4)))
    assert torch.equal(before, IMAGES)


def test_when_parts_follow_each_other_then_the_second_sees_what_the_first_made():
    shift, noise = Shift(0.3), Noise(0.1)
    draws = generator(5)
    apart = noise(shift(IMAGES, draws), draws)
    assert torch.equal(InTurn((shift, noise))(IMAGES, generator(5)), apart)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Color(contrast=2), r"contrast \(=2\) must be from 0 to 1: 0 leaves images"),
        (lambda: Color(brightness=-0.1), r"brightness \(=-0.1\) must be from 0 to 1"),
        (lambda: Noise(float("nan")), r"deviation \(=nan\) must be from 0 to 1"),
    ],
)
def test_when_a_strength_is_out_of_range_then_the_error_names_it(make, message):
    with pytest.raises(ValueError, match=message):
        make()
