"""Learning rates epoch by epoch, against PyTorch's schedulers and cases by hand."""

from __future__ import annotations

import pytest
import torch

from convbook.training import LearningRateSchedule, ReduceOnPlateau, fit
from tests.convbook.training.test_callbacks import Dictate, trained
from tests.convbook.training.trial import network, synthetic


def rates(epochs, *callbacks, **settings):
    history = fit(network(), synthetic(), epochs, device="cpu", callbacks=callbacks, **settings)
    return history.column("learning_rate")


def test_when_the_schedule_is_cosine_then_the_rates_are_those_of_pytorchs():
    optimizer = torch.optim.SGD(network().parameters(), 0.02)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=6)
    expected = []
    for _ in range(6):
        expected.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    assert rates(6, LearningRateSchedule("cosine"), learning_rate=0.02) == pytest.approx(expected)


def test_when_the_schedule_is_step_then_the_rate_falls_at_a_half_and_at_three_quarters():
    expected = [0.5] * 4 + [0.05] * 2 + [0.005] * 2
    assert rates(8, LearningRateSchedule("step"), learning_rate=0.5) == pytest.approx(expected)


def test_when_the_schedule_is_a_function_then_it_gets_the_epoch_from_one_and_the_rate():
    schedule = LearningRateSchedule(lambda epoch, rate: rate / epoch)
    assert rates(3, schedule, learning_rate=0.6) == pytest.approx([0.6, 0.3, 0.1])


def test_when_groups_have_their_own_rates_then_each_is_scaled():
    model, ends = network(), []
    groups = [{"params": model[0].parameters(), "lr": 0.1}, {"params": model[5].parameters()}]
    optimizer = torch.optim.SGD(groups, 0.01)
    fit(
        model,
        synthetic(),
        4,
        device="cpu",
        optimizer=optimizer,
        callbacks=[LearningRateSchedule("step")],
    )
    ends = [group["lr"] for group in optimizer.param_groups]
    assert ends == pytest.approx([0.001, 0.0001])


def test_when_nothing_improves_then_the_rate_falls_after_each_patience_to_its_least():
    losses = [0.5, 0.5, 0.5, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4]
    reduce = ReduceOnPlateau(factor=0.1, patience=2, min_learning_rate=5e-5)
    _, history, _ = trained(losses, reduce)
    expected = [1e-3] * 3 + [1e-4] * 3 + [5e-5] * 3
    assert history.column("learning_rate") == pytest.approx(expected)


def test_when_the_rate_is_below_its_least_then_it_is_not_raised():
    settings = {"optimizer": None, "learning_rate": 1e-5}
    callbacks = [Dictate(0.5, 0.5, 0.5), ReduceOnPlateau(0.5, 1, min_learning_rate=1e-3)]
    assert rates(3, *callbacks, **settings) == pytest.approx([1e-5] * 3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LearningRateSchedule("linear"), r"schedule \(='linear'\) must be one of cosine"),
        (
            lambda: rates(2, LearningRateSchedule(lambda epoch, rate: 2 - epoch)),
            r"schedule returns 0 for epoch 2, but a learning rate must be above 0: return one",
        ),
        (lambda: ReduceOnPlateau(1.5), r"factor \(=1.5\) must be above 0 and below 1, such as"),
        (lambda: ReduceOnPlateau(patience=0), r"patience \(=0\) must be at least 1 epoch"),
        (lambda: ReduceOnPlateau(min_learning_rate=-1), r"min_learning_rate \(=-1\) must be 0 or"),
    ],
)
def test_when_an_argument_is_wrong_then_the_error_says_the_rule(make, message):
    with pytest.raises(ValueError, match=message):
        make()
