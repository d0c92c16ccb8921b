"""Filters and maps on a wall, in words, and in the gallery: what is drawn is what was given."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from convbook.explain import (
    Ascent,
    activation_group,
    activations_alt_text,
    filter_group,
    filters_alt_text,
    first_layer_filters,
    frame_group,
    frames_alt_text,
    heat_alt_text,
    show_activations,
    show_filters,
    show_frames,
    show_heat,
)
from convbook.explain.adversarial import adversarial_alt_text, show_adversarial
from convbook.widgets import FilterGallery

NOISE = torch.randn(10, 3, 5, 4, generator=torch.Generator().manual_seed(0))


def pictures(figure):
    return [axes.images[0] for axes in figure.axes if axes.images]


def ascent(channels):
    images = torch.rand(3, channels, 6, 6, generator=torch.Generator().manual_seed(0))
    return Ascent(images[-1], (-1.5, 2.0, 3.25, 4.0, 4.5), images, (0, 2, 4))


def test_when_a_model_holds_convolutions_then_the_first_ones_weights_are_copied():
    model = nn.Sequential(nn.Sequential(nn.ReLU(), nn.Conv2d(3, 8, 5)), nn.Conv2d(8, 4, 3))
    weights = first_layer_filters(model)
    assert torch.equal(weights, model[0][1].weight)
    weights.zero_()
    assert model[0][1].weight.abs().sum() > 0
    with pytest.raises(ValueError, match="the model has no Conv2d: look at the rows of its first"):
        first_layer_filters(nn.Linear(2, 2))


@pytest.mark.parametrize("scale", ["group", "image"])
def test_when_filters_have_one_channel_then_each_is_drawn_on_a_scale_centred_on_zero(scale):
    figure, weights = Figure(), NOISE[:, :1]
    show_filters(figure, weights, "conv1", scale)
    drawn = pictures(figure)
    assert len(drawn) == 10
    for picture, weight in zip(drawn, weights[:, 0], strict=True):
        limit = (weights if scale == "group" else weight).abs().max().item()
        np.testing.assert_array_equal(picture.get_array(), weight)
        assert picture.get_clim() == pytest.approx((-limit, limit))
    assert figure.get_suptitle() == "conv1"
    assert [axes.get_title() for axes in figure.axes[:10]] == [str(n) for n in range(1, 11)]
    assert not any(axes.axison for axes in figure.axes[:16])  # the empty places too


@pytest.mark.parametrize("scale", ["group", "image"])
def test_when_filters_have_three_channels_then_they_are_colours_around_mid_grey(scale):
    figure = Figure()
    show_filters(figure, NOISE, scale=scale)
    for picture, weight in zip(pictures(figure), NOISE, strict=True):
        limit = (NOISE if scale == "group" else weight).abs().max()
        expected = 0.5 + 0.5 * weight / limit
        np.testing.assert_allclose(picture.get_array(), expected.permute(1, 2, 0), atol=1e-6)


def test_when_maps_are_drawn_then_zero_is_grey_and_the_words_name_the_strongest():
    figure, maps = Figure(), NOISE[:, 0].relu()
    maps[6] += 10
    show_activations(figure, maps, "relu1")
    assert len(pictures(figure)) == 10
    assert pictures(figure)[0].get_clim()[0] == -pictures(figure)[0].get_clim()[1]
    words = activations_alt_text(maps, "relu1")
    assert words.startswith("relu1: 10 of 5×4 cells, values from 0 to 1")
    assert "map 7 has the largest mean, 1" in words


def test_when_everything_is_zero_then_it_is_drawn_all_the_same():
    show_activations(Figure(), torch.zeros(2, 3, 3))
    show_filters(Figure(), torch.zeros(2, 3, 3, 3), scale="image")
    show_heat(Figure(), torch.zeros(1, 3, 3), torch.zeros(3, 3))


def test_when_filters_are_said_in_words_then_count_size_and_range_are_computed():
    weights = torch.zeros(2, 1, 3, 3)
    weights[1, 0, 2, 2], weights[0, 0, 0, 0] = 0.75, -2
    assert filters_alt_text(weights, "conv1").startswith(
        "conv1: 2 of 3×3 cells, weights from −2 to 0.75. Blue is negative, grey zero"
    )
    assert filters_alt_text(NOISE).endswith("As colours, mid-grey is zero.")


@pytest.mark.parametrize("channels", [1, 3])
def test_when_an_ascent_is_shown_then_each_frame_has_its_step_and_activation(channels):
    figure = Figure()
    show_frames(figure, ascent(channels), "channel 2")
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["step 0\n−1.5", "step 2\n3.25", "step 4\n4.5"]
    for picture, frame in zip(pictures(figure), ascent(channels).frames, strict=True):
        shown = frame[0] if channels == 1 else frame.permute(1, 2, 0)
        np.testing.assert_allclose(picture.get_array(), shown)
    assert frames_alt_text(ascent(channels), "channel 2") == (
        "channel 2: 3 images from step 0 to step 4; the mean activation goes from −1.5 to 4.5."
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_when_groups_are_made_then_the_gallery_takes_them(channels):
    groups = [
        filter_group("conv1", NOISE[:, :channels]),
        activation_group("relu1", NOISE[0]),
        frame_group("channel 2", ascent(channels)),
    ]
    gallery = FilterGallery(groups, group=2, image=1)
    assert [len(group["images"]) for group in gallery.groups] == [10, 3, 3]
    frame = ascent(channels).frames[1]
    expected = frame[0] - 0.5 if channels == 1 else frame.permute(1, 2, 0)
    np.testing.assert_allclose(gallery.chosen_image, expected, atol=1 / 200)
    assert gallery.chosen_group["images"][1]["label"] == "step 2"
    assert gallery.chosen_group["images"][1]["note"] == "mean activation 3.25"


def test_when_a_heat_map_is_shown_then_zero_is_grey_and_the_image_shades_it():
    figure, heat = Figure(), torch.tensor([[-1.0, 0.0, 0.5]])
    image = torch.ones(3, 1, 3)
    image[:, 0, 1] = 0  # black
    show_heat(figure, image, heat, "occlusion")
    left, right = figure.axes[:2]
    assert (left.get_title(), right.get_title()) == ("image", "from −1 to 0.5")
    blue, grey, orange = np.array([[42, 111, 187], [176, 176, 176], [247, 178, 92]]) / 255
    expected = [[blue, 0.5 * grey, grey + (orange - grey) / 2]]
    np.testing.assert_allclose(right.images[0].get_array(), expected, atol=0.01)
    assert heat_alt_text(heat, "occlusion") == (
        "occlusion: from −1 to 0.5, largest at row 1, column 3; "
        "33 % of the pixels are above half of that."
    )


def test_when_an_adversarial_image_is_shown_then_the_change_is_between_the_two():
    figure, image = Figure(), torch.full((1, 2, 2), 0.5)
    fooled = image + torch.tensor([[[0.1, -0.1], [0.0, 0.0]]])
    show_adversarial(figure, image, fooled, "a 3", "an 8")
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["seen as a 3", "change, from −0.1 to 0.1", "seen as an 8"]
    np.testing.assert_allclose(pictures(figure)[1].get_array(), (fooled - image)[0])
    assert "at most 0.1 it is seen as an 8" in adversarial_alt_text(image, fooled, "a 3", "an 8")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: show_filters(Figure(), NOISE[:, :2]), r"weights \(shape \(10, 2, 5, 4\)\) must"),
        (lambda: filters_alt_text(NOISE[0]), r"weights \(shape \(3, 5, 4\)\) must be \(N, 1, K, L"),
        (lambda: show_activations(Figure(), NOISE), r"maps \(shape .* take one image, such as map"),
        (lambda: show_activations(Figure(), NOISE[:0, 0]), "there is nothing to draw: pass at lea"),
        (lambda: show_heat(Figure(), NOISE[0], NOISE[0]), r"heat \(shape \(3, 5, 4\)\) must be as"),
        (lambda: show_frames(Figure(), ascent(2)), r"a picture of shape \(2, 6, 6\) must be \(1,"),
    ],
)
def test_when_the_shape_does_not_fit_then_the_error_names_the_fix(call, message):
    with pytest.raises(ValueError, match=message):
        call()
