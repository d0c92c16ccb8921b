"""Each network of the course against one written out in PyTorch, and the course's figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from convbook.arithmetic.architectures import ARCHITECTURES
from convbook.arithmetic.counting import NetworkCount, count
from convbook.arithmetic.receptive import receptive_field
from tests.js.torch_layers import (
    MAKES_MAPS,
    Inception,
    Residual,
    elements_made,
    layer_counts,
    network,
)

POOL = (3, 2)
MAPS = {
    *("conv", "batch_norm", "local_response_norm", "max_pool", "avg_pool", "global_avg_pool"),
    *("residual", "inception"),
}


def small_cnn() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10), nn.Softmax(1)),
    )


def lenet5() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh()),
        *(nn.Linear(84, 10), nn.Softmax(1)),
    )


def classifier(features: int) -> list[nn.Module]:
    wide = [nn.Linear(features, 4096), nn.ReLU(), nn.Dropout()]
    more = [nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout()]
    return [nn.Flatten(), *wide, *more, nn.Linear(4096, 1000), nn.Softmax(1)]


def alexnet(groups: int) -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(3, 96, 11, 4), nn.ReLU(), nn.LocalResponseNorm(5), nn.MaxPool2d(*POOL)),
        *(nn.Conv2d(96, 256, 5, padding=2, groups=groups), nn.ReLU()),
        *(nn.LocalResponseNorm(5), nn.MaxPool2d(*POOL)),
        *(nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 384, 3, padding=1, groups=groups), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1, groups=groups), nn.ReLU(), nn.MaxPool2d(*POOL)),
        *classifier(9216),
    )


def single_tower() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(*POOL)),
        *(nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(*POOL)),
        *(nn.Conv2d(192, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(*POOL)),
        *(nn.AdaptiveAvgPool2d(6), *classifier(9216)),
    )


def vgg(letters: str, batch_norm: bool = False) -> nn.Module:
    layers: list[nn.Module] = []
    channels = 3
    for word in letters.split():
        if word == "M":
            layers.append(nn.MaxPool2d(2))
            continue
        layers.append(nn.Conv2d(channels, channels := int(word), 3, padding=1))
        layers += [nn.BatchNorm2d(channels)] if batch_norm else []
        layers.append(nn.ReLU())
    return nn.Sequential(*layers, *classifier(25088))


def resnet18() -> nn.Module:
    blocks = [Residual(64, 64, 1), Residual(64, 64, 1), Residual(64, 128, 2), Residual(128, 128, 1)]
    blocks += [Residual(128, 256, 2), Residual(256, 256, 1)]
    blocks += [Residual(256, 512, 2), Residual(512, 512, 1)]
    return nn.Sequential(
        *(nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()),
        *(nn.MaxPool2d(3, 2, 1), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        *(nn.Linear(512, 1000), nn.Softmax(1)),
    )


VGG_13 = "64 64 M 128 128 M 256 256 M 512 512 M 512 512 M"
VGG_16 = "64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M"
VGG_19 = "64 64 M 128 128 M 256 256 256 256 M 512 512 512 512 M 512 512 512 512 M"
# The parameters are the course's.
BUILT: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "small-cnn": (small_cnn, 93_322),
    "lenet-5": (lenet5, 61_706),
    "alexnet-ungrouped": (lambda: alexnet(1), 62_378_344),
    "alexnet": (lambda: alexnet(2), 60_965_224),
    "alexnet-single-tower": (single_tower, 61_100_840),
    "vgg-11": (lambda: vgg("64 M 128 M 256 256 M 512 512 M 512 512 M"), 132_863_336),
    "vgg-13": (lambda: vgg(VGG_13), 133_047_848),
    "vgg-16": (lambda: vgg(VGG_16), 138_357_544),
    "vgg-16-bn": (lambda: vgg(VGG_16, batch_norm=True), 138_365_992),
    "vgg-19": (lambda: vgg(VGG_19), 143_667_240),
    "resnet-18": (resnet18, 11_689_512),
    "inception-module": (lambda: Inception(192, [64, 96, 128, 16, 32, 32]), 163_696),
}


def counted(name: str) -> NetworkCount:
    return count(**ARCHITECTURES[name])


def test_when_presets_are_listed_then_each_is_built_here_too():
    assert list(ARCHITECTURES) == list(BUILT)


@pytest.mark.parametrize("name", BUILT)
def test_when_a_preset_is_counted_then_the_network_written_out_agrees(name):
    make, parameters = BUILT[name]
    shape = ARCHITECTURES[name]["input_shape"]
    with torch.device("meta"):
        whole = make().eval()
    (total,) = layer_counts([whole], shape)
    assert total["parameters"] == counted(name).parameters == parameters
    assert total["macs"] == counted(name).macs
    assert tuple(total["output_shape"]) == counted(name).output_shape


@pytest.mark.parametrize("name", BUILT)
def test_when_a_preset_is_built_layer_by_layer_then_every_row_agrees(name):
    shape = ARCHITECTURES[name]["input_shape"]
    expected = layer_counts(network(ARCHITECTURES[name]["layers"], shape), shape)
    for row, torchs in zip(counted(name).rows, expected, strict=True):
        assert list(row.output_shape) == torchs["output_shape"]
        assert (row.parameters, row.macs) == (torchs["parameters"], torchs["macs"])
        assert row.activations == torchs["activations"]


@pytest.mark.parametrize("name", BUILT)
def test_when_a_preset_runs_then_hooks_see_as_many_elements_of_maps_as_are_counted(name):
    shape = ARCHITECTURES[name]["input_shape"]
    with torch.device("meta"):
        whole = BUILT[name][0]().eval()
        made = elements_made(whole, torch.empty(1, *shape), MAKES_MAPS)
    assert made == sum(row.activations for row in counted(name).rows if row.kind in MAPS)


def test_when_resnet_18_is_counted_then_the_maps_inside_its_blocks_are_among_its_memory():
    assert round(counted("resnet-18").activation_bytes / 2**20, 1) == 19.7


def test_when_the_small_network_is_counted_then_each_layer_is_the_courses():
    rows = counted("small-cnn").rows
    assert [row.parameters for row in rows] == [320, 0, 18_496, 0, 36_928, 0, 36_928, 650]
    assert [row.output_shape[-1] for row in rows] == [26, 13, 11, 5, 3, 576, 64, 10]
    assert sum(row.parameters for row in rows[:5]) == 55_744
    assert [row.receptive_field for row in rows[:5]] == [(3, 3), (4, 4), (8, 8), (10, 10), (18, 18)]


def test_when_vgg_16_is_counted_then_weights_sit_in_dense_and_work_in_convolutions():
    network = counted("vgg-16")
    assert round(network.macs / 1e9, 2) == 15.47
    assert network.rows[17].receptive_field == (212, 212)
    dense = [row for row in network.rows if row.kind == "dense"]
    assert sum(row.parameters for row in dense) / network.parameters > 0.89
    assert sum(row.macs for row in dense) / network.macs < 0.01


def test_when_alexnet_is_counted_then_its_maps_are_55_27_13_6():
    for name in ("alexnet-ungrouped", "alexnet", "alexnet-single-tower"):
        sides = [row.output_shape[-1] for row in counted(name).rows if len(row.output_shape) == 3]
        assert sorted(set(sides), reverse=True) == [55, 27, 13, 6]


def test_when_the_inception_module_is_counted_then_its_paths_are_joined():
    assert counted("inception-module").output_shape == (64 + 128 + 32 + 32, 28, 28)


@pytest.mark.parametrize("name", BUILT)
def test_when_a_networks_field_is_asked_then_it_is_the_counters_up_to_flatten(name):
    layers, (_, n, _) = ARCHITECTURES[name]["layers"], ARCHITECTURES[name]["input_shape"]
    rows = [row for row in counted(name).rows if len(row.output_shape) == 3]
    fields = [(field.size, field.size) for field in receptive_field(layers, n)]
    assert fields == [row.receptive_field for row in rows]


def test_when_no_layer_sees_the_whole_map_then_no_input_size_is_needed():
    for name in BUILT:
        layers, (_, n, _) = ARCHITECTURES[name]["layers"], ARCHITECTURES[name]["input_shape"]
        if name == "resnet-18":
            with pytest.raises(
                ValueError, match=r"^layer 12 \(global_avg_pool\): it sees the whole"
            ):
                receptive_field(layers)
        else:
            assert receptive_field(layers) == receptive_field(layers, n)
    assert receptive_field(ARCHITECTURES["vgg-16"]["layers"])[-1].size == 212
