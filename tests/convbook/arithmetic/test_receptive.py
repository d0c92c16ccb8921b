"""Receptive fields: properties that hold for every stack, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convbook.arithmetic.counting import count
from convbook.arithmetic.layer_kinds import KINDS
from convbook.arithmetic.layer_windows import Field
from convbook.arithmetic.receptive import (
    coverage,
    field_of,
    layer_sizes,
    map_layers,
    receptive_field,
    same_place,
    sizes_that_fit,
    without_pooling,
)

CONV3 = {"kind": "conv", "kernel_size": 3}
POOL2 = {"kind": "max_pool", "kernel_size": 2}
SMALL = [CONV3, POOL2, CONV3, POOL2, CONV3]

HEAD = [{"kind": "flatten"}, {"kind": "dense", "out_features": 10}, {"kind": "softmax"}]

steps = {"stride": st.integers(1, 3), "dilation": st.integers(1, 3)}
convolutions = st.fixed_dictionaries(
    {
        "kind": st.just("conv"),
        "kernel_size": st.integers(1, 5),
        "padding": st.integers(0, 3),
        **steps,
    }
)
pools = st.integers(1, 5).flatmap(
    lambda size: st.fixed_dictionaries(
        {
            "kind": st.just("max_pool"),
            "kernel_size": st.just(size),
            "padding": st.integers(0, size // 2),
            **steps,
        }
    )
)
blocks = st.fixed_dictionaries({"kind": st.just("residual"), "stride": st.integers(1, 2)})
cell_by_cell = st.sampled_from(["relu", "batch_norm", "dropout", "local_response_norm"])
plain = cell_by_cell.map(lambda kind: {"kind": kind})
inceptions = st.just({"kind": "inception"})
stacks = st.lists(convolutions | pools | blocks | plain | inceptions, max_size=5)


@settings(deadline=None)
@given(stacks, st.integers(1, 40), st.data())
def test_when_any_neuron_is_chosen_then_its_cells_lie_inside_its_field(layers, n, data):
    sizes, why = sizes_that_fit(layers, n)
    assume(why is None)
    index = data.draw(st.integers(0, [n, *sizes][-1] - 1))
    size = [1, *(field.size for field in receptive_field(layers))][-1]
    for below, span in zip([n, *sizes], field_of(layers, len(layers), index, n), strict=True):
        assert all(span.first <= cell <= span.last for cell in span.cells + span.padding)
        assert all(0 <= cell < below for cell in span.cells)
        assert span.clipped == ((min(span.cells), max(span.cells)) if span.cells else None)
    bottom = field_of(layers, len(layers), index, n)[0]
    assert bottom.last - bottom.first + 1 == size


@settings(deadline=None)
@given(stacks, st.integers(1, 40))
def test_when_neighbours_are_compared_then_their_fields_lie_one_jump_apart(layers, n):
    sizes, why = sizes_that_fit(layers, n)
    assume(why is None and layers and sizes[-1] > 1)
    first, second = (field_of(layers, len(layers), index, n)[0] for index in (0, 1))
    size, jump, start = receptive_field(layers)[-1]
    assert second.first - first.first == jump
    assert (first.first + first.last) / 2 == start
    assert coverage(layers, n) == min(size, n) ** 2 / n**2


def test_when_the_small_network_loses_its_pooling_then_its_field_shrinks_from_18_to_7():
    assert layer_sizes(SMALL, 28) == [26, 13, 11, 5, 3]
    assert layer_sizes(without_pooling(SMALL), 28) == [26, 24, 22]
    spans = field_of(SMALL, 5, 1, 28)
    assert [span.clipped for span in spans] == [(4, 21), (4, 19), (2, 9), (2, 7), (1, 3), (1, 1)]
    with_pooling, without = receptive_field(SMALL)[-1], receptive_field([CONV3] * 3)[-1]
    assert (with_pooling.size, without.size) == (18, 7)
    assert same_place(with_pooling, 1, without, 22) == 10
    assert f"{coverage(SMALL, 28):.1%} {coverage([CONV3] * 3, 28):.2%}" == "41.3% 6.25%"


def test_when_there_is_no_layer_then_a_cell_sees_itself():
    assert (receptive_field([]), layer_sizes([], 3), coverage([], 4)) == ([], [], 1 / 16)
    assert field_of([], 0, 2, 3)[0].clipped == (2, 2)


def test_when_a_neuron_reads_only_padding_then_it_depends_on_no_cell():
    span = field_of([{"kind": "conv", "kernel_size": 1, "padding": 2}], 1, 0, 5)[0]
    assert (span.first, span.cells, span.padding, span.clipped) == (-2, (), (-2,), None)


def test_when_the_stack_stops_fitting_then_the_sizes_before_it_are_kept():
    sizes, why = sizes_that_fit([*SMALL, POOL2, POOL2], 28)
    assert sizes == [26, 13, 11, 5, 3, 1]
    assert why is not None
    assert why.startswith("the kernel reaches over 2 cells")


@given(stacks, st.integers(0, 5), plain)
def test_when_what_works_cell_by_cell_is_added_then_no_field_changes(layers, place, added):
    place = min(place, len(layers))
    fields = receptive_field([*layers[:place], added, *layers[place:]])
    without = receptive_field(layers)
    assert [*fields[:place], *fields[place + 1 :]] == without
    assert fields[place] == [Field(), *without][place]


@given(stacks)
def test_when_flatten_comes_then_the_fields_end_with_the_last_map(layers):
    assert receptive_field([*layers, *HEAD]) == receptive_field(layers)
    assert map_layers([*layers, *HEAD]) == map_layers(layers)


@settings(deadline=None)
@given(stacks, st.integers(1, 40))
def test_when_channels_are_counted_then_rows_have_the_fields(layers, n):
    assume(sizes_that_fit(layers, n)[1] is None)
    channels = {"conv": ["out_channels"], "residual": ["out_channels"]}
    channels["inception"] = list(KINDS["inception"])
    full = [layer | dict.fromkeys(channels.get(layer["kind"], []), 2) for layer in layers]
    rows = count(full, (2, n, n)).rows
    sizes = [(field.size, field.size) for field in receptive_field(layers)]
    assert [row.receptive_field for row in rows] == sizes
    assert [row.output_shape[1:] for row in rows] == [(m, m) for m in layer_sizes(layers, n)]


def test_when_the_whole_map_is_averaged_then_the_field_grows_by_its_extent():
    layers = [*SMALL, {"kind": "global_avg_pool"}, {"kind": "relu"}]
    whole, after = receptive_field(layers, n=28)[-2:]
    assert (whole.size, after) == (18 + 2 * 4, whole)
    assert field_of(layers, 7, 0, 28)[0].clipped == (0, 25)
    assert coverage(layers, 28) == 26 * 26 / 784


def test_when_layer_level_or_neuron_do_not_exist_then_the_message_says_which_do():
    with pytest.raises(ValueError, match=r"layer 2 \(max_pool\) does not fit: the kernel reach"):
        layer_sizes([CONV3, POOL2], 3)
    with pytest.raises(ValueError, match=r"level \(=2\) must be from 0, the input, to 1"):
        field_of([CONV3], 2, 0, 9)
    with pytest.raises(ValueError, match=r"index \(=7\) must be from 0 to 6, the last of level 1"):
        field_of([CONV3], 1, 7, 9)
    with pytest.raises(ValueError, match=r"n \(=0\) must be at least 1"):
        coverage([], 0)
