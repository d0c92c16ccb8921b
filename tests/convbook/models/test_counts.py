"""Every network of the course: its figures, against the counter that does without PyTorch."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from convbook.arithmetic.architectures import ARCHITECTURES
from convbook.arithmetic.counting import count
from convbook.models import (
    MLP,
    VGG,
    AlexNet,
    InceptionModule,
    LeNet5,
    ResNet,
    SmallCNN,
    describe,
    hidden_for,
    small_resnet,
)

# The parameters are the course's.
NETWORKS = {
    "small-cnn": (SmallCNN, 93_322),
    "lenet-5": (LeNet5, 61_706),
    "alexnet-ungrouped": (lambda: AlexNet(variant="ungrouped"), 62_378_344),
    "alexnet": (AlexNet, 60_965_224),
    "alexnet-single-tower": (
        lambda: AlexNet(variant="single tower", input_shape=(3, 224, 224)),
        61_100_840,
    ),
    "vgg-11": (lambda: VGG(11), 132_863_336),
    "vgg-13": (lambda: VGG(13), 133_047_848),
    "vgg-16": (VGG, 138_357_544),
    "vgg-16-bn": (lambda: VGG(batch_norm=True), 138_365_992),
    "vgg-19": (lambda: VGG(19), 143_667_240),
    "resnet-18": (ResNet, 11_689_512),
    "inception-module": (lambda: InceptionModule(192, 64, 96, 128, 16, 32, 32), 163_696),
}


def on_meta(make):
    with torch.device("meta"):
        return make()


def described(name):
    return describe(on_meta(NETWORKS[name][0]), ARCHITECTURES[name]["input_shape"])


def counted(name):
    return count(**ARCHITECTURES[name])


def steps(rows):
    """Where shape or receptive field change, in order: what two tables of one network share."""
    pairs = [(row.output_shape, row.receptive_field) for row in rows]
    return [pair for before, pair in zip([None, *pairs], pairs, strict=False) if pair != before]


def test_when_networks_are_counted_then_each_is_built_here():
    assert list(NETWORKS) == list(ARCHITECTURES)


@pytest.mark.parametrize("name", NETWORKS)
def test_when_a_network_is_described_then_its_totals_are_the_counters(name):
    rows = counted(name)
    assert described(name).parameters == rows.parameters == NETWORKS[name][1]
    assert described(name).macs == rows.macs
    assert described(name).output_shape == rows.output_shape


@pytest.mark.parametrize("name", [one for one in NETWORKS if one != "inception-module"])
def test_when_a_network_is_described_then_shapes_and_fields_go_through_the_counters(name):
    whole = steps(described(name).rows)
    places = [whole.index(step) for step in steps(counted(name).rows)]
    assert places == sorted(places)
    if name != "resnet-18":  # there a row of the counter is a block of several layers
        assert len(places) == len(whole)


@pytest.mark.parametrize("name", list(NETWORKS)[:-2])  # whose rows are single layers
def test_when_layers_have_weights_then_the_rows_are_the_counters(name):
    ours = [(row.parameters, row.macs) for row in described(name).rows if row.parameters]
    assert ours == [(row.parameters, row.macs) for row in counted(name).rows if row.parameters]


def test_when_the_small_network_is_described_then_each_row_is_the_courses():
    rows = [row for row in described("small-cnn").rows if row.kind != "ReLU"]
    assert [row.parameters for row in rows] == [320, 0, 18_496, 0, 36_928, 0, 36_928, 650]
    assert [row.output_shape[-1] for row in rows] == [26, 13, 11, 5, 3, 576, 64, 10]
    fields = [row.receptive_field for row in rows]
    assert fields == [(3, 3), (4, 4), (8, 8), (10, 10), (18, 18), (18, 18), None, None]


def test_when_alexnet_is_described_then_its_maps_are_55_27_13_6():
    for name in ("alexnet", "alexnet-ungrouped", "alexnet-single-tower"):
        sides = [row.output_shape[-1] for row in described(name).rows if row.name[:4] == "feat"]
        assert sorted(set(sides), reverse=True) == [55, 27, 13, 6]


def test_when_vgg_16_is_described_then_its_work_and_field_are_the_courses():
    network = described("vgg-16")
    assert round(network.macs / 1e9, 2) == 15.47
    assert network.rows[30].output_shape == (512, 7, 7)
    assert network.rows[30].receptive_field == (212, 212)


def test_when_lenet_is_as_published_then_each_layer_has_the_papers_trainable_numbers():
    rows = {
        row.name.split(".")[1]: row for row in describe(LeNet5(original=True), (1, 32, 32)).rows
    }
    figures = {"C1": 156, "S2": 12, "C3": 1_516, "S4": 32, "C5": 48_120, "F6": 10_164}
    assert {name: row.parameters for name, row in rows.items() if row.parameters} == figures
    assert sum(figures.values()) == 60_000
    assert rows["C3"].macs == 6 * 16 * 25 * 10 * 10  # it multiplies the 36 absent kernels too
    assert rows["output"].output_shape == (10,)


def test_when_lenet_takes_28_cells_then_padding_makes_them_32():
    for original in (False, True):
        model = LeNet5(input_shape=(1, 28, 28), original=original)
        assert describe(model, (1, 28, 28)).rows[0].output_shape == (6, 28, 28)
        assert sum(w.numel() for w in model.parameters()) == (60_000 if original else 61_706)


@pytest.mark.parametrize(("blocks", "parameters"), [(3, 272_474), (9, 855_770)])
def test_when_the_small_resnet_deepens_then_it_has_6n_plus_2_layers(blocks, parameters):
    described = describe(on_meta(lambda: small_resnet(blocks=blocks)), (3, 32, 32))
    assert described.parameters == parameters
    layers = [row for row in described.rows if row.kind in ("Conv2d", "Linear")]
    assert len([row for row in layers if "shortcut" not in row.name]) == 6 * blocks + 2


@pytest.mark.parametrize("parameters", [1, 5_000, 93_322, 1_000_000])
def test_when_a_width_is_asked_for_then_no_other_comes_nearer(parameters):
    def far(hidden):
        model = on_meta(lambda: MLP(7, (3, 9, 5), hidden))
        return abs(sum(w.numel() for w in model.parameters()) - parameters)

    hidden = hidden_for(parameters, 7, (3, 9, 5))
    assert far(hidden) == min(far(max(1, hidden + step)) for step in (-1, 0, 1))


def test_when_paths_of_an_inception_module_join_then_the_widest_is_seen():
    module = on_meta(lambda: nn.Sequential(NETWORKS["inception-module"][0](), nn.ReLU()))
    last = describe(module, (192, 28, 28)).rows[-1]
    row = counted("inception-module").rows[0]
    assert (last.output_shape, last.receptive_field) == (row.output_shape, row.receptive_field)
