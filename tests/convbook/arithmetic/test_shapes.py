"""Sizes and coverage: rules that hold for every geometry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convbook.arithmetic.shapes import covered, leftover, output_size, same_padding


@st.composite
def geometries(draw: st.DrawFn) -> dict[str, int]:
    """A kernel that fits."""
    n, kernel_size, dilation = (draw(st.integers(1, most)) for most in (40, 7, 4))
    needed = max(dilation * (kernel_size - 1) + 1 - n, 0)
    padding = draw(st.integers((needed + 1) // 2, (needed + 1) // 2 + 5))
    stride = draw(st.integers(1, 9))
    return {
        "n": n,
        "kernel_size": kernel_size,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
    }


@given(geometries())
def test_when_a_leftover_is_taken_off_or_made_full_then_the_kernel_fits_exactly(shape):
    rest, stride = leftover(**shape), shape["stride"]
    assert 0 <= rest < stride
    fuller = {**shape, "n": shape["n"] + stride - rest}
    assert leftover(**fuller) == 0
    assert output_size(**fuller) == output_size(**shape) + 1
    if shape["n"] > rest:
        smaller = {**shape, "n": shape["n"] - rest}
        assert leftover(**smaller) == 0
        assert output_size(**smaller) == output_size(**shape)


@given(geometries())
def test_when_a_leftover_is_longer_than_the_padding_then_the_last_cells_are_uncovered(shape):
    lost = max(leftover(**shape) - shape["padding"], 0)
    cells = covered(**shape)
    assert len(cells) == shape["n"]
    assert not any(cells[len(cells) - lost :])


@given(geometries())
def test_when_the_stride_leaves_no_gap_and_dilation_is_1_then_only_the_leftover_is_uncovered(shape):
    shape["dilation"], shape["stride"] = 1, min(shape["stride"], shape["kernel_size"])
    lost = max(leftover(**shape) - shape["padding"], 0)
    assert covered(**shape) == [True] * (shape["n"] - lost) + [False] * lost


@given(st.integers(1, 40), st.integers(1, 15), st.integers(1, 6))
def test_when_padding_is_same_then_the_size_is_kept(n, kernel_size, dilation):
    if dilation * (kernel_size - 1) % 2:
        with pytest.raises(ValueError, match="must be even"):
            same_padding(kernel_size, dilation)
    else:
        padding = same_padding(kernel_size, dilation)
        assert output_size(n, kernel_size, padding=padding, dilation=dilation) == n


def test_when_no_padding_keeps_the_size_then_the_message_names_value_rule_and_fix():
    message = (
        r"dilation·\(kernel_size − 1\) \(=9\) must be even, since each side gets half of it "
        r"\(kernel_size=4, dilation=3\): use an odd kernel_size or an even dilation"
    )
    with pytest.raises(ValueError, match=message):
        same_padding(4, dilation=3)
    with pytest.raises(ValueError, match=r"kernel_size \(=0\) must be at least 1"):
        same_padding(0)
