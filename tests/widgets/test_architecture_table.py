"""The architecture table's traits, what it computes, its picture, and the texts it sends."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from traitlets import TraitError

from convbook.arithmetic.architectures import ARCHITECTURES
from convbook.arithmetic.networks import TITLES
from convbook.widgets import ArchitectureTable
from convbook.widgets.architecture_table.picture import describe
from convbook.widgets.architecture_table.words import bytes_text, in_millions, share_text
from convbook.widgets.base import PICTURE, WIDGET_VIEW
from tests.js.make_golden import golden

SVG = "{http://www.w3.org/2000/svg}"
CONV = {"kind": "conv", "out_channels": 8, "kernel_size": 3, "activation": "relu"}
POOL = {"kind": "max_pool", "kernel_size": 2}
FLATTEN = {"kind": "flatten"}
DENSE = {"kind": "dense", "out_features": 10}
STACK = [CONV, POOL, FLATTEN, DENSE]
IMPOSSIBLE = [CONV, POOL, DENSE, FLATTEN]


def stack(**changes: Any) -> ArchitectureTable:
    return ArchitectureTable(**{"layers": STACK, "input_shape": (1, 9, 12), **changes})


def texts(table: ArchitectureTable) -> list[str]:
    root = ElementTree.fromstring(table.picture())
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_when_nothing_is_given_then_the_small_network_is_counted():
    table = ArchitectureTable()
    assert [row.parameters for row in table.table] == [320, 0, 18496, 0, 36928, 0, 36928, 650]
    assert (table.parameters, table.output_shape) == (93_322, (10,))


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_when_a_network_is_named_then_its_layers_and_input_are_set(name):
    table = ArchitectureTable(name)
    assert table.layers == ARCHITECTURES[name]["layers"]
    assert table.input_shape == ARCHITECTURES[name]["input_shape"]
    assert table.presets[TITLES[name]] == ARCHITECTURES[name]
    assert ArchitectureTable(TITLES[name]).layers == table.layers


def test_when_a_preset_gets_another_input_then_only_that_changes():
    table = ArchitectureTable("resnet-18", input_shape=(3, 320, 256))
    assert table.parameters == 11_689_512
    assert table.table[2].output_shape == (64, 80, 64)


def test_when_layers_are_given_then_the_results_are_theirs():
    table = stack()
    assert (table.parameters, table.macs, table.output_shape) == (1_290, 6_240, (10,))
    assert [row.receptive_field for row in table.table] == [(3, 3), (4, 4), (4, 4), None]


def test_when_values_come_from_numpy_then_the_traits_hold_json():
    layer = {"kind": "conv", "out_channels": np.int64(8), "kernel_size": (np.int8(3), 5)}
    table = ArchitectureTable(layers=(layer,), input_shape=np.array([1, 9, 9]))
    assert table.layers == [{"kind": "conv", "out_channels": 8, "kernel_size": [3, 5]}]
    names = ("layers", "input_shape", "selected", "share", "presets")
    sent = {name: table.get_state()[name] for name in names}
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent


def test_when_a_layer_is_not_possible_then_the_table_keeps_the_rows_before_it():
    table = stack(layers=IMPOSSIBLE)
    assert [row.kind for row in table.table] == ["conv", "max_pool"]
    for name in ("parameters", "macs", "output_shape"):
        with pytest.raises(
            ValueError, match=r"^layer 3 \(dense\): its input has shape \(8, 3, 5\)"
        ):
            getattr(table, name)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layers": []}, r"layers holds 0 layers, but must be a list of 1 to 100 layers: write"),
        ({"layers": [POOL] * 101}, "layers holds 101 layers"),
        ({"layers": "conv"}, r"layers holds 'conv', but must be a list"),
        ({"layers": [CONV, 5]}, r"layers: layer 2: 5 must be a mapping with a kind, such as"),
        ({"layers": [{"kind": "dens"}]}, r"layers: layer 1: kind \(='dens'\) must be one of conv"),
        (
            {"layers": [CONV, {**POOL, "stride": 0}]},
            r"layers: layer 2 \(max_pool\): stride \(=0\) must be a whole number from 1 to 1,024",
        ),
        ({"layers": [{**DENSE, "units": 1}]}, r"layer 1 \(dense\): units is not a field of dense"),
        ({"input_shape": (28, 28)}, r"input_shape \(=\[28, 28\]\) must be three whole numbers"),
        (
            {"input_shape": None},
            r"input_shape is missing: with layers, give it too, such as \(1, 2",
        ),
        ({"selected": 4}, r"selected \(=4\) must be at most 3, the last layer: choose a smaller"),
        ({"selected": -1}, r"selected \(=-1\) must be a whole number from 0 to 99"),
        ({"share": "bytes"}, r"share.*'bytes'"),
        ({"architecture": "vgg-16"}, r"architecture \(='vgg-16'\) has its own layers: give it or"),
        ({"presets": {}}, r"presets must hold at least one network by its name, not \{\}"),
        ({"presets": {"x": [CONV]}}, r"presets\['x'\] must be a mapping of layers and input_shape"),
        (
            {"presets": {"x": {"layers": [{}], "input_shape": (1, 2, 3)}}},
            r"presets\['x'\]: layer 1: kind \(=None\) must be one of",
        ),
    ],
)
def test_when_a_value_breaks_its_rule_then_the_error_names_value_rule_and_fix(changes, message):
    with pytest.raises(TraitError, match=message):
        stack(**changes)


def test_when_a_preset_has_no_such_name_then_the_names_are_listed():
    with pytest.raises(
        TraitError, match=r"architecture \(='VGG'\) must be the name or the title.*small CNN"
    ):
        ArchitectureTable("VGG")


def test_when_presets_are_given_then_they_replace_the_courses():
    mine = {"Mine": {"layers": STACK, "input_shape": (1, 9, 12)}}
    table = ArchitectureTable(presets=mine)
    assert (list(table.presets), table.parameters) == (["Mine"], 1_290)


def test_when_layers_are_taken_away_then_the_selected_one_moves_inside():
    table = stack(selected=3)
    table.layers = STACK[:2]
    assert table.selected == 1


def test_when_the_page_changes_several_traits_at_once_then_they_are_judged_together():
    table = stack(selected=3)
    table.set_state({"selected": 7, "layers": [CONV, *STACK, *STACK], "input_shape": [3, 30, 30]})
    assert (table.selected, len(table.layers), table.input_shape) == (7, 9, [3, 30, 30])


def test_when_a_value_is_refused_then_the_old_one_stays():
    table = stack()
    with pytest.raises(TraitError, match="input_shape"):
        table.input_shape = (0, 1, 1)
    assert table.input_shape == [1, 9, 12]


def test_when_numbers_are_written_then_they_are_those_of_the_page():
    write = {"millions": in_millions, "bytes": bytes_text, "share": share_text}
    for case in golden("table_words"):
        assert write[case["what"]](*case["values"]) == case["text"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            "Layer 1 of 4, conv (3×3, 8 channels, relu): output 8×7×10; 80 of 1,290 parameters, "
            "6.2 %.",
        ),
        (
            {"selected": 2, "share": "macs"},
            "Layer 3 of 4, flatten: output 120; 0 of 6,240 MACs, 0 %.",
        ),
        (
            {"selected": 1, "share": "memory"},
            "Layer 2 of 4, max pool (2×2): output 8×3×5; 480 B of 3.2 KiB of outputs, 14.8 %.",
        ),
        (
            {"layers": IMPOSSIBLE},
            "Not possible: layer 3 (dense): its input has shape (8, 3, 5), but dense takes a "
            "vector: put flatten before it. Counted: layers 1 to 2.",
        ),
    ],
)
def test_when_described_then_the_sentence_is_the_pages(changes, sentence):
    assert describe(stack(**changes)) == sentence


def test_when_drawn_then_every_layer_and_the_totals_are_there():
    shown = texts(ArchitectureTable("vgg-16", share="macs"))
    assert [name for name in shown if name.endswith(" conv")] == [
        f"{number} conv" for number in (1, 2, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17)
    ]
    assert {"138,357,544", "15,470,264,320", "15.47 G", "57.7 MiB", "212×212"} <= set(shown)


def test_when_drawn_impossible_then_the_rows_after_it_are_not_counted():
    shown = texts(stack(layers=IMPOSSIBLE))
    assert (shown.count("not possible"), shown.count("not counted")) == (1, 1)
    assert "Total of layers 1 to 2" in shown
    assert "Total of no layer" in texts(stack(layers=[DENSE]))


def test_when_shown_in_a_notebook_then_the_bundle_holds_view_picture_and_text():
    bundle = stack()._repr_mimebundle_()
    assert bundle is not None
    assert set(bundle[0]) == {"text/plain", WIDGET_VIEW, PICTURE}
    assert " id=" not in bundle[0][PICTURE]
    assert repr(stack()) == "ArchitectureTable(4 layers, input 1×9×12, 1,290 parameters)"
    assert repr(stack(layers=[DENSE])).endswith("not possible at layer 1)")
