"""Fields measured by gradient against the arithmetic of `convbook.arithmetic.receptive`."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from convbook.arithmetic.architectures import ARCHITECTURES
from convbook.arithmetic.receptive import field_of, receptive_field, sizes_that_fit
from convbook.explain import effective_receptive_field, measured_receptive_field
from convbook.models import MODELS, build, options_of

kernel_sizes = st.integers(1, 4)
convolution = st.fixed_dictionaries(
    {
        "kind": st.just("conv"),
        "kernel_size": kernel_sizes,
        "stride": st.integers(1, 3),
        "padding": st.integers(0, 2),
        "dilation": st.integers(1, 3),
    }
)
pooling = kernel_sizes.flatmap(
    lambda size: st.fixed_dictionaries(
        {
            "kind": st.just("max_pool"),
            "kernel_size": st.just(size),
            "stride": st.integers(1, 3),
            "padding": st.integers(0, size // 2),
            "dilation": st.integers(1, 2),
        }
    )
)


def network(layers, average: bool) -> nn.Module:
    """Two channels; each convolution with a bias, batch normalisation and a ReLU."""
    modules: list[nn.Module] = []
    for layer in layers:
        settings = {name: value for name, value in layer.items() if name != "kind"}
        if layer["kind"] == "conv":
            norm = nn.BatchNorm2d(2)
            nn.init.constant_(norm.running_mean, 100)  # shuts every ReLU
            modules += [nn.Conv2d(2, 2, **settings), norm, nn.ReLU()]
        elif average and settings.pop("dilation") == 1:
            modules.append(nn.AvgPool2d(**settings))
        else:
            modules.append(nn.MaxPool2d(**{"dilation": 1, **settings}))
    return nn.Sequential(*modules)


@settings(deadline=None, max_examples=80)
@given(
    st.lists(convolution | pooling, max_size=4),
    st.tuples(st.integers(1, 24), st.integers(1, 24)),
    st.booleans(),
    st.data(),
)
def test_when_layers_are_stacked_at_random_then_cells_and_box_are_the_formulas(
    layers, shape, average, data
):
    if average:
        layers = [{**layer, "dilation": 1} for layer in layers]
    sides = [sizes_that_fit(layers, n) for n in shape]
    assume(all(why is None for _, why in sides))
    position = tuple(
        data.draw(st.integers(0, [n, *sizes][-1] - 1))
        for n, (sizes, _) in zip(shape, sides, strict=True)
    )
    measured = measured_receptive_field(network(layers, average), (2, *shape), position=position)
    rows, columns = (
        field_of(layers, len(layers), index, n)[0] for index, n in zip(position, shape, strict=True)
    )
    expected = np.zeros(shape, bool)
    expected[np.ix_(rows.cells, columns.cells)] = True
    np.testing.assert_array_equal(measured.cells, expected)
    if rows.cells and columns.cells:
        (top, bottom), (left, right) = rows.clipped, columns.clipped
        assert measured.box == (top, left, bottom - top + 1, right - left + 1)
    else:
        assert measured.box == (0, 0, 0, 0)


def test_when_the_field_lies_inside_the_image_then_its_size_is_the_formulas():
    layers = [
        {"kind": "conv", "kernel_size": 3},
        {"kind": "max_pool", "kernel_size": 2},
        {"kind": "conv", "kernel_size": 3, "dilation": 2},
        {"kind": "max_pool", "kernel_size": 3, "stride": 2},
    ]
    settings = [{k: v for k, v in layer.items() if k != "kind"} for layer in layers]
    model = nn.Sequential(
        *(nn.Conv2d(2, 2, **settings[0]), nn.MaxPool2d(**settings[1])),
        *(nn.Conv2d(2, 2, **settings[2]), nn.MaxPool2d(**settings[3])),
    )
    size = receptive_field(layers)[-1].size
    assert measured_receptive_field(model, (2, 48, 48)).box[2:] == (size, size)


# Those without blocks; the ungrouped AlexNet has the windows of the grouped one.
SEQUENTIAL = [name for name in MODELS if name in ARCHITECTURES]
SEQUENTIAL = [name for name in SEQUENTIAL if name not in ("resnet-18", "alexnet-ungrouped")]


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_when_a_network_of_the_course_is_measured_then_its_last_map_has_the_formulas_field(name):
    layers, shape = ARCHITECTURES[name]["layers"], ARCHITECTURES[name]["input_shape"]
    small = {"hidden": 8, "width": 1}
    model = build(name, 10, shape, **{one: small[one] for one in options_of(name) if one in small})
    measured = measured_receptive_field(model, shape, "features")
    level = len(receptive_field(layers))
    rows, columns = (field_of(layers, level, at, shape[-1])[0].clipped for at in measured.position)
    (top, bottom), (left, right) = rows, columns
    assert measured.box == (top, left, bottom - top + 1, right - left + 1)


class Odd(nn.Module):
    """What no list of layers says: a branch, functional pooling, weights that cancel or are 0."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 1, 3, padding=1, bias=False)
        self.wide = nn.Conv2d(1, 1, 7, padding=3, bias=False)
        nn.init.zeros_(self.wide.weight)
        nn.init.constant_(self.first.weight, -1)  # every ReLU is shut
        self.register_buffer("scale", torch.tensor(0.5, dtype=torch.float16))
        self.register_buffer("count", torch.tensor(2))

    def forward(self, x: Tensor) -> Tensor:
        branch = functional.relu(self.first(x * self.scale)) - self.wide(x) / self.count
        pooled = functional.max_pool2d(branch, 2, ceil_mode=True)
        return torch.tanh(functional.max_pool2d(pooled, kernel_size=(1, 2)))


def test_when_weights_are_zero_and_relus_shut_then_the_branches_count_all_the_same():
    measured = measured_receptive_field(Odd(), (1, 15, 23))
    assert measured.position == (4, 3)
    # Rows 8 and 9 and columns 12 to 15 are pooled; the wide branch sees 3 cells more per side.
    assert measured.box == (8 - 3, 12 - 3, 2 + 6, 4 + 6)


def test_when_a_layer_is_named_then_its_own_neuron_is_measured(classifier):
    assert measured_receptive_field(classifier, (1, 8, 8), "0").box == (3, 3, 3, 3)
    assert measured_receptive_field(classifier, (1, 8, 8), "2", (0, 2)).box == (0, 4, 4, 4)


def test_when_a_pooling_adapts_to_the_image_then_every_cell_counts():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.AdaptiveMaxPool2d(1))
    assert measured_receptive_field(model, (1, 6, 9)).cells.all()


def test_when_one_convolution_is_measured_then_the_effect_is_its_weights():
    torch.manual_seed(0)
    model = nn.Conv2d(3, 4, 3, bias=False)
    effect = effective_receptive_field(model, torch.rand(5, 3, 9, 9), position=(2, 4))
    expected = torch.zeros(9, 9)
    expected[2:5, 4:7] = model.weight.detach().sum(0).abs().mean(0)
    torch.testing.assert_close(effect, expected)


def test_when_many_layers_are_stacked_then_the_effect_gathers_in_the_middle():
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 1, 3, bias=False) for _ in range(10)]
    for layer in layers:
        nn.init.constant_(layer.weight, 1 / 9)
    effect = effective_receptive_field(nn.Sequential(*layers), torch.rand(1, 1, 31, 31))
    middle = effect[10:21, 10:21].sum() / effect.sum()
    assert measured_receptive_field(nn.Sequential(*layers), (1, 31, 31)).box == (5, 5, 21, 21)
    assert middle > 0.9  # of a box of which it is about a quarter
    assert effect[15, 15] > 1000 * effect[5, 5] > 0


@pytest.mark.parametrize(
    ("layer", "position", "message"),
    [
        ("4", None, r"layer '4' gives shape \(1, 10\), but a neuron with a place needs maps"),
        (None, None, r"the model gives shape \(1, 10\), but"),
        ("2", (3, 0), r"position \(=\(3, 0\)\) must be within 3 rows, 3 columns"),
        ("2", (0, -1), r"position \(=\(0, -1\)\) must be within"),
        ("9", None, "there is no layer '9': use one of 0, 1, 2, 3, 4"),
    ],
)
def test_when_there_is_no_such_neuron_then_the_error_says_so(classifier, layer, position, message):
    with pytest.raises(ValueError, match=message):
        measured_receptive_field(classifier, (1, 8, 8), layer, position)


BENDING = (
    *(nn.ReLU6, nn.Hardtanh, nn.Hardsigmoid, nn.Hardswish, nn.Tanh, nn.Sigmoid, nn.Softsign),
    *(nn.Hardshrink, nn.Softshrink, nn.Tanhshrink, nn.LogSigmoid, nn.GELU, nn.SiLU, nn.Mish),
    *(nn.ELU, nn.SELU, nn.CELU, nn.Softplus, nn.ReLU, nn.LeakyReLU, nn.PReLU),
)


@pytest.mark.parametrize("activation", BENDING)
def test_when_an_activation_has_a_ceiling_then_the_field_is_found_all_the_same(activation):
    blocks = [
        part
        for width in (2, 4, 4, 4, 4, 4)
        for part in (nn.Conv2d(width, 4, 3), nn.BatchNorm2d(4), activation())
    ]
    measured = measured_receptive_field(nn.Sequential(*blocks), (2, 17, 17))
    assert measured.box[2:] == (13, 13)
    assert int(measured.cells.sum()) == 13 * 13


class Cut(nn.Module):
    """Ceilings that are functions, in place or not."""

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(1, 1, 3, padding=1) for _ in range(4))

    def forward(self, x):
        x = functional.relu6(40 * self.convs[0](x), inplace=True)
        x = (self.convs[1](x) * 100).clamp(0, 1)
        x = torch.clip(self.convs[2](x) * 100, max=2)
        return torch.tanh(self.convs[3](x) * 1e3).round()


def test_when_ceilings_are_functions_then_the_field_is_found_too():
    assert measured_receptive_field(Cut(), (1, 15, 15)).box[2:] == (9, 9)


CONSTANT_SUMS = {
    "softmax": (lambda: nn.Softmax(dim=1), 5),
    "log-softmax": (lambda: nn.LogSoftmax(dim=1), 5),
    "norm of a place": (lambda: Along(lambda x: functional.normalize(x, dim=1)), 5),
    "norm of channels": (lambda: Along(lambda x: functional.layer_norm(x, x.shape[1:])), 15),
    "norm of groups": (lambda: nn.GroupNorm(2, 4), 15),
    "norm of an image": (lambda: nn.InstanceNorm2d(4), 15),
    "norm of a batch": (lambda: nn.BatchNorm2d(4, track_running_stats=False), 15),
    "pooling with indices": (lambda: Along(lambda x: _pooled(x)[0]), 7),
}


def _pooled(x):
    return functional.max_pool2d(x, 3, 1, 1, return_indices=True)


class Along(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


@pytest.mark.parametrize("name", CONSTANT_SUMS)
def test_when_outputs_add_up_to_a_constant_then_the_field_is_found_all_the_same(name):
    make, side = CONSTANT_SUMS[name]
    model = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), make(), nn.Conv2d(4, 4, 3, padding=1))
    assert measured_receptive_field(model, (1, 15, 15)).box[2:] == (side, side)
