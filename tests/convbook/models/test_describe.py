"""Describing a network: what it shows, for which networks, and that it leaves them alone."""

from __future__ import annotations

import copy
from html.parser import HTMLParser

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F  # noqa: N812 (its usual name)

from convbook.arithmetic.receptive import receptive_field
from convbook.models import SmallCNN, describe, small_resnet

fields = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["conv", "max_pool"]),
        "kernel_size": st.integers(1, 4),
        "stride": st.integers(1, 3),
        "dilation": st.integers(1, 2),
    }
)


def module(layer):
    settings = {name: value for name, value in layer.items() if name != "kind"}
    return nn.Conv2d(2, 2, **settings) if layer["kind"] == "conv" else nn.MaxPool2d(**settings)


@settings(deadline=None, max_examples=40)
@given(st.lists(fields, min_size=1, max_size=4))
def test_when_layers_are_stacked_then_their_fields_follow_the_formula(layers):
    with torch.device("meta"):
        described = describe(nn.Sequential(*map(module, layers)), (2, 600, 700))
    sizes = [(field.size, field.size) for field in receptive_field(layers)]
    assert [row.receptive_field for row in described.rows] == sizes


class Functional(nn.Module):
    """Poolings and branches that are no modules."""

    def __init__(self):
        super().__init__()
        self.wide = nn.Conv2d(3, 4, (5, 3), padding=(2, 1))
        self.narrow = nn.Conv2d(3, 4, 1)
        self.last = nn.Conv2d(8, 2, 3, stride=(1, 2))
        self.out = nn.Linear(2, 2)

    def forward(self, x):
        x = F.pad(x, (1, 1))
        joined = torch.cat([torch.relu(self.wide(x)), self.narrow(x)], dim=1)
        x = self.last(F.max_pool2d(joined, 2, stride=(2, 1)) * 2)
        return self.out(F.adaptive_avg_pool2d(x, 1).flatten(1))


def test_when_a_network_has_branches_and_functions_then_the_widest_way_counts():
    rows = {row.name: row for row in describe(Functional(), (3, 12, 12)).rows}
    assert rows["wide"].receptive_field == (5, 3)
    assert rows["narrow"].receptive_field == (1, 1)
    assert rows["last"].receptive_field == (5 + 1 + 2 * 2, 3 + 1 + 2)
    assert rows["out"].receptive_field is None


def test_when_an_adaptive_pooling_has_uneven_windows_then_the_widest_counts():
    # 7 rows to 3: 0–2, 2–4, 4–6. 9 columns to 2: 0–4, 4–8.
    (row,) = describe(nn.Sequential(nn.AdaptiveAvgPool2d((3, 2))), (1, 7, 9)).rows
    assert row.receptive_field == (3, 5)


class Flipped(nn.Module):
    def forward(self, x):
        return x.flip(-1)


def test_when_a_function_is_not_known_then_it_is_taken_to_see_everything():
    model = nn.Sequential(nn.Conv2d(1, 1, 3), Flipped(), nn.Conv2d(1, 1, 3))
    assert [row.receptive_field for row in describe(model, (1, 9, 9)).rows] == [(3, 3), None, None]


def test_when_rows_are_halved_then_the_bytes_are_those_of_the_dtype():
    single = describe(SmallCNN(), (1, 28, 28))
    half = describe(SmallCNN().half(), (1, 28, 28))
    assert single.rows[0].activation_bytes == 4 * 32 * 26 * 26
    assert single.activation_bytes == 2 * half.activation_bytes


def test_when_a_layer_is_called_twice_then_its_parameters_are_counted_once():
    layer = nn.Conv2d(4, 4, 3, padding=1)
    described = describe(nn.Sequential(layer, nn.ReLU(), layer), (4, 5, 5))
    assert [row.parameters for row in described.rows] == [148, 0, 0]
    assert [row.macs for row in described.rows] == [3600, 0, 3600]
    assert described.parameters == 148


def test_when_two_layers_share_a_weight_then_it_is_counted_once():
    one, two = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)
    two.weight = one.weight
    described = describe(nn.Sequential(one, two), (4, 5, 5))
    assert [row.parameters for row in described.rows] == [148, 4]
    assert described.parameters == 152


def test_when_a_network_is_described_then_it_stays_as_it_was():
    model, heard = small_resnet(blocks=1), []
    model.stem.norm.eval()
    for part in (model.stem, model.stages):
        part.register_forward_hook(lambda *_: heard.append(1))
        part.register_forward_pre_hook(lambda *_: heard.append(2))
    before = copy.deepcopy(model)
    tensors = {name: id(one) for name, one in model.named_parameters()}
    describe(model, (3, 32, 32))
    assert heard == []
    for one, other in zip(model.modules(), before.modules(), strict=True):
        assert one.training == other.training
        assert len(one._forward_hooks) == len(other._forward_hooks)
        assert len(one._forward_pre_hooks) == len(other._forward_pre_hooks)
    assert {name: id(one) for name, one in model.named_parameters()} == tensors
    for name, one in model.state_dict().items():
        assert torch.equal(one, before.state_dict()[name])
    model(torch.rand(2, 3, 32, 32))
    assert heard == [2, 1, 2, 1]


@pytest.mark.parametrize(
    ("input_shape", "message"),
    [
        ((3, 28, 28), r"conv1 \(Conv2d\), given \(3, 28, 28\), takes in_channels=1: use the shape"),
        ((1, 32, 32), r"dense1 \(Linear\), given \(1024,\), takes in_features=576"),
        ((1, 8, 8), r"pool2 \(MaxPool2d\), given \(64, 1, 1\), fails: .*too small"),
        ((28, 28), r"input_shape \(=\[28, 28\]\) must be three whole numbers \[C, H, W\]"),
    ],
)
def test_when_the_input_does_not_fit_then_the_layer_that_refuses_is_named(input_shape, message):
    with pytest.raises(ValueError, match=message):
        describe(SmallCNN(), input_shape)


def test_when_a_network_itself_refuses_then_its_class_is_named():
    class Strict(nn.Sequential):
        def forward(self, x):
            raise ValueError("only squares")

    with pytest.raises(ValueError, match=r"\(=\(1, 2, 3\)\) does not fit: Strict refuses it: only"):
        describe(Strict(nn.ReLU()), (1, 2, 3))


def test_when_printed_then_every_row_is_there_and_the_totals_last():
    lines = str(describe(SmallCNN(), (1, 28, 28))).splitlines()
    assert lines[0].strip() == "SmallCNN, for one image of 1×28×28"
    conv3 = ["features.conv3", "Conv2d", "64×3×3", "36,928", "331,776", "2,304", "18×18"]
    assert conv3 in [line.split() for line in lines]
    assert lines[-1].split()[:2] == ["total", "93,322"]


class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.scopes, self.texts = [], []

    def handle_starttag(self, tag, attributes):
        if tag == "th":
            self.scopes.append(dict(attributes)["scope"])

    def handle_data(self, data):
        self.texts.append(data)


def test_when_shown_in_a_notebook_then_headers_have_scopes_and_names_are_escaped():
    class Odd(nn.Sequential):
        pass

    Odd.__name__ = "<script>"
    html = describe(Odd(nn.ReLU()), (1, 2, 2))._repr_html_()
    assert "<script>" not in html
    cells = Cells()
    cells.feed(html)
    assert cells.scopes == ["col"] * 7 + ["row"] * 2
    assert cells.texts[0] == "<script>, for one image of 1×2×2"
