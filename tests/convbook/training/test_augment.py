"""Augmentation against cases computed by hand, and what holds for every transform."""

from __future__ import annotations

import math

import pytest
import torch
from scipy import ndimage

from convbook.training import Compose, Crop, Flip, Rotate, Shift, Zoom

ALL = [
    Flip(),
    Shift(0.3),
    Rotate(30),
    Zoom(0.3),
    Crop(0.5),
    Compose(Flip(), Shift(0.2), Rotate(20), Zoom(0.2), Crop(0.7)),
]
NOTHING = [Flip(0), Shift(0), Rotate(0), Zoom(0), Crop(1), Compose(), Compose(Shift(0), Zoom(0))]


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def pictures(count=6, height=8, width=8):
    return torch.rand(count, 3, height, width, generator=generator(9))


class Fixed(Shift):
    """A shift by a matrix that the test chooses."""

    def __init__(self, matrix):
        super().__init__()
        object.__setattr__(self, "matrix", torch.tensor(matrix))

    def _matrices(self, count, side, generator):
        return self.matrix.repeat(count, 1, 1)


@pytest.mark.parametrize("transform", NOTHING, ids=repr)
@pytest.mark.parametrize("shape", [(8, 8), (7, 12)])
def test_when_the_strength_is_zero_then_images_stay(transform, shape):
    images = pictures(4, *shape)
    torch.testing.assert_close(transform(images, generator()), images, atol=1e-5, rtol=0)


def test_when_every_image_is_flipped_then_columns_or_rows_are_reversed():
    images = pictures(5, 6, 9)
    sideways, upright = Flip(1)(images, generator()), Flip(1, upside_down=True)(images, generator())
    torch.testing.assert_close(sideways, images.flip(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(upright, images.flip(2), atol=1e-5, rtol=0)


def test_when_images_are_shifted_then_each_moves_by_whole_cells_and_zeros_come_in():
    images = pictures(40, 10, 10)
    moved = Shift(0.2)(images, generator())
    framed = torch.nn.functional.pad(images, (2, 2, 2, 2))
    places = [(down, across) for down in range(5) for across in range(5)]
    seen = set()
    for image, result in zip(framed, moved, strict=True):
        parts = {place: image[:, place[0] :, place[1] :][:, :10, :10] for place in places}
        near = [place for place, part in parts.items() if torch.allclose(part, result, atol=1e-5)]
        assert len(near) == 1
        seen.update(near)
    assert len(seen) > 10
    assert {down for down, _ in seen} == {across for _, across in seen} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("outside", ["border", "reflection"])
def test_when_the_outside_is_not_zeros_then_a_white_image_stays_white(outside):
    white = torch.ones(8, 1, 9, 9)
    for transform in (Shift(0.3, outside), Compose(Rotate(45), Zoom(0.5), outside=outside)):
        torch.testing.assert_close(transform(white, generator()), white)


def test_when_a_wide_image_is_turned_then_it_is_as_scipy_turns_it():
    smooth = ndimage.gaussian_filter(torch.rand(24, 40, generator=generator(3)).numpy(), 2)
    images = torch.from_numpy(smooth)[None, None].repeat(8, 1, 1, 1)
    turned = Rotate(25)(images, generator(5))
    uniform = torch.rand(8, generator=generator(5))
    inner = (slice(9, 15), slice(14, 26))
    for result, draw in zip(turned, uniform.tolist(), strict=True):
        angle = 25 * (2 * draw - 1)
        expected = ndimage.rotate(smooth, angle, reshape=False, order=1)
        assert abs(result[0].numpy() - expected)[inner].max() < 1e-3


def test_when_an_image_is_zoomed_by_two_then_its_inner_half_fills_it():
    images = torch.zeros(1, 1, 8, 8)
    images[..., 2:6, 2:6] = 1
    doubled = Fixed([[0.5, 0, 0], [0, 0.5, 0], [0, 0, 1]])(images, generator())
    assert (doubled[..., 1:7, 1:7] == 1).all()


def test_when_parts_are_cropped_then_they_lie_inside_the_image():
    matrices = Crop(0.4)._matrices(500, (8, 8), generator())
    size, middle = matrices[:, 0, 0], matrices[:, :2, 2]
    assert size.min() >= 0.4
    assert size.max() <= 1
    assert torch.equal(size, matrices[:, 1, 1])
    assert (middle.abs() + size[:, None]).max() <= 1 + 1e-6
    assert middle.abs().max() > 0.5


def test_when_transforms_are_composed_then_the_first_comes_first():
    dot = torch.zeros(1, 1, 9, 9)
    dot[0, 0, 4, 4] = 1
    right = Fixed([[1, 0, -2 * 2 / 9], [0, 1, 0], [0, 0, 1.0]])
    quarter = Fixed([[math.cos(math.pi / 2), -1.0, 0], [1.0, 0, 0], [0, 0, 1.0]])
    shifted_then_turned = Compose(right, quarter)(dot, generator())
    one_by_one = quarter(right(dot, generator()), generator())
    torch.testing.assert_close(shifted_then_turned, one_by_one, atol=1e-5, rtol=0)
    other = Compose(quarter, right)(dot, generator())
    assert not torch.allclose(shifted_then_turned, other, atol=0.1)
    assert float(other[0, 0, 4, 6]) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("transform", ALL, ids=repr)
def test_when_images_are_augmented_then_shape_dtype_and_range_stay_and_each_has_its_draw(transform):
    one = pictures(1, 12, 10)
    images = one.repeat(30, 1, 1, 1)
    before = images.clone()
    results = transform(images, generator())
    assert torch.equal(images, before)
    assert (results.shape, results.dtype) == (images.shape, torch.float32)
    assert results.min() >= 0
    assert results.max() <= 1
    different = {tuple(result.flatten().tolist()) for result in results}
    assert len(different) == 2 if isinstance(transform, Flip) else len(different) > 15
    assert torch.equal(transform(images, generator()), results)
    assert not torch.equal(transform(images, generator(1)), results)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Flip(1.5), r"probability \(=1.5\) must be from 0 to 1: 0 leaves images"),
        (lambda: Shift(-0.1), r"share \(=-0.1\) must be from 0 to 1"),
        (lambda: Rotate(200), r"degrees \(=200\) must be from 0 to 180"),
        (lambda: Zoom(1), r"share \(=1\) must be from 0 to 0.9"),
        (lambda: Crop(0), r"least \(=0\) must be above 0 and at most 1, such as 0.8"),
        (lambda: Shift(0.1, "wrap"), r"outside \(='wrap'\) must be one of zeros, border, refl"),
        (lambda: Compose(outside="wrap"), r"outside \(='wrap'\) must be one of"),
        (
            lambda: Flip()(torch.zeros(3, 8, 8), generator()),
            r"images \(shape \(3, 8, 8\), torch.float32\) must have shape \(N, C, H, W\)",
        ),
        (lambda: Flip()(torch.zeros(1, 3, 8, 8).byte(), generator()), r"torch.uint8\) must have"),
    ],
)
def test_when_an_argument_is_wrong_then_the_error_says_the_rule(make, message):
    with pytest.raises(ValueError, match=message):
        make()
