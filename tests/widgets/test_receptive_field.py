"""The receptive field's traits, what it computes, and its still picture."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from traitlets import TraitError

from convbook.arithmetic.architectures import ARCHITECTURES
from convbook.widgets import ReceptiveField
from convbook.widgets.receptive_field.words import describe

CONV3 = {"kind": "conv", "kernel_size": 3}
POOL2 = {"kind": "max_pool", "kernel_size": 2}
SMALL_CNN = ARCHITECTURES["small-cnn"]["layers"]
SVG = "{http://www.w3.org/2000/svg}"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_when_nothing_is_given_then_the_middle_of_the_small_network_sees_18_by_18():
    widget = ReceptiveField()
    assert (widget.level, widget.row, widget.column) == (5, 1, 1)
    assert (widget.size, widget.jump, widget.field) == (18, 4, ((4, 21), (4, 21)))
    assert widget.sizes == [28, 26, 13, 11, 5, 3]
    assert f"{widget.coverage:.1%}" == "41.3%"


@pytest.mark.parametrize("place", [(1, 1), (0, 6), (6, 0)])
def test_when_a_neuron_is_chosen_then_it_sees_the_cells_with_a_gradient(place):
    network = torch.nn.Sequential(
        torch.nn.Conv2d(1, 1, 3, stride=2, padding=1, bias=False),
        torch.nn.AvgPool2d(3, stride=1, padding=1),
        torch.nn.Conv2d(1, 1, 2, dilation=3, bias=False),
    )
    for weight in network.parameters():
        torch.nn.init.ones_(weight)
    image = torch.ones(1, 1, 20, 20, requires_grad=True)
    network(image)[0, 0][place].backward()
    assert image.grad is not None
    seen = np.argwhere(image.grad[0, 0].numpy())
    layers = [
        CONV3 | {"stride": 2, "padding": 1},
        {"kind": "avg_pool", "kernel_size": 3, "stride": 1, "padding": 1},
        {"kind": "conv", "kernel_size": 2, "dilation": 3},
    ]
    widget = ReceptiveField(layers, 20, row=place[0], column=place[1])
    assert widget.coverage == len(seen) / 400
    assert widget.field == tuple(zip(seen.min(axis=0), seen.max(axis=0), strict=True))


def test_when_layers_are_given_then_the_trait_holds_every_setting_ready_for_json():
    widget = ReceptiveField([CONV3, POOL2], 9)
    assert widget.layers[1] == POOL2 | {"stride": 2, "padding": 0, "dilation": 1}
    assert ReceptiveField(SMALL_CNN[:5]).layers == ReceptiveField().layers
    sent = {name: widget.get_state()[name] for name in ("layers", "level", "compare")}
    assert json.loads(json.dumps(sent)) == sent


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layers": "conv"}, r"layers \(='conv'\) must be a list of layers such as \{\"kind\""),
        ({"layers": [CONV3] * 9}, "layers has 9 layers, but at most 8 are drawn: leave some out"),
        (
            {"layers": [CONV3, {"kind": "dense", "out_features": 3}]},
            r"layer 2 \(dense\): only layers with a window are",
        ),
        (
            {"layers": [CONV3, POOL2 | {"stride": 0}]},
            r"layer 2 \(max_pool\): stride \(=0\) must be a whole number from 1 to 1,024",
        ),
        (
            {"layers": [CONV3 | {"kernel_size": 12}]},
            r"layer 1 \(conv\): kernel_size \(=12\) must be a whole number from 1 to 11",
        ),
        (
            {"layers": [CONV3, {"kind": "pool"}]},
            r"layer 2: kind \(='pool'\) must be one of conv, max",
        ),
        (
            {"layers": [CONV3 | {"kernel_size": [3, 5]}]},
            r"kernel_size \(=\[3, 5\]\) must be .* the same for rows and columns",
        ),
        ({"input_size": 3}, r"input_size \(=3\) must be a whole number from 4 to 1024"),
        ({"level": 6}, r"level \(=6\) must be at most 5, the last level with a map: choose"),
        ({"level": 2, "row": 13}, r"row \(=13\) must be at most 12, the last row of level 2"),
        ({"column": 3}, r"column \(=3\) must be at most 2, the last column of level 5: choose"),
        ({"compare": "yes"}, "compare"),
    ],
)
def test_when_a_value_breaks_its_rule_then_the_error_names_value_rule_and_fix(changes, message):
    with pytest.raises(TraitError, match=message):
        ReceptiveField(**changes)


def test_when_the_stack_shrinks_then_level_and_neuron_move_inside():
    widget = ReceptiveField(row=2, column=2)
    widget.layers = [CONV3, POOL2, CONV3, POOL2, POOL2]
    assert (widget.level, widget.row, widget.column) == (5, 1, 1)
    widget.input_size = 4
    assert (widget.level, widget.row) == (2, 0)
    widget.layers = []
    assert (widget.level, widget.row, widget.size, widget.coverage) == (0, 0, 1, 1 / 16)


def test_when_the_page_changes_several_traits_at_once_then_they_are_judged_together():
    widget = ReceptiveField([CONV3], 8, row=5)
    widget.set_state({"row": 20, "level": 2, "input_size": 32, "layers": [*widget.layers] * 2})
    assert (widget.level, widget.row, widget.size) == (2, 20, 5)


def test_when_a_layer_does_not_fit_then_the_rest_lives_and_the_layer_is_named():
    widget = ReceptiveField([CONV3, POOL2, CONV3, POOL2], 6)
    assert (widget.sizes, widget.level, widget.size) == ([6, 4, 2], 2, 4)
    assert "Layer 3 (conv) does not fit: the kernel reaches over 3 cells" in describe(widget)
    assert describe(widget).endswith("Layer 3 and the layers above it have no map.")


def test_when_a_neuron_reads_padding_alone_then_its_field_is_none():
    widget = ReceptiveField([{"kind": "conv", "kernel_size": 1, "padding": 2}], 5, row=0)
    assert (widget.field, widget.coverage) == ((None, (2, 2)), 0.0)
    assert "row 1, column 5 of layer 1 sees no input cell, only padding" in describe(widget)


def test_when_drawn_then_every_level_has_its_size_and_both_numbers_are_compared():
    root = ElementTree.fromstring(ReceptiveField(compare=True).picture())
    texts = [plain(text.text or "") for text in root.iter(f"{SVG}text")]
    for size in (28, 26, 13, 11, 5, 3, 24, 22):
        assert f"{size} × {size}" in texts
    assert "With pooling: the neuron sees 18 × 18 = 324 input cells (41.3 %)" in texts
    assert "Without pooling: the neuron sees 7 × 7 = 49 input cells (6.25 %)" in texts
    description = root.find(f"{SVG}desc")
    assert description is not None
    assert description.text == describe(ReceptiveField(compare=True))


def test_when_a_field_has_holes_then_the_picture_draws_and_says_them():
    svg = ReceptiveField([CONV3 | {"dilation": 4}], 16).picture()
    root = ElementTree.fromstring(svg)
    assert "lit 3 × 3 in 9 × 9" in [text.text for text in root.iter(f"{SVG}text")]
    orange = [one for one in root.iter(f"{SVG}rect") if one.get("fill") == "rgb(247, 178, 92)"]
    assert len(orange) == 9


def test_when_shown_as_text_then_stack_and_neuron_are_one_line():
    text = repr(ReceptiveField([CONV3, POOL2], 8, row=0))
    assert text == "ReceptiveField([conv 3, max_pool 2], input 8×8, level 2, row 0, column 1)"
