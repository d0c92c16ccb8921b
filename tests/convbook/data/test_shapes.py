"""Drawn shapes: the forms against a polygon's own arithmetic, colour, places, clutter."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
import pytest
import torch
from matplotlib.path import Path as Outline

from convbook.data import load, shapes
from convbook.data.shapes import FORMS, render, stream

GRID = torch.linspace(-1.21, 1.19, 121)  # no point on an outline
Y, X = torch.meshgrid(GRID, GRID, indexing="ij")
POINTS = torch.stack([X, Y], -1).reshape(-1, 2).numpy()


def ring_of_points(radii, start=pi / 2):
    angles = start + np.arange(len(radii)) * 2 * pi / len(radii)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], 1)


INNER = sin(pi / 10) / cos(pi / 5)  # where the edges of a pentagram cross
PLUS = [(0.92, -0.28), (0.92, 0.28), (0.28, 0.28), (0.28, 0.92), (-0.28, 0.92), (-0.28, 0.28)]
POLYGONS = {
    "circle": ring_of_points(np.full(360, 0.85)),
    "square": 0.7 * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]),
    "triangle": ring_of_points(np.ones(3)),
    "star": ring_of_points(np.tile([1, INNER], 5)),
    "cross": np.array([*PLUS, *((-x, -y) for x, y in PLUS)]),
}


@pytest.mark.parametrize("name", POLYGONS)
def test_when_a_form_is_a_polygon_then_the_sign_says_which_points_lie_inside(name):
    distance = FORMS[name](X, Y)
    inside = Outline(POLYGONS[name]).contains_points(POINTS).reshape(X.shape)
    clear = (distance.abs() > 0.02).numpy()  # a point on the outline itself may go either way
    assert clear.mean() > 0.8
    np.testing.assert_array_equal((distance < 0).numpy()[clear], inside[clear])


def test_when_forms_are_made_of_discs_then_their_sets_are():
    far = X.hypot(Y)
    ring = (far < 0.92) & (far > 0.52)
    crescent = (far < 1) & ((X - 0.55).hypot(Y) > 0.8)
    assert torch.equal(FORMS["ring"](X, Y) < 0, ring)
    assert torch.equal(FORMS["crescent"](X, Y) < 0, crescent)


def test_when_a_heart_is_drawn_then_it_is_a_square_and_two_half_discs():
    x, y = X + 0.2, Y + 0.2
    square = (x.abs() < 0.5) & (y.abs() < 0.5)
    discs = ((x - 0.5).hypot(y) < 0.5) | (x.hypot(y - 0.5) < 0.5)
    assert torch.equal(FORMS["heart"](X, Y) < 0, square | discs)


@pytest.mark.parametrize("name", FORMS)
def test_when_a_form_is_drawn_then_it_fits_the_unit_circle_and_a_step_changes_the_distance_by_one(
    name,
):
    distance = FORMS[name](X, Y)
    assert (distance < 0).sum() > 500
    assert (distance[X.hypot(Y) > 1.01] > 0).all()
    step = (GRID[1] - GRID[0]).item()
    down, right = distance.diff(dim=0)[:, 1:] / step, distance.diff(dim=1)[1:] / step
    assert down.hypot(right).median().item() == pytest.approx(1, abs=0.02)


@pytest.fixture
def bare(monkeypatch):
    """Nothing but a ground and the form."""
    monkeypatch.setattr(shapes, "STROKES", 0)
    monkeypatch.setattr(shapes, "NOISE", 0)


def test_when_discs_are_drawn_then_they_lie_inside_with_soft_edges_at_many_places(bare):
    images = render(torch.zeros(200, dtype=torch.int64), 64, torch.Generator().manual_seed(0))
    brightness = images.mean(1)
    light = brightness.flatten(1).amax(1)[:, None, None]
    inside = brightness > 0.97 * light
    border = torch.cat([inside[:, 0], inside[:, -1], inside[:, :, 0], inside[:, :, -1]], 1)
    assert not border.any()
    areas = inside.sum((1, 2)).float()
    radii = (areas / pi).sqrt() / 64 / 0.85
    assert radii.min() > 0.2
    assert radii.max() < 0.43
    assert radii.std() > 0.02
    rows = (inside.sum(2) * torch.arange(64)).sum(1) / areas
    assert rows.std() > 5


def test_when_colours_are_averaged_then_they_tell_no_form_from_another():
    images, labels = (torch.cat(part) for part in zip(*stream(3200, size=16), strict=True))
    corners = images[:, :, [0, 0, -1, -1], [0, -1, 0, -1]].flatten(1)
    means = torch.stack([corners[labels == label].mean(0) for label in range(len(FORMS))])
    error = corners.std(0) / 400**0.5
    assert ((means - means.mean(0)).abs() < 4.5 * error).all()


def test_when_labels_are_drawn_then_each_form_is_as_frequent_and_the_order_is_mixed():
    labels = torch.cat([labels for _, labels in stream(801, size=16)])
    assert sorted(labels.bincount().tolist()) == [100] * 7 + [101]
    assert len(labels[:40].unique()) == len(FORMS)


def test_when_the_splits_are_compared_then_no_image_is_in_two():
    data = load("shapes", size=16, train=300, validation=300, test=300)
    images = torch.cat([split.images for split in data.splits.values()]).flatten(1)
    assert len(images.unique(dim=0)) == 900
    other = load("shapes", size=16, train=300, validation=300, test=300, seed=1)
    both = torch.cat([images, *(split.images.flatten(1) for split in other.splits.values())])
    assert len(both.unique(dim=0)) == 1800


@pytest.mark.parametrize("size", [15, 257, 32.5])
def test_when_the_size_is_out_of_range_then_the_error_names_the_bounds(size):
    message = rf"size \(={size}\) must be a whole number from 16 to 256"
    with pytest.raises(ValueError, match=message):
        render(torch.zeros(1, dtype=torch.int64), size, torch.Generator())
    with pytest.raises(ValueError, match=message):
        next(stream(8, size))
