"""Inception modules and residual networks against the papers' figures, in functional PyTorch."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 (its usual name)

from convbook.models import InceptionModule, ResidualBlock, ResNet, SmallInception, small_resnet


@pytest.fixture(autouse=True)
def same_numbers():
    torch.manual_seed(6)


def relu_conv(x, weights):
    weight, bias = weights.pop(0), weights.pop(0)
    return F.conv2d(x, weight, bias, padding=weight.shape[2] // 2).clamp(min=0)


def norm(x, weights):
    """Batch normalisation by its formula (Ioffe and Szegedy, 2015, algorithm 1)."""
    mean, variance = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), False, keepdim=True)
    scale, shift = weights.pop(0), weights.pop(0)
    return (x - mean) / (variance + 1e-5).sqrt() * scale[:, None, None] + shift[:, None, None]


def residual(x, weights, stride, projects):
    made = F.conv2d(x, weights.pop(0), stride=stride, padding=1)
    made = norm(made, weights).clamp(min=0)
    made = norm(F.conv2d(made, weights.pop(0), padding=1), weights)
    if projects:
        x = norm(F.conv2d(x, weights.pop(0), stride=stride), weights)
    return (made + x).clamp(min=0)


def stages(x, weights, counts):
    for stage, blocks in enumerate(counts):
        for block in range(blocks):
            first = stage > 0 and block == 0
            x = residual(x, weights, 2 if first else 1, projects=first)
    return x.mean((2, 3)) @ weights.pop(0).T + weights.pop(0)


def drawn(model):
    """In float64, with scales and shifts that are not 1 and 0."""
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.5, 1.5)
            nn.init.uniform_(layer.bias, -0.5, 0.5)
    return model.double().requires_grad_(False)


def agree(model, x, wanted):
    torch.testing.assert_close(model(x), wanted, rtol=1e-8, atol=1e-10)


def test_when_a_module_has_four_paths_then_they_are_figure_2b_joined_by_channels():
    module = InceptionModule(5, 2, 3, 4, 1, 6, 7).double().requires_grad_(False)
    x, weights = torch.rand(2, 5, 9, 11, dtype=torch.float64), list(module.parameters())
    wanted = [
        relu_conv(x, weights),
        relu_conv(relu_conv(x, weights), weights),
        relu_conv(relu_conv(x, weights), weights),
        relu_conv(F.max_pool2d(x, 3, 1, padding=1), weights),
    ]
    agree(module, x, torch.cat(wanted, 1))
    assert module.out_channels == 2 + 4 + 6 + 7


@pytest.mark.parametrize(("channels", "stride"), [(4, 1), (6, 1), (4, 2), (6, 3)])
def test_when_shape_or_channels_change_then_the_shortcut_projects(channels, stride):
    block = drawn(ResidualBlock(4, channels, stride))
    x = torch.rand(3, 4, 7, 10, dtype=torch.float64)
    changes = (channels, stride) != (4, 1)
    agree(block, x, residual(x, list(block.parameters()), stride, changes))
    assert len(list(block.shortcut.parameters())) == (3 if changes else 0)


def test_when_resnet_18_has_the_same_weights_then_so_are_the_logits():
    model = drawn(ResNet(classes=5, input_shape=(3, 48, 40)))
    x, weights = torch.rand(2, 3, 48, 40, dtype=torch.float64), list(model.parameters())
    stem = norm(F.conv2d(x, weights.pop(0), stride=2, padding=3), weights).clamp(min=0)
    agree(model, x, stages(F.max_pool2d(stem, 3, 2, padding=1), weights, (2, 2, 2, 2)))


def test_when_the_small_resnet_has_the_same_weights_then_so_are_the_logits():
    model = drawn(small_resnet(5, (1, 16, 12), blocks=2, width=3))
    x, weights = torch.rand(2, 1, 16, 12, dtype=torch.float64), list(model.parameters())
    stem = norm(F.conv2d(x, weights.pop(0), padding=1), weights).clamp(min=0)
    agree(model, x, stages(stem, weights, (2, 2, 2)))


def test_when_small_inception_has_the_same_weights_then_so_are_the_logits():
    model = SmallInception(5, (3, 20, 17)).double().requires_grad_(False)
    x, parts = torch.rand(2, 3, 20, 17, dtype=torch.float64), model.features
    made = F.max_pool2d(relu_conv(x, list(parts.stem.parameters())), 2, ceil_mode=True)
    made = F.max_pool2d(parts.module1(made), 2, ceil_mode=True)
    made = parts.module3(parts.module2(made)).mean((2, 3))
    weight, bias = model.classifier.dense.parameters()
    agree(model, x, made @ weight.T + bias)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: InceptionModule(3, 1, 1, 1, 0, 1, 1), r"reduce5x5 \(=0\) must be a whole number"),
        (lambda: ResidualBlock(3, 8, stride=0), r"stride \(=0\) must be a whole number of at leas"),
        (lambda: ResNet(blocks=(2, 2)), r"blocks \(=\(2, 2\)\) and widths .* one number for each"),
        (lambda: ResNet((2, 0), (4, 4)), r"blocks \(=0\) must be a whole number of at least 1"),
        (lambda: small_resnet(width=0), r"widths \(=0\) must be"),
        (lambda: SmallInception(0), r"classes \(=0\) must be a whole number of at least 1"),
    ],
)
def test_when_an_argument_breaks_its_rule_then_the_error_names_it(make, message):
    with pytest.raises(ValueError, match=message):
        make()
