"""Saliency against a linear model by hand, Grad-CAM and occlusion against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from convbook.explain import grad_cam, occlusion, saliency

IMAGES = torch.rand(3, 2, 5, 7, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([1, 0, 2])


def linear() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(70, 3))


def convolutional() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        *(nn.Conv2d(2, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(60, 5), nn.Tanh(), nn.Linear(5, 3))
    )


def test_when_the_model_is_linear_then_saliency_is_the_largest_weight_of_each_pixel():
    model = linear()
    weights = model[1].weight.detach().view(3, 2, 5, 7)
    found = saliency(model, IMAGES, LABELS)
    for one, label in zip(found, LABELS, strict=True):
        np.testing.assert_allclose(one, weights[label].abs().max(0).values, rtol=1e-6)
    assert torch.equal(saliency(model, IMAGES, 2)[0], found[2])


def test_when_a_loss_is_finite_then_saliency_is_its_slope():
    model, step = convolutional().double(), 1e-5
    images = IMAGES.double()
    found = saliency(model, images, LABELS)
    moved = torch.zeros_like(images)
    for channel, row, column in np.ndindex(2, 5, 7):
        for sign in (-1, 1):
            changed = images.clone()
            changed[:, channel, row, column] += sign * step
            logits = model(changed).gather(1, LABELS[:, None])[:, 0]
            moved[:, channel, row, column] += sign * logits.detach() / (2 * step)
    np.testing.assert_allclose(found, moved.abs().amax(1), atol=1e-8)


@pytest.mark.parametrize("layer", ["0", "1"])
def test_when_grad_cam_is_written_out_then_it_is_the_same(layer):
    model = convolutional().double()
    images = IMAGES.double()
    found = grad_cam(model, images, LABELS, layer)
    cut = int(layer) + 1
    for image, label, heat in zip(images, LABELS, found, strict=True):
        maps = model[:cut](image[None]).detach().requires_grad_()
        model[cut:](maps)[0, label].backward()
        total = np.zeros(maps.shape[2:])
        for k in range(maps.shape[1]):
            total += maps.grad[0, k].numpy().mean() * maps[0, k].detach().numpy()
        small = torch.tensor(np.maximum(total, 0))[None, None]
        large = functional.interpolate(small, (5, 7), mode="bilinear")
        np.testing.assert_allclose(heat, large[0, 0])
    assert found.max() > 0


@pytest.mark.parametrize(("size", "stride"), [(1, 1), (2, 1), (3, 2), (4, 3), (5, None)])
@pytest.mark.parametrize("batch_size", [1, 7, 1000])
def test_when_occlusion_is_written_out_then_it_is_the_same(size, stride, batch_size):
    model = convolutional().double()
    images = IMAGES.double()
    found = occlusion(model, images, LABELS, size, stride, fill=0.3, batch_size=batch_size)
    step = stride or size // 2
    tops = sorted({*range(0, 5 - size + 1, step), 5 - size})
    lefts = sorted({*range(0, 7 - size + 1, step), 7 - size})
    for image, label, heat in zip(images, LABELS, found, strict=True):
        before = model(image[None]).softmax(1)[0, label].item()
        losses = [[[] for _ in range(7)] for _ in range(5)]
        for top in tops:
            for left in lefts:
                hidden = image.clone()
                hidden[:, top : top + size, left : left + size] = 0.3
                loss = before - model(hidden[None]).softmax(1)[0, label].item()
                for row in range(top, top + size):
                    for column in range(left, left + size):
                        losses[row][column].append(loss)
        np.testing.assert_allclose(heat, [[np.mean(cell) for cell in row] for row in losses])


def test_when_only_one_pixel_counts_then_occlusion_finds_it():
    model = nn.Sequential(nn.Flatten(), nn.Linear(35, 2))
    nn.init.zeros_(model[1].weight)
    model[1].weight.data[1, 2 * 7 + 3] = 5.0
    heat = occlusion(model, torch.ones(1, 1, 5, 7), 1, size=1, fill=0.0)[0]
    assert heat.argmax() == 2 * 7 + 3
    assert (heat != 0).sum() == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: saliency(m, IMAGES, 3), "labels holds 3, but the model has 3 classes: use 0 to"),
        (lambda m: saliency(m, IMAGES, torch.tensor([0, -1, 0])), "labels holds -1"),
        (lambda m: saliency(m, IMAGES, torch.tensor([0, 1])), r"labels \(shape \(2,\), torch.int"),
        (lambda m: saliency(m, IMAGES, torch.zeros(3)), "must be whole numbers, one for each of t"),
        (lambda m: saliency(m[:2], IMAGES, 0), r"the model gives shape \(3, 4, 3, 5\), but it"),
        (lambda m: grad_cam(m, IMAGES, 0, "3"), r"layer '3' gives shape \(3, 5\), but Grad-CAM"),
        (lambda m: occlusion(m, IMAGES, 0, 6), r"size \(=6\) must be from 1 to 5, the image's sho"),
        (lambda m: occlusion(m, IMAGES, 0, 2, 3), r"stride \(=3\) must be from 1 to size \(=2\)"),
        (lambda m: occlusion(m, IMAGES, 0, 2, 0), r"stride \(=0\) must be from 1"),
    ],
)
def test_when_an_argument_does_not_fit_then_the_error_names_value_rule_and_fix(call, message):
    with pytest.raises(ValueError, match=message):
        call(convolutional())
