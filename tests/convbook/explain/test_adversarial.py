"""Adversarial digits: they fool a trained network, within their bounds."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from convbook.explain import fast_gradient_sign, iterated_gradient_sign

ATTACKS = [fast_gradient_sign, iterated_gradient_sign]
ROUNDING = 1e-6


def accuracy(model, images, labels):
    with torch.no_grad():
        return (model(images).argmax(1) == labels).float().mean().item()


def test_when_epsilon_grows_then_unseen_digits_are_misread_more_and_more(classifier, digits):
    images, labels = digits[0][1200:], digits[1][1200:]
    assert accuracy(classifier, images, labels) > 0.9
    for attack in ATTACKS:
        moved = [attack(classifier, images, labels, epsilon) for epsilon in (0, 0.1, 0.2)]
        right = [accuracy(classifier, some, labels) for some in moved]
        assert torch.equal(moved[0], images)
        assert right[0] > right[1] + 0.2 > right[2] + 0.4
    assert right[-1] < 0.1


def test_when_several_small_steps_are_taken_then_more_digits_are_misread(classifier, digits):
    images, labels = digits[0][1200:], digits[1][1200:]
    one, many = (accuracy(classifier, attack(classifier, images, labels, 0.15), labels)
                 for attack in ATTACKS)  # fmt: skip
    assert many < one


def test_when_noise_of_the_same_size_is_added_then_few_are_misread(classifier, digits):
    images, labels = digits[0][1200:], digits[1][1200:]
    signs = torch.randn(images.shape, generator=torch.Generator().manual_seed(0)).sign()
    noisy = (images + 0.1 * signs).clamp(0, 1)
    fooled = fast_gradient_sign(classifier, images, labels, 0.1)
    assert accuracy(classifier, noisy, labels) > accuracy(classifier, fooled, labels) + 0.2


def test_when_a_target_is_given_then_digits_are_read_as_it(classifier, digits):
    images = digits[0][1200:]
    target = (digits[1][1200:] + 1) % 10
    fooled = iterated_gradient_sign(classifier, images, target, 0.3, steps=20, targeted=True)
    assert accuracy(classifier, images, target) < 0.1
    assert accuracy(classifier, fooled, target) > 0.8


@settings(deadline=None, max_examples=30)
@given(st.floats(0, 1), st.integers(1, 4), st.floats(0, 2), st.booleans())
def test_when_any_step_is_taken_then_change_and_range_stay_within_their_bounds(
    classifier, digits, epsilon, steps, step_size, targeted
):
    images = digits[0][:8]
    moved = iterated_gradient_sign(classifier, images, 3, epsilon, steps, step_size, targeted)
    assert (moved - images).abs().max() <= epsilon + ROUNDING
    assert moved.min() >= 0
    assert moved.max() <= 1


def test_when_the_model_is_linear_then_the_step_is_the_sign_of_the_weights():
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2, bias=False))
    model[1].weight.data = torch.tensor([[1.0, -2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]])
    images = torch.full((1, 1, 2, 2), 0.5)
    away = fast_gradient_sign(model, images, 0, 0.25)
    towards = fast_gradient_sign(model, images, 0, 0.25, targeted=True)
    assert away.flatten().tolist() == [0.25, 0.75, 0.75, 0.5]
    assert towards.flatten().tolist() == [0.75, 0.25, 0.25, 0.5]


def test_when_an_image_is_alone_then_it_is_moved_as_in_company(classifier, digits):
    images, labels = digits[0][:4], digits[1][:4]
    together = iterated_gradient_sign(classifier, images, labels, 0.1)
    alone = iterated_gradient_sign(classifier, images[:1], labels[:1], 0.1)
    torch.testing.assert_close(alone, together[:1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epsilon": 1.5}, r"epsilon \(=1.5\) must be from 0 to 1, the range of a pixel"),
        ({"steps": 0}, r"steps \(=0\) must be at least 1"),
        ({"step_size": -0.1}, r"step_size \(=-0.1\) must be at least 0"),
        ({"images": torch.full((1, 1, 8, 8), 16.0)}, r"images range from 16 to 16, but must lie"),
        ({"images": torch.full((1, 1, 8, 8), torch.nan)}, "images range from nan"),
        ({"labels": 10}, "labels holds 10, but the model has 10 classes: use 0 to 9"),
    ],
)
def test_when_an_argument_breaks_its_rule_then_the_error_names_it(
    classifier, digits, arguments, message
):
    given = {"images": digits[0][:1], "labels": 0, "epsilon": 0.1, **arguments}
    with pytest.raises(ValueError, match=message):
        iterated_gradient_sign(classifier, **given)
