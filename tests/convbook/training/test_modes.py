"""Each module of a network keeps the mode that its owner gave it."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from convbook.training import Callback, evaluate, fit
from tests.convbook.training.trial import network, synthetic


def _modes(model: nn.Module) -> list[bool]:
    return [module.training for module in model.modules()]


def _statistics(model: nn.Module) -> list[torch.Tensor]:
    return [buffer.clone() for buffer in model.buffers()]


class Watch(Callback):
    """Notes the modes in which batches are learned from."""

    def __init__(self) -> None:
        self.seen: list[list[bool]] = []

    def on_batch_end(self, run) -> None:
        self.seen.append(_modes(run.model))


def test_when_a_part_is_frozen_in_evaluation_mode_then_it_stays_so_while_the_rest_learns():
    model, watch = network(), Watch()
    model[1].eval()
    before, wanted = _statistics(model), _modes(model)
    fit(model, synthetic(), 2, batch_size=16, device="cpu", callbacks=[watch])
    assert all(torch.equal(*pair) for pair in zip(before, _statistics(model), strict=True))
    assert all(seen == wanted for seen in watch.seen)


def test_when_a_frozen_network_is_trained_again_then_its_statistics_still_stay():
    model = network()
    model[1].eval().requires_grad_(False)
    before = _statistics(model)
    for _ in range(2):  # the second time, all of it is in evaluation mode
        fit(model, synthetic(), 1, batch_size=16, device="cpu")
    assert all(torch.equal(*pair) for pair in zip(before, _statistics(model), strict=True))


def test_when_a_trained_network_is_trained_again_then_all_of_it_learns():
    model, watch = network().eval(), Watch()
    before = _statistics(model)
    fit(model, synthetic(), 1, batch_size=16, device="cpu", callbacks=[watch])
    assert all(all(seen) for seen in watch.seen)
    assert not torch.equal(before[0], model[1].running_mean)


@pytest.mark.parametrize("part", [None, 1, 3])
def test_when_a_network_is_judged_then_every_module_is_afterwards_in_its_own_mode(part):
    model = network()
    if part is not None:
        model[part].eval()
    before = _modes(model)
    evaluate(model, synthetic().test, device="cpu")
    assert _modes(model) == before


def test_when_a_network_fails_while_it_is_judged_then_the_modes_are_back_too():
    model = nn.Sequential(network(), nn.Linear(7, 7))
    model[0][1].eval()
    before = _modes(model)
    with pytest.raises(RuntimeError):
        evaluate(model, synthetic().test, device="cpu")
    assert _modes(model) == before


def _pooled() -> nn.Module:
    """Batch normalisation on maps of one cell."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.AdaptiveAvgPool2d(1),
        nn.BatchNorm2d(4),
        nn.Flatten(),
        nn.Linear(4, 3),
    )


@pytest.mark.parametrize(("batch_size", "fits"), [(49, 50), (7, 8), (1, 2)])
def test_when_a_last_batch_of_one_cannot_be_learned_from_then_it_is_said_before_the_start(
    batch_size, fits
):
    data, watch = synthetic(), Watch()
    assert len(data.train) % batch_size == (1 if batch_size > 1 else 0)
    message = (
        rf"batch_size \(={batch_size}\) leaves a last batch of 1 of 50 images, .* "
        rf"2 \(batch normalisation\) cannot learn: take batch_size={fits}"
    )
    with pytest.raises(ValueError, match=message):
        fit(_pooled(), data, 1, batch_size=batch_size, device="cpu", callbacks=[watch])
    assert watch.seen == []
    fit(_pooled(), data, 1, batch_size=fits, device="cpu")


def test_when_a_last_batch_of_one_can_be_learned_from_then_nothing_is_said():
    frozen = _pooled()
    frozen[2].eval()
    for model in (network(), frozen):
        fit(model, synthetic(), 1, batch_size=49, device="cpu")
