"""Six ways of convolving: equal to PyTorch's on every geometry, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convbook.arithmetic.convolution_ways import WAYS, by_toeplitz, im2col, timings

sizes = st.integers(1, 7)
numbers = st.integers(-9, 9)


@st.composite
def cases(draw):
    channels, filters = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    (height, width), (rows, columns) = (draw(st.tuples(sizes, sizes)) for _ in range(2))
    stride, padding = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    assume(rows <= height + 2 * padding and columns <= width + 2 * padding)
    x = draw(arrays(np.int64, (channels, height, width), elements=numbers))
    w = draw(arrays(np.int64, (filters, channels, rows, columns), elements=numbers))
    return x, w, stride, padding


@settings(deadline=None, max_examples=80)
@given(cases())
def test_when_geometry_varies_then_every_way_gives_pytorchs_result(case):
    x, w, stride, padding = case
    expected = torch.nn.functional.conv2d(
        torch.tensor(x[None]).double(), torch.tensor(w).double(), None, stride, padding
    )[0]
    for name, way in WAYS.items():
        out = way(x, w, stride, padding)
        assert out.dtype == np.float64
        assert out.shape == tuple(expected.shape), name
        np.testing.assert_allclose(out, expected, atol=1e-9, err_msg=name)


@settings(deadline=None, max_examples=40)
@given(cases())
def test_when_patches_become_columns_then_they_are_pytorchs_unfold(case):
    x, w, stride, padding = case
    unfolded = torch.nn.functional.unfold(
        torch.tensor(x[None]).double(), w.shape[2:], padding=padding, stride=stride
    )
    np.testing.assert_array_equal(im2col(x, w.shape[2:], stride, padding), unfolded[0])


def test_when_alexnets_first_layer_is_unrolled_then_its_matrix_is_363_by_3025():
    assert im2col(np.zeros((3, 227, 227)), (11, 11), stride=4).shape == (363, 3025)


def test_when_ways_are_timed_then_each_took_time_and_agrees():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 12, 12)), rng.normal(size=(3, 2, 3, 3))
    found = timings(x, w, stride=2, padding=1, repeats=2)
    assert list(found) == list(WAYS)
    for timing in found.values():
        assert timing.seconds > 0
        assert timing.difference < 1e-12
    assert found["loop"].difference == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": np.ones((5, 5))}, r"x \(shape \(5, 5\)\) and w \(shape \(2, 3, 3, 3\)\) must be"),
        ({"w": np.ones((2, 1, 3, 3))}, r"\(O, C, K, L\) with the same C"),
        ({"w": np.ones((2, 3, 6, 3))}, "the kernel reaches over 6 cells"),
        ({"stride": 0}, r"stride \(=0\) must be at least 1"),
        ({"padding": -1}, r"padding \(=-1\) must be at least 0"),
    ],
)
@pytest.mark.parametrize("name", WAYS)
def test_when_an_argument_breaks_its_rule_then_every_way_refuses(name, arguments, message):
    given = {"x": np.ones((3, 5, 5)), "w": np.ones((2, 3, 3, 3)), "stride": 1, "padding": 0}
    with pytest.raises(ValueError, match=message):
        WAYS[name](*{**given, **arguments}.values())


def test_when_timing_or_matrix_go_too_far_then_the_error_says_so():
    with pytest.raises(ValueError, match="the matrix would have 4,145,283,072 entries, but 67,108"):
        by_toeplitz(np.ones((1, 256, 256)), np.ones((1, 1, 5, 6)))
    with pytest.raises(ValueError, match="there is no way 'Winograd': use some of loop, im2col, T"):
        timings(np.ones((1, 2, 2)), np.ones((1, 1, 1, 1)), ways=["Winograd"])
    with pytest.raises(ValueError, match=r"repeats \(=0\) must be at least 1"):
        timings(np.ones((1, 2, 2)), np.ones((1, 1, 1, 1)), repeats=0)
