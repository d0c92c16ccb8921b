"""Pooling: what holds for every image, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convbook.arithmetic.pooling import (
    KINDS,
    distance_weights,
    drawn_cell,
    pool2d,
    pooled_shape,
    pooling_windows,
    probabilities,
    total,
    unchanged_fraction,
    uniform_draws,
)

numbers = st.integers(-20, 20).map(lambda n: n / 2)
sizes = st.tuples(st.integers(1, 4), st.integers(1, 4))
shapes = st.tuples(st.integers(4, 8), st.integers(4, 8))
images = arrays(np.float64, shapes, elements=numbers)


def pool(image, kind, size, stride=None, seed=0):
    windows = int(np.prod(pooled_shape(image.shape, size, stride)))
    return pool2d(image, kind, size, stride, uniform_draws(seed, windows))


@settings(deadline=None, max_examples=60)
@given(images, sizes, sizes)
def test_when_geometry_varies_then_max_average_and_l2_are_pytorchs(image, size, stride):
    tensor = torch.tensor(image[None, None])
    functions = torch.nn.functional
    expected = {
        "max": functions.max_pool2d(tensor, size, stride),
        "average": functions.avg_pool2d(tensor, size, stride),
        "l2": functions.lp_pool2d(tensor, 2, size, stride),
    }
    for kind, output in expected.items():
        np.testing.assert_allclose(pool(image, kind, size, stride), output[0, 0], atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(images, sizes, sizes, st.integers(0, 9999))
def test_when_any_image_is_pooled_then_each_kind_stays_between_its_bounds(
    image, size, stride, seed
):
    out = {kind: pool(image, kind, size, stride, seed) for kind in KINDS}
    windows = pooling_windows(image, size, stride)
    least = windows.min(axis=(2, 3))
    for kind in ("average", "weighted"):
        assert (least - 1e-9 <= out[kind]).all()
        assert (out[kind] <= out["max"] + 1e-9).all()
    assert (np.abs(windows).max(axis=(2, 3)) <= out["l2"] + 1e-9).all()
    drawn = (windows == out["stochastic"][..., None, None]) & (windows > 0)
    positive = (windows > 0).any(axis=(2, 3))
    np.testing.assert_array_equal(drawn.any(axis=(2, 3)), positive)
    assert (out["stochastic"][~positive] == 0).all()


@given(sizes)
def test_when_weights_are_made_then_they_sum_to_one_are_symmetric_and_fall_outwards(size):
    weights = distance_weights(size)
    assert weights.shape == size
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_array_equal(weights, weights[::-1, ::-1])
    assert weights.max() == weights[(size[0] - 1) // 2, (size[1] - 1) // 2]


@settings(deadline=None, max_examples=30)
@given(arrays(np.float64, 6, elements=numbers))
def test_when_draws_cover_zero_to_one_evenly_then_each_cell_comes_as_often_as_its_probability(
    window,
):
    count = 2000
    draws = (np.arange(count) + 0.5) / count
    often = np.bincount([drawn_cell(window, draw) for draw in draws], minlength=6) / count
    if (window > 0).any():
        np.testing.assert_allclose(often, probabilities(window), atol=1 / count)


@given(arrays(np.float64, 7, elements=st.floats(-1e6, 1e6)), st.randoms())
def test_when_cells_come_in_another_order_then_their_sum_is_exactly_the_same(cells, random):
    order = list(range(7))
    random.shuffle(order)
    assert total(cells) == total(cells[order])


def test_when_the_sum_is_tiny_then_a_positive_cell_is_drawn_all_the_same():
    assert drawn_cell([-1, 5e-324, 0], 1 - 2**-53) == 1


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, bool])
def test_when_the_image_is_not_float64_then_the_output_is(dtype):
    image = np.arange(20).reshape(4, 5).astype(dtype)
    for kind in KINDS:
        out = pool(image, kind, 2)
        assert out.dtype == np.float64
        np.testing.assert_array_equal(out, pool(image.astype(float), kind, 2))


def test_when_a_seed_comes_again_then_so_do_its_draws_and_they_look_uniform():
    draws = uniform_draws(7, 4000)
    np.testing.assert_array_equal(draws, uniform_draws(7, 4000))
    assert ((draws >= 0) & (draws < 1)).all()
    assert not np.array_equal(draws, uniform_draws(8, 4000))
    np.testing.assert_allclose(np.histogram(draws, 8, (0, 1))[0], 500, atol=100)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "min"}, r"kind \(='min'\) must be one of max, average, l2, weighted, stoch"),
        ({"size": 5}, r"size \(=5×5\) must fit into the image of 4×6 cells: use at most 4 rows"),
        ({"size": (2, 7)}, r"size \(=2×7\) must fit .* and 6 columns"),
        ({"size": (0, 2)}, r"size \(=0×2\) must be at least 1 along each side"),
        ({"stride": 0}, r"stride \(=0×0\) must be at least 1 along each side"),
        ({"image": [1, 2]}, r"image must have shape \(H, W\) with both at least 1, not \(2,\)"),
        ({"kind": "stochastic"}, r"draws has 0 numbers, but there are 6 windows: give one"),
        (
            {"kind": "stochastic", "draws": [0.5] * 5 + [1]},
            r"draws holds 1, but each must be at least 0 and below 1: take them from unif",
        ),
        ({"kind": "stochastic", "draws": [0.5] * 5 + [np.nan]}, "draws holds nan"),
    ],
)
def test_when_an_argument_breaks_its_rule_then_the_error_names_value_rule_and_fix(
    arguments, message
):
    with pytest.raises(ValueError, match=message):
        pool2d(**{"image": np.ones((4, 6)), "kind": "max", **arguments})


def test_when_seed_or_shapes_are_wrong_then_the_error_says_so():
    with pytest.raises(ValueError, match=r"seed \(=-1\) must be from 0 to 4294967295"):
        uniform_draws(-1, 1)
    with pytest.raises(ValueError, match=r"the same shape, not \(1, 2\) and \(2, 1\): pool both"):
        unchanged_fraction([[1, 2]], [[1], [2]])
