"""Outputs by name, errors that help, and a model that is left as it was."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import Tensor, nn

from convbook.explain import (
    activations,
    effective_receptive_field,
    fast_gradient_sign,
    grad_cam,
    layer_names,
    maximize_activation,
    measured_receptive_field,
    occlusion,
    recording,
    saliency,
)

IMAGES = torch.rand(2, 1, 8, 8, generator=torch.Generator().manual_seed(0))


class Branches(nn.Module):
    """A model with a shared layer, one that works in place, an unused one, and batch norm."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.second = nn.Conv2d(4, 4, 3, padding=1)
        self.unused = nn.Conv2d(1, 1, 1)
        self.pairs = nn.AdaptiveMaxPool2d(1, return_indices=True)
        self.classify = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        first = self.relu(self.norm(self.conv(x)))
        pooled, _ = self.pairs(self.relu(self.second(first)) + first)
        return self.classify(pooled.flatten(1))


def branches() -> Branches:
    torch.manual_seed(0)
    model = Branches()
    model.norm.eval()  # a module with a mode of its own
    model.second.weight.requires_grad_(False)
    model.conv.weight.grad = torch.ones_like(model.conv.weight)
    return model


ASKING = {
    "activations": lambda model: activations(model, IMAGES, ["conv", "relu"]),
    "saliency": lambda model: saliency(model, IMAGES, 1),
    "grad_cam": lambda model: grad_cam(model, IMAGES, 1, "second"),
    "occlusion": lambda model: occlusion(model, IMAGES, 1, size=4),
    "fast_gradient_sign": lambda model: fast_gradient_sign(model, IMAGES, 1, 0.1),
    "maximize": lambda model: maximize_activation(model, "second", 0, (1, 8, 8), steps=2),
    "measured": lambda model: measured_receptive_field(model, (1, 8, 8), "second"),
    "effective": lambda model: effective_receptive_field(model, IMAGES, "second"),
}
FAILING = {
    "labels holds 3": lambda model: saliency(model, IMAGES, 3),
    "there is no layer": lambda model: activations(model, IMAGES, ["conv", "x"]),
    "never calls it": lambda model: activations(model, IMAGES, ["conv", "unused"]),
    "expected input": lambda model: activations(model, torch.rand(1, 2, 8, 8), "second"),
}


@pytest.mark.parametrize("gradients", [True, False])
@pytest.mark.parametrize("name", ASKING)
def test_when_a_model_is_asked_then_it_is_left_as_it_was(name, gradients):
    model, before = branches(), branches()
    with torch.set_grad_enabled(gradients):
        ASKING[name](model)
        assert torch.is_grad_enabled() is gradients
    require_same(model, before)


@pytest.mark.parametrize("message", FAILING)
def test_when_asking_fails_then_the_model_is_left_as_it_was_too(message):
    model, before = branches(), branches()
    with pytest.raises((ValueError, RuntimeError), match=message):
        FAILING[message](model)
    require_same(model, before)


def require_same(model: nn.Module, before: nn.Module) -> None:
    for (name, module), old in zip(model.named_modules(), before.modules(), strict=True):
        assert module.training == old.training, name
        assert not module._forward_hooks
        assert not module._forward_pre_hooks
    for now, old in zip(model.parameters(), before.parameters(), strict=True):
        assert torch.equal(now, old)
        assert now.requires_grad == old.requires_grad
    with_gradient = [name for name, value in model.named_parameters() if value.grad is not None]
    assert with_gradient == ["conv.weight"]
    assert torch.equal(model.conv.weight.grad, before.conv.weight.grad)
    for now, old in zip(model.buffers(), before.buffers(), strict=True):
        assert torch.equal(now, old)


@pytest.mark.parametrize("asking", [saliency, partial(grad_cam, layer="second")])
def test_when_asked_under_inference_mode_then_gradients_are_taken_all_the_same(asking):
    model = branches()
    expected = asking(model, IMAGES, 1)
    with torch.inference_mode():
        assert torch.equal(asking(model, IMAGES * 1, 1), expected)


def test_when_a_later_layer_works_in_place_then_the_output_before_it_is_kept():
    model = branches().eval()
    outputs = activations(model, IMAGES, ["conv", "norm", "relu", ""])
    with torch.no_grad():
        convolved = model.conv(IMAGES)
        normed = model.norm(convolved)
        first = normed.clamp(min=0)
        second = model.second(first).clamp(min=0)  # the last call of relu is the one kept
        assert torch.equal(outputs["conv"], convolved)
        assert torch.equal(outputs["norm"], normed)
        assert torch.equal(outputs["relu"], second)
        assert torch.equal(outputs[""], model(IMAGES))
    assert normed.min() < 0
    assert list(outputs) == ["conv", "norm", "relu", ""]


def test_when_the_model_is_in_double_precision_then_so_are_its_activations():
    assert activations(branches().double(), IMAGES, "conv")["conv"].dtype == torch.float64


def test_when_layers_are_listed_by_kind_then_they_come_in_order():
    assert layer_names(branches(), nn.Conv2d) == ["conv", "second", "unused"]
    assert layer_names(branches(), nn.Linear) == ["classify"]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ("seconds", "there is no layer 'seconds': use one of second, conv, norm, relu, unused"),
        ("unused", "layer 'unused' is part of the model, which never calls it"),
        ("pairs", "layer 'pairs' gives a tuple, not a tensor: use a layer inside it or after it"),
    ],
)
def test_when_a_layer_cannot_be_recorded_then_the_error_says_why(layer, message):
    with pytest.raises(ValueError, match=message):
        activations(branches(), IMAGES, layer)


@pytest.mark.parametrize("images", [torch.rand(8, 8), torch.zeros(1, 1, 8, 8, dtype=torch.uint8)])
def test_when_images_are_not_batched_floats_then_the_error_names_the_fix(images):
    with pytest.raises(ValueError, match=r"must have shape \(N, C, H, W\) and be floating point"):
        activations(branches(), images, "conv")


def test_when_the_block_fails_then_its_own_error_comes_through():
    model = branches()
    with pytest.raises(ZeroDivisionError), recording(model, ["conv"]):
        1 / 0  # noqa: B018 -- the error is the point
    assert not model.conv._forward_hooks
