"""Activation maximisation where the answer is known, and on a trained network."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from torch import nn
from torch.nn.functional import cosine_similarity

from convbook.explain import maximize_activation
from convbook.explain.maximize import GREY, _blurred, _decorrelated, _variation_gradient

SHAPE = (3, 7, 7)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def one_filter() -> nn.Module:
    """A filter as large as the image: its activation is a dot product."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 2, 7))


def test_when_the_image_is_bounded_by_l2_then_the_maximiser_is_the_filter():
    model = one_filter()
    weight = model[0].weight[1].detach()
    ascent = maximize_activation(model, "0", 1, SHAPE, 300, 0.05, l2=8.0, generator=seeded())
    expected = GREY + weight / weight.square().mean().sqrt() / 8
    assert expected.min() > 0
    assert expected.max() < 1
    torch.testing.assert_close(ascent.image, expected, atol=1e-3, rtol=0)
    assert cosine_similarity((ascent.image - GREY).flatten(), weight.flatten(), 0) > 0.99


def test_when_nothing_but_the_range_bounds_the_image_then_it_ends_black_and_white():
    model = one_filter()
    weight = model[0].weight[0].detach()
    ascent = maximize_activation(model, "0", 0, SHAPE, steps=100, learning_rate=0.05)
    clear = weight.abs() > 0.01
    assert torch.equal(ascent.image[clear], (weight > 0).float()[clear])


@pytest.mark.parametrize("layer", ["0", "4"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"l2": 0.5},
        {"total_variation": 0.2},
        {"jitter": 1},
        {"blur": 0.4},
        {"fourier": True},
        {"l2": 0.5, "total_variation": 0.2, "jitter": 1, "blur": 0.4, "fourier": True},
    ],
)
def test_when_a_trained_network_is_climbed_then_the_activation_grows_and_the_range_is_kept(
    classifier, layer, options
):
    ascent = maximize_activation(
        classifier, layer, 3, (1, 8, 8), steps=40, frames=5, generator=seeded(), **options
    )
    assert ascent.activations[-1] > ascent.activations[0] + 0.1
    assert ascent.image.shape == (1, 8, 8)
    assert ascent.frames.min() >= 0
    assert ascent.frames.max() <= 1
    assert ascent.frame_steps == (0, 10, 20, 30, 40)
    assert torch.equal(ascent.frames[-1], ascent.image)
    with torch.no_grad():
        output = classifier[: int(layer) + 1](ascent.frames[[0, -1]])
    output = output.flatten(2).mean(2)[:, 3] if output.ndim == 4 else output[:, 3]
    if "jitter" not in options:
        assert output[0].item() == pytest.approx(ascent.activations[0], abs=1e-5)
    assert output[1].item() == pytest.approx(ascent.activations[-1], abs=1e-5)


def test_when_a_class_is_maximised_then_the_network_sees_it_surely(classifier):
    ascent = maximize_activation(classifier, "4", 7, (1, 8, 8), generator=seeded())
    assert classifier(ascent.image[None]).softmax(1)[0, 7] > 0.999


def test_when_the_generator_starts_alike_then_so_do_all_images(classifier):
    def climb(seed):
        return maximize_activation(
            classifier, "0", 1, (1, 8, 8), steps=5, jitter=2, generator=seeded(seed)
        )

    assert torch.equal(climb(1).image, climb(1).image)
    assert climb(1).activations == climb(1).activations
    assert not torch.equal(climb(1).image, climb(2).image)


def test_when_the_image_jitters_then_it_is_seen_rolled_by_up_to_so_many_pixels(classifier):
    shifts, seen = list(product((-1, 0, 1), repeat=2)), set()
    for seed in range(6):
        ascent = maximize_activation(
            classifier, "4", 3, (1, 8, 8), steps=1, jitter=1, generator=seeded(seed)
        )
        rolled = torch.stack([ascent.frames[0].roll(shift, (1, 2)) for shift in shifts])
        heights = classifier(rolled)[:, 3].detach()
        distance, place = (heights - ascent.activations[0]).abs().min(0)
        assert distance < 1e-5
        seen.add(shifts[place])
    assert len(seen) > 2


def test_when_images_are_smoothed_then_neighbours_differ_less(classifier):
    def variation(**options):
        ascent = maximize_activation(
            classifier, "4", 3, (1, 8, 8), steps=60, generator=seeded(), **options
        )
        return ascent.image.diff(dim=1).abs().sum() + ascent.image.diff(dim=2).abs().sum()

    plain = variation()
    assert variation(total_variation=0.5) < 0.8 * plain
    assert variation(blur=0.6) < 0.8 * plain
    assert variation(fourier=True) < 0.8 * plain


def test_when_the_variation_is_differentiated_then_it_is_autograds():
    x = torch.rand(1, 2, 5, 6, generator=seeded()).requires_grad_()
    (x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()).backward()
    assert torch.equal(_variation_gradient(x.detach()), x.grad)


@pytest.mark.parametrize("deviation", [0.3, 1.0, 2.5])
def test_when_an_image_is_blurred_then_it_is_as_scipy_does(deviation):
    x = torch.rand(1, 2, 6, 9, generator=seeded(), dtype=torch.float64)
    radius = int(np.ceil(3 * deviation))
    for channel, blurred in zip(x[0].numpy(), _blurred(x, deviation)[0], strict=True):
        expected = gaussian_filter(channel, deviation, mode="nearest", radius=radius)
        np.testing.assert_allclose(blurred, expected)


@pytest.mark.parametrize("shape", [(6, 8), (7, 5)])
def test_when_a_gradient_is_decorrelated_then_a_wave_shrinks_by_its_squared_frequency(shape):
    rows = torch.arange(shape[0], dtype=torch.float64)
    wave = torch.cos(2 * torch.pi * 2 * rows / shape[0])[None, None, :, None].expand(1, 1, *shape)
    frequency = 2 / shape[0]
    torch.testing.assert_close(_decorrelated(wave), wave / frequency**2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 0}, r"steps \(=0\) must be at least 1"),
        ({"frames": 12}, r"frames \(=12\) must be from 1 to steps \+ 1 \(=11\)"),
        ({"learning_rate": 0}, r"learning_rate \(=0\) must be above 0"),
        ({"l2": -1}, r"l2 \(=-1\) must be at least 0"),
        ({"total_variation": float("nan")}, r"total_variation \(=nan\) must be at least 0"),
        ({"jitter": -1}, r"jitter \(=-1\) must be at least 0"),
        ({"blur": -1}, r"blur \(=-1\) must be at least 0"),
        ({"channel": 2}, r"channel \(=2\) must be from 0 to 1, the last of layer '0'"),
        ({"channel": -1}, r"channel \(=-1\) must be from 0 to 1"),
        ({"layer": "O"}, "there is no layer 'O': use one of 0"),
    ],
)
def test_when_an_argument_breaks_its_rule_then_the_error_names_it(arguments, message):
    given = {"layer": "0", "channel": 0, "input_shape": SHAPE, "steps": 10, **arguments}
    with pytest.raises(ValueError, match=message):
        maximize_activation(one_filter(), **given)
