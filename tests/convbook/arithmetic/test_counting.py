"""Counting against PyTorch, and the numbers the course gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convbook.arithmetic.counting import LayerError, NetworkCount, count
from convbook.arithmetic.layer_kinds import KINDS, details, filled, read_layer
from tests.js.torch_layers import layer_counts, measured_fields, network

CONV = {"kind": "conv", "out_channels": 8, "kernel_size": 3}

small = st.integers(1, 4)
pairs = small | st.lists(small, min_size=2, max_size=2)
channels = st.sampled_from([2, 4, 6])
convolutions = st.fixed_dictionaries(
    {"kind": st.just("conv"), "out_channels": channels, "kernel_size": pairs},
    optional={
        "stride": pairs,
        "padding": st.integers(0, 2),
        "dilation": st.integers(1, 2),
        "groups": st.sampled_from([1, 2]),
        "bias": st.booleans(),
    },
)
pools = st.fixed_dictionaries(
    {"kind": st.sampled_from(["max_pool", "avg_pool"]), "kernel_size": pairs},
    optional={"stride": small},
)
blocks = st.fixed_dictionaries(
    {"kind": st.just("residual"), "out_channels": channels}, optional={"stride": st.integers(1, 2)}
)
plain = st.sampled_from([{"kind": "relu"}, {"kind": "batch_norm"}])
stacks = st.lists(convolutions | pools | blocks | plain, min_size=1, max_size=4)


@settings(deadline=None, max_examples=40)
@given(stacks, st.tuples(channels, st.integers(9, 30), st.integers(9, 30)))
def test_when_any_stack_is_counted_then_it_is_pytorchs_count(layers, input_shape):
    try:
        modules = network(layers, list(input_shape))
    except (RuntimeError, ValueError):
        with pytest.raises(LayerError, match=r"^layer \d"):
            count(layers, input_shape)
        return
    expected = layer_counts(modules, list(input_shape))
    rows = count(layers, input_shape).rows
    for row, torchs in zip(rows, expected, strict=True):
        assert list(row.output_shape) == torchs["output_shape"]
        assert (row.parameters, row.macs) == (torchs["parameters"], torchs["macs"])
        assert row.activations == torchs["activations"]
        assert row.activation_bytes == 4 * row.activations


@settings(deadline=None, max_examples=15)
@given(stacks, channels)
def test_when_any_stack_is_counted_then_its_field_is_the_gradients(layers, in_channels):
    try:
        rows = count(layers, (in_channels, 96, 96)).rows
    except LayerError:
        assume(False)
    # A window smaller than its stride leaves gaps, which the field spans; borders cut it off.
    assume(max(rows[-1].receptive_field) < 40)
    measured = measured_fields(layers, in_channels)
    assert [list(row.receptive_field) for row in rows] == measured


def test_when_a_layer_cannot_be_then_the_error_holds_the_rows_before_it():
    with pytest.raises(LayerError, match=r"^layer 3 \(conv\): its input has shape") as caught:
        count([CONV, {"kind": "flatten"}, CONV, {"kind": "relu"}], (1, 9, 9))
    assert caught.value.number == 3
    assert caught.value.counted == count([CONV, {"kind": "flatten"}], (1, 9, 9))


def test_when_a_dense_layer_comes_then_each_output_depends_on_all():
    dense = {"kind": "dense", "out_features": 2}
    rows = count([CONV, {"kind": "flatten"}, dense, {"kind": "relu"}], (1, 9, 9)).rows
    assert [row.receptive_field for row in rows] == [(3, 3), (3, 3), None, None]


def test_when_maps_are_averaged_as_a_whole_then_the_field_grows_by_their_extent():
    row = count([CONV, {"kind": "global_avg_pool"}], (1, 9, 12)).rows[1]
    assert (row.output_shape, row.receptive_field) == ((8, 1, 1), (9, 12))


def test_when_two_small_kernels_are_stacked_then_they_see_as_one_larger():
    three = {**CONV, "out_channels": 1}
    assert count([three] * 2, (1, 9, 9)).rows[-1].receptive_field == (5, 5)
    assert count([three] * 3, (1, 9, 9)).rows[-1].receptive_field == (7, 7)


def test_when_the_course_gives_layer_counts_then_they_come_out():
    big = count([{**CONV, "out_channels": 16, "kernel_size": 5, "bias": False}], (3, 2000, 2000))
    assert big.parameters == 1_200
    six = {**CONV, "out_channels": 6, "kernel_size": 5}
    photo = count([{**six, "bias": False}], (3, 443, 592))
    assert (photo.output_shape, photo.parameters) == ((6, 439, 588), 450)
    assert count([six], (3, 32, 32)).output_shape == (6, 28, 28)
    one = {**CONV, "out_channels": 1}
    assert count([{**one, "kernel_size": 5}], (3, 24, 24)).parameters == 75 + 1
    assert count([{**one, "bias": False}], (20, 16, 16)).parameters == 180
    wide = {"kind": "conv", "out_channels": 96, "kernel_size": 11, "stride": 4}
    assert count([wide], (3, 227, 227)).output_shape == (96, 55, 55)


def test_when_there_is_no_layer_then_the_output_is_the_input():
    assert count([], [3, 4, 5]) == NetworkCount((3, 4, 5), ())
    assert count([], [3, 4, 5]).output_shape == (3, 4, 5)


def test_when_numbers_come_from_numpy_then_plain_ones_are_kept():
    layer = read_layer({**CONV, "kernel_size": (np.int64(3), np.int64(5))})
    assert layer["kernel_size"] == [3, 5]
    assert [type(side) for side in layer["kernel_size"]] == [int, int]
    shape = count([layer], np.array([1, 9, 9])).input_shape
    assert [type(size) for size in shape] == [int, int, int]


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([5], r"^layer 1: 5 must be a mapping with a kind, such as \{'kind': 'relu'\}$"),
        ([{"kind": ["conv"]}], r"^layer 1: kind \(=\['conv'\]\) must be one of conv, max_pool"),
        ([{**CONV, "kernel_size": (3, 0)}], r"kernel_size \(=\[3, 0\]\) must be a whole number"),
        ([{**CONV, "stride": None}], r"layer 1 \(conv\): stride \(=None\) must be a whole number"),
        ([{**CONV, "out_channels": 8.0}], r"out_channels \(=8.0\) must be a whole number from 1"),
    ],
)
def test_when_a_layer_is_no_layer_then_the_error_says_so(layers: list[Any], message: str):
    with pytest.raises(LayerError, match=message):
        count(layers, (1, 9, 9))


@pytest.mark.parametrize("shape", [5, "abc", (1, 2), (1, 2, 3, 4), (0, 2, 2), None])
def test_when_the_input_shape_is_wrong_then_the_error_says_the_rule(shape: Any):
    with pytest.raises(ValueError, match=r"input_shape \(=.*must be three whole numbers \[C, H"):
        count([], shape)


def test_when_a_pool_has_no_stride_then_it_is_its_kernel():
    assert filled({"kind": "avg_pool", "kernel_size": [2, 3]})["stride"] == [2, 3]
    assert torch.nn.AvgPool2d((2, 3)).stride == (2, 3)
    assert details({"kind": "avg_pool", "kernel_size": [2, 3], "stride": 2}) == "2×3, stride 2"


def test_when_a_kind_has_fields_then_each_default_obeys_its_own_rule():
    for fields in KINDS.values():
        for field in fields.values():
            assert field.default is None or field.read(field.default) == field.default


def test_when_a_layer_has_one_channel_or_feature_then_it_is_said_in_the_singular():
    layers = [
        {"kind": "conv", "out_channels": 1, "kernel_size": 3},
        {"kind": "flatten"},
        {"kind": "dense", "out_features": 1},
    ]
    words = [row.details for row in count(layers, (1, 9, 9)).rows]
    assert words == ["3×3, 1 channel", "", "1 feature"]
